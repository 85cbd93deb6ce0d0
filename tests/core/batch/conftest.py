"""Fixtures with a Dask scheduler and workers in processes of their own on this machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from apsnet_core.batch import cluster as module
from tests.core.cli.command import environment

_SERVE = """
import asyncio, sys
from distributed import {kind}

async def main():
    async with {kind}({arguments}) as server:
        print(server.address, flush=True)
        await server.finished()

asyncio.run(main())
"""


def _start(kind: str, arguments: str, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _SERVE.format(kind=kind, arguments=arguments)],
        cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


class Cluster:
    """A scheduler at ``address`` and its ``workers`` of one thread each, started in ``folder``."""

    def __init__(self, folder: Path, workers: int) -> None:
        self._scheduler = _start("Scheduler", "host='127.0.0.1', port=0, dashboard_address=':0'", folder)
        self.address = _address(self._scheduler)
        line = f"{self.address!r}, nthreads=1, dashboard_address=':0'"
        self.workers = [_start("Worker", line, folder) for _ in range(workers)]
        for worker in self.workers:
            _address(worker)  # waits until the worker has started

    def close(self) -> None:
        """Kill the workers and the scheduler."""
        for process in (*self.workers, self._scheduler):
            process.kill()
            process.communicate()


@pytest.fixture(scope="package")
def three_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster of three workers: one for each of the two tests that kill a worker, and one that survives."""
    cluster = Cluster(tmp_path_factory.mktemp("elsewhere"), 3)
    yield cluster
    cluster.close()


@pytest.fixture
def killing(three_workers: Cluster, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """The cluster; one of its workers is killed as soon as the first task has ended."""
    given = module._given
    before = _alive(three_workers)

    def kill_one(future: object, at: str) -> object:
        if _alive(three_workers) == before:
            worker = next(each for each in three_workers.workers if each.poll() is None)
            os.kill(worker.pid, signal.SIGKILL)
            worker.wait()
        return given(future, at)

    monkeypatch.setattr(module, "_given", kill_one)
    yield three_workers
    assert 0 < _alive(three_workers) == before - 1


def _alive(cluster: Cluster) -> int:
    return sum(worker.poll() is None for worker in cluster.workers)
