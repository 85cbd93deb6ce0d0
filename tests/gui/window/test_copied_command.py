"""The command that the window copies, run as a shell runs it, gives the window's rows and coordinates."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from apsnet_core.cli.app import run
from apsnet_core.cloud import PointCloud
from apsnet_core.evaluation.comparison.edits import Edit
from apsnet_core.evaluation.comparison.perturb import Perturbation
from apsnet_core.files import read, write
from apsnet_gui.comparison import report
from apsnet_gui.comparison.compute import ComparisonInputs
from apsnet_gui.window.window import Window
from tests.gui.methods import spec
from tests.gui.window.conftest import CHAIR, TIMEOUT, OpenWindow, settle
from tests.gui.window.test_columns_dialog import answer
from tests.narrow import of_kind, present

UTM = np.array([636927.0, 851062.0, 410.0])


def check(window: Window, out: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Run the copied command, compare its output with the window's, and return the command."""
    window.actions_by_id["copy-command"].trigger()
    text = QGuiApplication.clipboard().text()
    program, *words = shlex.split(text)
    assert program == "apsnet"
    capsys.readouterr()
    assert run([*words, "-o", str(out), "--json", "--force"]) == 0
    said = json.loads(capsys.readouterr().out)
    result, measures = present(window.session.result), present(window.session.measures)
    sampling = result.sampling
    expected = None if sampling.indices is None else result.cloud.source_rows(sampling.indices).tolist()
    assert said["index"] == expected and said["m"] == len(sampling.points)
    np.testing.assert_allclose(read(out).absolute, sampling.absolute, rtol=0, atol=1e-6)
    assert said["coverage"] == pytest.approx(measures.coverage)
    return text


@pytest.mark.parametrize("method", ["random", "apsnet"])
def test_after_what_if_and_edits_by_hand_the_command_gives_the_same(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path, capsys: pytest.CaptureFixture[str], method: str
) -> None:
    window = open_window(CHAIR)
    session = window.session
    session.choose(spec=spec(method), m=16, seed=7, surface=1024)
    settle(qtbot, window)
    plain = check(window, tmp_path / "plain.npz", capsys)
    assert "--noise" not in plain and "--move" not in plain
    session.change_what_if("Change the cloud", change=Perturbation(1.5, 30, (-90, 12.5, 0)))
    settle(qtbot, window)
    changed = check(window, tmp_path / "changed.npz", capsys)
    assert "--noise 1.5 --drop 30 --rotate -90,12.5,0" in changed
    cloud = present(session.result).cloud
    edit = Edit(16).place(3, tuple(cloud.xyz[9].tolist())).remove(5).add(tuple(cloud.xyz[70].tolist()))
    for where in (edit, edit.place(1, (0.1, -0.2, 1e-9))):  # first on points of the cloud, then one beside it
        session.edit_samples("Edit", present(session.result).key, where)
        settle(qtbot, window)
        text = check(window, tmp_path / "edited.npz", capsys)
        assert "--move 4:" in text and "--remove 6" in text and "--add " in text
    session.change_what_if("As it was", change=Perturbation())
    settle(qtbot, window)
    assert check(window, tmp_path / "plain.npz", capsys) == plain


def test_the_command_handles_large_coordinates_and_fewer_points_than_requested(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "utm.ply"
    write(PointCloud.from_array(np.random.default_rng(0).normal(size=(40, 3)) + UTM), file)
    window = open_window(str(file))
    session = window.session
    session.choose(spec=spec("farthest_point"), m=30)
    session.change_what_if("Drop", change=Perturbation(drop=50))  # leaves 20 of 40
    settle(qtbot, window)
    assert " -n 20 " in check(window, tmp_path / "fewer.npz", capsys)
    place = tuple(present(session.result).cloud.xyz[11].tolist())
    session.edit_samples("Edit", present(session.result).key, Edit(20).place(0, place))
    settle(qtbot, window)
    assert "--move 1:63692" in check(window, tmp_path / "moved.npz", capsys)


def test_both_commands_name_the_columns(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "columns.txt"
    np.savetxt(file, np.random.default_rng(1).normal(size=(60, 4)), fmt="%.3f")
    window = open_window(str(file))
    answer(["left out", "x", "y", "z"], [])
    window.opening.choose_columns()
    qtbot.waitUntil(lambda: present(window.session.document.active).columns == "-,x,y,z", timeout=TIMEOUT)
    settle(qtbot, window)
    assert "--columns=-,x,y,z" in check(window, tmp_path / "columns.npz", capsys)
    document = window.session.document
    question = ComparisonInputs.of(document.with_lineup(shown=True))
    assert question is not None
    assert "--columns=-,x,y,z" in report.command(question, [8])


def test_the_commands_of_a_cut_cloud_reproduce_the_remaining_points(
    qtbot: QtBot,
    open_window: OpenWindow,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    xyz = np.random.default_rng(3).random((900, 3), np.float32)
    write(PointCloud(xyz, offset=UTM), tmp_path / "a scan.ply")
    window = open_window(str(tmp_path / "a scan.ply"))
    window.session.choose(spec=spec("farthest_point"), m=12)
    window.session.selected.choose(present(window.session.document.current), xyz[:, 0] > 0.6)
    window.actions_by_id["selection-delete"].trigger()
    qtbot.waitUntil(lambda: present(window.session.document.active).kept is not None)
    settle(qtbot, window)
    assert "--steps" in check(window, tmp_path / "s.npz", capsys)
    assert (read(tmp_path / "s.npz").absolute - UTM)[:, 0].max() < 0.61

    left = len(of_kind(PointCloud, present(window.session.document.active).shape))
    window.session.line_up("Compare", shown=True, methods=(spec("random"), spec("voxel")))
    settle(qtbot, window)
    question = present(window.comparing.question())
    window.commands.comparing.write_report(question, tmp_path / "seen")
    settle(qtbot, window)
    seen = json.loads((tmp_path / "seen" / "table.json").read_text())["about"]
    monkeypatch.chdir(tmp_path)
    assert run(shlex.split(seen["command"])[1:]) == 0
    again = json.loads((tmp_path / "report" / "table.json").read_text())["about"]
    assert seen["points"] == again["points"] == left
