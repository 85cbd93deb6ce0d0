"""Score the shipped weights on the held-out test shapes, and write the scores wherever they are told.

    python -m tests.scores.refresh --data DIR

DIR holds the three data sets named below. The scores go into the metadata of every file in assets/weights,
into the model cards beside them, and into docs/results.md; so do the scores on bundled furniture, which the
tests look at. Only what changed since the last time is computed
again: a new file costs its own minutes.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from apsnet_core.atomic import atomic_path, write_text
from apsnet_core.evaluation.answers import task_net
from apsnet_core.evaluation.figures.samples import png
from apsnet_core.evaluation.table.bundled_scores import bundled_scores
from apsnet_core.evaluation.table.contenders import contenders
from apsnet_core.evaluation.table.held_out import open_held_out
from apsnet_core.evaluation.table.metric_figure import metric_figure
from apsnet_core.evaluation.table.table import Table, evaluate
from apsnet_core.evaluation.table.texts import as_markdown
from apsnet_core.methods.registry import learned as learned_methods
from apsnet_core.methods.registry import methods as all_methods
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.weights import Entry, TaskName, catalogue, retell
from tests.scores.goals import as_table
from tests.scores.model_cards import model_cards

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "docs" / "results.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


@dataclass(frozen=True)
class Measured:
    """A table to fill: the ``task``, the folder of its ``data``, its ``classes`` (None: all), the sizes."""

    task: TaskName
    data: str
    classes: list[str] | None
    sizes: tuple[int, ...]


TABLES = (
    Measured("classification", "modelnet10_ply_hdf5_2048", None, (8, 16, 32, 64, 128)),
    Measured("reconstruction", "shapenet_style_4class_2048", None, (8, 16, 32, 64)),
    Measured("registration", "modelnet40_subset_ply_hdf5_2048", ["car"], (8, 16, 32, 64)),
)


def main() -> None:
    parser = argparse.ArgumentParser(description="Score the shipped weights and write the scores down.")
    parser.add_argument("--data", type=Path, default=os.environ.get("APSNET_DATA"))
    parser.add_argument("--memory", type=Path, default=ROOT / "out" / "scores")
    told = parser.parse_args()
    if told.data is None:
        parser.error("--data, or APSNET_DATA, names the folder of the data sets")
    shipped = [entry for entry in catalogue().entries if entry.origin == "shipped"]
    tables = [measure(what, told.data, shipped, told.memory) for what in TABLES]
    tested, bundled = scores_by_weights(tables), {}
    for what in TABLES:
        of_task = [entry for entry in shipped if entry.metadata.task == what.task]
        bundled |= bundled_scores(task_net(what.task), of_task)
    for entry in shipped:
        write_scores(entry, tested.get(entry.name, {}) | bundled[entry.name])
    shipped = [entry for entry in catalogue().entries if entry.origin == "shipped"]
    write_text(ROOT / "assets" / "weights" / "MODEL_CARDS.md", model_cards(shipped))
    write_results(tables)


def measure(what: Measured, data: Path, shipped: list[Entry], memory: Path) -> Table:
    net = task_net(what.task)
    held_out = open_held_out(data / what.data, net, classes=what.classes)
    learned = [
        row.name
        for row in learned_methods()
        if any((e.metadata.method, e.metadata.task) == (row.name, what.task) for e in shipped)
    ]
    texts = [row.name for row in all_methods() if not row.learned and row.name != "voxel"]
    texts += [f"{method}:{variant}" for method in learned for variant in "gm"]
    specs = [MethodSpec.parse(text) for text in texts]
    separate = any(e.metadata.method == "apsnet" and len(e.metadata.sizes) == 1 for e in shipped)
    methods, notes = contenders(specs, what.task, what.sizes, separate=separate)
    tests = [("apsnet:g", other) for other in ("samplenet:g", "samplenet:m", "apsnet_kd:g")]

    def progress(done: int, total: int) -> None:
        end = "\n" if done == total else "\r"
        print(f"{what.task}: {done} of {total}", end=end, file=sys.stderr, flush=True)

    return evaluate(
        held_out, net, methods, seeds=3, paired=tests, notes=notes, memory=memory, progress=progress
    )


def scores_by_weights(tables: list[Table]) -> dict[str, dict[str, float]]:
    """What goes into the metadata of each weights file."""
    found: dict[str, dict[str, float]] = {}
    for table in tables:
        name = "chamfer" if table.metric == "nre" else table.metric
        found[table.net] = {f"test {name}": table.full, "test shapes": len(table.held_out)}
        if table.full_without_twins is not None:
            found[table.net][f"test {name} without twins"] = table.full_without_twins
        for row in table.rows:
            if row.weights is None:
                continue
            own = found.setdefault(row.weights, {"test shapes": len(table.held_out)})
            own[f"test {table.metric}@{row.m}:{row.variant}"] = row.value
            if row.without_twins is not None:
                own[f"test {table.metric}@{row.m}:{row.variant} without twins"] = row.without_twins
    return found


def write_scores(entry: Entry, scores: dict[str, float]) -> None:
    """The same tensors, bit for bit, under metadata with new test scores."""
    kept = {
        key: value
        for key, value in entry.metadata.scores.items()
        if not key.startswith(("test ", "bundled "))
    }
    # Three figures of a Chamfer distance start behind the fourth decimal.
    rounded = {
        key: float(f"{value:.4g}") if value < 0.1 else round(value, 4) for key, value in scores.items()
    }
    metadata = entry.metadata.model_copy(update={"scores": kept | rounded})
    if metadata == entry.metadata:
        return
    retell(entry.path, entry.path, metadata)


def write_results(tables: list[Table]) -> None:
    """The part of docs/results.md that is measured; what was written by hand around it stays."""
    parts = ["## Against the goals\n", as_table(tables)]
    for table in tables:
        picture = RESULTS.with_name(f"results-{table.task}.png")
        with atomic_path(picture) as beside:
            beside.write_bytes(png(metric_figure(table)))
        text = as_markdown(table).replace("## ", f"## {table.task.capitalize()}: ", 1)
        parts.append(f"{text}\n![{table.task}: the metric against m]({picture.name})\n")
    measured = "\n".join([BEGIN, "", *parts, END])
    page = RESULTS.read_text(encoding="utf-8")
    pattern = re.escape(BEGIN) + ".*" + re.escape(END)
    write_text(RESULTS, re.sub(pattern, lambda _: measured, page, flags=re.DOTALL))


if __name__ == "__main__":
    main()
