"""`apsnet picture --difference`: how the samples of methods differ from those of a reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from apsnet_core.cli.answer import Failure
from apsnet_core.cli.picture_file import PictureFile
from apsnet_core.types import Values

if TYPE_CHECKING:
    from apsnet_core.cloud import PointCloud
    from apsnet_core.evaluation.comparison.comparison import ComparisonRow
    from apsnet_core.evaluation.figures.attention_figure import Dressing
    from apsnet_core.evaluation.figures.difference_figure import DifferencePanel
    from apsnet_core.methods.spec import MethodSpec
    from apsnet_core.sampling import Sampling

    Pair = tuple[ComparisonRow, Sampling]

DifferenceOption = Annotated[
    str | None,
    typer.Option(
        metavar="METHOD",
        help="Draw how the samples of -m differ from METHOD's: lost and gained points, and where "
        "which attention is larger.",
    ),
]


def draw_difference(
    cloud: PointCloud,
    reference: MethodSpec,
    specs: list[MethodSpec],
    sizes: list[int],
    out: PictureFile,
    dressing: Dressing,
    *,
    task: str,
    up: str,
    seed: int,
    net: str | None,
) -> list[Values]:
    """Draw each method at each size beside the ``reference`` at that size; return the differences."""
    from apsnet_core.evaluation.comparison.compare import compare
    from apsnet_core.evaluation.figures.difference_figure import difference_figure

    others = [spec for spec in specs if spec != reference]
    if not others:
        raise Failure(f"--difference {reference} needs another method: name it with -m")
    if out.film == "steps":
        raise Failure("--difference draws a still or a film that turns, not a film of steps")
    try:
        comparison = compare(cloud, [reference, *others], sizes, seed=seed, task=task, up=up, net=net)
        if comparison.failed:
            raise ValueError(next(iter(comparison.failed.values())).why)
        pairs = list(comparison.pairs)
        first = {row.m: (row, sampling) for row, sampling in pairs if row.spec == reference}
        panels, rows = [], []
        for row, sampling in pairs:
            if row.spec != reference:
                panel, found = _panel(cloud, first[row.m], (row, sampling))
                panels.append(panel)
                rows.append(found)
        out.write(lambda how: difference_figure(cloud.xyz, panels, up=up, dressing=how), dressing, 0)
    except ValueError as error:
        raise Failure(f"{out.out}: {error}") from error
    return rows


def _panel(cloud: PointCloud, first: Pair, second: Pair) -> tuple[DifferencePanel, Values]:
    from apsnet_core.evaluation.comparison.reference import answers_beside
    from apsnet_core.evaluation.figures.difference_figure import DifferencePanel
    from apsnet_core.evaluation.moved import moved
    from apsnet_core.evaluation.shown import attention_of
    from apsnet_core.methods.attention import attention_difference

    (one, was), (other, sampling) = first, second
    changes, said = moved(was, sampling), answers_beside(other, one)
    attends = attention_of(was) is not None and attention_of(sampling) is not None
    panel = DifferencePanel(
        changes,
        f"{other.label} beside {one.label} · {other.m}",
        said or changes.words,
        (one.label, other.label),
        attention_difference(sampling, was, cloud) if attends else None,
    )
    rows = {
        "method": other.spec.name,
        "variant": other.spec.variant,
        "m": other.m,
        "kept": len(changes.kept),
        "lost": len(changes.lost),
        "gained": len(changes.gained),
        "words": " ".join(filter(None, (changes.words, said))),
    }
    return panel, rows
