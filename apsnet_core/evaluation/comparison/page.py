"""The page of a comparison: every sample as a view that the user can rotate, the numbers, the curves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from apsnet_core.cloud import Float32, Float64
from apsnet_core.colours.field_colours import FieldColours
from apsnet_core.evaluation.comparison.changes import change_of, said_of
from apsnet_core.evaluation.comparison.columns import Column, best, columns_of
from apsnet_core.evaluation.comparison.comparison import Cell, Comparison, ComparisonRow, FailedCell
from apsnet_core.evaluation.comparison.kept import kept_html
from apsnet_core.evaluation.comparison.legend import legend_html
from apsnet_core.evaluation.comparison.reference import Reference, difference, sentence
from apsnet_core.evaluation.comparison.texts import notes_of
from apsnet_core.evaluation.leave_one_out import leave_one_out
from apsnet_core.evaluation.provenance import UsedWeights, provenance_html
from apsnet_core.evaluation.shown import attention_of, bars_of
from apsnet_core.methods.learned import open_network
from apsnet_core.methods.registry import method_colour
from apsnet_core.networks.digest import network_digest
from apsnet_core.ops.orientation import up_turn
from apsnet_core.page.page import page, part
from apsnet_core.page.views import View, scene_of, views_html
from apsnet_core.placing import counted
from apsnet_core.sampling import Sampling
from apsnet_core.tasks.answer import Answer
from apsnet_core.weights import WeightsError
from apsnet_core.weights.listing import named

_TRIED = 128  # the most samples whose influence is measured, as each needs a forward pass of the net


@dataclass(frozen=True)
class About:
    """The origin of a report: the ``source`` file, the ``command`` that repeats it, the ``seed``.

    ``hidden`` is the number of points that are not drawn, as in the window, but sampled like all others.
    """

    source: str
    points: int
    command: str
    seed: int
    hidden: int = 0

    @property
    def remarks(self) -> tuple[str, ...]:
        """Sentences that explain the pictures."""
        said = (
            f"{counted(self.hidden, 'point')} hidden in the window: not drawn, and sampled as all others are."
        )
        return (said,) if self.hidden else ()


def comparison_page(
    comparison: Comparison,
    about: About,
    shape: Float32,
    pictures: Sequence[bytes],
    plot: str,
    up: str,
    colours: FieldColours | None = None,
    reference: Reference | None = None,
) -> str:
    """The text of index.html; ``pictures`` are stills (WebP) of the rows, each with the ``shape`` (k, 3).

    ``up`` is the up axis of the shape; ``plot`` is an SVG element; ``colours`` are those of the shape's
    points. The other rows are compared with the ``reference``.
    """
    answers: Sequence[Answer | None] = comparison.answers or [None] * len(comparison.rows)
    views = [
        View(
            sampling.points,
            f"{row.label} · {counted(row.m, 'point')}",
            " · ".join(filter(None, (row.words, said_of(comparison, row, reference)))),
            method_colour(row.method),
            picture,
            attention_of(sampling),
            bars_of(answer),
            _influence(comparison, sampling, up),
            change=change_of(comparison, row, sampling, reference),
        )
        for (row, sampling), picture, answer in zip(comparison.pairs, pictures, answers, strict=True)
    ]
    title = Path(about.source).name
    read = (f"{note[:1].upper()}{note[1:]}." for note in comparison.cloud.remarks)
    body = part(
        "comparison.html",
        title=escape(title),
        about=f"Samplers compared on {about.points:,} points, seed {about.seed}.",
        views=views_html(views),
        legend=legend_html(colours.legend) if colours else "",
        remarks="".join(f"<p>{escape(said)}</p>" for said in (*about.remarks, *read, *notes_of(comparison))),
        about_numbers=escape(f"{reference.note} " if reference else ""),
        numbers=_table(comparison.rows, comparison.cells, reference),
        kept=kept_html(comparison.rows),
        plot=plot,
        provenance=provenance_html(about.command, weights_of(comparison)),
    )
    scene = scene_of([shape], views, up_turn(up, "z"), colours.rgb if colours else None)
    return page(f"{title}: samplers compared", body, scene)


def _influence(comparison: Comparison, sampling: Sampling, up: str) -> Float64 | None:
    """The influence of each sample on the class; None without a classifier, or for too many samples."""
    net = comparison.judge
    if net is None or not net.task.knows_classes or not 2 <= sampling.m <= _TRIED:
        return None
    return leave_one_out(net, comparison.cloud, sampling, up)


def _table(rows: Sequence[ComparisonRow], cells: Sequence[Cell], reference: Reference | None) -> str:
    columns = columns_of(rows)
    head = "".join(
        f'<th title="{escape(column.about, quote=True)}">{escape(column.title)}'
        f"<small>{escape(column.unit)}</small></th>"
        for column in columns
    )
    winners, index, lines = best(rows), 0, []
    for cell in cells:
        if isinstance(cell, FailedCell):
            shown = f"<td class=words colspan={len(columns)}>{escape(cell.why)}</td>"
        else:
            other = reference.beside(cell, cells) if reference else None
            shown = "".join(
                f"<td{' class=best' if (index, column.key) in winners else ''} "
                f"data-value={column.of(cell)!r}>{escape(column.text(cell))}"
                f"{_difference(column, cell, other)}</td>"
                for column in columns
            )
            index += 1
        dot = f'<i class="dot" style="background:{method_colour(cell.spec.name)}"></i>'
        lines.append(f"<tr><th>{dot}{escape(cell.label)}</th><td>{cell.m}</td>{shown}</tr>")
    return (
        f'<table class="sortable"><thead><tr><th>Method</th><th>m</th>{head}</tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table>"
    )


def _difference(column: Column, row: ComparisonRow, reference: ComparisonRow | None) -> str:
    """The difference from the reference, coloured as better, worse or equal, with a tooltip."""
    if reference is None:
        return ""
    found = difference(column, row, reference)
    kind = {True: "better", False: "worse", None: "same"}[found.better]
    tip = escape(sentence(column, row, reference), quote=True)
    return f'<small class="{kind}" title="{tip}">{escape(found.text)}</small>'


def weights_of(comparison: Comparison) -> list[UsedWeights]:
    """The weights that each learned method used, and those of the task net."""
    used: dict[str, dict[str, list[int]]] = {}
    for row in comparison.rows:
        if row.weights is not None:
            used.setdefault(row.label, {}).setdefault(row.weights, []).append(row.m)
    found = [
        UsedWeights(label, name, _digest(name), tuple(sizes) if len(files) > 1 else ())
        for label, files in used.items()
        for name, sizes in files.items()
    ]
    if comparison.net is not None:
        found.append(UsedWeights("Task net", comparison.net, comparison.net_hash))
    return found


def _digest(name: str) -> str | None:
    try:
        return network_digest(open_network(named(name).path)[0]).hex()
    except WeightsError:  # deleted meanwhile
        return None
