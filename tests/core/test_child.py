"""A child process answers, fails, times out, dies, and ends with its parent; all programs start it alike."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import psutil
import pytest

from apsnet_core import worker
from apsnet_core.child import Child, ChildDied, ChildError, ChildLate
from apsnet_core.cloud import PointCloud

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.usefixtures("may_start_tests")


def test_values_and_arrays_are_returned_unchanged(echo: Child) -> None:
    array = np.arange(6, dtype=np.int64).reshape(2, 3)
    name, (back, empty), words = echo.call(["a", (array, np.empty((0, 3))), {"x": 1.5, "y": None}])
    assert name == "a" and words == {"x": 1.5, "y": None}
    np.testing.assert_array_equal(back, array)
    assert back.dtype == array.dtype and back.flags.writeable and empty.shape == (0, 3)
    cloud = echo.call(PointCloud(np.eye(3, dtype=np.float32), label="chair"))
    assert isinstance(cloud, PointCloud) and cloud.label == "chair"
    np.testing.assert_array_equal(cloud.xyz, np.eye(3))


def test_an_error_is_raised_with_its_sentence_and_the_child_stays(echo: Child) -> None:
    with pytest.raises(ChildError, match="the child says 'no'") as caught:
        echo.call("fail")
    assert caught.value.kind == "KeyError"
    child = echo.process_id
    assert echo.call("on") == "on"
    assert echo.process_id == child


def test_printed_text_does_not_mix_with_the_answers(echo: Child) -> None:
    assert echo.call("print") == "print"


def test_progress_is_reported_in_order(echo: Child) -> None:
    told: list[tuple[object, ...]] = []
    assert echo.call("progress", tick=lambda *values: told.append(values)) == "progress"
    assert list(dict.fromkeys(t for t in told if t)) == [(k / 3, f"part {k}") for k in range(3)]


def test_each_thread_gets_its_own_answers(echo: Child) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(echo.call, range(40))) == list(range(40))


def test_a_cancel_ends_the_child_and_the_next_call_starts_another() -> None:
    class Cancelled(Exception):
        pass

    def cancel(*_: object) -> None:
        raise Cancelled

    child = Child("tests.core.children:loop")
    process = psutil.Process(child.start().pid)
    with pytest.raises(Cancelled):
        child.call(1, tick=cancel)
    assert not process.is_running() and child.process_id is None


def test_a_late_child_is_ended() -> None:
    child = Child("tests.core.children:loop")
    process = psutil.Process(child.start().pid)
    with pytest.raises(ChildLate, match="no answer within"):
        child.call(1, seconds=0.3)
    assert not process.is_running()


def test_a_child_that_dies_is_reported_and_replaced() -> None:
    child = Child("tests.core.children:die")
    for _ in range(2):
        with pytest.raises(ChildDied, match=r"died \(exit code 3\)"):
            child.call(1)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere Python has to run for it")
def test_a_child_ends_with_its_parent_even_in_a_loop(tmp_path: Path) -> None:
    command = worker.command("tests.core.children:parent", str(tmp_path / "mark"))
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, env=worker.environment(), text=True, **pipes) as parent:  # type: ignore[call-overload]
        child = psutil.Process(int(parent.stdout.readline()))
        assert child.is_running()
        parent.kill()
        _, alive = psutil.wait_procs([child], timeout=60)  # takes two seconds on an idle machine
    assert alive == [], "the child did not end with its parent"


def test_a_frozen_program_starts_itself_with_a_flag(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert worker.command("apsnet_core.cli:main", "x") == [
        sys.executable,
        "--worker",
        "apsnet_core.cli:main",
        "x",
    ]


def test_a_frozen_worker_can_import_what_its_parent_could(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The interpreter in a frozen program does not read PYTHONPATH."""
    (tmp_path / "beside_the_program.py").write_text("def answer():\n    return 7\n")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(sys, "argv", [])
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert worker.main(["beside_the_program:answer"]) == 7


@pytest.mark.parametrize("program", ["apsnet_core", "apsnet_gui"])
def test_each_program_runs_as_a_worker_if_its_first_argument_says_so(program: str) -> None:
    run = subprocess.run(
        [sys.executable, "-m", program, worker.FLAG, "apsnet_core.cli:main", "--help"],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert (run.returncode, run.stderr) == (0, "") and "point clouds" in run.stdout
