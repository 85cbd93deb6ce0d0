"""A table as a folder: a self-contained index.html, Markdown, CSV, JSON and the plot."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from apsnet_core.doctor import installed_versions, machine
from apsnet_core.evaluation.figures.chart import inline, rendered
from apsnet_core.evaluation.figures.look import Look
from apsnet_core.evaluation.report_folder import json_of, write_report_files
from apsnet_core.evaluation.sheets.files import sheet_files
from apsnet_core.evaluation.table.figures import fig3
from apsnet_core.evaluation.table.leaderboard import FILE as LEADERBOARD
from apsnet_core.evaluation.table.leaderboard import leaderboard
from apsnet_core.evaluation.table.page import table_page
from apsnet_core.evaluation.table.sheets import sheets_of
from apsnet_core.evaluation.table.table import Table
from apsnet_core.evaluation.table.texts import (
    as_csv,
    as_markdown,
    records,
    shapes_as_csv,
    summary,
    units_of,
)
from apsnet_core.types import Values


def write_table(table: Table, folder: Path, command: str) -> list[Path]:
    """Write index.html, table.md, .csv, .json, .tex, .xlsx, leaderboard.json, shapes.csv, the plot.

    Returns their paths. ``command`` is the command line that makes the table again.
    """
    figure = fig3(table)
    document = {
        **as_data(table),
        "command": command,
        "machine": machine(),
        "versions": installed_versions(),
    }
    files = {
        **rendered([figure], Look()),
        **sheet_files(sheets_of(table), records(table), units_of(table)),
        "table.md": as_markdown(table).encode(),
        "table.csv": as_csv(table).encode(),
        LEADERBOARD: json_of(leaderboard(table)),
        "shapes.csv": shapes_as_csv(table).encode(),
        "index.html": table_page(table, command, inline(figure)).encode(),
    }
    return write_report_files(folder, document, files)


def as_data(table: Table) -> Values:
    """The table as plain values for JSON."""
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
