"""A comparison as a folder: index.html that needs nothing else, tables for programs, pictures for papers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from apsnet_core.cloud import Float32
from apsnet_core.doctor import installed_versions, machine
from apsnet_core.evaluation.comparison.comparison import Comparison, ComparisonRow, columns_of
from apsnet_core.evaluation.comparison.page import About as About
from apsnet_core.evaluation.comparison.page import comparison_page, summary
from apsnet_core.evaluation.comparison.texts import as_csv
from apsnet_core.evaluation.figures.samples import (
    TITLE,
    Curve,
    Panel,
    curves_picture,
    png,
    sampling_picture,
)
from apsnet_core.evaluation.figures.stills import stills
from apsnet_core.evaluation.report_folder import picture_name, write_report_files
from apsnet_core.methods.registry import method_colour
from apsnet_core.placing import counted


def write_report(
    comparison: Comparison,
    folder: Path,
    about: About,
    *,
    ghost: Float32 | None = None,
    up: str = "z",
) -> list[Path]:
    """Write index.html, table.csv, table.json, plot.png and one picture per method; returns their paths.

    ``ghost`` (k, 3) is the shape drawn behind the samples, the cloud itself unless given; ``up`` its axis
    that points up.
    """
    shape = comparison.cloud.xyz if ghost is None else ghost
    pictures: list[bytes] = []
    files = {}
    for method in comparison.methods:
        rows = [(row, sampling) for row, sampling in comparison.pairs if row.method == method]
        panels = [
            Panel(
                sampling.points,
                method_colour(row.name),
                f"{row.label} · {counted(row.m, 'point')}",
                summary(row),
            )
            for row, sampling in rows
        ]
        figure = sampling_picture(shape, panels, up=up)
        files[picture_name(method)] = png(figure)
        pictures += stills(figure, len(panels), TITLE)
    plot = curves_picture(_curves(comparison.rows), logarithmic=lambda title: not title.endswith("%"))
    files["plot.png"] = png(plot)
    files["table.csv"] = as_csv(comparison.rows).encode()
    document = {
        "about": vars(about),
        "machine": machine(),
        "versions": installed_versions(),
        "task_net": comparison.net,
        "remark": comparison.remark,
        "warning": comparison.warning,
        "notes": comparison.notes,
        "rows": [row.as_dict() for row in comparison.rows],
    }
    files["table.json"] = (json.dumps(document, indent=2) + "\n").encode()
    files["index.html"] = comparison_page(comparison, about, shape, pictures, plot, up).encode()
    return write_report_files(folder, files)


def _curves(rows: Sequence[ComparisonRow]) -> list[tuple[str, list[Curve]]]:
    labels = list(dict.fromkeys(row.label for row in rows))
    plots = []
    for column in columns_of(rows):
        curves = []
        for label in labels:
            own = [row for row in rows if row.label == label]
            curves.append(
                Curve(
                    label, method_colour(own[0].name), [row.m for row in own], [column.of(row) for row in own]
                )
            )
        plots.append((f"{column.title}, {column.unit}", curves))
    return plots
