"""A table as a folder: index.html that needs nothing else, Markdown, CSV, JSON and the plot."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from html import escape
from pathlib import Path
from string import Template

from apsnet_core.doctor import installed_versions, machine
from apsnet_core.evaluation.figures.samples import png
from apsnet_core.evaluation.report_folder import write_report_files
from apsnet_core.evaluation.table.leaderboard import leaderboard
from apsnet_core.evaluation.table.metric_figure import metric_figure
from apsnet_core.evaluation.table.table import Table, TableRow
from apsnet_core.evaluation.table.texts import (
    PAIR_HEAD,
    as_csv,
    as_markdown,
    best,
    by_label,
    interval_text,
    pair_cells,
    paper_text,
    quoted_rows,
    shapes_as_csv,
    sizes_of,
    summary,
    value_of,
    value_text,
)
from apsnet_core.methods.registry import method_colour
from apsnet_core.tasks.registry import metric as metric_named
from apsnet_core.tasks.registry import task as task_named
from apsnet_core.types import Values

_PAGE = Path(__file__).with_name("table.html")


def write_table(table: Table, folder: Path, command: str) -> list[Path]:
    """Write index.html, table.md, .csv, .json, leaderboard.json, shapes.csv and plot.png; returns the paths.

    ``command`` is the line that makes the table again.
    """
    figure = metric_figure(table)
    document = {
        **as_data(table),
        "command": command,
        "machine": machine(),
        "versions": installed_versions(),
    }
    files = {
        "table.md": as_markdown(table).encode(),
        "table.csv": as_csv(table).encode(),
        "table.json": _json(document),
        "leaderboard.json": _json(leaderboard(table)),
        "shapes.csv": shapes_as_csv(table).encode(),
        "plot.png": png(figure),
        "index.html": _html(table, command, png(figure, transparent=True)).encode(),
    }
    return write_report_files(folder, files)


def _json(document: Values) -> bytes:
    return (json.dumps(document, indent=2, allow_nan=False) + "\n").encode()


def as_data(table: Table) -> Values:
    """The table for programs, ready for JSON."""
    return {
        "task": table.task,
        "metric": table.metric,
        "dataset": table.held_out.name,
        "task_net": table.net,
        "shapes": len(table.held_out),
        "twins": int(table.held_out.has_twin.sum()),
        "points": table.held_out.points,
        "full": table.full,
        "full_without_twins": table.full_without_twins,
        "rows": [asdict(row) for row in table.rows],
        "paired": [asdict(pair) for pair in table.pairs],
        "notes": summary(table),
    }


def _html(table: Table, command: str, plot: bytes) -> str:
    metric = metric_named(table.metric)
    about, *notes = summary(table)
    sections = [_without_twins(table), _pairs(table), _per_class(table)]
    versions = ", ".join(f"{name} {version}" for name, version in installed_versions().items() if version)
    host = machine()
    unit = f", {metric.unit.strip()}" if metric.unit.strip() else ""
    return Template(_PAGE.read_text(encoding="utf-8")).substitute(
        title=f"{metric.title} of samplers",
        dataset=escape(table.held_out.name),
        about=escape(about),
        heading=f"{metric.title}{unit}, 95 % interval, and the paper's number",
        numbers=_grid(table.rows, _full_cell, more=_quoted(table)),
        notes="".join(f"<li>{escape(sentence)}</li>" for sentence in notes),
        plot="data:image/png;base64," + base64.b64encode(plot).decode(),
        sections="\n".join(section for section in sections if section),
        command=escape(command),
        versions=escape(versions),
        machine=escape(f"{host['system']}, {host['processors']} processors, Python {host['python']}"),
    )


def _full_cell(row: TableRow) -> str:
    paper = f"<small>paper {paper_text(row)}</small>" if row.published is not None else ""
    return f"<b>{value_text(row)}</b><small>{interval_text(row)}</small>{paper}"


def _grid(
    rows: Sequence[TableRow],
    cell: Callable[[TableRow], str],
    of: Callable[[TableRow], float | None] = value_of,
    more: Sequence[str] = (),
) -> str:
    """Methods down, sizes across, the best ``of`` each size in bold; ``more`` lines below."""
    sizes, winners = sizes_of(rows), best(rows, of)
    lines = []
    for label, own in by_label(rows).items():
        cells = "".join(
            f"<td{' class=best' if of(own[m]) == winners.get(m) else ''}>{cell(own[m])}</td>"
            if m in own
            else "<td>–</td>"
            for m in sizes
        )
        lines.append([_named(label, next(iter(own.values())).method), cells])
    return _table([""] + [f"m = {m}" for m in sizes], ["".join(line) for line in lines] + [*more])


def _quoted(table: Table) -> list[str]:
    """In grey, what the paper alone has."""
    metric, sizes = metric_named(table.metric), sizes_of(table.rows)
    return [
        f"<th><small>{escape(label)}</small></th>"
        + "".join(f"<td><small>{metric.text(numbers.get(m))}</small></td>" for m in sizes)
        for label, numbers in quoted_rows(table).items()
    ]


def _named(label: str, method: str) -> str:
    return f'<th><i style="background:{method_colour(method)}"></i>{escape(label)}</th>'


def _table(head: Sequence[str], lines: Sequence[str]) -> str:
    titles = "".join(f"<th{' class=words' if title == 'test' else ''}>{escape(title)}</th>" for title in head)
    body = "\n".join(f"<tr>{line}</tr>" for line in lines)
    return f"<table><thead><tr>{titles}</tr></thead><tbody>\n{body}\n</tbody></table>"


def _without_twins(table: Table) -> str:
    if all(row.without_twins is None for row in table.rows):
        return ""
    metric = metric_named(table.metric)
    without = table.full_without_twins
    full = "" if without is None else _full_without(table, without)
    grid = _grid(
        table.rows, lambda row: f"<b>{metric.text(row.without_twins)}</b>", lambda row: row.without_twins
    )
    return (
        f"<h2>Without shapes that have a near-identical one to train on</h2>"
        f'<p class="about">{len(table.held_out) - int(table.held_out.has_twin.sum())} shapes.{full}</p>'
        f'<div class="scroll">{grid}</div>'
    )


def _full_without(table: Table, without: float) -> str:
    return f" All points: {task_named(table.task).of_all_points.sentence(without)}."


def _pairs(table: Table) -> str:
    if not table.pairs:
        return ""
    lines = [
        f"<th>{escape(pair.first)} against {escape(pair.second)}</th><td>{pair.m}</td>"
        + "".join(
            f"<td{' class=words' if title == 'test' else ''}>{escape(cell)}</td>"
            for title, cell in zip(PAIR_HEAD, pair_cells(pair, table.metric), strict=True)
        )
        for pair in table.pairs
    ]
    head = ["", "m", *PAIR_HEAD]
    return f'<h2>Shape by shape</h2><div class="scroll">{_table(head, lines)}</div>'


def _per_class(table: Table) -> str:
    metric, parts = metric_named(table.metric), []
    if not metric.right:
        return ""
    for m in sizes_of(table.rows):
        rows = [row for row in table.rows if row.m == m]
        lines = [
            _named(row.label, row.method)
            + "".join(f"<td>{metric.text(value)}</td>" for value in row.per_class.values())
            for row in rows
        ]
        grid = _table(["", *rows[0].per_class], lines)
        parts.append(f'<details><summary>m = {m}</summary><div class="scroll">{grid}</div></details>')
    return f"<h2>{metric.title} of each class, {metric.unit.strip()}</h2>" + "\n".join(parts)
