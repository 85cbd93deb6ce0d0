"""A task net trained by the user judges samples: in one view, side by side, and over a dataset."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from apsnet_core.assets import asset
from apsnet_core.evaluation.answers import answer, task_net
from apsnet_core.training.config import make_config
from apsnet_core.training.runs import Run
from apsnet_core.weights import load, load_metadata, rewrite_metadata, save, user_weights
from apsnet_gui.comparison import report
from apsnet_gui.comparison.results import classification
from apsnet_gui.comparison.toolbar import ComparisonToolbar
from apsnet_gui.panels.task_net_choice import TaskNetChoice
from apsnet_gui.window.window import Window
from tests.gui.methods import spec, specs
from tests.gui.window.conftest import CHAIR, TIMEOUT, OpenWindow, settle
from tests.narrow import present

from .conftest import wait_for


@pytest.fixture
def nets(runs: Path) -> None:
    """A finished task net, "judge", that prefers sofas, and an APSNet, "mine", that was trained with it."""
    shipped = asset("weights", "classification-pointnet.safetensors")
    network, about = load(shipped)
    with torch.no_grad():
        bias = [layer for layer in network.modules() if isinstance(layer, torch.nn.Linear)][-1].bias
        bias[about.classes.index("sofa")] += 50
    done = Run.create(runs / "judge", make_config({"model": "task", "task": "classification"}))
    done.record("step", step=1, of=1, epoch=0, learning_rate=1e-3, eta=0.0, metrics={"loss": 1.0})
    done.record("validation", step=1, epoch=0, metrics={"score": 0.5, "accuracy": 0.5})
    done.record("done", step=1)
    save(done.best, network.state_dict(), about)
    sampler = asset("weights", "classification-apsnet.safetensors")
    told = load_metadata(sampler).model_copy(update={"task_weights": "judge"})
    user_weights().mkdir(parents=True)
    rewrite_metadata(sampler, user_weights() / "mine.safetensors", told)


def said(window: Window) -> tuple[str, str]:
    """The first line of the answer, and the sentence about the whole cloud."""
    found = present(window.session.answer)
    return found.rows[0][0], found.whole


def classes(window: Window) -> set[str]:
    """The predicted classes of the samples side by side."""
    answers = [classification(present(part.answer)) for part in window.results.parts.values()]
    return {present(each).top(1)[0][0] for each in answers}


def test_a_finished_task_net_judges_after_one_click(
    qtbot: QtBot, open_window: OpenWindow, runs: Path, nets: None
) -> None:
    window = open_window(CHAIR)
    window.session.choose(spec=spec("random"), m=32)
    settle(qtbot, window)
    assert said(window)[0] == "chair" and "The net is classification-pointnet," in said(window)[1]
    window.docks.show("Training")
    state = wait_for(qtbot, window, "finished", name="judge")
    window.training.panel.select(state.folder)
    assert (
        window.training.panel.run.use.isVisible()
        and window.training.panel.run.use.text() == "Use its weights"
    )
    qtbot.mouseClick(window.training.panel.run.use, Qt.MouseButton.LeftButton)
    settle(qtbot, window)
    assert window.session.document.choice.net == "judge"
    assert said(window)[0] == "sofa" and "The net is judge," in said(window)[1]
    result = present(window.session.result)
    expected = answer(task_net("classification", "judge"), result.cloud, result.sampling, "y").figures()
    assert present(window.session.answer).rows == expected
    boxes = window.findChildren(TaskNetChoice)  # for sampling, comparison and evaluation
    assert len(boxes) == 3 and {box.currentData() for box in boxes} == {"judge"}
    window.session.choose(task="reconstruction")
    settle(qtbot, window)
    assert window.session.document.choice.net is None and "reconstruction-pcae" in said(window)[1]
    window.session.undo()
    settle(qtbot, window)
    assert said(window)[0] == "sofa"


def test_an_apsnet_is_judged_by_the_task_net_it_was_trained_with(
    qtbot: QtBot, open_window: OpenWindow, runs: Path, nets: None
) -> None:
    window = open_window(CHAIR)
    window.session.choose(spec=spec("apsnet@mine"), m=32)
    settle(qtbot, window)
    assert said(window)[0] == "sofa" and "The net is judge," in said(window)[1]
    window.session.choose(net="classification-pointnet")
    settle(qtbot, window)
    assert said(window)[0] == "chair"

    lineup = {"methods": specs("apsnet@mine", "random"), "selected": 0, "shown": True}
    window.session.choose(net=None)
    window.session.line_up("Compare", **lineup)
    settle(qtbot, window)
    whole = present(window.results.whole)
    assert present(whole.judge).net.name == "judge"
    assert classes(window) == {"sofa"}
    window.session.choose(net="classification-pointnet")
    settle(qtbot, window)
    assert classes(window) == {"chair"}
    question = present(window.comparing.question())
    assert "--net classification-pointnet" in report.command(question, [32])
    window.session.choose(net=None)
    window.session.line_up("Beside the one that ships", methods=specs("apsnet@mine", "apsnet"))
    settle(qtbot, window)
    judge = present(present(window.results.whole).judge)
    assert judge.net.name == "classification-pointnet"
    assert judge.note == "mine was trained for another task net."
    [toolbar] = window.findChildren(ComparisonToolbar)
    assert toolbar.whole.text().endswith("mine was trained for another task net")


def test_an_evaluation_is_judged_by_the_chosen_net(
    qtbot: QtBot, open_window: OpenWindow, runs: Path, nets: None
) -> None:
    window = open_window()
    window.session.choose(m=8)
    window.session.line_up("Compare", methods=specs("random"), shown=False)
    window.start_page.furniture.click()
    dataset = window.dataset
    qtbot.waitUntil(lambda: dataset.current_dataset.collection is not None, timeout=TIMEOUT)
    settle(qtbot, window)
    box = dataset.evaluation.net
    box.setCurrentIndex(box.findData("judge"))
    box.activated.emit(box.currentIndex())
    dataset.evaluation.shapes.setCurrentIndex(0)
    dataset.evaluation.start.click()
    qtbot.waitUntil(lambda: dataset.evaluating.table is not None, timeout=TIMEOUT)
    table = present(dataset.evaluating.table)
    sofa = table.held_out.classes.index("sofa")
    assert table.net == "judge"
    assert table.full == pytest.approx(np.mean(table.held_out.labels == sofa))  # it predicts only sofas
    assert "--net judge" in dataset.evaluation.wanted.command("furniture")
    shutil.rmtree(runs / "judge")
