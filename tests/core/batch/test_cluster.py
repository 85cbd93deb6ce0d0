"""A batch on two workers of Dask, one of them killed: as if it had been done here."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import numpy as np
import pytest

from apsnet_core.batch import cluster as module
from apsnet_core.batch.item import Result
from apsnet_core.batch.manifest import NAME
from tests.core.batch.dask_cluster import cluster
from tests.core.batch.test_shards import timeless
from tests.core.cli.command import answer
from tests.core.cli.shapes import cloud


def test_a_killed_worker_costs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for index in range(12):
        cloud(tmp_path / f"in/{index}.xyz", seed=index)
    (tmp_path / "in/broken.off").write_text("OFF but then words")
    monkeypatch.chdir(tmp_path)
    line = ["sample", "in", "-m", "random", "-n", "8", "--format", "npy", "-o", "out"]
    killed: list[int] = []
    with cluster(tmp_path / "elsewhere", workers=2) as (address, workers):
        given = module._given

        def kill_one(future: object, at: str) -> tuple[Result | None, str | None]:
            if not killed:
                killed.append(workers[0].pid)
                os.kill(workers[0].pid, signal.SIGKILL)
                workers[0].wait()
            return given(future, at)

        monkeypatch.setattr(module, "_given", kill_one)
        found = answer(*line, "--dask", address, code=1)
        assert killed and workers[1].poll() is None
    assert (found["done"], len(found["failed"])) == (12, 1)
    (tmp_path / "out").rename(tmp_path / "by-dask")
    assert answer(*line, "--workers", "1", code=1)["failed"] == found["failed"]
    for path in (tmp_path / "out").glob("*.npy"):
        assert np.array_equal(np.load(path), np.load(tmp_path / "by-dask" / path.name))
    assert timeless(tmp_path / "out" / NAME) == timeless(tmp_path / "by-dask" / NAME)
