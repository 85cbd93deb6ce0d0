"""A comparison as a folder: index.html that needs nothing else, tables for programs, pictures for papers."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template

from apsnet_core.cloud import Float32
from apsnet_core.doctor import installed_versions, machine
from apsnet_core.evaluation.comparison.comparison import Comparison, ComparisonRow, best, columns_of
from apsnet_core.evaluation.comparison.texts import as_csv
from apsnet_core.evaluation.figures.samples import Curve, Panel, curves_picture, png, sampling_picture
from apsnet_core.evaluation.report_folder import picture_name, write_report_files
from apsnet_core.methods.registry import method_colour
from apsnet_core.placing import counted

_PAGE = Path(__file__).with_name("report.html")


@dataclass(frozen=True)
class About:
    """What a report says of its own making: the file, the ``command`` that repeats it, the seed."""

    source: str
    points: int
    command: str
    seed: int


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
    html_pictures, files = [], {}
    for method in comparison.methods:
        rows = [(row, sampling) for row, sampling in comparison.pairs if row.method == method]
        panels = [
            Panel(
                sampling.points,
                method_colour(row.name),
                f"{row.label} · {counted(row.m, 'point')}",
                _summary(row),
            )
            for row, sampling in rows
        ]
        figure = sampling_picture(shape, panels, up=up)
        files[picture_name(method)] = png(figure)
        html_pictures.append((rows[0][0].label, png(figure, transparent=True)))
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
    files["index.html"] = _html(comparison, about, html_pictures, png(plot, transparent=True)).encode()
    return write_report_files(folder, files)


def _summary(row: ComparisonRow) -> str:
    return f"chamfer {row.chamfer:.3g} · coverage {100 * row.coverage:.0f} %"


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


def _html(comparison: Comparison, about: About, pictures: Sequence[tuple[str, bytes]], plot: bytes) -> str:
    rows = comparison.rows
    head = "".join(
        f"<th>{escape(column.title)}<small>{escape(column.unit)}</small></th>" for column in columns_of(rows)
    )
    winners = best(rows)
    lines = []
    for index, row in enumerate(rows):
        cells = "".join(
            f"<td{' class=best' if (index, column.key) in winners else ''}>{column.text(row)}</td>"
            for column in columns_of(rows)
        )
        dot = f'<i style="background:{method_colour(row.name)}"></i>'
        lines.append(f"<tr><th>{dot}{escape(row.label)}</th><td>{row.m}</td>{cells}</tr>")
    figures = "\n".join(
        f'<figure><img alt="{escape(label)}: samples in order" src="{_inline(picture)}"></figure>'
        for label, picture in pictures
    )
    versions = ", ".join(f"{name} {version}" for name, version in installed_versions().items() if version)
    host = machine()
    remarks = (comparison.remark, comparison.warning, *comparison.notes)
    return Template(_PAGE.read_text(encoding="utf-8")).substitute(
        title=escape(Path(about.source).name),
        points=f"{about.points:,}",
        seed=about.seed,
        head=head,
        lines="\n".join(lines),
        remark="".join(f"<p>{escape(said)}</p>" for said in filter(None, remarks)),
        plot=_inline(plot),
        figures=figures,
        weights=escape(_weights(comparison)),
        command=escape(about.command),
        versions=escape(versions),
        machine=escape(f"{host['system']}, {host['processors']} processors, Python {host['python']}"),
    )


def _weights(comparison: Comparison) -> str:
    """Which weights each learned method used, and the task net's; a sentence each."""
    used: dict[str, dict[str, list[str]]] = {}
    for row in comparison.rows:
        if row.weights is not None:
            used.setdefault(row.label, {}).setdefault(row.weights, []).append(str(row.m))
    parts = []
    for label, files in used.items():
        names = [name + (f" for {', '.join(m)}" if len(files) > 1 else "") for name, m in files.items()]
        parts.append(f"{label}: {', '.join(names)}.")
    if comparison.net is not None:
        parts.append(f"Task net: {comparison.net}.")
    return f"Weights. {' '.join(parts)}" if parts else ""


def _inline(picture: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(picture).decode()
