"""The model of the comparison's table, with one row for each method at each size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QGuiApplication

from apsnet_core.methods.registry import method_colour
from apsnet_core.percent import percent
from apsnet_core.tasks.answer import in_words
from apsnet_gui.comparison.results import SURE, ComparisonResults, labelled
from apsnet_gui.state.document import MethodAtSize
from apsnet_gui.state.session import Session
from apsnet_gui.style.theme import Theme, tabular
from apsnet_gui.widgets.form_rows import dot
from apsnet_gui.widgets.qt_types import QtValue

if TYPE_CHECKING:
    from apsnet_core.evaluation.comparison.columns import Column
    from apsnet_core.evaluation.comparison.comparison import ComparisonRow

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
SORT = Role.UserRole
METHOD, SIZE, FIRST = 0, 1, 2  # columns; the core's columns begin at FIRST


class ComparisonTableModel(QAbstractTableModel):
    """The table's model; its columns are method, m, the core's metrics, and a classification's answer.

    A pinned row is first, and the numbers of the other rows are then differences to it.
    """

    def __init__(self, session: Session, results: ComparisonResults, theme: Theme) -> None:
        super().__init__(results)
        self._session, self._results, self._theme = session, results, theme
        self.pinned: MethodAtSize | None = None
        self.rows: list[ComparisonRow] = []
        self.places: list[MethodAtSize] = []
        self.columns: list[Column] = []
        self._units: dict[str, Column] = {}  # the same numbers in the file's units, for the tooltips
        self.winners: set[tuple[int, str]] = set()

    def fill(self) -> None:
        """Fill the table with the rows of the results."""
        from apsnet_core.evaluation.comparison.columns import best, columns_of

        lineup = self._session.document.lineup
        self.pinned = lineup.pinned
        places = sorted(lineup.places, key=lambda place: place != self.pinned)
        there = self._results.rows(places)
        self.beginResetModel()
        self.rows = [row for _, row in there]
        columns = columns_of(self.rows) if self.rows else []
        # The task's metric comes first, so that it is visible even in a narrow table.
        self.columns = sorted(
            (column for column in columns if column.scaled is None),
            key=lambda column: not column.key.startswith("verdict"),
        )
        self._units = {column.scaled: column for column in columns if column.scaled}
        self.winners = best(self.rows) if self.rows else set()
        known = [place for place, _ in there]
        self.places = known + [place for place in places if place not in known]
        self.endResetModel()

    @property
    def has_answers(self) -> bool:
        """Whether any row has an answer of the task net."""
        return any(row.verdict is not None and row.verdict.answer is not None for row in self.rows)

    @property
    def reference(self) -> ComparisonRow | None:
        """The numbers of the pinned row, once they are known."""
        return self.rows[0] if self.rows and self.places[0] == self.pinned else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.places)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return FIRST + len(self.columns) + self.has_answers

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> QtValue:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Role.TextAlignmentRole:
            left = section == METHOD or section == FIRST + len(self.columns)
            return (
                Qt.AlignmentFlag.AlignLeft if left else Qt.AlignmentFlag.AlignRight
            ) | Qt.AlignmentFlag.AlignVCenter
        measured = FIRST <= section < FIRST + len(self.columns)
        if role == Role.ToolTipRole and measured:
            return self.columns[section - FIRST].about or None
        if role != Role.DisplayRole:
            return None
        if section < FIRST:
            return ("Method", "m")[section]
        if section == FIRST + len(self.columns):
            return "Answer"
        column = self.columns[section - FIRST]
        return f"{column.title}\n{column.unit}"

    def _edit_of(self, place: MethodAtSize) -> str:
        """A summary of the edits by hand to the samples of a place; empty for none."""
        part = self._results.parts.get(place)
        edit = part.result.edit if part and part.result else None
        return f"By hand: {edit.words}" if edit else ""

    def data(self, index: Index, role: int = Role.DisplayRole) -> QtValue:
        place, at = self.places[index.row()], index.column()
        spec = place.method
        if at == METHOD:
            if role in (Role.DisplayRole, SORT):
                mark = " · reference" if place == self.pinned and role == Role.DisplayRole else ""
                return spec.label + (" (edited)" if self._edit_of(place) else "") + mark
            if role == Role.ToolTipRole:
                pinned = "The other rows show their differences to this one." if place == self.pinned else ""
                return "\n".join(filter(None, (self._edit_of(place), pinned)))
            return dot(method_colour(spec.name)) if role == Role.DecorationRole else None
        words = at == FIRST + len(self.columns)
        if role == Role.TextAlignmentRole and not words:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if index.row() >= len(self.rows):
            return self._missing(place, at, role)
        row = self.rows[index.row()]
        if at == SIZE:
            return row.m if role in (Role.DisplayRole, SORT) else None
        if words:
            return answer_words(row) if role in (Role.DisplayRole, SORT) else None
        column = self.columns[at - FIRST]
        if role == SORT:
            return column.of(row)
        if role == Role.DisplayRole:
            return self._number(column, row)
        if role == Role.ToolTipRole:
            return self._tip(column, row)
        if role == Role.ForegroundRole:
            return self._judged(column, row)
        if role == Role.FontRole and (index.row(), column.key) in self.winners:
            bold = QFont(tabular(QGuiApplication.font()))
            bold.setBold(True)
            return bold
        return None

    def _number(self, column: Column, row: ComparisonRow) -> str:
        """The number of a row, or its difference to the reference if there is one."""
        from apsnet_core.evaluation.comparison.reference import difference

        reference = self.reference
        beside = reference is not None and row is not reference
        return difference(column, row, reference).text if beside and reference else column.number(row)

    def _tip(self, column: Column, row: ComparisonRow) -> str | None:
        from apsnet_core.evaluation.comparison.reference import sentence

        reference, twin = self.reference, self._units.get(column.key)
        beside = reference is not None and row is not reference
        lines = [sentence(column, row, reference)] if beside and reference else []
        lines += [f"{twin.title}: {twin.number(row)} {twin.unit} of the file"] if twin else []
        lines += column.parts(row)
        return "\n".join(lines) or None

    def _judged(self, column: Column, row: ComparisonRow) -> QColor | None:
        """The colour of a number that is better or worse than the reference's; None if it is neither."""
        from apsnet_core.evaluation.comparison.reference import difference

        reference, colours = self.reference, self._theme.colours
        if reference is None or row is reference:
            return None
        better = difference(column, row, reference).better
        return None if better is None else QColor(colours.accent if better else colours.danger)

    def _missing(self, place: MethodAtSize, at: int, role: int) -> QtValue:
        part = self._results.parts.get(place)
        if at == SIZE and role in (Role.DisplayRole, SORT):
            return self._session.document.sizes[place.row]
        if role == SORT:
            return float("inf")
        if role == Role.ToolTipRole and part is not None:
            return part.problem
        return "–" if role == Role.DisplayRole else None


class PinnedFirst(QSortFilterProxyModel):
    """Sorts the rows by their numbers; the pinned row stays on top in both sort orders."""

    def __init__(self, model: ComparisonTableModel) -> None:
        super().__init__(model)
        self._model = model
        self.setSourceModel(model)
        self.setSortRole(SORT)

    def lessThan(self, left: Index, right: Index) -> bool:
        upwards = self.sortOrder() == Qt.SortOrder.AscendingOrder
        for index, first in ((left, upwards), (right, not upwards)):
            if self._model.places[index.row()] == self._model.pinned:
                return first
        return super().lessThan(left, right)


def answer_words(row: ComparisonRow) -> str:
    """The predicted class, the full cloud's class if it differs, and a comparison with the known class."""
    verdict = row.verdict
    if verdict is None or verdict.answer is None or verdict.whole is None:
        return ""
    name, whole = in_words(verdict.answer), in_words(verdict.whole)
    known = "" if verdict.label is None else f"; {labelled(verdict.answer, verdict.label)}"
    if verdict.answer != verdict.whole:
        return f"{name}, not {whole}{known}"
    sure = verdict.value >= SURE
    return (name if sure else f"not sure, best guess {name} {percent(verdict.value)}") + known
