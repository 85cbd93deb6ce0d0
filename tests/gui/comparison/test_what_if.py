"""What if: a changed cloud, sample or copy in the real window; the oracle is the numbers of the core."""

from __future__ import annotations

import json
from typing import cast

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot
from scipy.spatial.transform import Rotation

from apsnet_core.assets import asset
from apsnet_core.cloud import TriangleMesh
from apsnet_core.evaluation.answers import answer as ask
from apsnet_core.evaluation.answers import task_net
from apsnet_core.evaluation.comparison.compare import compare as core_compare
from apsnet_core.evaluation.comparison.comparison import ComparisonRow
from apsnet_core.evaluation.comparison.edits import Edit, edited
from apsnet_core.evaluation.comparison.perturb import Perturbation, Turn, perturbed
from apsnet_core.evaluation.comparison.registration_target import Copy, scanned_again, turned
from apsnet_core.files.open_cloud import open_cloud
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.tasks.classification import Classification
from apsnet_core.tasks.reconstruction import Reconstruction
from apsnet_core.tasks.registration import Registration
from apsnet_gui.comparison import report as reporting
from apsnet_gui.state.document import Document
from apsnet_gui.state.document_json import from_json, to_json
from apsnet_gui.state.project_check import ProjectError
from apsnet_gui.state.what_if import WhatIf
from apsnet_gui.viewport.scene import PointLayer, SphereLayer
from tests.gui.methods import place_of
from tests.gui.window.conftest import settle
from tests.narrow import of_kind

from .conftest import Compare
from .test_comparison import check_numbers

CHANGE = Perturbation(noise=1, drop=30, rotate=(0, 40, 0))


def expected(
    shape: str, methods: str, m: int, task: str, change: Perturbation, copy: Copy | None = None
) -> list[ComparisonRow]:
    """The oracle: the core's own numbers for the changed cloud."""
    cloud, _ = open_cloud(asset("shapes", shape + ".obj"))
    specs = [MethodSpec.parse(method) for method in methods.split(",")]
    found = core_compare(
        perturbed(cloud, change),
        specs,
        [m],
        task=task,
        up="y",
        copy=copy,
        untouched=cloud if change else None,
    )
    return found.rows


def test_a_changed_cloud_is_sampled_by_all_methods(qtbot: QtBot, compare: Compare) -> None:
    methods = "random,farthest_point,apsnet"
    window = compare("chair", methods)
    before = list(window.table.model.rows)
    window.session.change_what_if("Change the cloud", change=CHANGE)
    settle(qtbot, window)
    check_numbers(window, expected("chair", methods, 32, "classification", CHANGE))
    cloud, _ = open_cloud(asset("shapes", "chair.obj"))
    for cell in window.grid.ordered:
        layer = of_kind(PointLayer, cell.view.scene.layers[0])
        np.testing.assert_array_equal(layer.xyz, perturbed(cloud, CHANGE).xyz)
    question = window.comparing.question()
    assert question is not None
    words = reporting.command(question, [32])
    assert "--noise 1 --drop 30 --rotate 0,40,0" in words
    window.session.undo()
    settle(qtbot, window)
    check_numbers(window, before)


