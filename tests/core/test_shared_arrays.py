"""Large arrays of a child are in shared memory that its parent maps: without copies, and nothing remains."""

from __future__ import annotations

import ctypes
import subprocess
from pathlib import Path

import numpy as np
import psutil
import pytest

from apsnet_core import shared_arrays, worker
from apsnet_core.child import Child, ChildDied
from apsnet_core.cloud import PointCloud
from tests.core.children import MANY

SHARED = Path("/dev/shm")
RNG = np.random.default_rng(0)

pytestmark = [
    pytest.mark.skipif(not shared_arrays.are_possible(), reason="arrays go through the pipe here"),
    pytest.mark.usefixtures("may_start_tests"),
]


def anonymous(pid: int | str = "self") -> int:
    """Bytes of anonymous memory of a process: neither mapped files nor shared memory."""
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    return 1024 * int(next(line for line in status if line.startswith("RssAnon")).split()[1])


def named(*processes: psutil.Process) -> set[Path]:
    """The files of shared memory that the processes map; other programs have further ones."""
    paths = {Path(each.path) for process in processes for each in process.memory_maps()}
    return {path for path in paths if path.parent == SHARED}


def descriptors(echo: Child) -> list[int]:
    """The numbers of open file descriptors of this process and of the idle child."""
    echo.call("anything")  # without it the child may not yet have closed those of its last answer
    assert echo.process_id is not None
    return [psutil.Process().num_fds(), psutil.Process(echo.process_id).num_fds()]


def is_mapped(array: np.ndarray) -> bool:
    base: object = array
    while isinstance(base, np.ndarray):
        base = base.base
    return isinstance(base, ctypes.Array)


def test_large_arrays_are_mapped_and_small_ones_are_not(echo: Child) -> None:
    xyz = RNG.normal(size=(100_000, 3)).astype(np.float32)
    rows = np.arange(200_000)[::2]
    cloud = PointCloud(xyz, attributes={"id": rows.astype(">i8")}, rows=rows)
    back = echo.call(cloud)
    np.testing.assert_array_equal(back.xyz, xyz)
    np.testing.assert_array_equal(back.attributes["id"], rows)
    np.testing.assert_array_equal(back.rows, rows)
    assert back.xyz.dtype == np.float32 and back.attributes["id"].dtype == np.dtype(">i8")
    assert is_mapped(back.xyz) and is_mapped(back.rows) and not is_mapped(back.offset)


def test_writing_into_a_mapped_array_changes_no_other(echo: Child) -> None:
    first, second = echo.call([np.zeros(MANY, np.uint8), np.zeros(MANY, np.uint8)])
    first[:] = 1
    assert not second.any() and not echo.call([np.zeros(MANY, np.uint8)])[0].any()


def test_arrays_are_in_memory_only_once(echo: Child) -> None:
    size = 128 * MANY
    echo.call(8 * MANY)
    child = echo.process_id
    assert child is not None
    before, before_there = anonymous(), anonymous(child)
    arrays = echo.call(size)
    assert [int(array.sum(dtype=np.int64)) for array in arrays] == [k * (size // 8) for k in range(8)]
    assert anonymous() - before < size / 8
    assert anonymous(child) - before_there < size / 8


def test_a_mapped_array_is_passed_on_in_the_same_memory(echo: Child) -> None:
    """A large array goes to the child and back in the same memory, but once changed it gets new memory."""
    [first] = echo.call([np.arange(shared_arrays.PASSED_ON // 4, dtype=np.int32)])
    open_now = descriptors(echo)
    [second] = echo.call([first])
    assert inode(first) == inode(second)
    np.testing.assert_array_equal(second, np.arange(len(second)))
    first[5] = -1
    [third] = echo.call([first])
    assert inode(third) != inode(second)
    assert (first[5], second[5], third[5]) == (-1, 5, -1)
    del first, second, third
    assert descriptors(echo)[0] < open_now[0]


def inode(array: np.ndarray) -> str:
    """The inode of the memory that an array is mapped from."""
    for line in Path("/proc/self/maps").read_text().splitlines():
        span, _, _, _, number, *_ = line.split()
        low, high = (int(end, 16) for end in span.split("-"))
        if low <= array.ctypes.data < high:
            return number
    raise AssertionError("the array is not mapped")


def test_no_file_descriptor_is_left_open(echo: Child) -> None:
    echo.call(8 * MANY)
    before = descriptors(echo)
    for _ in range(5):
        echo.call(8 * MANY)
    assert descriptors(echo) == before


def test_arrays_outlive_a_child_that_is_killed(echo: Child) -> None:
    arrays = echo.call(8 * MANY)
    process = psutil.Process(echo.process_id)
    mapped = named(process, psutil.Process())
    process.kill()
    process.wait()
    assert [set(np.unique(array)) for array in arrays] == [{k} for k in range(8)]
    assert len(echo.call(8 * MANY)) == 8  # another child answers
    assert not [path for path in mapped if path.exists()]


def test_a_killed_parent_leaves_no_child_and_no_shared_memory() -> None:
    command = worker.command("tests.core.children:holder")
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, env=worker.environment(), text=True, **pipes) as parent:  # type: ignore[call-overload]
        number, size = map(int, parent.stdout.readline().split())
        child = psutil.Process(number)
        assert size == 64 * MANY
        mapped = named(child, psutil.Process(parent.pid))
        parent.kill()
        _, alive = psutil.wait_procs([child], timeout=60)
    assert alive == [] and not [path for path in mapped if path.exists()]


def test_a_child_that_dies_before_it_passes_an_array_is_reported() -> None:
    child = Child("tests.core.children:announce")
    with pytest.raises(ChildDied):
        child.call("nothing")
    with pytest.raises(ChildDied):
        child.call("nothing", seconds=60)


@pytest.mark.parametrize("what", ["unsealed", "short"])
def test_shared_memory_that_could_change_or_shrink_is_refused(what: str) -> None:
    child = Child("tests.core.children:announce")
    with pytest.raises(ValueError, match="does not have the announced size"):
        child.call(what)
    assert child.process_id is None


def test_receiving_an_array_loads_no_library(echo: Child, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would wait, and the window with it, while another thread loads a library such as torch's."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a library was opened")

    monkeypatch.setattr(ctypes, "CDLL", refuse)
    xyz = RNG.normal(size=(100_000, 3)).astype(np.float32)
    assert is_mapped(echo.call(PointCloud(xyz)).xyz)
