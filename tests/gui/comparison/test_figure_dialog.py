"""The plot of a comparison through its dialog: the file has the width, font and colours that were chosen."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from apsnet_core.evaluation.comparison.columns import columns_of
from apsnet_core.evaluation.comparison.figures import figure_of
from apsnet_core.evaluation.figures.chart import render
from apsnet_core.evaluation.figures.look import Look
from apsnet_core.methods.registry import method_colour
from apsnet_gui.style.theme import Theme
from apsnet_gui.widgets.plot import MethodCurve, clear_plot, draw_curves, make_plot
from apsnet_gui.window.figure_dialog import FigureDialog
from tests.gui.window.conftest import settle
from tests.narrow import of_kind

from .conftest import Compare


def test_the_file_has_the_chosen_width_font_and_colours(
    qtbot: QtBot, compare: Compare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = compare("chair", "random,voxel", m=16)
    next(dock for dock in window.docks if dock.widget() is window.curves).raise_()
    settle(qtbot, window)
    [at] = [i for i, column in enumerate(columns_of(window.results.curves)) if column.key == "coverage"]
    window.curves.number.setCurrentIndex(at)
    assert window.curves.number.width() >= window.curves.number.sizeHint().width(), "the names are cut"
    out = tmp_path / "plot.pdf"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(out), "PDF (*.pdf)"))

    def choose() -> None:
        dialog = of_kind(FigureDialog, QApplication.activeModalWidget())
        for name, value in (("width", "column"), ("theme", "dark"), ("font", "serif")):
            box = dialog.boxes[name]
            box.setCurrentIndex(box.findData(value))
        dialog.accept()

    QTimer.singleShot(0, window, choose)
    window.actions_by_id["export-plot"].trigger()
    settle(qtbot, window)
    file = out.read_bytes()
    [page] = pypdfium2.PdfDocument(file)
    assert page.get_width() == pytest.approx(3.3 * 72, abs=1)
    words = page.get_textpage().get_text_range()
    assert all(word in words for word in ("Random", "Voxel", "Coverage, %", "number of points m"))
    figure = figure_of(window.results.curves, "coverage")
    sans, serif = (render(figure, Look.of("column", "dark", font), "pdf") for font in ("sans", "serif"))
    fonts = [set(re.findall(rb"/BaseFont /(\S+)", each)) for each in (sans, serif, file)]
    assert fonts[2] == fonts[1] != fonts[0], "the file must have the chosen font"
    shown = np.asarray(page.render(scale=3).to_pil().convert("RGB")).astype(int)
    assert np.abs(shown[2, 2] - (255, 255, 255)).max() > 150, "the background must be dark"
    colour = [int(method_colour("voxel")[at : at + 2], 16) for at in (1, 3, 5)]
    curve = np.abs(shown - colour).max(axis=2) < 24
    columns = np.flatnonzero(curve.any(axis=0))
    assert np.ptp(columns) > 0.4 * shown.shape[1], "the curve goes from the least to the largest size"


def test_the_text_of_a_plot_grows_with_the_text_size(qtbot: QtBot, theme: Theme) -> None:
    plot = make_plot()
    assert plot.focusPolicy() == Qt.FocusPolicy.NoFocus, "the Tab key must not stop at it invisibly"
    qtbot.addWidget(plot)
    high = []
    try:
        for scale in (100, 150):
            theme.set_scale(scale)
            qtbot.waitUntil(lambda: theme.is_settled)
            clear_plot(plot, theme)
            draw_curves(plot, theme, [MethodCurve("random", "Random", (8, 16), (1.0, 2.0))], "Coverage")
            words = plot.plotItem.titleLabel, plot.plotItem.legend.items[0][1]
            high.append([label.item.boundingRect().height() for label in words])
    finally:
        theme.set_scale(100)
    assert all(large > 1.3 * small for small, large in zip(*high, strict=True))