def test_an_edited_sample_changes_one_method_and_is_undone(qtbot: QtBot, compare: Compare) -> None:
    window = compare("chair", "random,apsnet:m", m=16)
    results, session = window.results, window.session
    random, apsnet = results.parts[place_of("random")], results.parts[place_of("apsnet:m")]
    assert random.result is not None and apsnet.result is not None
    cloud, found = apsnet.result.cloud, apsnet.result.found
    edit = Edit(16).place(3, tuple(cloud.xyz[9].tolist())).remove(5)
    session.edit_samples("Edit", apsnet.result.key, edit)
    settle(qtbot, window)
    assert results.parts[place_of("random")] is random  # it is not computed again
    new = results.parts[place_of("apsnet:m")]
    assert new.result is not None and new.result.found is found  # nor does the method sample again
    moved = edited(found, edit, cloud)
    np.testing.assert_array_equal(new.result.sampling.points, moved.points)
    oracle = of_kind(Classification, ask(task_net("classification"), cloud, moved, "y"))
    np.testing.assert_array_equal(of_kind(Classification, new.answer).probabilities, oracle.probabilities)
    assert new.row is not None and new.row.m == 15
    session.choose(m=8)  # other samples, to which the edit does not apply
    settle(qtbot, window)
    eight = results.parts[place_of("apsnet:m")].result
    assert eight is not None and eight.edit is None and eight.sampling.m == 8
    session.undo()
    session.undo()
    settle(qtbot, window)
    back = results.parts[place_of("apsnet:m")].result
    assert back is not None
    np.testing.assert_array_equal(back.sampling.points, found.points)


@pytest.mark.parametrize("turn", [Turn((20, -30, 10)), Turn((0, 45, 0), resampled=True, noise=1)])
def test_a_known_rotation_is_registered_as_the_core_does(qtbot: QtBot, compare: Compare, turn: Turn) -> None:
    methods = "farthest_point,apsnet"
    window = compare("table", methods, task="registration")
    change = Perturbation(rotate=(0, 10, 0))
    window.session.change_what_if("Turn the copy", turn=turn, change=change)
    settle(qtbot, window)
    cloud, mesh = open_cloud(asset("shapes", "table.obj"))
    assert isinstance(mesh, TriangleMesh)
    scan = scanned_again(mesh, len(cloud), 0, change) if turn.resampled else None
    copy = turned(perturbed(cloud, change), 0, turn, scan)
    check_numbers(window, expected("table", methods, 32, "registration", change, copy))
    for cell in window.grid.ordered:
        assert cell.part is not None
        answer = cast(Registration, cell.part.answer)
        found = Rotation.from_matrix(answer.rotation.T).as_euler("xyz", degrees=True)
        _, true, seen, error = cell.answer_beside.figures.lines
        assert [degrees_in(text) for text in true[1:]] == [*turn.angles]  # type: ignore[misc]
        np.testing.assert_allclose([degrees_in(text) for text in seen[1:]], found, atol=0.51)
        assert error[1] == f"{answer.error:.1f}°"


def degrees_in(text: str) -> float:
    return float(text.rstrip("°").replace("\u2212", "-"))


def test_another_open_shape_is_registered_without_a_known_rotation(qtbot: QtBot, compare: Compare) -> None:
    methods = "farthest_point,apsnet"
    window = compare("chair", methods, task="registration")
    window.opening.open_paths([str(asset("shapes", "table.obj"))])
    settle(qtbot, window)
    chair = window.session.document.entries[0]
    copies = window.what_if.copies
    assert [copies.itemText(i) for i in range(copies.count())][2:] == ["chair"]
    copies.setCurrentIndex(2)
    copies.activated.emit(2)
    window.session.line_up("Show after", show="answer")
    settle(qtbot, window)
    assert window.session.document.what_if.other == chair.id
    other, _ = open_cloud(asset("shapes", "chair.obj"))
    check_numbers(window, expected("table", methods, 32, "registration", Perturbation(), Copy(other)))
    assert ("true", "not known") in window.grid.ordered[0].answer_beside.figures.lines
    layers = {layer.key: layer for layer in window.grid.ordered[0].view.scene.layers}
    part = window.grid.ordered[0].part
    assert part is not None and part.partner is not None
    answer = cast(Registration, part.answer)
    laid = part.partner.points @ answer.rotation.T + answer.translation
    np.testing.assert_allclose(of_kind(SphereLayer, layers["of the copy"]).centers, laid, atol=1e-4)
    question = window.comparing.question()
    assert question is not None
    assert f"--copy {chair.path}" in reporting.command(question, [32])
    window.session.remove(chair.id)  # without that shape, a turned copy is registered again
    settle(qtbot, window)
    check_numbers(window, expected("table", methods, 32, "registration", Perturbation()))


