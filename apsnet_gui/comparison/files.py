"""Writes the plot and the table to files by the core's functions. Runs on a worker thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from apsnet_core.atomic import atomic_path

if TYPE_CHECKING:
    from apsnet_core.evaluation.comparison.comparison import Cell, ComparisonRow
    from apsnet_core.evaluation.comparison.reference import Reference

PLOTS = "PDF (*.pdf);;SVG (*.svg);;PNG (*.png);;CSV (*.csv)"
TABLES = "Excel (*.xlsx);;LaTeX (*.tex);;Markdown (*.md);;CSV (*.csv);;JSON (*.json)"


def plot_file(rows: Sequence[ComparisonRow], key: str, look: Mapping[str, str], path: Path) -> None:
    """Write the plot of the metric ``key`` in the format of the suffix of ``path``.

    For an unknown suffix raises a ValueError that lists the known ones.
    """
    from apsnet_core.evaluation.comparison.figures import figure_of
    from apsnet_core.evaluation.comparison.texts import as_csv
    from apsnet_core.evaluation.figures.chart import KINDS, render
    from apsnet_core.evaluation.figures.look import Look

    kinds = {f".{kind}": kind for kind in KINDS}
    suffix = path.suffix.lower()
    if suffix == ".csv":
        content = as_csv(rows).encode()
    elif suffix in kinds:
        content = render(figure_of(rows, key), Look.of(**look), kinds[suffix])
    else:
        raise ValueError(f"a plot is written as pdf, svg, png or csv, not as {path.suffix or path.name!r}")
    with atomic_path(path) as beside:
        beside.write_bytes(content)


def table_file(cells: Sequence[Cell], path: Path, reference: Reference | None = None) -> None:
    """Write the table in the format of the suffix of ``path``; a ValueError lists the known suffixes."""
    content = table_content(cells, path.suffix.lower() or path.name, reference)
    with atomic_path(path) as beside:
        beside.write_bytes(content)


def table_content(cells: Sequence[Cell], suffix: str, reference: Reference | None = None) -> bytes:
    """The content of a table file with this suffix, including the differences to the ``reference``.

    For an unknown suffix raises a ValueError that lists the known ones.
    """
    from apsnet_core.evaluation.comparison.texts import (
        DIAGONAL,
        ONE_SHAPE,
        as_csv,
        records,
        sheet_of,
        units_of,
    )
    from apsnet_core.evaluation.report_folder import json_of
    from apsnet_core.evaluation.sheets.excel import as_excel
    from apsnet_core.evaluation.sheets.latex import as_latex
    from apsnet_core.evaluation.sheets.text import as_markdown

    title, values, units = "Samplers compared", records(cells, reference), units_of(cells, reference)
    if suffix == ".csv":
        return as_csv(cells, reference).encode()
    if suffix == ".json":
        return json_of({"units": units, "rows": values})
    if suffix == ".tex":
        sheet = sheet_of(cells, title, [DIAGONAL], bold=False, reference=reference)
        return as_latex(sheet, "tab:comparison").encode()
    sheet = sheet_of(cells, title, [ONE_SHAPE, DIAGONAL], bold=True, reference=reference)
    if suffix == ".xlsx":
        return as_excel([sheet], values, units)
    if suffix == ".md":
        return as_markdown(sheet).encode()
    raise ValueError(f"a table is written as xlsx, tex, md, csv or json, not as {suffix!r}")
