"""The most memory that a process held, asked of a process that does nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def of(module: str, what: str) -> float:
    """What ``python -m module what`` prints: the megabytes that it held."""
    done = subprocess.run(
        [sys.executable, "-m", module, what],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)


def held() -> float:
    """What this process has held at most, MB."""
    import resource

    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss of a child starts at what its parent held
        peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(peak.split()[1]) / 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
