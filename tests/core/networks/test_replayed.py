"""Rollouts recorded as CUDA graphs: the code around a graph, with a stand-in that replays on the CPU.

Like a graph, the stand-in reads only the memory it was recorded with and fills the same results each time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import torch
from torch import Tensor

from apsnet_core.networks import APSNet, apsnet_loop, apsnet_loop_replayed
from apsnet_core.networks.apsnet_loop_gpu import BATCHED
from apsnet_core.networks.apsnet_loop_replayed import REPLAYED, Recordings, can_replay
from apsnet_core.networks.apsnet_tape import LSTMWeights, Tape
from apsnet_core.ops import kernels
from apsnet_core.ops.kernels import Replay
from apsnet_core.ops.threads import one_thread
from tests.core.small_networks import clouds, randomised


@pytest.fixture(autouse=True)
def alone() -> Iterator[None]:
    with one_thread():  # the operations are many and small: threads would slow them down
        yield


Given = tuple[Tensor, Tensor, Tensor, LSTMWeights, int]


def stand_in(work: Callable[[], list[Tensor]]) -> tuple[list[Tensor], Replay]:
    made = work()

    def replay() -> None:
        for into, new in zip(made, work(), strict=True):
            into.copy_(new)

    for tensor in made:  # recording a graph computes nothing
        tensor.fill_(float("nan"))
    return made, replay


def given(seed: int, batch: int = 2, n: int = 20, m: int = 5) -> Given:
    network, points = randomised(APSNet(), seed), clouds(batch, n, seed)
    with torch.no_grad():
        features = network.features(points)
    return features, points, features.amax(1), network.lstm_weights, m


def plain(inputs: Given) -> Tape:
    return BATCHED.run(*inputs, keep=False)


def test_replays_of_one_recording_are_right_for_other_clouds_and_other_weights() -> None:
    recorded: list[int] = []

    def record(work: Callable[[], list[Tensor]]) -> tuple[list[Tensor], Replay]:
        recorded.append(1)
        return stand_in(work)

    recordings = Recordings(record)
    inputs = [given(seed) for seed in range(4)]
    with torch.no_grad():
        found = [recordings.run(*each) for each in inputs]
        assert recorded == [1], "a size is recorded once, when it occurs for the second time"
        for ours, each in zip(found, inputs, strict=True):  # no result shares memory with a later one
            for a, b in zip(ours, plain(each), strict=True):
                assert torch.equal(a, b) and a.stride() == b.stride()
        assert torch.equal(found[3].generated, recordings.run(*inputs[3], stream=0).generated)


def test_each_size_and_stream_has_its_own_recording_and_few_are_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recorded: list[int] = []

    def record(work: Callable[[], list[Tensor]]) -> tuple[list[Tensor], Replay]:
        recorded.append(1)
        return stand_in(work)

    monkeypatch.setattr(apsnet_loop_replayed, "_MOST", 2)
    recordings = Recordings(record)
    base = given(1)
    sizes = [(base, 0), (base, 7), (given(1, batch=3), 0), (given(1, n=21), 0), (given(1, m=4), 0)]
    with torch.no_grad():
        for each, stream in [size for size in sizes for _ in range(3)]:
            assert torch.equal(recordings.run(*each, stream).generated, plain(each).generated)
        assert len(recorded) == len(sizes)
        recordings.run(*sizes[-1][0])
        assert len(recorded) == len(sizes), "the most recent recordings are kept"
        for _ in range(3):
            recordings.run(*base)
        assert len(recorded) == len(sizes) + 1, "the oldest recording was dropped"


def test_a_recording_that_fails_or_is_wrong_is_replaced_by_the_plain_steps() -> None:
    tries: list[str] = []

    def fails(_: Callable[[], list[Tensor]]) -> tuple[list[Tensor], Replay]:
        tries.append("fails")
        raise torch.cuda.OutOfMemoryError("no memory for a graph")

    def fills_nothing(work: Callable[[], list[Tensor]]) -> tuple[list[Tensor], Replay]:
        tries.append("fills nothing")
        return [tensor.zero_() for tensor in work()], lambda: None

    for record in (fails, fills_nothing):
        recordings = Recordings(record)
        with torch.no_grad():
            for _ in range(4):
                assert torch.equal(recordings.run(*given(3)).hidden, plain(given(3)).hidden)
    assert tries == ["fails", "fills nothing"], "a failed recording is not tried again for its size"


def test_a_recording_works_inside_and_outside_inference_mode() -> None:
    for first, then in ((True, False), (False, True)):
        recordings = Recordings(stand_in)
        for inference in (first, first, then, first):
            with torch.no_grad(), torch.inference_mode(inference):
                each = given(2, n=12, m=2)
                assert torch.equal(recordings.run(*each).generated, plain(each).generated)


def test_without_graphs_the_reason_is_one_line_and_the_plain_steps_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_graph() -> None:
        raise RuntimeError("CUDA graphs need a newer driver\nand more of it")

    monkeypatch.setattr(torch.cuda, "is_current_stream_capturing", lambda: False)
    monkeypatch.setattr(torch.cuda, "Stream", no_graph)
    monkeypatch.setattr(torch, "ones", lambda *_, **__: torch.zeros(8, 8))
    assert kernels.why_no_graphs.__wrapped__() == "CUDA graphs need a newer driver"

    class OnGpu:
        is_cuda, device, dtype = True, torch.device("cuda"), torch.float32

        def numel(self) -> int:
            return 1000

    for why, learns, loop in ((None, False, REPLAYED), (None, True, BATCHED), ("a reason", False, BATCHED)):
        monkeypatch.setattr(apsnet_loop_replayed, "why_no_graphs", lambda why=why: why)
        assert apsnet_loop.best_loop(OnGpu(), 9, learns) is loop  # type: ignore[arg-type]
    assert not can_replay(torch.zeros(2, 3, 4))
