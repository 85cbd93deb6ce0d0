"""Measure the peak memory of some work in a separate process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def of(module: str, what: str) -> float:
    """Run ``python -m module what`` and return the number that it prints, its peak memory in MB."""
    done = subprocess.run(
        [sys.executable, "-m", module, what],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)


def held() -> float:
    """The peak memory of this process in MB."""
    import resource

    status = Path("/proc/self/status")
    if status.exists():  # preferred, because ru_maxrss of a child starts at the memory of its parent
        peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(peak.split()[1]) / 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
