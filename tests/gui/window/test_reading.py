"""Reading in another process: shapes arrive complete, broken files are reported, a cancel acts at once."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import h5py
import numpy as np
import psutil
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialogButtonBox
from pytestqt.qtbot import QtBot

from apsnet_core.assets import asset
from apsnet_core.cloud import PointCloud, TriangleMesh
from apsnet_core.files import limits, read, write
from apsnet_core.files.formats import formats
from apsnet_gui.jobs.background import Background
from apsnet_gui.jobs.reader_process import ReaderProcess, Unreadable
from apsnet_gui.jobs.reading import Reading
from apsnet_gui.state.read_request import ReadRequest
from apsnet_gui.widgets.number_box import NumberBox
from tests.gui.window.conftest import OpenWindow, settle
from tests.narrow import present


@pytest.fixture
def reading(qtbot: QtBot) -> Iterator[Reading]:
    background = Background()
    made = Reading(background)
    yield made
    made.close()
    background.close()


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A file that takes some seconds to read."""
    path = tmp_path_factory.mktemp("big") / "big.xyz"
    path.write_bytes(b"1.25 2.5 3.75\n" * 4_000_000)
    return str(path)


def write_cloud(path: Path, points: np.ndarray) -> str:
    path.write_text("\n".join(" ".join(map(str, row)) for row in points.tolist()) + "\n")
    return str(path)


@pytest.mark.parametrize("name", ["chair.obj", "horse.obj"])
def test_the_reader_process_returns_the_shape_that_the_core_reads(name: str) -> None:
    reader = ReaderProcess()
    try:
        here, there = (
            read(asset("shapes", name)),
            reader.read(ReadRequest(str(asset("shapes", name))), lambda _: None),
        )
    finally:
        reader.close()
    assert isinstance(here, TriangleMesh)
    assert isinstance(there, TriangleMesh)
    np.testing.assert_array_equal(here.vertices, there.vertices)
    np.testing.assert_array_equal(here.faces, there.faces)
    assert there.vertices.flags.writeable


def test_fifteen_files_load_and_five_broken_ones_are_reported(
    qtbot: QtBot, reading: Reading, tmp_path: Path
) -> None:
    rng = np.random.default_rng(0)
    good, bad = [], []
    for i in range(20):
        path = tmp_path / f"{i:02}.xyz"
        if i % 4 == 1:
            path.write_bytes(b"" if i == 1 else b"this is not a cloud\n\x00\xff")
            bad.append(str(path))
        else:
            good.append(write_cloud(path, rng.random((i + 5, 3))))
    loaded, failed = [], []
    reading.loaded.connect(lambda request, found: loaded.append((request.path, len(found.shape))))
    reading.failed.connect(lambda request, why: failed.append((request.path, why)))
    with qtbot.waitSignal(reading.idle):
        reading.read([ReadRequest(path) for path in sorted(good + bad)])
    assert loaded == [(path, int(Path(path).stem) + 5) for path in good]
    assert [path for path, _ in failed] == bad
    assert all(len(why.splitlines()) == 1 and "Traceback" not in why for _, why in failed)


def test_a_cancel_in_mid_read_ends_the_child_and_the_next_file_opens(
    qtbot: QtBot, reading: Reading, big: str
) -> None:
    reading.warm()
    child = psutil.Process(reading.process_id)
    loaded, failed = [], []
    reading.loaded.connect(lambda request, _: loaded.append(request.path))
    reading.failed.connect(lambda request, why: failed.append(why))
    reading.read([ReadRequest(big), ReadRequest(str(asset("shapes", "chair.obj")))])
    read_before = child.io_counters().read_chars
    qtbot.waitUntil(lambda: child.io_counters().read_chars > read_before)
    with qtbot.waitSignal(reading.idle):
        reading.cancel()
    assert not child.is_running()
    assert (loaded, failed) == ([], [])
    with qtbot.waitSignal(reading.idle):
        reading.read([ReadRequest(str(asset("shapes", "chair.obj")))])
    assert len(loaded) == 1


def test_the_reader_is_one_process_for_native_formats_too(tmp_path: Path) -> None:
    xyz = np.random.default_rng(0).normal(size=(50_000, 3)).astype(np.float32)
    write(PointCloud(xyz), tmp_path / "scan.las")
    reader = ReaderProcess()
    seen: set[int] = set()

    def look(_: float | None) -> None:
        seen.update(child.pid for child in psutil.Process(reader.process_id).children(recursive=True))

    shape = reader.read(ReadRequest(str(tmp_path / "scan.las")), look)
    look(None)
    reader.close()
    assert isinstance(shape, PointCloud) and len(shape) == len(xyz)
    assert seen == set()


