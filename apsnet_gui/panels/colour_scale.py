"""The colour scale of the active shape: a histogram with range and colour map, or a list of classes."""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from apsnet_core.arrays import np
from apsnet_core.colours import colormap
from apsnet_core.colours.colormap import MAPS
from apsnet_core.colours.field_colours import FieldScale
from apsnet_core.percent import SIGN
from apsnet_core.types import Changed, UInt8
from apsnet_gui.colourings.registry import named
from apsnet_gui.jobs.background import Background
from apsnet_gui.jobs.field_summary import FieldSummary, field_summary
from apsnet_gui.state.open_shape import OpenShape
from apsnet_gui.state.scaling import scale_of, set_scale, toggle_class
from apsnet_gui.state.session import Session
from apsnet_gui.style.theme import Theme
from apsnet_gui.viewport.colormap import digits_for
from apsnet_gui.widgets.fields import ComboBox
from apsnet_gui.widgets.form_rows import GRID, dot, grouped
from apsnet_gui.widgets.free_number import FreeNumber
from apsnet_gui.widgets.number_pair import NumberPair
from apsnet_gui.widgets.qt_types import Ignored
from apsnet_gui.widgets.range_histogram import RangeHistogram

_SHARES = ((0.0, 100.0), (1.0, 99.0), (2.0, 98.0), (5.0, 95.0))
_BY_HAND = "By hand"
_MAP_NAMES = {"auto": "Automatic", "coolwarm": "Cool to warm"}
_STRIP, _DOT = QSize(48, 12), QSize(12, 12)
_ROWS = 6  # the number of classes that are visible without scrolling


