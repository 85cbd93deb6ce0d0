"""Score the shipped weights on the held-out test shapes, and write the scores to all places that show them.

    python -m tests.scores.refresh --data DIR

DIR holds the three data sets named below. The scores are written into the metadata of every file in
assets/weights, into the model cards beside them, and into docs/results.md and docs/results. The scores on
bundled furniture, which the tests check, are written too. With --measured, a leaderboard of further seeds
that were measured here or elsewhere, the rows of the shipped weights include these seeds. Only scores that
are not cached are computed, so a new weights file costs only its own minutes.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from apsnet_core.atomic import atomic_path, write_folder, write_text
from apsnet_core.datasets.pairs import PairMode
from apsnet_core.evaluation.answers import task_net
from apsnet_core.evaluation.figures.chart import render
from apsnet_core.evaluation.figures.look import Look
from apsnet_core.evaluation.report_folder import json_of
from apsnet_core.evaluation.sheets.latex import as_latex
from apsnet_core.evaluation.table.bundled_scores import bundled_scores
from apsnet_core.evaluation.table.contenders import contenders, untrained
from apsnet_core.evaluation.table.facing import Facing
from apsnet_core.evaluation.table.figures import fig3
from apsnet_core.evaluation.table.held_out import open_held_out
from apsnet_core.evaluation.table.leaderboard import FILE, leaderboard, merged, read_leaderboard
from apsnet_core.evaluation.table.sheets import sheets_of
from apsnet_core.evaluation.table.statistics import mean_of_some
from apsnet_core.evaluation.table.table import Table, evaluate
from apsnet_core.evaluation.table.texts import as_csv, as_markdown
from apsnet_core.methods.registry import learned as learned_methods
from apsnet_core.methods.registry import methods as all_methods
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.tasks.registry import metric
from apsnet_core.tasks.registry import task as task_named
from apsnet_core.types import Values
from apsnet_core.weights import Entry, TaskName, catalogue, rewrite_metadata
from tests.scores.findings import SEEN, beside, findings
from tests.scores.goals import SIZES, as_table, judge, judge_plus
from tests.scores.model_cards import model_cards

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "docs" / "results.md"


@dataclass(frozen=True)
class Measured:
    """A table to fill: the ``task``, the folder of its ``data``, its ``classes`` (None: all), the sizes.

    ``part`` of the data is scored, all of it if the weights were neither trained nor chosen on it. ``facing``
    turns shapes of another source into the orientation that the task net knows. A net of pairs gets each
    shape in ``turns`` fixed rotations; ``pairs`` chooses whether both clouds have the same points.
    """

    title: str
    task: TaskName
    data: str
    classes: list[str] | None
    sizes: tuple[int, ...]
    part: Literal["test", "all"] = "test"
    facing: Facing = "stored"
    turns: int = 1
    pairs: PairMode = "exact"


TURNS = 5
TABLES = (
    Measured("Classification", "classification", "modelnet10_ply_hdf5_2048", None, (8, 16, 32, 64, 128)),
    Measured("Reconstruction", "reconstruction", "shapenet_style_4class_2048", None, SIZES),
    Measured(
        "Registration", "registration", "modelnet40_subset_ply_hdf5_2048", ["car"], SIZES, turns=TURNS
    ),
)  # fmt: skip
RESAMPLED = Measured(
    "Registration, resampled", "registration", "modelnet40_subset_ply_hdf5_2048", ["car"], SIZES,
    turns=TURNS, pairs="resampled",
)  # fmt: skip
"""The two clouds of a pair are different points of the shape, as in two scans."""
TRANSFER = (
    Measured(
        "Transfer, classification of furniture", "classification", "furniture", ["chair", "sofa", "table"],
        (*SIZES, 128), "all", "known",
    ),
    # The same chairs and bathtubs are in ModelNet10 with other points, so only the test part is used.
    Measured(
        "Transfer, classification of ModelNet40's chairs and bathtubs", "classification",
        "modelnet40_subset_ply_hdf5_2048", ["chair", "bathtub"], (*SIZES, 128), "test", "known",
    ),
    Measured(
        "Transfer, reconstruction of furniture", "reconstruction", "furniture", ["chair", "table"], SIZES,
        "all", "known",
    ),
    Measured(
        "Transfer, registration of vehicles", "registration", "furniture", ["vehicle"], SIZES, "all",
        turns=TURNS,
    ),
)  # fmt: skip
"""The same weights on shapes from another source than that of their training."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Score the shipped weights and write the scores down.")
    parser.add_argument("--data", type=Path, default=os.environ.get("APSNET_DATA"))
    parser.add_argument("--memory", type=Path, default=ROOT / "out" / "scores")
    parser.add_argument("--measured", type=Path, nargs="*", default=[], help="leaderboard.json of more seeds")
    told = parser.parse_args()
    if told.data is None:
        parser.error("the folder of the data sets is missing: give --data or set APSNET_DATA")
    shipped = [entry for entry in catalogue().entries if entry.origin == "shipped"]
    more = merged(read_leaderboard(path / FILE if path.is_dir() else path) for path in told.measured)
    tables = [measure(what, told.data, shipped, told.memory, more) for what in TABLES]
    resampled = measure(RESAMPLED, told.data, shipped, told.memory, more)
    transfer = [measure(what, told.data, shipped, told.memory, more) for what in TRANSFER]
    tested = scores_by_weights(tables)
    bundled: dict[str, dict[str, float]] = {}
    for what in TABLES:
        of_task = [entry for entry in shipped if entry.metadata.task == what.task]
        bundled |= bundled_scores(task_net(what.task), of_task)
    for entry in shipped:
        write_scores(entry, tested.get(entry.name, {}) | bundled[entry.name])
    shipped = [entry for entry in catalogue().entries if entry.origin == "shipped"]
    write_text(ROOT / "assets" / "weights" / "MODEL_CARDS.md", model_cards(shipped))
    write_results(tables, resampled, transfer)


