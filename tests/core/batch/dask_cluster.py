"""A scheduler and workers of Dask, in processes of their own on this machine."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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


def _served(kind: str, arguments: str, cwd: Path) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVE.format(kind=kind, arguments=arguments)],
        cwd=cwd, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[tuple[str, list[subprocess.Popen[str]]]]:
    """The scheduler's address and the processes of its workers, each of one thread, which stand elsewhere."""
    folder.mkdir()
    scheduler, address = _served("Scheduler", "host='127.0.0.1', port=0, dashboard_address=':0'", folder)
    started = [scheduler]
    try:
        for _ in range(workers):
            worker, _own = _served("Worker", f"{address!r}, nthreads=1, dashboard_address=':0'", folder)
            started.append(worker)
        yield address, started[1:]
    finally:
        for process in started:
            process.kill()
            process.communicate()
