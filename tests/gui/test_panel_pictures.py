"""The page of the window shows every panel; a test goes through the panels and saves their pictures.

It runs if ``APSNET_PANELS`` names a folder:

    APSNET_PANELS=docs/window .venv/bin/python -m pytest tests/gui/test_panel_pictures.py
"""

from __future__ import annotations

import os
import re
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from apsnet_core.assets import asset
from apsnet_core.evaluation.comparison.perturb import Perturbation
from apsnet_gui.window.command_palette import CommandPalette
from apsnet_gui.window.docks import DOCKS
from apsnet_gui.window.window import Window
from tests.gui.dataset.conftest import stepped
from tests.gui.methods import spec, specs
from tests.gui.training.conftest import runs, start, wait_for
from tests.gui.window.conftest import TIMEOUT, OpenWindow, home, open_window, settle, thumbnails
from tests.narrow import present

__all__ = ["home", "open_window", "runs", "thumbnails"]

PICTURES = os.environ.get("APSNET_PANELS")
PAGE = Path(__file__).parents[2] / "docs/window/index.md"
COMPARED = specs("farthest_point", "samplenet", "apsnet")


def test_every_panel_has_a_section_and_a_picture() -> None:
    page = PAGE.read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## (.+)\n((?:(?!^## ).*\n?)*)", page, re.MULTILINE))
    for dock in DOCKS:
        shown = re.findall(r"!\[.+?\]\((.+?)\)", sections[dock.name])
        assert shown and all((PAGE.parent / name).is_file() for name in shown)


def save(widget: QWidget, name: str) -> None:
    """Write docs/window/NAME.png, in 255 colours."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    widget.grab().save(buffer, "PNG")
    image = Image.open(BytesIO(buffer.data().data())).convert("RGB")
    image.quantize(255, dither=Image.Dither.NONE).save(Path(PICTURES or ".") / f"{name}.png", optimize=True)


def panel(qtbot: QtBot, window: Window, name: str, high: int = 0) -> None:
    """Bring a panel to the front, make it ``high`` pixels high if not 0, and take its picture."""
    window.docks.show(name)
    dock = window.docks[name]
    if high:
        window.resizeDocks([dock], [high], Qt.Orientation.Vertical)
    settle(qtbot, window)
    save(dock, name.lower().replace(" ", "-"))


def compared(qtbot: QtBot, window: Window, *shapes: str) -> None:
    """Compare three methods on ``shapes`` for classification."""
    document = window.session.document.with_choice(m=32, task="classification")
    window.session.replace_all(document.with_lineup(methods=COMPARED, sizes=(8, 32), shown=True), None, None)
    window.opening.open_paths([str(asset("shapes", f"{shape}.obj")) for shape in shapes])
    settle(qtbot, window)


@pytest.mark.skipif(not PICTURES, reason="takes pictures where APSNET_PANELS names a folder")
def test_the_pictures_are_taken(qtbot: QtBot, open_window: OpenWindow, runs: Path, tmp_path: Path) -> None:
    window = open_window()
    window.theme.set_mode("light")
    window.resize(1280, 800)
    settle(qtbot, window)
    save(window, "start-page")

    window.opening.open_paths([str(asset("shapes", "chair.obj"))])
    settle(qtbot, window)
    window.session.choose(spec=spec("apsnet"), m=32)
    settle(qtbot, window)
    window.attention.scrubber.setValue(12)
    settle(qtbot, window)
    save(window, "one-shape")
    panel(qtbot, window, "Sampling")
    panel(qtbot, window, "Attention")
    window.show_palette()
    [palette] = window.findChildren(CommandPalette)
    palette.search.setText("export")
    save(palette, "search")
    palette.close()

    compared(qtbot, window, "desk", "armchair")
    save(window, "comparison")
    panel(qtbot, window, "Clouds")
    panel(qtbot, window, "Table", 240)
    panel(qtbot, window, "Plot", 320)

    window.start_page.furniture.click()
    stepped(qtbot, window)
    panel(qtbot, window, "Dataset")
    window.dataset.evaluation.start.click()
    qtbot.waitUntil(lambda: window.dataset.evaluating.job is not None, timeout=TIMEOUT)
    qtbot.waitUntil(lambda: window.dataset.evaluating.job is None, timeout=10 * TIMEOUT)
    panel(qtbot, window, "Evaluation", 420)
    window.dataset.panel.filter.disagree.setChecked(True)
    window.resizeDocks([window.docks["Evaluation"]], [300], Qt.Orientation.Vertical)
    settle(qtbot, window)
    save(window, "evaluated")

    window.session.change_what_if("noise", change=Perturbation(noise=1, drop=30))
    panel(qtbot, window, "What if")

    (tmp_path / "scan.xyz").write_text("no numbers here\n")
    window.opening.open_paths([str(tmp_path / "scan.xyz")])
    settle(qtbot, window)
    panel(qtbot, window, "Messages", 180)

    start(window, name="chairs", optimisation={"epochs": 6, "batch_size": 32})
    wait_for(qtbot, window, "finished", name="chairs", timeout=10 * TIMEOUT)
    panel(qtbot, window, "Training", 360)
    window.actions_by_id["train"].trigger()
    form = present(window.training.form)
    form.command.setPlainText(form.command.toPlainText().replace(str(runs), "runs"))
    save(form, "training-form")
    form.close()
