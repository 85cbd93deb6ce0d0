"""First impressions: position of the window, background of a view, colours of shapes, widths and focus."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QIcon, QImage
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QMenu,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

import apsnet_gui
from apsnet_core.cloud import PointCloud
from apsnet_core.files import StoredArray
from apsnet_gui.comparison.methods import fill, offered
from apsnet_gui.jobs.weights_list import WeightsList
from apsnet_gui.panels.clouds_table import COLOUR, CloudsModel
from apsnet_gui.start.splash import FirstFrame
from apsnet_gui.state.document import Choice
from apsnet_gui.state.open_shape import COLOURS, OpenShape
from apsnet_gui.state.session import Session
from apsnet_gui.state.settings import Settings
from apsnet_gui.style.theme import Theme
from apsnet_gui.viewport.client import RenderClient
from apsnet_gui.viewport.scene import DARK, LIGHT
from apsnet_gui.viewport.widget import ViewWidget
from apsnet_gui.widgets.form_rows import counted, grouped, scrolling
from apsnet_gui.widgets.number_slider import NumberSlider
from apsnet_gui.window.dialogs import choose_row
from apsnet_gui.window.help import TextDialog
from apsnet_gui.window.start_page import StartPage
from tests.gui.patience import TIMEOUT
from tests.gui.pictures import contrast, pixels
from tests.gui.window.conftest import CHAIR, OpenWindow
from tests.narrow import of_kind, present


def test_the_first_window_fits_the_screen_and_takes_the_place_of_its_splash_frame(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    frame, window = FirstFrame(Settings(tmp_path), theme), QWidget()
    qtbot.addWidget(frame)
    qtbot.addWidget(window)
    room = frame.screen().availableGeometry()
    assert room.contains(frame.geometry())
    frame.setGeometry(QRect(30, 40, 500, 400))
    frame.give_place_to(window)
    assert window.geometry() == frame.geometry()


def test_widgets_measured_before_the_style_sheet_get_its_fonts_and_sizes(
    qtbot: QtBot, qapp: QApplication, theme: Theme
) -> None:
    qapp.setStyleSheet("")  # as at the start, where the window is made before the style sheet is set
    try:
        page = StartPage(lambda: None, lambda _: None, lambda: None)
        qtbot.addWidget(page)
        parts = page.findChildren(QWidget)
        for part in parts:
            part.ensurePolished()
            part.sizeHint()
    finally:
        theme.dress()
    with qtbot.waitExposed(page, timeout=TIMEOUT):
        page.show()
    title = next(part for part in page.findChildren(QLabel) if part.property("role") == "title")
    assert title.font().pointSizeF() > page.font().pointSizeF()
    assert title.width() >= title.fontMetrics().horizontalAdvance(title.text())
    for button in page.findChildren(QPushButton):
        assert button.font().bold() or not button.property("primary")
        assert button.width() > button.fontMetrics().horizontalAdvance(button.text())


def test_a_view_without_a_picture_has_the_background_of_the_theme(
    qtbot: QtBot, renderer: RenderClient, theme: Theme
) -> None:
    try:
        for mode, ground in (("light", LIGHT), ("dark", DARK)):
            theme.set_mode(mode)
            qtbot.waitUntil(lambda: theme.is_settled, timeout=TIMEOUT)
            view = ViewWidget(renderer)
            qtbot.addWidget(view)
            assert view.scene.background_rgb == ground
    finally:
        theme.set_mode("dark")


def test_each_shape_has_a_colour_of_its_own(qapp: QApplication) -> None:
    session = Session()
    cloud = PointCloud.from_array(np.eye(3))
    for batch in (range(1), range(1, 9)):  # one shape, then eight at once
        session.add([OpenShape(f"id{i}", f"{i}", f"{i}.ply", cloud) for i in batch])
    colours = [entry.colour for entry in session.document.entries]
    assert sorted(colours[:8]) == sorted(COLOURS) and colours[8] == COLOURS[0]
    session.remove("id2")
    session.add([OpenShape("last", "last", "last.ply", cloud)])
    assert session.document.entries[-1].colour == colours[2]  # the only colour that no shape has
    again = OpenShape("again", "last", "last.ply", cloud)
    session.put("last", again, "Columns of last")
    assert session.document.entries[-1].colour == colours[2]


@pytest.mark.parametrize("ground", [LIGHT, DARK])
def test_the_colours_of_shapes_contrast_with_the_background(ground: tuple[int, int, int]) -> None:
    assert all(contrast(colour, "#{:02x}{:02x}{:02x}".format(*ground)) >= 2.5 for colour in COLOURS)


def test_a_selected_row_shows_the_colour_of_the_shape_unchanged(theme: Theme) -> None:
    session = Session()
    model = CloudsModel(session, theme)
    session.add([OpenShape("a", "a", "a.ply", PointCloud.from_array(np.eye(3)), colour="#4a7fb5")])
    icon = of_kind(QIcon, model.index(0, COLOUR).data(Qt.ItemDataRole.DecorationRole))
    seen = {mode: icon.pixmap(16, 16, mode).toImage().pixelColor(8, 8).name() for mode in QIcon.Mode}
    assert seen[QIcon.Mode.Normal] == seen[QIcon.Mode.Selected] == session.document.entries[0].colour


def test_sliders_below_one_another_begin_and_end_together(qtbot: QtBot, theme: Theme) -> None:
    whole = QWidget()
    qtbot.addWidget(whole)
    column = QVBoxLayout(whole)
    rows = [NumberSlider("Noise", 0, 10, " %", 1), NumberSlider("Turn", -180, 180, "°")]
    for row in rows:
        column.addWidget(row)
    whole.show()
    assert len({(row.slider.width(), row.box.geometry().left()) for row in rows}) == 1
    for row in rows:
        field, widest = row.box.lineEdit(), row.box.textFromValue(row.box.minimum()) + row.box.suffix()
        assert field.contentsRect().width() >= field.fontMetrics().horizontalAdvance(widest)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_progress_bar_has_the_line_accent_and_disabled_colours(
    qtbot: QtBot, theme: Theme, mode: str
) -> None:
    theme.set_mode(mode)
    try:
        bar = QProgressBar(textVisible=False)
        qtbot.addWidget(bar)
        bar.resize(100, 4)
        bar.setValue(10)
        image = bar.grab().toImage()
        assert image.pixelColor(80, 2).name() == theme.colours.line
        assert image.pixelColor(4, 2).name() == theme.colours.accent
        bar.setEnabled(False)
        assert bar.grab().toImage().pixelColor(4, 2).name() == theme.colours.disabled
    finally:
        theme.set_mode("dark")


def test_no_dialog_shows_internal_names(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []

    def look(dialog: QDialog) -> int:
        said.extend(label.text() for label in dialog.findChildren(QLabel))
        said.extend(widget.accessibleName() for widget in dialog.findChildren(QWidget))
        return 0

    monkeypatch.setattr(QDialog, "exec", look)
    assert choose_row(QWidget(), "clouds.h5", [StoredArray("data", 3, 5, "float32")]) is None
    assert "Array" in said and not [words for words in said if re.search("[a-z][A-Z]", words)]


def test_buttons_of_dialogs_have_no_icons(qtbot: QtBot, theme: Theme) -> None:
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
    qtbot.addWidget(buttons)
    buttons.show()
    assert all(button.icon().isNull() for button in buttons.buttons())


def test_the_keyboard_focus_is_visible_on_every_widget(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(CHAIR)
    window.activateWindow()
    window.view.setFocus()
    unseen, passed = [], list[QWidget]()
    while window.focusNextPrevChild(True) and (widget := present(window.focusWidget())) not in passed:
        passed.append(widget)
        focused = pixels(widget.grab().toImage())
        widget.clearFocus()
        if (pixels(widget.grab().toImage()) == focused).all():
            unseen.append((widget, widget.accessibleName()))
        widget.setFocus(Qt.FocusReason.TabFocusReason)
    assert len(passed) > 20 and not unseen


def test_a_panel_of_its_preferred_size_does_not_scroll(qtbot: QtBot, theme: Theme) -> None:
    body = QLabel("\n".join("A line of what stands in it" for _ in range(9)))
    area = scrolling(body, "Panel")
    qtbot.addWidget(area)
    area.resize(area.sizeHint())
    area.show()
    assert area.verticalScrollBar().maximum() == area.horizontalScrollBar().maximum() == 0


def test_methods_with_named_weights_are_listed_apart_in_numerical_order(qapp: QApplication) -> None:
    names = ("net-16", "net-8", "net")
    weights = SimpleNamespace(fitting=lambda _: [SimpleNamespace(name=each, origin="run") for each in names])
    found = [method for method in offered(cast(WeightsList, weights), Choice()) if method.name == "apsnet"]
    assert [method.weights for method in found if method.variant == "g"] == [None, "net", "net-8", "net-16"]
    menu = QMenu()
    fill(menu, found, found[:1], lambda _: None)
    texts = ["|" if item.isSeparator() else item.text() for item in menu.actions()]
    assert texts[:4] == ["APSNet-G", "APSNet-M", "|", "APSNet-G (net)"] and texts.count("|") == 1
    assert not menu.actions()[0].isEnabled() and menu.actions()[1].isEnabled()


def test_counts_are_formatted_alike_in_the_whole_window() -> None:
    assert (counted(1, "point"), counted(2048, "point")) == ("1 point", f"{grouped(2048)} points")
    core = re.compile(r"^from apsnet_core\.placing import .*\bcounted\b", re.MULTILINE)
    files = [file for file in Path(apsnet_gui.__file__).parent.rglob("*.py") if core.search(file.read_text())]
    assert files == []  # the core's function groups digits by commas, as the shell does


def test_all_panels_return_when_a_comparison_ends(open_window: OpenWindow) -> None:
    window = open_window(CHAIR)
    window.resize(1280, 720)
    window.actions_by_id["compare"].trigger()
    assert not window.docks["Clouds"].isVisible()
    window.actions_by_id["close"].trigger()  # the last shape: the start page follows
    assert window.docks["Clouds"].isVisible()


def test_a_wide_picture_does_not_make_the_guide_scroll_sideways(
    qtbot: QtBot, theme: Theme, tmp_path: Path
) -> None:
    picture = QImage(3000, 40, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.red)
    assert picture.save(str(tmp_path / "wide.png"))
    (tmp_path / "guide.md").write_text("# Guide\n\n![wide](wide.png)\n")
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = TextDialog(parent, "Guide", tmp_path / "guide.md")
    dialog.show()
    assert dialog.browser.horizontalScrollBar().maximum() == 0
    assert (pixels(dialog.browser.viewport().grab().toImage()) == (255, 0, 0)).all(2).any()


def test_export_stays_visible_in_a_low_window_at_any_scroll_position(
    open_window: OpenWindow,
) -> None:
    window = open_window(CHAIR)
    window.resize(1024, 700)
    foot = window.sampling.result.foot
    scrolled = present(window.sampling.findChild(QScrollArea)).verticalScrollBar()
    for position in (scrolled.minimum(), scrolled.maximum()):
        scrolled.setValue(position)
        for button in (window.sampling.result.export, window.sampling.result.copy):
            assert button.visibleRegion().boundingRect() == button.rect()
    assert scrolled.maximum() > 0 and foot.width() <= window.sampling.width()
