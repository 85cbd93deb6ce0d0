"""The page of a table: its numbers, shapes on which the methods differ, curves, tests, classes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from html import escape

from apsnet_core.evaluation.provenance import UsedWeights, provenance_html
from apsnet_core.evaluation.table.examples import examples
from apsnet_core.evaluation.table.leaders import leaders
from apsnet_core.evaluation.table.table import Table, TableRow
from apsnet_core.evaluation.table.texts import (
    NOT_TRAINED,
    PAIR_HEAD,
    by_label,
    interval_text,
    pair_cells,
    paper_text,
    quoted_rows,
    sizes_of,
    summary,
    value_of,
    value_text,
)
from apsnet_core.methods.registry import method_colour
from apsnet_core.ops.orientation import up_turn
from apsnet_core.page.page import page, part
from apsnet_core.page.views import scene_of, views_html
from apsnet_core.tasks.registry import metric as metric_named
from apsnet_core.tasks.registry import task as task_named


def table_page(table: Table, command: str, figure: str) -> str:
    """The text of index.html for a ``table`` made by ``command``, with its ``figure``, an SVG element."""
    metric = metric_named(table.metric)
    about, *notes = summary(table)
    sections = [_without_twins(table), _pairs(table), _per_class(table)]
    unit = f", {metric.unit.strip()}" if metric.unit.strip() else ""
    clouds, views = examples(table)
    body = part(
        "table.html",
        title=escape(f"{metric.title} of samplers"),
        about=escape(about),
        heading=escape(f"{metric.title}{unit}, 95 % interval, and the paper's number"),
        numbers=_grid(table.rows, _full_cell, more=_quoted(table), bold=leaders(table)),
        notes="".join(f"<li>{escape(sentence)}</li>" for sentence in notes),
        views=_shown(views_html(views)),
        plot=figure,
        sections="\n".join(section for section in sections if section),
        provenance=provenance_html(command, _weights(table)),
    )
    return page(
        f"{metric.title} of samplers: {table.held_out.name}",
        body,
        scene_of(clouds, views, up_turn(table.up, "z")),
    )


def _shown(views: str) -> str:
    return f"<h2>Shapes on which the methods differ most</h2>{views}" if views else ""


def _weights(table: Table) -> list[UsedWeights]:
    used: dict[tuple[str, str, str | None], list[int]] = {}
    for row in table.rows:
        if row.weights is not None:
            used.setdefault((row.label, row.weights, row.weights_hash), []).append(row.m)
    found = [UsedWeights(*key, tuple(sizes)) for key, sizes in used.items()]
    return [*found, UsedWeights("Task net", table.net, table.net_hash)]


def _full_cell(row: TableRow) -> str:
    paper = f"<small>paper {paper_text(row)}</small>" if row.published is not None else ""
    return f"<b>{value_text(row)}</b><small>{interval_text(row)}</small>{paper}"


def _grid(
    rows: Sequence[TableRow],
    cell: Callable[[TableRow], str],
    of: Callable[[TableRow], float | None] = value_of,
    more: Sequence[str] = (),
    bold: Collection[tuple[str, int]] = (),
) -> str:
    """A table, methods down and sizes across; ``bold`` are labels and sizes; ``more`` lines are below."""
    sizes = sizes_of(rows)
    lines = []
    for label, own in by_label(rows).items():
        cells = "".join(
            f"<td{' class=best' if (label, m) in bold else ''} data-value={of(own[m])}>{cell(own[m])}</td>"
            if m in own
            else "<td>–</td>"
            for m in sizes
        )
        lines.append([_named(label, next(iter(own.values())).method), cells])
    return _table([""] + [f"m = {m}" for m in sizes], ["".join(line) for line in lines] + [*more])


def _quoted(table: Table) -> list[str]:
    """Grey lines for methods that only the paper measured, and for methods that are not trained yet."""
    metric, sizes = metric_named(table.metric), sizes_of(table.rows)
    return [
        f"<th><small>{escape(label)}</small></th>"
        + "".join(f"<td><small>{metric.text(numbers.get(m))}</small></td>" for m in sizes)
        for label, numbers in quoted_rows(table).items()
    ] + [
        f"<th><small>{escape(label)}</small></th>" + f"<td><small>{NOT_TRAINED}</small></td>" * len(sizes)
        for label in table.untrained
    ]


def _named(label: str, method: str) -> str:
    return f'<th><i class="dot" style="background:{method_colour(method)}"></i>{escape(label)}</th>'


def _table(head: Sequence[str], lines: Sequence[str]) -> str:
    titles = "".join(f"<th{' class=words' if title == 'test' else ''}>{escape(title)}</th>" for title in head)
    body = "\n".join(f"<tr>{line}</tr>" for line in lines)
    return f'<table class="sortable"><thead><tr>{titles}</tr></thead><tbody>\n{body}\n</tbody></table>'


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