def measure(what: Measured, data: Path, shipped: list[Entry], memory: Path, more: Values) -> Table:
    """Evaluate the shipped weights, including their further seeds in the leaderboard ``more``."""
    net = task_net(what.task)
    source = what.data if what.data == "furniture" else data / what.data
    held_out = open_held_out(
        source, net, classes=what.classes, part=what.part, facing=what.facing, turns=what.turns,
        pairs=what.pairs,
    )  # fmt: skip
    learned = [
        row
        for row in learned_methods()
        if any((e.metadata.method, e.metadata.task) == (row.name, what.task) for e in shipped)
    ]
    paper = task_named(what.task).paper
    known = paper.rows if paper is not None and what not in TRANSFER else [row.name for row in all_methods()]
    apart = ("voxel", "weighted")  # voxel does not give m points, weighted needs a field
    classical = [row.name for row in all_methods() if not row.learned and row.name not in apart]
    texts = [name for name in classical if name in known]
    texts += [f"{row.name}:{variant}" for row in learned for variant in row.variants]
    specs = [MethodSpec.parse(text) for text in texts]
    separate = any(e.metadata.method == "apsnet" and len(e.metadata.sizes) == 1 for e in shipped)
    methods, notes = contenders(specs, what.task, what.sizes, separate=separate)
    tests = _tests([each.text for each in methods], everything=what in TRANSFER)

    def progress(done: int, total: int) -> None:
        end = "\n" if done == total else "\r"
        print(f"{what.title}: {done} of {total}", end=end, file=sys.stderr, flush=True)

    return evaluate(
        held_out, net, methods, seeds=3, paired=tests, notes=notes,
        untrained=untrained(what.task) if what not in TRANSFER else {}, measured=more, memory=memory,
        progress=progress,
    )  # fmt: skip


def _tests(methods: list[str], everything: bool) -> list[tuple[str, str]]:
    """The pairs of methods to test: networks for one size with each other, and those for all sizes.

    If all APSNets are for all sizes, these are compared with SampleNet. ``everything`` compares APSNet, and
    APSNet+ if there is one, with every other method.
    """
    own = "apsnet:g@separate" if "apsnet:g@separate" in methods else "apsnet:g"
    plus = "apsnet_plus:g@separate"
    if everything:
        of_plus = [(plus, other) for other in methods if other != plus] if plus in methods else []
        return [(own, other) for other in methods if other not in (own, plus)] + of_plus
    tests = [(own, other) for other in ("samplenet:g", "samplenet:m", "snet:g", "snet:m", "farthest_point")]
    if plus in methods:
        rivals = (own, "samplenet:g", "samplenet:m", "snet:g", "farthest_point")
        tests += [(plus, other) for other in rivals]
    joint = ["farthest_point"] if own != "apsnet:g" else []
    joint += ["samplenet_progressive:g", "samplenet_progressive:m", "mops:g", "apsnet_kd:g"]
    return tests + [("apsnet:g", other) for other in joint]


