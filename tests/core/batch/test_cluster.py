"""Files and scores computed by Dask workers, one of which is killed, equal those computed locally."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from apsnet_core.batch import cluster as module
from apsnet_core.batch.children import Stop
from apsnet_core.batch.manifest import NAME
from tests.core.batch.conftest import Cluster
from tests.core.batch.test_shards import timeless
from tests.core.cli.command import APSNET, answer, environment
from tests.core.cli.shapes import cloud

EVALUATION = ["evaluate", "--data", "furniture", "--shapes", "66", "-m", "random,apsnet", "-n", "8",
              "--seeds", "1"]  # fmt: skip


def test_a_killed_worker_loses_no_file(
    tmp_path: Path, killing: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    for index in range(12):
        cloud(tmp_path / f"in/{index}.xyz", seed=index)
    (tmp_path / "in/broken.off").write_text("OFF but then words")
    monkeypatch.chdir(tmp_path)
    line = ["sample", "in", "-m", "random", "-n", "8", "--format", "npy", "-o", "out"]
    found = answer(*line, "--dask", killing.address, code=1)
    assert (found["done"], len(found["failed"])) == (12, 1)
    (tmp_path / "out").rename(tmp_path / "by-dask")
    assert answer(*line, "--workers", "1", code=1)["failed"] == found["failed"]
    for path in (tmp_path / "out").glob("*.npy"):
        assert np.array_equal(np.load(path), np.load(tmp_path / "by-dask" / path.name))
    assert timeless(tmp_path / "out" / NAME) == timeless(tmp_path / "by-dask" / NAME)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = answer(*EVALUATION, "-o", tmp_path_factory.mktemp("whole") / "out")["rows"]
    return rows


def test_a_killed_worker_loses_no_score(
    tmp_path: Path, table: list[dict[str, Any]], killing: Cluster
) -> None:
    assert answer(*EVALUATION, "-o", tmp_path / "out", "--dask", killing.address)["rows"] == table


def test_two_shards_at_once_give_the_same_table(tmp_path: Path, table: list[dict[str, Any]]) -> None:
    out = tmp_path / "out"
    shards = [
        subprocess.Popen(
            [*APSNET, *EVALUATION, "-o", str(out), "--shard", f"{i}/2", "--json"],
            env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for i in (1, 2)
    ]  # fmt: skip
    ended = [shard.communicate(timeout=300) for shard in shards]
    assert [shard.returncode for shard in shards] == [0, 0], ended
    assert json.loads((out / "table.json").read_text())["rows"] == table
    written = (out / "table.json").stat().st_mtime_ns
    again = answer(*EVALUATION, "-o", out, "--shard", "1/2")
    assert (again["left"], again["report"]) == (0, str(out / "index.html"))
    assert (out / "table.json").stat().st_mtime_ns == written
    assert not (out / "unfinished").exists()


def test_a_result_lost_with_its_worker_is_awaited_again(monkeypatch: pytest.MonkeyPatch) -> None:
    class Once:
        """A future whose result is lost once and then computed again."""

        def __init__(self) -> None:
            self.status, self._next = "", iter(["lost", "pending", "finished"])

        def add_done_callback(self, call: Callable[[Once], None]) -> None:
            self.status = next(self._next)
            call(self)

        def result(self) -> tuple[str, None]:
            return "told", None

    class Client:
        status = "running"

        def nthreads(self) -> dict[str, int]:
            return {"a worker": 1}

        def submit(self, *_: object, **__: object) -> Once:
            return Once()

    monkeypatch.setattr(module, "_client", lambda address: nullcontext(Client()))
    found = list(module.run_tasks(None, {"task": ()}, Stop(), "tcp://somewhere"))
    assert found == [("task", ("told", None))]


def test_a_missing_dask_scheduler_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CONNECT_SECONDS", 0.2)
    cloud(tmp_path / "in/a.xyz")
    line = ["convert", tmp_path / "in", tmp_path / "out"]
    assert (
        "no Dask scheduler at tcp://127.0.0.1:9"
        in answer(*line, "--dask", "tcp://127.0.0.1:9", code=1)["error"]
    )
    assert "no Dask scheduler at nonsense:" in answer(*line, "--dask", "nonsense:", code=1)["error"]


def test_another_version_on_a_worker_is_refused(
    tmp_path: Path, three_workers: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud(tmp_path / "in/a.xyz")
    monkeypatch.setattr(module, "_own_version", lambda: "9.9")
    found = answer("convert", tmp_path / "in", tmp_path / "out", "--dask", three_workers.address, code=1)
    assert "has apsnet-studio 0." in found["error"] and "this machine has 9.9" in found["error"]
