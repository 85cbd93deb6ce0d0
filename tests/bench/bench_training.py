"""A training on the CPU with `keep_memory`, against one whose malloc returns the memory at every step."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from apsnet_core.training.config import make_config
from apsnet_core.training.memory import keep_memory
from apsnet_core.training.run_training import start
from tests.bench import peak
from tests.bench.ratio import Ratio

CONFIG = make_config(
    {
        "model": "task",
        "task": "classification",
        "device": "cpu",
        "optimisation": {"epochs": 1, "batch_size": 32},
    }
)


def measure() -> Iterator[Ratio]:
    (kept, held), (plain, held_plain) = _in_a_process("kept"), _in_a_process("plain")
    what = "PointNet trained for an epoch"
    yield Ratio(f"{what}: CPU time", kept, plain, 1.3, note="plain malloc")
    yield Ratio(f"{what}: memory", held, held_plain, 1.8, "at most", note="plain malloc", unit="MB")


def _in_a_process(how: str) -> tuple[float, float]:
    """The CPU seconds of an epoch, and the peak memory in megabytes."""
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-m", __name__, how], env=environment, capture_output=True, text=True, check=True
    )
    seconds, megabytes = map(float, done.stdout.split())
    return seconds, megabytes


def main(how: str) -> None:
    if how == "kept":
        keep_memory()
    with tempfile.TemporaryDirectory() as scratch:
        began = time.process_time()
        start(CONFIG, Path(scratch) / "run")
        print(time.process_time() - began, peak.held())


if __name__ == "__main__":
    main(sys.argv[1])