def scores_by_weights(tables: list[Table]) -> dict[str, dict[str, float]]:
    """The scores for the metadata of each weights file, by the name of the weights."""
    found: dict[str, dict[str, float]] = {}
    for table in tables:
        name = "chamfer" if table.metric == "nre" else table.metric
        found[table.net] = {f"test {name}": table.full, "test shapes": len(table.held_out)}
        if table.full_without_twins is not None:
            found[table.net][f"test {name} without twins"] = table.full_without_twins
        for row in table.rows:
            for run in table.seed_runs[row.label, row.m]:
                if run.weights is None:
                    continue
                own = found.setdefault(run.weights, {"test shapes": len(table.held_out)})
                own[f"test {table.metric}@{row.m}:{row.variant}"] = float(run.values.mean())
                without = mean_of_some(run.values, ~table.held_out.has_twin)
                if without is not None:
                    own[f"test {table.metric}@{row.m}:{row.variant} without twins"] = without
    return found


def write_scores(entry: Entry, scores: dict[str, float]) -> None:
    """Write new test scores into the metadata of a weights file; the tensors stay identical bit for bit."""
    kept = {
        key: value
        for key, value in entry.metadata.scores.items()
        if not key.startswith(("test ", "bundled "))
    }
    # Chamfer distances need significant digits, because their first three follow after the fourth decimal.
    rounded = {
        key: float(f"{value:.4g}") if value < 0.1 else round(value, 4) for key, value in scores.items()
    }
    metadata = entry.metadata.model_copy(update={"scores": kept | rounded})
    if metadata == entry.metadata:
        return
    rewrite_metadata(entry.path, entry.path, metadata)


def write_results(tables: list[Table], resampled: Table, transfer: list[Table]) -> None:
    """Write the measured parts of docs/results.md, and keep the handwritten text around them."""
    named = [
        *zip(TABLES, tables, strict=True),
        (RESAMPLED, resampled),
        *zip(TRANSFER, transfer, strict=True),
    ]
    put("found", [SEEN, *(line for what, table in named for line in findings(what.title, table))])
    parts = ["## Against the goals\n"]
    for what, table in named:
        parts.append(f"### {what.title}\n\n{as_table(judge(table, transfer=what in TRANSFER))}")
        if of_plus := judge_plus(table):
            parts.append(f"### APSNet+, ours: {what.title}\n\n{as_table(of_plus)}")
    parts.append("## Transfer beside the source that was trained on\n")
    for what, table in zip(TABLES, tables, strict=True):
        others = [(w, t) for w, t in zip(TRANSFER, transfer, strict=True) if w.task == what.task]
        sources = " / ".join([what.data, *(w.title.removeprefix("Transfer, ") for w, _ in others)])
        title = f"{what.title}, {metric(table.metric).axis}"
        parts.append(f"{title}: {sources}\n\n{beside(table, [t for _, t in others])}")
    for what, table in named:
        text = as_markdown(table).replace("## ", f"## {what.title}: ", 1)
        if what in TABLES:
            picture = RESULTS.with_name(f"results-{table.task}.png")
            with atomic_path(picture) as beside_it:
                beside_it.write_bytes(render(fig3(table), Look(), "png"))
            text += f"\n![{table.task}: the metric against m]({picture.name})\n"
        parts.append(text)
    put("measured", ["", *parts])
    write_files(named)


def write_files(named: list[tuple[Measured, Table]]) -> None:
    """Write each table as LaTeX and CSV, and all measurements as one leaderboard, beside the page."""
    files = {"leaderboard.json": json_of(merged(leaderboard(table) for _, table in named))}
    for what, table in named:
        stem = re.sub(r"[^a-z0-9]+", "-", what.title.replace("'", "").lower())
        latex = [as_latex(sheet, f"tab:{stem}-{sheet.name.lower()}") for sheet in sheets_of(table)]
        files |= {f"{stem}.tex": "\n".join(latex).encode(), f"{stem}.csv": as_csv(table).encode()}
    write_folder(RESULTS.with_suffix(""), files)


def put(mark: str, lines: list[str]) -> None:
    """Write ``lines`` between the begin and end comments with this ``mark`` in docs/results.md."""
    begin, end = f"<!-- {mark}: begin -->", f"<!-- {mark}: end -->"
    page = RESULTS.read_text(encoding="utf-8")
    pattern = re.escape(begin) + ".*" + re.escape(end)
    written = "\n".join([begin, *lines, end])
    write_text(RESULTS, re.sub(pattern, lambda _: written, page, flags=re.DOTALL))


if __name__ == "__main__":
    main()
