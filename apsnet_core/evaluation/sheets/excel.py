"""Tables for spreadsheets: numbers in full precision, displayed with the digits of their text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from apsnet_core.evaluation.sheets.sheet import Cell, Sheet, head_of, keys_of
from apsnet_core.extras import install
from apsnet_core.types import Values

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell as ExcelCell
    from openpyxl.worksheet.worksheet import Worksheet

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_IN_NAMES = re.compile(r"[\[\]:*?/\\']")


class NoExcel(ValueError):
    """openpyxl, of the extra ``excel``, is not installed."""

    def __init__(self) -> None:
        super().__init__(f"an Excel file needs openpyxl: {install('excel')}")


def as_excel(sheets: Sequence[Sheet], records: Sequence[Values], units: Mapping[str, str]) -> bytes:
    """A workbook: a page for each of ``sheets``, and one of all ``records`` in full precision.

    `NoExcel` if openpyxl is not installed.
    """
    try:
        from openpyxl import Workbook
    except ImportError:
        raise NoExcel from None
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        _fill(_page(book, sheet.name), sheet)
    page, keys = _page(book, "Data"), keys_of(records)
    for column, key in enumerate(keys, start=1):
        _put(page, 1, column, head_of(key, units), bold=True)
        for row, record in enumerate(records, start=2):
            _put(page, row, column, record.get(key))
    page.freeze_panes = "A2"
    _widen(page)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _page(book: Workbook, name: str) -> Worksheet:
    page: Worksheet = book.create_sheet(_IN_NAMES.sub(" ", name)[:31])
    return page


def _fill(page: Worksheet, sheet: Sheet) -> None:
    _put(page, 1, 1, sheet.title, bold=True)
    for column, head in enumerate(sheet.heads, start=1):
        _put(page, 3, column, head.text, bold=True, right=not head.words)
        for row, cells in enumerate(sheet.rows, start=4):
            cell = cells[column - 1]
            number = cell.number is not None and not cell.why
            placed = _put(
                page, row, column, cell.number if number else sheet.marked(cell), cell.bold, not head.words
            )
            if number:
                placed.number_format = number_format(cell)
    for row, note in enumerate(sheet.footnotes, start=5 + len(sheet.rows)):
        _put(page, row, 1, note)
    page.freeze_panes = "A4"
    _widen(page, 3, 3 + len(sheet.rows))


def _put(
    page: Worksheet, row: int, column: int, value: object, bold: bool = False, right: bool = False
) -> ExcelCell:
    from openpyxl.styles import Alignment, Font

    cell: ExcelCell = page.cell(row, column)
    if isinstance(value, str):
        cell.value = _CONTROL.sub("\ufffd", value)
        cell.data_type = "s"  # a text that begins with = must not become a formula
    elif isinstance(value, int | float):
        cell.value = value
    if bold:
        cell.font = Font(bold=True)
    if right:
        cell.alignment = Alignment(horizontal="right")
    return cell


def number_format(cell: Cell) -> str:
    """The Excel format with the digits of the cell's text; text after the first number is ignored.

    >>> [number_format(Cell(text)) for text in ("94.3 ± 0.2", "32", "2e-05")]
    ['0.0', '0', '0.0E+00']
    """
    first = cell.text.split(" ")[0]
    if "e" in first:
        return "0.0E+00"
    digits = len(first.partition(".")[2])
    return "0." + "0" * digits if digits else "0"


def _widen(page: Worksheet, first: int = 1, last: int | None = None) -> None:
    from openpyxl.utils import get_column_letter

    for column, cells in enumerate(page.iter_cols(min_row=first, max_row=last), start=1):
        longest = max(len(str(cell.value or "")) for cell in cells)
        page.column_dimensions[get_column_letter(column)].width = min(max(longest + 2, 6), 48)
