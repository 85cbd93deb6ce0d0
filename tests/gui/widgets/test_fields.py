"""Fields keep what is typed until Enter, refuse wrong numbers, and leave the wheel to the panel."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QKeySequence, QShortcut, QWheelEvent
from PySide6.QtWidgets import QApplication, QDialog, QDialogButtonBox, QStyle, QToolTip, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from apsnet_gui.style.theme import Theme
from apsnet_gui.widgets.fields import ComboBox, Slider
from apsnet_gui.widgets.free_number import FreeNumber
from apsnet_gui.widgets.number_box import NumberBox
from apsnet_gui.widgets.number_pair import NumberPair
from apsnet_gui.widgets.range_box import RangeBox


@pytest.fixture
def box(qtbot: QtBot) -> NumberBox:
    box = NumberBox("Number of points", 1, 2048)
    box.setValue(32)
    qtbot.addWidget(box)
    box.show()
    box.selectAll()
    return box


def test_two_long_numbers_are_placed_below_each_other_if_they_do_not_fit_in_a_row(qtbot: QtBot) -> None:
    low, high = FreeNumber("From"), FreeNumber("To")
    pair = NumberPair(low, high)
    qtbot.addWidget(pair)
    pair.resize(2 * low.fontMetrics().horizontalAdvance("0" * 10), 80)
    pair.show()
    for first, last, lies in (
        (1.0, 2.0, lambda: low.y() == high.y()),
        (270521347.1, 270521543.2, lambda: low.y() < high.y()),
        (3.0, 4.0, lambda: low.y() == high.y()),
    ):
        low.set_value(first)
        high.set_value(last)
        qtbot.waitUntil(lies)
        assert low.width() >= low.whole and high.width() >= high.whole
        assert low.whole > low.fontMetrics().horizontalAdvance(low.text())


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("5000", "5000 is out of range: 1 to 2048 are accepted"),
        ("-3", "-3 is out of range: 1 to 2048 are accepted"),
        ("3.7", "3.7 is not a whole number: 1 to 2048 are accepted"),
        ("many", "“many” is not a number: 1 to 2048 are accepted"),
        ("", "“” is not a number: 1 to 2048 are accepted"),
    ],
)
def test_text_stays_until_enter_and_a_wrong_number_is_refused_with_the_range(
    qtbot: QtBot, box: NumberBox, typed: str, why: str
) -> None:
    changed: list[int] = []
    box.valueChanged.connect(changed.append)
    qtbot.keyClicks(box, typed) if typed else qtbot.keyClick(box, Qt.Key.Key_Delete)
    assert box.lineEdit().text() == typed
    with qtbot.waitSignal(box.refused) as said:
        qtbot.keyClick(box, Qt.Key.Key_Return)
    assert said.args == [why]
    assert box.value() == 32 and box.lineEdit().text() == "32" and not changed


@pytest.mark.parametrize(("typed", "number"), [("500", 500), ("0012", 12), ("2 048", 2048), ("1e3", 1000)])
def test_a_number_in_the_range_is_accepted_once(
    qtbot: QtBot, box: NumberBox, typed: str, number: int
) -> None:
    changed: list[int] = []
    box.valueChanged.connect(changed.append)
    qtbot.keyClicks(box, typed)
    assert not changed
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert changed == [number] and box.number == number and box.lineEdit().text() == str(number)


def test_escape_restores_the_value_before_typing(qtbot: QtBot, box: NumberBox) -> None:
    qtbot.keyClicks(box, "77")
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert box.value() == 32 and box.lineEdit().text() == "32"


def test_the_minimum_is_shown_as_a_word(qtbot: QtBot) -> None:
    box = NumberBox("Working resolution", 0, 100, " points", special="as trained")
    qtbot.addWidget(box)
    box.show()
    box.setValue(64)
    box.selectAll()
    qtbot.keyClicks(box, "0")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.number == 0 and box.lineEdit().text() == "as trained"
    box.selectAll()
    qtbot.keyClicks(box, "50")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.number == 50 and box.lineEdit().text() == "50 points"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("much", "“much” is not a number: auto and numbers up to 1e+06 are accepted"),
        ("-1", "-1 is out of range: auto and numbers up to 1e+06 are accepted"),
        ("2e6", "2e6 is out of range: auto and numbers up to 1e+06 are accepted"),
    ],
)
def test_a_wrong_end_of_a_range_is_refused_and_not_clamped(qtbot: QtBot, typed: str, why: str) -> None:
    box = RangeBox("Colours from")
    qtbot.addWidget(box)
    box.show()
    box.setValue(0.0125)
    refused: list[str] = []
    box.refused.connect(refused.append)
    box.selectAll()
    qtbot.keyClicks(box, typed)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert refused == [why] and box.value() == 0.0125 and box.lineEdit().text() == "0.0125"
    box.selectAll()
    qtbot.keyClicks(box, "3e-4")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == 3e-4
    box.selectAll()
    qtbot.keyClick(box, Qt.Key.Key_Delete)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == 0 and box.lineEdit().text() == "auto"


def test_shortcuts_of_the_program_work_in_a_field_without_pending_input(qtbot: QtBot) -> None:
    whole = QWidget()
    qtbot.addWidget(whole)
    box = NumberBox("Seed", 0, 999)
    QVBoxLayout(whole).addWidget(box)
    heard = []
    for keys in ("Ctrl+Z", "Ctrl+E", "Ctrl+U"):
        QShortcut(QKeySequence(keys), whole).activated.connect(lambda keys=keys: heard.append(keys))
    whole.show()
    whole.activateWindow()
    box.setFocus()
    qtbot.waitUntil(box.hasFocus)
    box.selectAll()
    qtbot.keyClicks(box, "7")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    for key in (Qt.Key.Key_Z, Qt.Key.Key_E, Qt.Key.Key_U):
        qtbot.keyClick(box, key, Qt.KeyboardModifier.ControlModifier)
    assert heard == ["Ctrl+Z", "Ctrl+E", "Ctrl+U"] and box.number == 7


def _wheel(widget: QWidget) -> QWheelEvent:
    at = QPointF(widget.rect().center())
    return QWheelEvent(
        at, widget.mapToGlobal(at), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip


def test_the_wheel_over_a_field_without_focus_changes_nothing(qtbot: QtBot) -> None:
    whole = QWidget()
    qtbot.addWidget(whole)
    combo, slider, box = ComboBox(), Slider(), NumberBox("Number", 0, 9)
    combo.addItems(["a", "b"])
    column = QVBoxLayout(whole)
    for field in (combo, slider, box):
        column.addWidget(field)
    whole.show()
    for field in (combo, slider, box):
        event = _wheel(field)
        QApplication.sendEvent(field, event)
        assert not event.isAccepted() and not field.hasFocus()
    assert (combo.currentIndex(), slider.value(), box.value()) == (0, 0, 0)


def test_a_choice_too_long_for_its_box_ends_in_an_ellipsis_and_has_a_tooltip(
    qtbot: QtBot, theme: Theme
) -> None:
    text = "Furniture of all kinds"

    def boxed(words: str) -> ComboBox:
        made = ComboBox()
        qtbot.addWidget(made)
        made.addItem(words)
        return made

    box, size = boxed(text), boxed("Furniture of…").sizeHint()
    shorter = [
        each for k in range(len(text)) if (each := boxed(text[:k] + "…")).sizeHint().width() <= size.width()
    ]
    for each in (box, *shorter):
        each.resize(size)
    assert box.grab().toImage() in [each.grab().toImage() for each in shorter]
    at = box.rect().center()
    QApplication.sendEvent(box, QHelpEvent(QEvent.Type.ToolTip, at, box.mapToGlobal(at)))
    assert QToolTip.text() == "Furniture of all kinds"
    QToolTip.hideText()


def test_a_click_on_a_slider_moves_the_handle_there(qtbot: QtBot) -> None:
    slider = Slider()
    qtbot.addWidget(slider)
    slider.setRange(0, 1000)
    slider.resize(400, 24)
    slider.show()
    for x in (300, 90, 399):
        qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(x, 12))
        room = slider.width() - slider.handle_width
        expected = QStyle.sliderValueFromPosition(0, 1000, x - slider.handle_width // 2, room)
        assert abs(slider.value() - expected) <= 3


@pytest.mark.parametrize("typed", ["2.5", "many"])
def test_the_first_enter_ends_a_number_and_the_second_the_dialog(qtbot: QtBot, typed: str) -> None:
    """A refused number must not close the dialog as if it had been accepted."""
    dialog, field = QDialog(), FreeNumber("Lowest number")
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok)
    buttons.accepted.connect(dialog.accept)
    column = QVBoxLayout(dialog)
    column.addWidget(field)
    column.addWidget(buttons)
    qtbot.addWidget(dialog)
    dialog.show()
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, typed)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert dialog.isVisible() and not field.isModified()
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert not dialog.isVisible() and dialog.result() == QDialog.DialogCode.Accepted
