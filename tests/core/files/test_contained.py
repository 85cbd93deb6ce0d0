"""Crashes and hangs of native parsers stay in the child process, and the program continues."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path

import numpy as np
import psutil
import pytest

from apsnet_core import files
from apsnet_core.child import Child
from apsnet_core.cloud import PointCloud
from apsnet_core.files import limits, reader_process


@pytest.fixture
def scans(tmp_path: Path) -> list[Path]:
    """Eight files in four formats; all coordinates of a file are its number."""
    paths = [tmp_path / f"{k}{suffix}" for k, suffix in enumerate([".laz", ".h5", ".pcd", ".las"] * 2)]
    for k, path in enumerate(paths):
        files.write(PointCloud(np.full((10, 3), k, np.float32)), path)
    return paths


def _number(path: Path) -> int:
    cloud = files.read(path)
    assert isinstance(cloud, PointCloud)
    return int(cloud.absolute[0, 0])


def test_a_child_that_dies_is_replaced(scans: list[Path]) -> None:
    assert _number(scans[0]) == 0
    assert reader_process.child.process_id is not None
    child = psutil.Process(reader_process.child.process_id)
    child.kill()
    child.wait()
    assert _number(scans[4]) == 4


def test_a_child_that_dies_while_reading_gives_one_sentence(
    scans: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_process, "child", Child("tests.core.children:die"))
    with pytest.raises(files.ReadError, match="reader crashed"):
        files.read(scans[0])
    monkeypatch.undo()
    assert _number(scans[1]) == 1


def test_a_child_that_never_answers_is_given_up(scans: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "seconds", lambda path: 0.2)
    monkeypatch.setattr(reader_process, "child", Child("tests.core.children:loop"))
    with pytest.raises(files.ReadError, match="not read after"):
        files.read(scans[0])
    assert reader_process.child.process_id is None
    monkeypatch.undo()
    assert _number(scans[0]) == 0


def test_each_thread_gets_the_answer_for_its_own_file(scans: list[Path]) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(_number, scans * 5)) == list(range(8)) * 5


@pytest.mark.parametrize("method", sorted({"fork", "spawn"} & set(get_all_start_methods())))
def test_processes_do_not_share_a_child(scans: list[Path], method: str) -> None:
    assert _number(scans[0]) == 0
    with get_context(method).Pool(2) as pool:
        assert pool.map(_number, scans * 3) == list(range(8)) * 3
    assert _number(scans[3]) == 3


def test_the_child_process_does_not_keep_the_program_from_ending(scans: list[Path]) -> None:
    code = f"import threading\nfrom apsnet_core import files\nprint(len(files.read({str(scans[0])!r})))"
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[3],
    )
    assert (run.returncode, run.stdout.strip(), run.stderr) == (0, "10", "")
    assert threading.active_count() < 20


def test_light_formats_import_no_heavy_library(tmp_path: Path) -> None:
    files.write(PointCloud(np.eye(3, dtype=np.float32)), tmp_path / "a.ply")
    heavy = ("torch", "open3d", "trimesh", "scipy", "matplotlib", "laspy", "h5py")
    code = (
        "import sys\nfrom apsnet_core import files\n"
        f"files.read({str(tmp_path / 'a.ply')!r})\nprint([name for name in {heavy} if name in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[3],
        check=True,
    )
    assert run.stdout.strip() == "[]"
