"""A comparison as a folder: a self-contained index.html, tables, pictures and plots for papers."""

from __future__ import annotations

from pathlib import Path

from apsnet_core.cloud import Float32
from apsnet_core.colours.field_colours import FieldColours
from apsnet_core.doctor import installed_versions, machine
from apsnet_core.evaluation.comparison.comparison import Comparison
from apsnet_core.evaluation.comparison.figures import overview
from apsnet_core.evaluation.comparison.page import About as About
from apsnet_core.evaluation.comparison.page import comparison_page
from apsnet_core.evaluation.comparison.reference import Reference
from apsnet_core.evaluation.comparison.texts import (
    ONE_SHAPE,
    as_csv,
    notes_of,
    records,
    sheet_of,
    units_of,
)
from apsnet_core.evaluation.figures.chart import inline, rendered
from apsnet_core.evaluation.figures.look import Look
from apsnet_core.evaluation.figures.samples import TITLE, Panel, png, sampling_picture
from apsnet_core.evaluation.figures.stills import stills
from apsnet_core.evaluation.report_folder import write_report_files
from apsnet_core.evaluation.sheets.files import sheet_files
from apsnet_core.methods.registry import method_colour
from apsnet_core.names import own_name
from apsnet_core.placing import counted


def write_report(
    comparison: Comparison,
    folder: Path,
    about: About,
    *,
    ghost: Float32 | None = None,
    up: str = "z",
    colours: FieldColours | None = None,
    reference: Reference | None = None,
) -> list[Path]:
    """Write index.html, table.csv, .json, .md, .tex and .xlsx, the plot, a picture per method; returns paths.

    ``ghost`` (k, 3) is the shape drawn behind the samples, by default the cloud itself; ``up`` is its up
    axis. With ``colours`` of the cloud's points, these points are drawn instead of the ghost. The other rows
    are compared with the ``reference``.
    """
    shape = comparison.cloud.xyz if ghost is None else ghost
    if colours is not None:
        colours, shape = colours.drawn, comparison.cloud.xyz[colours.shown_rows]
    pictures: list[bytes] = []
    files: dict[str, bytes] = {}
    for method in comparison.methods:
        rows = [(row, sampling) for row, sampling in comparison.pairs if str(row.spec) == method]
        panels = [
            Panel(
                sampling.points,
                method_colour(row.method),
                f"{row.label} · {counted(row.m, 'point')}",
                row.words,
            )
            for row, sampling in rows
        ]
        figure = sampling_picture(shape, panels, up=up, colours=colours.rgb if colours else None)
        files[own_name(method, [*files, "plot.png"], suffix=".png")] = png(figure)
        pictures += stills(figure, len(panels), TITLE)
    plot = overview(comparison.rows)
    files |= rendered([plot], Look())
    files |= _tables(comparison, about, reference)
    page = comparison_page(comparison, about, shape, pictures, inline(plot), up, colours, reference)
    files["index.html"] = page.encode()
    document = {
        "about": vars(about),
        "machine": machine(),
        "versions": installed_versions(),
        "times_on": comparison.hardware,
        "task_net": comparison.net,
        "remark": comparison.remark,
        "warning": comparison.warning,
        "notes": [*comparison.cloud.remarks, *comparison.notes],
        "reference": {"method": str(reference.spec), "m": reference.m} if reference else None,
        "units": units_of(comparison.cells, reference),
        "rows": records(comparison.cells, reference),
    }
    return write_report_files(folder, document, files)


def _tables(comparison: Comparison, about: About, reference: Reference | None) -> dict[str, bytes]:
    title = f"Samplers compared on {Path(about.source).name}, {counted(about.points, 'point')}"
    cells, notes = comparison.cells, notes_of(comparison)
    for_people = sheet_of(cells, title, [ONE_SHAPE, *notes], bold=True, reference=reference)
    for_papers = sheet_of(cells, title, notes, bold=False, reference=reference)
    values, units = records(cells, reference), units_of(cells, reference)
    tables = sheet_files([for_people], values, units, for_papers=[for_papers])
    return {"table.csv": as_csv(cells, reference).encode(), **tables}