def test_the_original_and_the_answer_on_all_points_are_shown_beside_the_rebuilt(
    qtbot: QtBot, compare: Compare
) -> None:
    window = compare("table", "farthest_point,apsnet", task="reconstruction")
    references = window.central.compared.references
    assert not references.isVisible()
    window.session.line_up("Show rebuilt", show="answer")
    window.grid.set_alone(window.grid.ordered[0].place)
    settle(qtbot, window)
    assert [each.title.text() for each in references.shown] == ["Original", "From all points"]
    cloud, _ = open_cloud(asset("shapes", "table.obj"))
    oracle = of_kind(Reconstruction, ask(task_net("reconstruction"), cloud, None, "y"))
    original, whole = (cast(PointLayer, each.view.scene.layers[0]) for each in references.shown)
    np.testing.assert_array_equal(original.xyz, cloud.xyz)
    np.testing.assert_array_equal(whole.xyz, oracle.points)
    far = np.linalg.norm(oracle.points[:, None] - cloud.xyz, axis=-1).min(axis=1)
    least, most = whole.colors[far.argmin()], whole.colors[far.argmax()]
    assert np.abs(least.astype(int) - most).sum() > 100  # the colours distinguish near from far
    cell = window.grid.ordered[0]
    assert all(each.isVisible() and each.view.camera == cell.view.camera for each in references.shown)
    window.session.line_up("Show samples", show="samples")
    settle(qtbot, window)
    assert not references.isVisible()


def test_each_slider_changes_the_cloud_in_one_undo_step(qtbot: QtBot, compare: Compare) -> None:
    window = compare("chair", "random,farthest_point")
    window.docks.show("What if")
    panel, session = window.what_if, window.session
    slider = panel.noise.slider
    qtbot.waitUntil(slider.isVisible)
    middle = QPoint(slider.width() // 2, slider.height() // 2)
    slider.setSliderDown(True)
    for step in (5, 12, 20):
        slider.setValue(step)
        qtbot.wait(20)
    slider.setSliderDown(False)
    panel.turns[1].box.setValue(25)
    settle(qtbot, window)
    change = session.document.what_if.change
    assert change == Perturbation(noise=2.0, rotate=(0, 25, 0))
    check_numbers(window, expected("chair", "random,farthest_point", 32, "classification", change))
    session.undo()
    session.undo()
    assert session.document.what_if.change == Perturbation()
    assert (panel.noise.value, panel.turns[1].value) == (0, 0)
    assert session.undo_text == "Open chair"
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=middle)
    half = panel.noise.box.maximum() / 2
    qtbot.waitUntil(lambda: abs(session.document.what_if.change.noise - half) <= 0.2)
    qtbot.mouseClick(panel.plain, Qt.MouseButton.LeftButton)
    assert session.document.what_if.change == Perturbation()
    settle(qtbot, window)


def test_what_if_settings_are_saved_with_the_project() -> None:
    edits = (("a farthest_point", Edit(8).place(2, (0.1, 0.2, 0.3)).remove(1).add((1.0, 2.0, 3.0))),)
    document = Document(what_if=WhatIf(CHANGE, Turn((1, 2, 3), True, 0.5), "another", edits))
    values = json.loads(json.dumps(to_json(document)))
    assert from_json(values, {}) == document
    del values["what_if"]  # a project of an earlier version
    assert from_json(values, {}).what_if == WhatIf()
    for damage in (
        {"change": {"noise": -1, "drop": 0, "rotate": [0, 0, 0]}},
        {"edits": [["a", {"m": 0}]]},
        [1],
    ):
        with pytest.raises(ProjectError, match="what_if"):
            from_json({**values, "what_if": damage}, {})
