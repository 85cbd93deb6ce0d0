"""The up axis is a direction or a clicked face; a hint appears only if the user has not chosen one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from scipy.spatial.transform import Rotation

from apsnet_core.assets import asset
from apsnet_core.cloud import PointCloud, TriangleMesh
from apsnet_core.evaluation.answers import answer, task_net
from apsnet_core.files import read, write
from apsnet_core.ops.orientation import DIRECTIONS, up_turn, up_vector
from apsnet_gui.panels.shape_facts import PICK
from apsnet_gui.state import project_file as project
from apsnet_gui.state.open_shape import Loaded, new_entry
from apsnet_gui.viewport.projection import project as pixels_of
from apsnet_gui.window.window import Window
from tests.narrow import of_kind, present

from .conftest import CHAIR, OpenWindow, settle


def lying(path: str, up: str) -> TriangleMesh:
    """The mesh of a file with y up, turned so that ``up`` points up."""
    mesh = of_kind(TriangleMesh, read(path))
    turn = up_turn(up, "y").T.astype(np.float32)
    return TriangleMesh(mesh.vertices @ turn.T, mesh.faces, source=path)


def choose(window: Window, up: str) -> None:
    """Choose a direction in the combo box, as a user does."""
    box = window.clouds.facts.up
    box.setCurrentIndex(box.findData(up))
    box.activated.emit(box.currentIndex())


@pytest.mark.parametrize("name", sorted(file.name for file in asset("shapes").glob("*.obj")))
def test_no_bundled_shape_that_stands_or_was_turned_by_hand_counts_as_lying(name: str) -> None:
    path = str(asset("shapes", name))
    assert not new_entry(Loaded.measured(read(path)), path).lies_down
    for up in DIRECTIONS:
        entry = new_entry(Loaded.measured(lying(path, up)), path)
        assert not type(entry)(**{**vars(entry), "up": up, "up_by_hand": True}).lies_down


def test_a_chosen_up_direction_is_up_in_the_view_and_for_the_network(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    window = open_window(CHAIR)
    net = task_net("classification")
    for up in DIRECTIONS[:2] + DIRECTIONS[4:]:
        file = tmp_path / f"lying{up}.obj"
        write(lying(CHAIR, up), file)
        window.opening.open_paths([str(file)])
        settle(qtbot, window)
        choose(window, up)
        settle(qtbot, window)
        assert present(window.session.document.active).up == up == window.view.scene.up
        assert not window.clouds.facts.lies.isVisible()
        assert window.view.camera.axes[1] @ up_vector(up) > 0.5, "the shape is not upright in the picture"
        result = present(window.session.result)
        said = answer(net, result.cloud, result.sampling, up).figures()
        assert present(window.session.answer).rows == said
        assert window.actions_by_id[f"up-{up}"].isChecked()


def test_a_clicked_face_becomes_the_floor(qtbot: QtBot, open_window: OpenWindow, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    cube = rng.uniform(-1, 1, (6000, 3)) * [1, 2, 3]
    face, side = rng.integers(3, size=len(cube)), rng.choice([-1.0, 1.0], len(cube))
    cube[np.arange(len(cube)), face] = side * np.array([1, 2, 3])[face]
    turn = Rotation.from_rotvec([0.3, 0.5, -0.4]).as_matrix()
    offset = np.array([636_000.0, 851_000.0, 100.0])
    write(PointCloud((cube @ turn.T).astype(np.float32), offset=offset), tmp_path / "box.ply")
    window = open_window(str(tmp_path / "box.ply"))
    window.session.look(samples=False)
    settle(qtbot, window)
    view, facts = window.view, window.clouds.facts
    before = present(window.session.document.active)
    towards_eye = turn.T @ view.camera.axes[2]
    across = int(np.abs(towards_eye).argmax())  # the face that is seen best
    facing = turn[:, across] * np.sign(towards_eye[across])
    xyz = of_kind(PointCloud, before.shape).xyz
    middle = (xyz.min(0) + xyz.max(0)) / 2 + facing * (1, 2, 3)[across]
    [[x, y]] = pixels_of(view.camera, middle[None], view.logical)[0].tolist()

    choose(window, PICK)
    assert window.floor.held and facts.wanted.isVisible()
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert not window.floor.held and not facts.wanted.isVisible()
    assert facts.up.currentData() == before.up and window.session.document.active == before

    window.actions_by_id["floor"].trigger()
    assert window.floor.held
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
    qtbot.waitUntil(lambda: present(window.session.document.active).up_by_hand)
    settle(qtbot, window)
    up = present(window.session.document.active).up
    np.testing.assert_allclose(up_vector(up), -facing, atol=1e-3)
    assert not window.floor.held and facts.up.currentText() == "as picked"
    assert window.view.camera.axes[1] @ up_vector(up) > 0.5

    saved = tmp_path / "p.apsnet"
    project.save(window.session, saved)
    again = open_window(str(saved))
    assert present(again.session.document.active).up == up and not again.clouds.facts.lies.isVisible()
    window.session.undo()
    settle(qtbot, window)
    assert present(window.session.document.active).up == before.up == window.view.scene.up


def test_a_project_in_which_nothing_points_up_is_refused(open_window: OpenWindow, tmp_path: Path) -> None:
    window = open_window(CHAIR)
    project.save(window.session, tmp_path / "p.apsnet")
    text = (tmp_path / "p.apsnet").read_text()
    (tmp_path / "q.apsnet").write_text(text.replace('"up": "y"', '"up": "0,0,0"'))
    window.opening.open_paths([str(tmp_path / "q.apsnet")])
    level, said = window.toasts.messages[-1]
    assert level == "error" and "up is one of x, -x, y, -y, z, -z, or a vector" in said
