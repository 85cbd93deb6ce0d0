"""The GPU loop on a machine that cannot build kernels, and the number of compilations where it can."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
import torch
from torch._dynamo.testing import CompileCounter

from apsnet_core import probes
from apsnet_core.networks import APSNet, apsnet_loop_gpu
from apsnet_core.networks.apsnet_loop_cpu import PLAIN
from apsnet_core.networks.apsnet_loop_gpu import BATCHED
from apsnet_core.ops import kernels
from tests.core.small_networks import clouds, randomised

LIMIT = 8  # torch's default limit of compilations for one function


@pytest.fixture
def no_compiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("TORCHINDUCTOR_FORCE_DISABLE_CACHES", "1")
    for name in ("CC", "CXX"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.skipif(sys.platform == "win32", reason="the compiler of this test is a shell script")
@pytest.mark.usefixtures("no_compiler")
def test_without_the_headers_of_python_the_reason_is_the_compilers_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiler = tmp_path / "g++"
    compiler.write_text(
        '#!/bin/sh\n[ "$1" = --version ] && echo "g++ (GCC) 12.2.0" && exit 0\n'
        'echo "main.cpp:28:10: fatal error: Python.h: No such file or directory" >&2\nexit 1\n'
    )
    compiler.chmod(0o755)
    monkeypatch.setattr(torch._inductor.config.cpp, "cxx", (str(compiler),))
    torch._dynamo.reset()
    assert kernels.why_no_kernels.__wrapped__("cpu") == "Python.h: No such file or directory"


@pytest.mark.usefixtures("no_compiler")
def test_without_a_compiler_plain_operations_are_used_and_reported(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    torch._dynamo.reset()
    why = kernels.why_no_kernels.__wrapped__("cpu")
    assert why is not None and "\n" not in why

    monkeypatch.setattr(apsnet_loop_gpu, "why_no_kernels", lambda _: why)
    plain = apsnet_loop_gpu._compiled.__wrapped__(apsnet_loop_gpu._forward, True)
    assert plain is apsnet_loop_gpu._forward

    monkeypatch.setattr(kernels, "why_no_kernels", lambda _: why)
    monkeypatch.setattr(kernels, "why_no_graphs", lambda: None)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda _: "of a test")
    probes.devices()  # the probe that `apsnet doctor` calls
    told = json.loads(capsys.readouterr().out)
    assert told["gpu_kernels"] == f"none, plain operations serve: {why}"
    assert told["cuda"] == ["of a test"] and told["gpu_graphs"] == "work"


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
