"""APSNet's loop on a GPU as CUDA graphs: a size met again is recorded, and from then on launched as one.

Five hundred steps are five thousand launches, which take the processor longer than the GPU needs to compute
them. A graph reads and writes the same memory each time: what is given is copied in, what it made is copied
out.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor

from apsnet_core.networks.apsnet_loop_gpu import back_through_batch, run_batch
from apsnet_core.networks.apsnet_tape import Loop, LSTMWeights, Tape
from apsnet_core.ops.kernels import Replay, record, why_no_graphs

_MOST = 8  # graphs kept: each holds memory of its own
_MET = 64  # sizes remembered without a graph
# With so many numbers (64 MB) in the features, a step's launches cost less than its work.
_LARGEST = 1 << 24
_CLOSE = 1e-4  # how near a replay must be to the steps taken one by one

_Size = tuple[object, ...]


class _Recording(NamedTuple):
    """What a graph reads, what it writes, and the call that launches it."""

    given: list[Tensor]
    made: list[Tensor]
    replay: Replay


class Recordings:
    """The graphs of the sizes met last, made by ``record``, as `apsnet_core.ops.kernels.record` does."""

    def __init__(self, record: Callable[[Callable[[], list[Tensor]]], tuple[list[Tensor], Replay]]) -> None:
        self._record = record
        self._lock = threading.Lock()
        self._kept: OrderedDict[_Size, _Recording] = OrderedDict()
        self._met: deque[_Size] = deque(maxlen=_MET)
        self._refused: deque[_Size] = deque(maxlen=_MET)

    def run(
        self, features: Tensor, points: Tensor, state: Tensor, weights: LSTMWeights, m: int, stream: int = 0
    ) -> Tape:
        """`apsnet_loop_gpu.run_batch` without its ``keep``, for the work on one ``stream`` of the device."""
        given = [features, points, state, *weights]
        size = (features.shape, features.dtype, features.device, m, stream)
        with self._lock:
            if size in self._kept:
                self._kept.move_to_end(size)
                recording = self._kept[size]
                torch._foreach_copy_(recording.given, given)
                recording.replay()
                return Tape(*(tensor.clone() for tensor in recording.made))
        made = run_batch(features, points, state, weights, m, keep=False)
        with self._lock:
            if size in self._met:
                self._keep(size, given, made)
            elif size not in self._refused:
                self._met.append(size)
        return made

    def _keep(self, size: _Size, given: list[Tensor], expected: Tape) -> None:
        """Record a rollout, if that can be done and gives what was ``expected`` of the same."""
        self._met.remove(size)
        try:
            recording = self._recorded(given, expected.generated.shape[1])
            close = torch.allclose(recording.made[0], expected.generated, atol=_CLOSE)
        except RuntimeError:  # no memory for it, or a driver that cannot: the steps serve
            close = False
        if not close:
            self._refused.append(size)
            return
        self._kept[size] = recording
        if len(self._kept) > _MOST:
            self._kept.popitem(last=False)

    @torch.inference_mode(False)  # what is recorded serves in both modes
    def _recorded(self, given: list[Tensor], m: int) -> _Recording:
        """The recording, replayed once."""
        own = [tensor.detach().clone() for tensor in given]
        features, points, state, *weights = own

        def work() -> list[Tensor]:
            return list(run_batch(features, points, state, LSTMWeights(*weights), m, keep=False))

        recording = _Recording(own, *self._record(work))
        recording.replay()
        return recording


_RECORDINGS = Recordings(record)


def can_replay(features: Tensor) -> bool:
    """Whether a rollout over ``features`` (B, N, D) gains by a graph, and this machine makes them."""
    if not features.is_cuda or features.numel() > _LARGEST or why_no_graphs() is not None:
        return False
    return not torch.cuda.is_current_stream_capturing()


def _run(
    features: Tensor, points: Tensor, state: Tensor, weights: LSTMWeights, m: int, *, keep: bool
) -> Tape:
    if keep:
        return run_batch(features, points, state, weights, m, keep=True)
    with torch.cuda.device(features.device):
        stream = torch.cuda.current_stream().cuda_stream
        return _RECORDINGS.run(features, points, state, weights, m, stream)


REPLAYED = Loop(_run, back_through_batch)
