"""The numbers of a table as text: as Markdown for pages, as CSV for other programs."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterable
from dataclasses import asdict

from apsnet_core.evaluation.sheets import text
from apsnet_core.evaluation.table.differences import Difference
from apsnet_core.evaluation.table.pairs import Pair
from apsnet_core.evaluation.table.table import Table, TableRow
from apsnet_core.placing import counted
from apsnet_core.tasks.metric import Metric
from apsnet_core.tasks.registry import metric as metric_named
from apsnet_core.tasks.registry import task as task_named
from apsnet_core.types import Values


def sizes_of(rows: Iterable[TableRow]) -> list[int]:
    """The sizes of a table, ascending."""
    return sorted({row.m for row in rows})


def by_label(rows: Iterable[TableRow]) -> dict[str, dict[int, TableRow]]:
    """The rows of each method, by size, in the order of the table."""
    found: dict[str, dict[int, TableRow]] = {}
    for row in rows:
        found.setdefault(row.label, {})[row.m] = row
    return found


def value_of(row: TableRow) -> float | None:
    """The value of a row, which is the number that tables show by default."""
    return row.value


def best(rows: Iterable[TableRow], of: Callable[[TableRow], float | None] = value_of) -> dict[int, float]:
    """The best value of each size."""
    found: dict[int, float] = {}
    for row in rows:
        number, choose = of(row), max if metric_named(row.metric).higher else min
        if number is not None:
            found[row.m] = choose(number, found.get(row.m, number))
    return found


def value_text(row: TableRow) -> str:
    """The value, with its standard deviation over seeds if there are several."""
    metric = metric_named(row.metric)
    return metric.text(row.value) + (f" ± {metric.text(row.spread)}" if row.spread is not None else "")


def interval_text(row: TableRow) -> str:
    """The 95 % interval of a row."""
    return metric_named(row.metric).interval(row.low, row.high)


def paper_text(row: TableRow) -> str:
    """The paper's number; if that is a doubled error, our doubled number follows."""
    metric = metric_named(row.metric)
    paper = metric.text(row.published)
    return paper if row.doubled is None else f"{paper}, ours doubled {metric.text(row.doubled)}"


def summary(table: Table) -> list[str]:
    """Sentences that a reader needs besides the table."""
    task, held_out = task_named(table.task), table.held_out
    shape = "pair" if task.pairs and held_out.turns == 1 else "shape"
    part = {"all": "", "train": "training "}.get(held_out.part, f"{held_out.part} ")
    said = [f"{counted(len(held_out), part + shape)} of {held_out.name}, {held_out.points} points each."]
    if held_out.turns > 1:
        said.append(f"Each shape has {held_out.turns} fixed rotations; its number is their mean.")
    if held_out.pairs == "resampled":
        said.append("The two clouds of a pair are different points of the shape.")
    said.append(f"From all points {table.net} gets {task.of_all_points.sentence(table.full)}.")
    if twins := int(held_out.has_twin.sum()):
        have = f"{counted(twins, shape)} {'has' if twins == 1 else 'have'}"
        said.append(f"{have} a near-identical shape in the training or validation part.")
    if held_out.facing:
        turns = ", ".join(f"{name} by {90 * turn}°" for name, turn in held_out.facing.items())
        said.append(f"Turned about the vertical to the direction that {table.net} recognises: {turns}.")
    if held_out.left_out:
        said.append(f"Left out because {table.net} does not know them: {', '.join(held_out.left_out)}.")
    if (seeds := max(row.seeds for row in table.rows)) > 1:
        trained = any(row.seeds > 1 and row.weights for row in table.rows)
        of = "of random starts and of trainings" if trained else "of random starts"
        said.append(f"± is the standard deviation over up to {seeds} seeds {of}.")
    if task.paper is not None:
        if quoted_rows(table) or any(row.published is not None for row in table.rows):
            said.append(
                "The paper's numbers are for all of ModelNet40 or ShapeNet, with samplers trained for"
                " one size each."
            )
        said += [task.paper.note] if task.paper.note else []
        said += [task.paper.remarks[label] for label in quoted_rows(table) if label in task.paper.remarks]
    return [*said, *table.untrained.values(), *table.notes]


NOT_TRAINED = "not trained yet"
"""The text in the row of a method without weights."""


def quoted_rows(table: Table) -> dict[str, dict[int, float]]:
    """The paper's rows that are not measured here, at the sizes of the table: by label, then size."""
    sizes, measured, paper = sizes_of(table.rows), by_label(table.rows), task_named(table.task).paper
    rows = {
        label: {m: number for m, number in numbers.items() if m in sizes}
        for label, numbers in (paper.quoted_rows() if paper else {}).items()
        if label not in measured
    }
    return {label: numbers for label, numbers in rows.items() if numbers}


