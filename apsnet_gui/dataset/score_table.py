"""The Qt model of an evaluation's table: a row for each method, a column for each size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont, QGuiApplication

from apsnet_core.methods.registry import method_colour
from apsnet_core.tasks.registry import metric as metric_named
from apsnet_gui.style.theme import tabular
from apsnet_gui.widgets.form_rows import dot
from apsnet_gui.widgets.qt_types import QtValue

if TYPE_CHECKING:
    from apsnet_core.evaluation.table.table import Table, TableRow

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole


class ScoreTableModel(QAbstractTableModel):
    """Values with spread and interval; the first column names the methods, its header the metric.

    A value is bold if paired tests find its method significantly better than every other one of this size.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: dict[str, dict[int, TableRow]] = {}
        self.sizes: list[int] = []
        self.metric = ""
        self.leaders: set[tuple[str, int]] = set()

    def show(self, table: Table | None) -> None:
        """Show another table, or nothing for None."""
        from apsnet_core.evaluation.table.leaders import leaders
        from apsnet_core.evaluation.table.texts import by_label, sizes_of

        self.beginResetModel()
        self.metric = metric_named(table.metric).axis if table else ""
        rows = table.rows if table else []
        self.rows, self.sizes = by_label(rows), sizes_of(rows)
        self.leaders = leaders(table) if table else set()
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 1 + len(self.sizes)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> QtValue:
        if orientation == Qt.Orientation.Horizontal and role == Role.DisplayRole:
            return f"m = {self.sizes[section - 1]}" if section else self.metric
        if role == Role.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Role.DisplayRole) -> QtValue:
        from apsnet_core.evaluation.table.texts import interval_text, value_text

        label, own = list(self.rows.items())[index.row()]
        if index.column() == 0:
            if role == Role.DecorationRole:
                return dot(method_colour(next(iter(own.values())).method))
            return label if role == Role.DisplayRole else None
        if role == Role.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        m = self.sizes[index.column() - 1]
        row = own.get(m)
        if row is None:
            return "–" if role == Role.DisplayRole else None
        metric = metric_named(row.metric)
        if role == Role.DisplayRole:
            return f"{value_text(row)}\n{interval_text(row)}"
        if role == Role.ToolTipRole:
            spread = "" if row.spread is None else f", ± {metric.text(row.spread)} over {row.seeds} seeds"
            sure = "\nBetter than every other method of this size" if (label, m) in self.leaders else ""
            return f"{metric.axis}: 95 % interval {interval_text(row)}{spread}{sure}"
        if role == Role.FontRole and (label, m) in self.leaders:
            bold = QFont(tabular(QGuiApplication.font()))
            bold.setBold(True)
            return bold
        return None
