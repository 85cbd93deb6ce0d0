"""Hidden points appear in no picture of a comparison, neither of an answer nor of a report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from apsnet_core.cloud import PointCloud
from apsnet_core.editing.selection import Selection
from apsnet_core.evaluation.comparison.page import comparison_page
from apsnet_core.evaluation.comparison.perturb import Perturbation, perturbed
from apsnet_core.evaluation.figures.samples import sampling_picture
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.tasks.registration import Registration
from apsnet_gui.comparison import report
from apsnet_gui.comparison.answer_scenes import cloud_scene, overlay
from apsnet_gui.comparison.compute import ComparisonInputs
from apsnet_gui.jobs.background import JobProgress
from apsnet_gui.state.document import Document, Lineup
from apsnet_gui.state.open_shape import Loaded, new_entry
from apsnet_gui.viewport.scene import DARK, PointLayer
from tests.narrow import of_kind, present

POINTS, HIDDEN = 400, 150


@pytest.fixture
def document() -> Document:
    """A cloud on a grid of step 1/16, whose first ``HIDDEN`` points are hidden."""
    xyz = (np.random.default_rng(0).integers(0, 99, (POINTS, 3)) / 16).astype(np.float32)
    entry = new_entry(Loaded.measured(PointCloud(xyz)), "cloud.ply")
    hidden = Selection.of(np.arange(POINTS) < HIDDEN)
    lineup = Lineup(shown=True, methods=(MethodSpec.of("random"),))
    return Document((entry,), entry.id, lineup=lineup).with_entry(entry.id, hidden=hidden)


def cloud_of(document: Document) -> PointCloud:
    return of_kind(PointCloud, present(document.active).shape)


def test_answers_leave_hidden_points_out(document: Document) -> None:
    cloud = cloud_of(document)
    alone = of_kind(PointLayer, cloud_scene(document, cloud, dark=True).scene.layers[0])
    np.testing.assert_array_equal(alone.xyz, cloud.xyz[HIDDEN:])
    np.testing.assert_array_equal(present(alone.rows), np.arange(HIDDEN, POINTS))
    copy = perturbed(cloud, Perturbation(rotate=(0, 20, 0)), 0).take(np.arange(0, POINTS, 2))
    answer = Registration(np.eye(3), np.zeros(3), copy.xyz + 1, 3.0)
    for before, moved in ((True, copy.xyz), (False, answer.aligned)):
        layers = overlay(answer, cloud, copy, None, before, document, DARK)
        first, second = (of_kind(PointLayer, layer) for layer in layers)
        np.testing.assert_array_equal(first.xyz, cloud.xyz[HIDDEN:])
        np.testing.assert_array_equal(second.xyz, moved[HIDDEN // 2 :], "the copy has every second point")


@pytest.mark.parametrize("colouring", ["file", "field:z"])
def test_a_report_leaves_hidden_points_out_and_says_so(
    document: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, colouring: str
) -> None:
    """Checked is the cloud behind the samples, in the stills and in the page's own view."""
    cloud, drawn = cloud_of(document), list[np.ndarray]()
    document = document.with_entry(present(document.current), colouring=colouring)
    writer = "apsnet_core.evaluation.comparison.report"

    def noted_picture(ghost: np.ndarray, *args: Any, **how: Any) -> object:
        drawn.append(ghost)
        return sampling_picture(ghost, *args, **how)

    def noted_page(comparison: Any, about: Any, shape: np.ndarray, *args: Any) -> str:
        drawn.append(shape)
        return comparison_page(comparison, about, shape, *args)

    monkeypatch.setattr(f"{writer}.sampling_picture", noted_picture)
    monkeypatch.setattr(f"{writer}.comparison_page", noted_page)
    question = present(ComparisonInputs.of(document))
    made = report.write(question, tmp_path / "r", JobProgress(lambda *_: None), home=tmp_path)
    assert len(drawn) == 2
    for shape in drawn:
        np.testing.assert_array_equal(shape, cloud.xyz[HIDDEN:])
    assert f"{HIDDEN} points hidden in the window" in made.read_text(encoding="utf-8")