class ColourScale(QWidget):
    """Shows and sets the colour scale; hidden while the colours of the active shape encode no values."""

    def __init__(self, session: Session, background: Background, theme: Theme) -> None:
        super().__init__()
        self._session, self._background, self._theme = session, background, theme
        self._asked: tuple[Hashable, ...] = ()
        self._summary: FieldSummary | None = None
        self.histogram = RangeHistogram("Colour range")
        self.histogram.moved.connect(self._drag)
        self.ends = FreeNumber("Range from"), FreeNumber("Range to")
        for number, end in enumerate(self.ends):
            end.entered.connect(lambda value, number=number: self._type(number, value))
        self.shares = ComboBox()
        self.shares.setAccessibleName("Range by percentiles")
        self.shares.setMinimumContentsLength(4)
        self.shares.setSizeAdjustPolicy(ComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.shares.activated.connect(self._choose_shares)
        self.log = QCheckBox("Logarithmic")
        self.log.setAccessibleName("Logarithmic colours")
        self.log.clicked.connect(self._choose_log)
        self.map = ComboBox()
        self.map.setAccessibleName("Colour map")
        self.map.setIconSize(_STRIP)
        self.map.setMinimumContentsLength(4)
        self.map.setSizeAdjustPolicy(ComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.map.activated.connect(lambda: self._set("Change the colour map", map=self.map.currentData()))
        self.classes = QListWidget()
        self.classes.setAccessibleName("Classes: the checked ones are shown")
        self.classes.setIconSize(_DOT)
        self.classes.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.classes.itemChanged.connect(self._toggle)
        self._lay_out()
        session.changed.connect(self._show)
        session.estimated.connect(self._ask_again)
        theme.changed.connect(self._show_maps)
        self._show_maps()
        self._show()

    def _lay_out(self) -> None:
        self._amounts = QWidget()
        column = QVBoxLayout(self._amounts)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(self.histogram)
        column.addWidget(NumberPair(*self.ends))
        for widgets in ((self.shares, self.log), (self.map,)):
            row = QHBoxLayout()
            row.setSpacing(GRID)
            for widget in widgets:
                row.addWidget(widget, 0 if isinstance(widget, QCheckBox) else 1)
            column.addLayout(row)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._amounts)
        whole.addWidget(self.classes)

    # --- what is asked of the session ---

    def _set(self, text: str, gesture: str | None = None, **changes: Changed) -> None:
        set_scale(self._session, text, gesture, **changes)

    def _drag(self, low: float, high: float, gesture: int) -> None:
        self._set("Change the colour range", f"range {gesture}", low=low, high=high)

    def _type(self, number: int, value: float) -> None:
        entry, summary = self._session.document.active, self._summary
        scale = scale_of(entry) if entry is not None else None
        if scale is None or summary is None:
            return
        ends = [scale.low if scale.low is not None else summary.low,
                scale.high if scale.high is not None else summary.high]  # fmt: skip
        ends[number] = value
        try:
            self._set("Change the colour range", low=ends[0], high=ends[1])
        except ValueError as why:
            self.ends[number].refuse(str(why)[:1].upper() + str(why)[1:])

    def _choose_shares(self) -> None:
        if self.shares.currentData() is not None:
            self._set("Change the colour range", low=None, high=None, percentiles=self.shares.currentData())

    def _choose_log(self, on: bool) -> None:
        entry = self._session.document.active
        scale = scale_of(entry) if entry is not None else None
        if scale is not None:
            fits = not on or scale.low is None or scale.low > 0
            ends = {} if fits else {"low": None, "high": None}  # a logarithmic range must begin above zero
            self._set("Change the colour scale", log=on, **ends)

    def _toggle(self, item: QListWidgetItem) -> None:
        value, shown = item.data(Qt.ItemDataRole.UserRole), item.checkState() == Qt.CheckState.Checked
        entry = self._session.document.active
        scale = scale_of(entry) if entry is not None else None
        if scale is not None and shown == (value in scale.hidden):
            toggle_class(self._session, value)

    # --- what is shown ---

    def _show(self, *_: Ignored) -> None:
        entry = self._session.document.active
        scale = scale_of(entry) if entry is not None else None
        if entry is None or scale is None:
            self._asked = ()
            self.hide()
            return
        question = (entry.id, id(entry.shape), entry.colouring, entry.up, scale.log)
        shares = None if scale.low is not None and scale.high is not None else scale.percentiles
        known = self._asked[:-1] == question and (shares is None or self._asked[-1] == shares)
        if known:
            self._fill(entry, scale)
        else:
            self._ask(entry, scale, (*question, shares))

    def _ask(self, entry: OpenShape, scale: FieldScale, question: tuple[Hashable, ...]) -> None:
        """Summarise the values on a worker thread; until then, an older summary of the same field stays."""
        if self._asked[:3] != question[:3]:
            self._summary = None
            self.hide()
        self._asked = question
        row, shape, up = named(entry.colouring), entry.shape, entry.up
        job = self._background.start(
            "Counting values",
            lambda _: field_summary(row, shape, up, scale),
            lane="field summary",
            needed=True,
        )
        job.done.connect(self._take)

    def _ask_again(self) -> None:
        """Summarise the values again, because an estimate may have provided them."""
        self._asked = ()
        self._show()

    def _take(self, summary: FieldSummary | None) -> None:
        self._summary = summary
        entry = self._session.document.active
        scale = scale_of(entry) if entry is not None else None
        if entry is not None and scale is not None:
            self._fill(entry, scale)

    def _fill(self, entry: OpenShape, scale: FieldScale) -> None:
        summary = self._summary
        self.setVisible(summary is not None)
        if summary is None:
            return
        self._amounts.setVisible(not summary.classes)
        self.classes.setVisible(bool(summary.classes))
        if summary.classes:
            self._fill_classes(summary, scale)
            return
        low = scale.low if scale.low is not None else summary.low
        high = scale.high if scale.high is not None else summary.high
        self.histogram.set_counts(summary.counts, summary.edges, scale.log and summary.has_log)
        self.histogram.set_table(colormap.table(self._theme.dark, scale.map))
        self.histogram.set_range(low, high)
        for end, value in zip(self.ends, (low, high), strict=True):
            end.set_value(value, digits_for(max(abs(low), abs(high)), high - low))
        self._fill_shares(scale)
        self.log.setChecked(scale.log)
        self.log.setEnabled(summary.has_log)
        self.log.setToolTip("" if summary.has_log else "No value is above zero")
        self.map.setCurrentIndex(self.map.findData(scale.map))

    def _fill_shares(self, scale: FieldScale) -> None:
        by_hand = scale.low is not None or scale.high is not None
        offered = [*_SHARES] + [scale.percentiles] * (scale.percentiles not in _SHARES)
        self.shares.clear()
        for low, high in offered:
            self.shares.addItem("All values" if high - low == 100 else f"{low:g}–{high:g}{SIGN}", (low, high))
        if by_hand:
            self.shares.addItem(_BY_HAND, None)
        self.shares.setCurrentIndex(self.shares.count() - 1 if by_hand else offered.index(scale.percentiles))

    def _fill_classes(self, summary: FieldSummary, scale: FieldScale) -> None:
        self.classes.blockSignals(True)
        if [self.classes.item(i).data(Qt.ItemDataRole.UserRole) for i in range(self.classes.count())] != [
            each.value for each in summary.classes
        ]:
            self.classes.clear()
            for each in summary.classes:
                red, green, blue = each.rgb
                item = QListWidgetItem(dot(f"#{red:02x}{green:02x}{blue:02x}"), "")
                item.setText(f"{each.name}  {grouped(each.count)}")
                item.setData(Qt.ItemDataRole.UserRole, each.value)
                item.setFlags(
                    Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
                )
                self.classes.addItem(item)
        for i, each in enumerate(summary.classes):
            shown = each.value not in scale.hidden
            self.classes.item(i).setCheckState(Qt.CheckState.Checked if shown else Qt.CheckState.Unchecked)
        self.classes.blockSignals(False)
        line = self.classes.sizeHintForRow(0)
        self.classes.setFixedHeight(min(len(summary.classes), _ROWS) * line + 2 * self.classes.frameWidth())

    def _show_maps(self) -> None:
        chosen = self.map.currentData()
        self.map.clear()
        for name in MAPS:
            self.map.addItem(
                _strip(colormap.table(self._theme.dark, name)), _MAP_NAMES.get(name, name.capitalize()), name
            )
        self.map.setCurrentIndex(max(self.map.findData(chosen), 0))
        self._show()


def _strip(table: UInt8) -> QIcon:
    """An icon with the colours of a map, from left to right."""
    image = QImage(np.ascontiguousarray(table).data, len(table), 1, QImage.Format.Format_RGB888)
    return QIcon(QPixmap.fromImage(image.scaled(_STRIP)))
