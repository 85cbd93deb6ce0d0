"""The learned methods with their bundled weights: sizes, attention colours, the task network's answer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from apsnet_core.assets import asset
from apsnet_core.cloud import PointCloud
from apsnet_core.evaluation.answers import answer, task_net
from apsnet_core.files import read, write
from apsnet_core.methods.attention import attention_of
from apsnet_core.ops.orientation import turn_up
from apsnet_core.tasks.classification import Classification
from apsnet_core.weights import user_weights
from apsnet_gui.jobs.background import Background
from apsnet_gui.jobs.export import write_result
from apsnet_gui.jobs.weights_list import WeightsList
from apsnet_gui.viewport import colormap
from apsnet_gui.viewport.scene import PointLayer
from apsnet_gui.views.document_scene import heat
from apsnet_gui.window.dialogs import PictureDialog
from apsnet_gui.window.window import Window
from tests.narrow import of_kind, present

from .conftest import CHAIR, TIMEOUT, OpenWindow, seen_in, settle


def pick(window: Window, box: str, value: str) -> None:
    """Choose an item of a combo box of the sampling panel, as a user does."""
    combo = getattr(window.sampling, box)
    combo.setCurrentIndex(combo.findData(value))
    combo.activated.emit(combo.currentIndex())


def cloud_colours(window: Window) -> np.ndarray:
    [layer] = [layer for layer in window.view.scene.layers if isinstance(layer, PointLayer)]
    return layer.colors


@pytest.mark.parametrize("task", ["classification", "reconstruction", "registration"])
def test_every_shipped_sampler_samples_for_its_task(qtbot: QtBot, open_window: OpenWindow, task: str) -> None:
    window = open_window(CHAIR)
    pick(window, "task", task)
    for method in ("apsnet", "apsnet_kd", "samplenet"):
        pick(window, "method", method)
        settle(qtbot, window)
        result = window.session.result
        assert result is not None
        assert (result.sampling.m, result.choice.method) == (32, method)
        assert seen_in(window) > 0.6
        assert {8, 16, 32, 64} <= set(window.sampling.slider.marks)
        assert result.has_attention == (method != "samplenet")
        assert window.session.answer is not None
        assert present(window.session.answer).rows
    assert not [text for level, text in window.toasts.messages if level == "error"]


def test_a_method_of_fixed_sizes_takes_the_nearest_trained_size(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window(CHAIR)
    pick(window, "method", "samplenet")
    for wanted, given in ((30, 32), (100, 128), (2000, 128), (3, 8)):
        window.sampling.size_box.setValue(wanted)
        assert window.session.document.choice.m == window.sampling.size_box.value() == given
    window.actions_by_id["fewer"].trigger()
    assert window.session.document.choice.m == 8
    window.sampling.size_box.setValue(128)
    pick(window, "task", "registration")  # trained up to 64
    settle(qtbot, window)
    assert window.session.result is not None
    assert window.session.result.sampling.m == 64


def test_apsnet_samples_more_points_than_it_was_trained_for(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(CHAIR)
    pick(window, "method", "apsnet")
    window.sampling.variants.button(1).click()
    window.sampling.size_box.setValue(200)
    settle(qtbot, window)
    result = window.session.result
    assert result is not None
    assert len(set(present(result.sampling.indices).tolist())) == 200
    assert window.attention.scrubber.maximum() == 200


def test_attention_colours_are_on_by_default_and_their_range_can_be_set(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window(CHAIR)
    window.actions_by_id["mesh"].trigger()  # show the sampled points: each has the colour of its own weight
    settle(qtbot, window)
    plain = cloud_colours(window)
    pick(window, "method", "apsnet")
    settle(qtbot, window)
    panel, session = window.attention, window.session
    assert panel.colour.isChecked()
    values = heat(present(session.result), 32)
    hottest = int(values.argmax())
    expected = colormap.apply(values, 0, float(values.max()), dark=True)
    np.testing.assert_array_equal(cloud_colours(window), expected)
    assert f"weight {values[hottest]:.3g} at row {hottest}" in panel.peak.text()
    panel.range[1].setValue(float(values.max()) * 10)
    panel.log.click()
    settle(qtbot, window)
    bar = window.view.caption.bar
    assert bar is not None
    assert bar.high == pytest.approx(float(values.max()) * 10)
    assert bar.log and bar.unit == "weight"
    np.testing.assert_array_equal(
        cloud_colours(window), colormap.apply(values, bar.low, bar.high, True, dark=True)
    )
    panel.colour.click()
    settle(qtbot, window)
    assert len(np.unique(cloud_colours(window), axis=0)) == 1
    pick(window, "method", "farthest_point")
    settle(qtbot, window)
    np.testing.assert_array_equal(cloud_colours(window), plain)


def test_a_huge_cloud_is_coloured_by_attention_only_when_asked(
    qtbot: QtBot, open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apsnet_gui.colourings.attention.AT_ONCE", 1000)
    window = open_window(CHAIR)
    pick(window, "method", "apsnet")
    settle(qtbot, window)
    assert not window.attention.colour.isChecked()
    assert window.session.heat is None
    window.attention.colour.click()
    settle(qtbot, window)
    assert window.session.heat is not None
    assert window.session.heat.weight == heat(window.session.result, 32).max()


def test_the_panel_shows_the_answer_of_the_task_network(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(CHAIR)
    pick(window, "method", "apsnet")
    settle(qtbot, window)
    result = present(window.session.result)
    said = of_kind(
        Classification, answer(task_net("classification"), result.cloud, result.sampling, "y")
    ).top(5)
    assert [row[0] for row in present(window.session.answer).rows] == [name for name, _ in said]
    shown = window.sampling.result.answer
    assert shown.text.startswith(f"{said[0][0]} {100 * said[0][1]:.1f}")
    [known] = {label.toolTip() for label in shown.findChildren(QLabel) if "classes" in label.toolTip()}
    assert "10 classes" in known and "night stand" in known  # even a deer gets one of these classes
    pick(window, "task", "reconstruction")
    settle(qtbot, window)
    assert window.sampling.result.answer.text.startswith("NRE ")


def test_a_lying_shape_gets_a_notice_and_can_be_turned(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    file = tmp_path / "lying.obj"  # OBJ files have y up, but this shape has z up
    write(turn_up(read(CHAIR), "y", "z"), file)
    window = open_window(CHAIR)
    assert not window.clouds.facts.lies.isVisible()
    window.opening.open_paths([str(file)])
    settle(qtbot, window)
    assert window.clouds.facts.lies.isVisible()
    window.actions_by_id["turn"].trigger()
    settle(qtbot, window)
    assert not window.clouds.facts.lies.isVisible()
    assert present(window.session.answer).rows[0][0] == "chair"


def test_an_exported_sampling_has_the_attention_of_each_point(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    window = open_window(str(asset("shapes", "horse.obj")))
    pick(window, "method", "apsnet")
    settle(qtbot, window)
    result = present(window.session.result)
    write_result(result, tmp_path / "out.ply")
    back = of_kind(PointCloud, read(tmp_path / "out.ply"))
    np.testing.assert_allclose(
        back.attributes["attention"], attention_of(result.sampling, result.cloud), rtol=1e-5
    )


def test_a_picture_has_the_requested_size_and_background(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QFileDialog

    window = open_window(CHAIR)
    file = tmp_path / "view.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), "PNG (*.png)"))

    promised: list[str] = []

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, PictureDialog)
        dialog.scale.setCurrentIndex(dialog.scale.findData(3))
        promised.append(dialog.scale.currentText())
        dialog.transparent.setChecked(True)
        dialog.accept()

    QTimer.singleShot(0, answer)
    window.actions_by_id["screenshot"].trigger()
    qtbot.waitUntil(lambda: file.exists() and not window.background.jobs)
    image = QImage(str(file))
    assert promised == [f"3 ×   {image.width()} × {image.height()} pixels"]
    assert image.width() == pytest.approx(3 * window.view.devicePixelRatioF() * window.view.width(), abs=1)
    assert image.pixelColor(image.width() // 2, 5).alpha() == 0
    opaque = sum(
        image.pixelColor(x, y).alpha() == 255
        for x in range(0, image.width(), 7)
        for y in range(0, image.height(), 7)
    )
    assert opaque > 100
    window.pictures.save_view(tmp_path / "view.jpg", 1.0, transparent=True)  # a user may type this name
    assert window.toasts.messages[-1][1] == "view.jpg was not written: .jpg has no transparency; .png has"


def test_imported_weights_never_overwrite_others(qtbot: QtBot, background: Background, home: Path) -> None:
    shipped = asset("weights", "reconstruction-apsnet.safetensors")
    weights, said = WeightsList(background), list[str]()
    weights.notice.connect(lambda _, text: said.append(text))
    for file in (shipped, user_weights() / "reconstruction-apsnet-2.safetensors", shipped):
        with qtbot.waitSignal(weights.notice, timeout=TIMEOUT):
            weights.import_file(file, "reconstruction")
    qtbot.waitUntil(lambda: not background.jobs, timeout=TIMEOUT)
    own = "reconstruction-apsnet-2.safetensors was not imported: it is among your own weights already"
    assert said == [f"Imported the weights {shipped.stem}-2", own, f"Imported the weights {shipped.stem}-3"]
    kept = sorted(user_weights().iterdir())
    assert [file.stem for file in kept] == [f"{shipped.stem}-2", f"{shipped.stem}-3"]
    assert all(file.read_bytes() == shipped.read_bytes() for file in kept)
