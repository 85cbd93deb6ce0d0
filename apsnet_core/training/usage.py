"""The CPU, memory and GPU usage of the process of a training."""

from __future__ import annotations

import shutil
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psutil

GPU_SECONDS = 3.0


@dataclass(frozen=True)
class Usage:
    """``cpu`` in cores since the last reading, ``gpu`` as a share; ``memory``, ``gpu_memory`` in bytes."""

    cpu: float
    memory: int
    gpu: float | None = None
    gpu_memory: int = 0


class Gauge:
    """Measures one process repeatedly. Call it from a background thread, because nvidia-smi is slow."""

    def __init__(self) -> None:
        self._process: psutil.Process | None = None
        self._gpu: tuple[float | None, int] = (None, 0)
        self._asked = 0.0

    def read(self, pid: int | None, on_gpu: bool) -> Usage | None:
        """The usage of process ``pid``; None if it is gone."""
        if pid is None:
            return None
        import psutil  # imported here, so that the window does not wait for it

        try:
            if self._process is None or self._process.pid != pid:
                self._process = psutil.Process(pid)
                self._process.cpu_percent()  # the next call measures from here
            cpu, memory = self._process.cpu_percent() / 100, self._process.memory_info().rss
        except psutil.Error:
            return None
        if on_gpu and time.monotonic() - self._asked > GPU_SECONDS:
            self._gpu, self._asked = gpu_usage(pid), time.monotonic()
        return Usage(cpu, int(memory), *self._gpu)


def gpu_usage(pid: int) -> tuple[float | None, int]:
    """The load, 0..1, of the busiest GPU of the process, and the bytes that it uses; (None, 0) if unknown."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return None, 0
    try:
        held = _rows(tool, "--query-compute-apps=pid,gpu_uuid,used_memory")
        ours = {gpu: int(megabytes) << 20 for owner, gpu, megabytes in held if int(owner) == pid}
        busy = [
            float(share) / 100
            for gpu, share in _rows(tool, "--query-gpu=uuid,utilization.gpu")
            if gpu in ours
        ]
    except (OSError, subprocess.SubprocessError, ValueError):  # a driver may print "[N/A]" or nothing
        return None, 0
    return max(busy, default=None), sum(ours.values())


def _rows(tool: str, query: str) -> list[list[str]]:
    done = subprocess.run(
        [tool, query, "--format=csv,noheader,nounits"], capture_output=True, text=True, check=True, timeout=5
    )
    return [line.split(", ") for line in done.stdout.splitlines()]
