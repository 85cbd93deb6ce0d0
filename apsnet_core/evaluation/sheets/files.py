"""Sheets as the files of a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

from apsnet_core.evaluation.sheets.excel import NoExcel, as_excel
from apsnet_core.evaluation.sheets.latex import as_latex
from apsnet_core.evaluation.sheets.sheet import Sheet
from apsnet_core.evaluation.sheets.text import as_markdown
from apsnet_core.types import Values


def sheet_files(
    sheets: Sequence[Sheet],
    records: Sequence[Values],
    units: Mapping[str, str],
    *,
    for_papers: Sequence[Sheet] | None = None,
) -> dict[str, bytes]:
    """table.md, table.tex and, where openpyxl is installed, table.xlsx.

    ``for_papers`` are the sheets of the LaTeX file, by default ``sheets``.
    """
    markdown = "\n".join(f"## {sheet.title}\n\n{as_markdown(sheet)}" for sheet in sheets)
    latex = "\n".join(as_latex(sheet, f"tab:{sheet.name.lower()}") for sheet in for_papers or sheets)
    files = {"table.md": markdown.encode(), "table.tex": latex.encode()}
    with suppress(NoExcel):  # the caller did not request this file by name, so its absence is not an error
        files["table.xlsx"] = as_excel(sheets, records, units)
    return files