def markdown_table(table: Table, cell: Callable[[TableRow], str] = value_text) -> str:
    """Methods down, sizes across; a value that is better than all others of its size is bold (`BOLD`)."""
    from apsnet_core.evaluation.table.leaders import leaders

    sizes, sure = sizes_of(table.rows), leaders(table)
    lines = [["", *(f"m = {m}" for m in sizes)], ["---", *("---:" for _ in sizes)]]
    for label, rows in by_label(table.rows).items():
        cells = []
        for m in sizes:
            text = cell(rows[m]) if m in rows else "–"
            bold = (label, m) in sure and cell is value_text
            cells.append(f"**{text}**" if bold else text)
        lines.append([label, *cells])
    if cell is value_text:
        lines += [[label, *[NOT_TRAINED] * len(sizes)] for label in table.untrained]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def _markdown_quoted(table: Table) -> str:
    """Further lines of a `markdown_table`, for methods that only the paper measured."""
    metric, sizes = metric_named(table.metric), sizes_of(table.rows)
    lines = [
        [f"{label} (quoted)", *(metric.text(numbers.get(m)) for m in sizes)]
        for label, numbers in quoted_rows(table).items()
    ]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def markdown_pairs(table: Table) -> str:
    """The paired differences and the exact tests as a Markdown table."""
    head = ["", "m", *PAIR_HEAD]
    lines = [head, ["---", *["---:"] * (len(head) - 2), "---"]]
    for pair in table.pairs:
        lines.append([f"{pair.first} against {pair.second}", str(pair.m), *pair_cells(pair, table.metric)])
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


BOLD = "Bold: better than every other method of its size (paired bootstrap, p below 0.05 after Holm)."
PAIR_HEAD = ("better by", "without twins", "p, Holm", "better on", "worse on", "p", "test")


def pair_cells(pair: Pair, metric: str) -> list[str]:
    """The cells of a pair, under `PAIR_HEAD`."""
    how = metric_named(metric)
    return [
        difference_text(pair.difference, how),
        "–" if pair.without_twins is None else difference_text(pair.without_twins, how),
        p_text(pair.holm),
        str(pair.first_better),
        str(pair.second_better),
        p_text(pair.p),
        pair.test,
    ]


def difference_text(found: Difference, metric: Metric) -> str:
    """A difference with its paired 95 % interval if it has one, both with a sign."""
    value, low, high = (
        f"{metric.factor * number:+{metric.digits}}" for number in (found.value, found.low, found.high)
    )
    return f"{value} ({low} to {high})" if math.isfinite(found.low) else value


def p_text(p: float) -> str:
    """A p value with two significant digits below 0.1, and two decimals from there on."""
    return "< 0.0001" if p < 1e-4 else f"{p:.2g}" if p < 0.1 else f"{p:.2f}"


def as_markdown(table: Table) -> str:
    """The Markdown of all tables and sentences for a page."""
    metric = metric_named(table.metric)
    unit = f", {metric.unit.strip()}" if metric.unit.strip() else ""
    parts = [f"## {metric.title}{unit}\n", markdown_table(table)]
    parts.append("95 % intervals:\n\n" + markdown_table(table, interval_text))
    if paper := task_named(table.task).paper:
        rows = markdown_table(table, paper_text) + _markdown_quoted(table)
        parts.append(f"The paper, Table {paper.table}:\n\n" + rows)
    if any(row.without_twins is not None for row in table.rows):
        without = markdown_table(table, lambda row: metric.text(row.without_twins))
        parts.append("Without near-identical shapes:\n\n" + without)
    if table.pairs:
        parts.append(markdown_pairs(table))
    return "\n".join([*parts, *(f"- {sentence}" for sentence in summary(table))]) + "\n"


def records(table: Table) -> list[Values]:
    """The rows as plain values in full precision, with one value for each class."""
    return [
        {key: value for key, value in asdict(row).items() if key != "per_class"}
        | {f"{row.metric} of {name}": value for name, value in row.per_class.items()}
        for row in table.rows
    ]


def units_of(table: Table) -> dict[str, str]:
    """The unit of each value of `records` that has one."""
    metric = metric_named(table.metric)
    unit = "share" if metric.unit_name == "%" else metric.unit_name
    keys = ["value", "spread", "low", "high", "without_twins"]
    return dict.fromkeys([*keys, *(key for key in records(table)[0] if " of " in key)], unit)


def as_csv(table: Table) -> str:
    """One line for each row under a line of names with units; a column for each class."""
    return text.as_csv(records(table), units_of(table))


def shapes_as_csv(table: Table) -> str:
    """One line for each test shape: its class, whether it has a twin, and the metric of every row."""
    held_out = table.held_out
    head = ["shape", "class", "twin", *(f"{label} {m}" for label, m in table.shapes)]
    columns = list(table.shapes.values())
    return _csv(
        head,
        (
            [name, held_out.classes[label], int(twin), *(f"{column[i]:.6g}" for column in columns)]
            for i, (name, label, twin) in enumerate(
                zip(held_out.names, held_out.labels, held_out.has_twin, strict=True)
            )
        ),
    )


def _csv(head: list[str], lines: Iterable[list[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(lines)
    return text.getvalue()