def test_a_reader_killed_in_mid_read_fails_only_that_file(big: str) -> None:
    reader = ReaderProcess()

    def kill(_: float | None) -> None:
        assert reader.process_id is not None
        os.kill(reader.process_id, signal.SIGKILL)

    with pytest.raises(Unreadable, match="reader process"):
        reader.read(ReadRequest(big), kill)
    shape = reader.read(ReadRequest(str(asset("shapes", "chair.obj"))), lambda _: None)
    reader.close()
    assert isinstance(shape, TriangleMesh)


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="a process is stopped by a signal")
def test_a_reader_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = ReaderProcess()
    chair = ReadRequest(str(asset("shapes", "chair.obj")))
    reader.read(chair, lambda _: None)
    assert reader.process_id is not None
    stuck = psutil.Process(reader.process_id)
    stuck.suspend()
    monkeypatch.setattr(limits, "seconds", lambda path: 0.2)
    with pytest.raises(Unreadable, match="not read after"):
        reader.read(chair, lambda _: None)
    assert not stuck.is_running()
    monkeypatch.undo()
    assert isinstance(reader.read(chair, lambda _: None), TriangleMesh)
    reader.close()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux knows such a limit")
def test_a_small_file_of_three_gigabytes_is_refused_and_the_next_opens(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "bomb.h5", "w") as file:
        shape, chunks = (250_000_000, 3), (1_000_000, 3)
        file.create_dataset("points", shape, "f4", chunks=chunks, compression="gzip", fillvalue=1)[:1] = 2
    assert (tmp_path / "bomb.h5").stat().st_size < 100_000
    reader = ReaderProcess()
    with pytest.raises(Unreadable, match="more memory than a file of its size should"):
        reader.read(ReadRequest(str(tmp_path / "bomb.h5")), lambda _: None)
    assert isinstance(
        reader.read(ReadRequest(str(asset("shapes", "chair.obj"))), lambda _: None), TriangleMesh
    )
    reader.close()


def test_a_file_of_many_clouds_asks_which(qtbot: QtBot, reading: Reading, tmp_path: Path) -> None:
    path = tmp_path / "many.h5"
    clouds = np.random.default_rng(0).random((4, 50, 3), np.float32)
    with h5py.File(path, "w") as file:
        file["data"] = clouds
    asked, loaded = [], []
    reading.undecided.connect(
        lambda path, datasets: asked.append([(d.name, d.rows, d.points) for d in datasets])
    )
    reading.loaded.connect(lambda _, found: loaded.append(found.shape))
    with qtbot.waitSignal(reading.idle):
        reading.read([ReadRequest(str(path))])
    assert asked == [[("data", 4, 50)]]
    with qtbot.waitSignal(reading.idle):
        reading.read([ReadRequest(str(path), "data", 2)])
    np.testing.assert_allclose(loaded[0].absolute, clouds[2], atol=1e-6)


@pytest.mark.parametrize("suffix", [row.suffixes[0] for row in formats() if row.describe])
def test_every_format_of_many_clouds_opens_the_one_that_is_chosen(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"many{suffix}"
    clouds = np.random.default_rng(0).random((4, 50, 3), np.float32)
    if suffix == ".npy":
        np.save(path, clouds)
    elif suffix == ".npz":
        np.savez(path, points=clouds)
    else:
        with h5py.File(path, "w") as file:
            file["data"] = clouds
    window = open_window()

    def choose() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is None:
            QTimer.singleShot(20, choose)
            return
        present(dialog.findChild(NumberBox)).setValue(2)
        present(dialog.findChild(QDialogButtonBox)).button(QDialogButtonBox.StandardButton.Open).click()

    QTimer.singleShot(0, choose)
    window.opening.open_paths([str(path)])
    qtbot.waitUntil(lambda: window.session.document.active is not None)
    settle(qtbot, window)
    entry = present(window.session.document.active)
    assert entry.row == 2 and isinstance(entry.shape, PointCloud)
    np.testing.assert_allclose(entry.shape.absolute, clouds[2], atol=1e-6)
