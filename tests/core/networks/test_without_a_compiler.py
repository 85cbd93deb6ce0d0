"""The loop of a GPU where no kernel can be built, and how often it is compiled where one can."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch._dynamo.testing import CompileCounter

from apsnet_core.networks import APSNet, apsnet_loop_gpu
from apsnet_core.networks.apsnet_loop_cpu import PLAIN
from apsnet_core.networks.apsnet_loop_gpu import BATCHED
from apsnet_core.ops import kernels
from tests.core.small_networks import clouds, randomised

LIMIT = 8  # torch's own


def test_without_a_compiler_the_plain_way_is_taken_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("TORCHINDUCTOR_FORCE_DISABLE_CACHES", "1")
    for name in ("CC", "CXX"):
        monkeypatch.delenv(name, raising=False)
    why = kernels.why_no_kernels.__wrapped__("cpu")
    assert why is not None and "\n" not in why

    monkeypatch.setattr(apsnet_loop_gpu, "why_no_kernels", lambda _: why)
    plain = apsnet_loop_gpu._compiled.__wrapped__(apsnet_loop_gpu._forward, True)
    assert plain is apsnet_loop_gpu._forward


def test_many_sizes_stay_within_torchs_limit_of_compilations(monkeypatch: pytest.MonkeyPatch) -> None:
    counters = {f: CompileCounter() for f in (apsnet_loop_gpu._forward, apsnet_loop_gpu._backward)}
    made = {f: apsnet_loop_gpu.fused(f, backend=counter) for f, counter in counters.items()}
    monkeypatch.setattr(apsnet_loop_gpu, "_compiled", lambda f, _: made[f])
    torch._dynamo.reset()
    network = randomised(APSNet())
    for batch, n, m in [
        (2, 9, 3),
        (2, 12, 3),
        (3, 12, 4),
        (1, 7, 2),
        (5, 31, 3),
        (4, 8, 5),
        (6, 17, 2),
        (1, 30, 3),
    ]:
        points = clouds(batch, n)
        with torch.no_grad():
            features = network.features(points)
            given = (features, points, features.amax(1), network.lstm_weights, m)
            tape, expected = BATCHED.run(*given, keep=True), PLAIN.run(*given, keep=True)
            torch.testing.assert_close(tape.generated, expected.generated, atol=1e-5, rtol=0)
            back = (features, points, network.lstm_weights, tape, tape.generated, tape.hidden)
            ours, theirs = BATCHED.back_through(*back), PLAIN.back_through(*back)
            torch.testing.assert_close(ours.state, theirs.state, atol=1e-4, rtol=1e-3)
    for counter in counters.values():
        assert 1 <= counter.frame_count < LIMIT
