"""A rollout starts no OpenMP threads, which would keep its cores busy by spinning after their work."""

from __future__ import annotations

import subprocess
import sys

import pytest

from apsnet_core.networks.apsnet_loop_compiled import KERNELS, blocks

ROLLOUT = """
import psutil, torch
from apsnet_core.networks.apsnet import APSNet
from apsnet_core.networks.apsnet_loop_compiled import KERNELS
from apsnet_core.ops.threads import share_compiled

torch.set_num_threads(2)
KERNELS.prepare()
network, clouds = APSNet().eval(), torch.rand(8, 1024, 3)
share_compiled(print, range(2))
before = psutil.Process().num_threads()
with torch.no_grad():
    network(clouds, 8)
assert psutil.Process().num_threads() == before
torch.rand(1_000_000).sin()  # in which torch uses both cores
assert psutil.Process().num_threads() > before, "the counted threads are not OpenMP's"
"""


@pytest.mark.parametrize("threads", [1, 2, 3, 8, 16])
def test_a_batch_is_shared_among_all_threads_whatever_its_size(threads: int) -> None:
    """Times are in units of the time for a block of four clouds; a block of one cloud takes 0.36 of it."""
    for batch in range(1, 100):
        parts, free_at = blocks(batch, threads), [0.0] * threads
        assert [cloud for part in parts for cloud in range(*part)] == list(range(batch))
        for first, end in parts:
            free_at.sort()
            free_at[0] += {1: 0.36, 4: 1}[end - first]
        alone, evenly = -(-batch // threads) * 0.36, batch / 4 / threads
        assert max(free_at) <= min(alone, evenly + 0.76)


def test_inference_starts_no_threads_of_openmp() -> None:
    if KERNELS.prepare() is None:
        pytest.skip(str(KERNELS.failure))
    done = subprocess.run([sys.executable, "-c", ROLLOUT], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
