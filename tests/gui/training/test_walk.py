"""A new user's first session by mouse and keyboard: open a biplane, compare, train, use the weights.

If ``APSNET_WALK`` names a folder, the whole recipe is trained and the pictures of docs/walk.md are saved.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QComboBox, QMenu, QWidget
from pytestqt.qtbot import QtBot

from apsnet_core.methods.creating import create
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.ops.orientation import Up
from apsnet_gui.comparison.toolbar import ComparisonToolbar
from apsnet_gui.state.document import MethodAtSize
from tests.gui.window.conftest import TIMEOUT, OpenWindow, settle

from .conftest import wait_for

PICTURES = os.environ.get("APSNET_WALK") and str(Path(os.environ["APSNET_WALK"]).resolve())
SHORT = {"points": "64", "optimisation.epochs": "1"}


def picture(widget: QWidget, name: str) -> None:
    if PICTURES:
        assert widget.grab().save(str(Path(PICTURES) / f"walk-{name}.png"))


def pick(qtbot: QtBot, combo: QWidget, text: str) -> None:
    """Choose an item of a combo box by typing its text."""
    assert isinstance(combo, QComboBox)
    combo.setFocus()
    qtbot.keyClicks(combo, text)
    assert combo.currentText() == text


def write(qtbot: QtBot, line: QWidget, text: str) -> None:
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(line, text)


def choose(qtbot: QtBot, text: str) -> None:
    """Click an item of the open menu."""
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    item = next(item for item in menu.actions() if item.text() == text)
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(item).center())


def test_a_new_user_compares_methods_trains_a_network_and_uses_its_weights(
    qtbot: QtBot, open_window: OpenWindow, runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(runs.parent)
    monkeypatch.setenv("APSNET_RUNS", runs.name)  # so that no picture shows the folder of a test
    window = open_window()
    window.resize(1280, 800)
    window.activateWindow()
    card = next(card for path, card in window.start_page.cards.items() if path.stem == "biplane")
    window.start_page.ensureWidgetVisible(card)
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    settle(qtbot, window)
    entry = window.session.document.active
    assert entry is not None and "biplane" in entry.name
    picture(window, "1-open")

    pick(qtbot, window.sampling.task, "Reconstruction")
    settle(qtbot, window)
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    settle(qtbot, window)
    before = window.session.document.lineup.methods
    assert window.session.document.lineup.shown and len(before) >= 3
    picture(window, "2-compare")

    qtbot.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    form = window.training.form
    assert form is not None
    pick(qtbot, form.recipe.widget, "Distil from a task net, without labels · furniture")
    qtbot.mouseClick(form.advanced, Qt.MouseButton.LeftButton)
    for key, text in ({} if PICTURES else SHORT).items():
        write(qtbot, form.fields[key].widget, text)
    qtbot.mouseClick(form.advanced, Qt.MouseButton.LeftButton)
    epochs = form.fields["optimisation.epochs"].get()
    write(qtbot, form.fields["name"].widget, "my furniture")
    assert form.start.isEnabled(), form.trouble.text()
    qtbot.wait(50)
    picture(form, "3-train")
    qtbot.mouseClick(form.start, Qt.MouseButton.LeftButton)
    wait_for(qtbot, window, "running", name="my furniture")
    done = wait_for(qtbot, window, "finished", name="my furniture", timeout=20 * TIMEOUT)
    panel = window.training.panel
    assert panel.isVisible() and panel.current is done
    settle(qtbot, window)
    picture(window, "4-curves")
    bar = panel.run.tabs.tabBar()
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(1).center())
    assert panel.run.tabs.snapshots.isVisible() and panel.run.tabs.snapshots.epoch.text() == f"epoch {epochs}"
    picture(window, "5-attention")

    [strip] = window.central.compared.findChildren(ComparisonToolbar)
    QTimer.singleShot(0, strip, lambda: choose(qtbot, "APSNet-KD-G (my furniture)"))
    qtbot.mouseClick(strip.add, Qt.MouseButton.LeftButton)
    settle(qtbot, window)
    mine = "apsnet_kd:g@my furniture"
    assert [str(method) for method in window.session.document.lineup.methods] == [
        *map(str, before), str(MethodSpec.parse(mine)),
    ]  # fmt: skip
    shown = window.results.parts[MethodAtSize(window.session.document.lineup.methods[-1])].result
    up: Up = "y" if entry.up == "y" else "z"
    sampler = create(MethodSpec.parse(f"apsnet_kd:g@{runs / 'my furniture'}"), "reconstruction", up)
    assert shown is not None
    expected = sampler.sample(shown.cloud, shown.sampling.m, 0).points
    np.testing.assert_allclose(shown.sampling.points, expected, atol=1e-5)
    picture(window, "6-use")
