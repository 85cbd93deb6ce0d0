"""The limits on time and memory for reading a file depend on its size, in any process of ours."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest

from apsnet_core import files
from apsnet_core.cloud import PointCloud
from apsnet_core.files import limits

MIB = 1 << 20


def _sized(path: Path, size: int) -> Path:
    with path.open("wb") as stream:
        stream.truncate(size)
    return path


def test_limits_grow_with_the_file(tmp_path: Path) -> None:
    small, large = _sized(tmp_path / "small", 10), _sized(tmp_path / "large", 1000 * MIB)
    assert 20 <= limits.seconds(small) <= 60
    assert limits.seconds(large) > limits.seconds(small) + 500
    assert MIB << 9 <= limits.memory(small) <= MIB << 11
    assert limits.memory(large) - limits.memory(small) > 30_000 * MIB


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux knows such a limit")
def test_memory_beyond_the_limit_is_refused_and_the_limit_is_removed_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "memory", lambda path: 256 * MIB)
    with limits.memory_for(tmp_path):
        assert np.zeros(64 * MIB, np.uint8).nbytes
        with pytest.raises(MemoryError):
            np.zeros(2048 * MIB, np.uint8)
    assert np.zeros(2048 * MIB, np.uint8).nbytes == 2048 * MIB


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux knows such a limit")
def test_a_small_file_that_unpacks_to_three_gigabytes_is_refused(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "bomb.h5", "w") as file:
        shape, chunks = (250_000_000, 3), (1_000_000, 3)
        file.create_dataset("points", shape, "f4", chunks=chunks, compression="gzip", fillvalue=1)[:1] = 2
    with pytest.raises(files.ReadError, match="more memory than a file of its size should"):
        files.read(tmp_path / "bomb.h5")
    files.write(PointCloud(np.eye(3, dtype=np.float32)), tmp_path / "a.h5")
    cloud = files.read(tmp_path / "a.h5")
    assert isinstance(cloud, PointCloud) and len(cloud) == 3


_READ = """
import sys, time
from apsnet_core import files, own_process
from apsnet_core.files import limits, ply
if sys.argv[2] == "own":
    own_process.claim()
limits.seconds = lambda path: 0.5
limits.memory = lambda path: 200 << 20
def slow(path):
    while time.monotonic() < end:
        pass
    return kept(path)
def large(path):
    bytearray(600 << 20)
    return kept(path)
kept, end = ply.FORMAT.read, time.monotonic() + 3
object.__setattr__(ply.FORMAT, "read", {"slow": slow, "large": large}[sys.argv[3]])
try:
    print(len(files.read(sys.argv[1])))
    object.__setattr__(ply.FORMAT, "read", kept)
except files.ReadError as error:
    print(error.why)
    object.__setattr__(ply.FORMAT, "read", kept)
    limits.seconds = lambda path: 30
    print(len(files.read(sys.argv[1])), len(bytearray(600 << 20)))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux knows such a limit")
@pytest.mark.parametrize(
    ("trouble", "why"), [("slow", "not read after"), ("large", "more memory than a file")]
)
def test_a_read_without_a_child_is_limited_in_a_process_of_our_own(
    tmp_path: Path, trouble: str, why: str
) -> None:
    path = tmp_path / "a.ply"
    files.write(PointCloud(np.eye(3, dtype=np.float32)), path)
    for whose in ("own", "another's"):
        run = subprocess.run(
            [sys.executable, "-c", _READ, str(path), whose, trouble],
            capture_output=True,
            text=True,
            cwd=Path(__file__).parents[3],
        )
        assert run.returncode == 0, run.stderr
        first, *rest = run.stdout.splitlines()
        if whose == "own":  # the next file is read, so no limit was left behind
            assert why in first and rest == [f"3 {600 << 20}"]
        else:
            assert first == "3"
