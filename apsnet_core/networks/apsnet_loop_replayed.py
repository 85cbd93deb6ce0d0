"""APSNet's loop on a GPU as CUDA graphs, which are recorded when a size occurs for the second time.

Five hundred steps are five thousand kernel launches, which take the CPU longer than the GPU needs to compute
them; a graph is launched once. It reads and writes the same memory each time, so the inputs are copied into
its memory and the results are copied out.
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

_MOST = 8  # graphs kept; each holds its own memory
_MET = 64  # sizes remembered without a graph
# From 64 MB of features on, launching a step takes less time than computing it.
_LARGEST = 1 << 24
_CLOSE = 1e-4  # largest difference allowed between a replay and the separate steps

_Size = tuple[object, ...]


class _Recording(NamedTuple):
    """A recorded graph: its input tensors, its output tensors, and the function that launches it."""

    given: list[Tensor]
    made: list[Tensor]
    replay: Replay


class Recordings:
    """A cache of the graphs of recent sizes. ``record`` makes them, like `apsnet_core.ops.kernels.record`."""

    def __init__(self, record: Callable[[Callable[[], list[Tensor]]], tuple[list[Tensor], Replay]]) -> None:
        self._record = record
        self._lock = threading.Lock()
        self._kept: OrderedDict[_Size, _Recording] = OrderedDict()
        self._met: deque[_Size] = deque(maxlen=_MET)
        self._refused: deque[_Size] = deque(maxlen=_MET)

    def run(
        self, features: Tensor, points: Tensor, state: Tensor, weights: LSTMWeights, m: int, stream: int = 0
    ) -> Tape:
        """Do the work of `apsnet_loop_gpu.run_batch` without ``keep``, on one ``stream`` of the device."""
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
        """Record a rollout and keep the graph if recording works and its points are close to ``expected``."""
        self._met.remove(size)
        try:
            recording = self._recorded(given, expected.generated.shape[1])
            close = torch.allclose(recording.made[0], expected.generated, atol=_CLOSE)
        except RuntimeError:  # too little memory, or no driver support: separate steps are used instead
            close = False
        if not close:
            self._refused.append(size)
            return
        self._kept[size] = recording
        if len(self._kept) > _MOST:
            self._kept.popitem(last=False)

    @torch.inference_mode(False)  # a recording can then be replayed in both modes
    def _recorded(self, given: list[Tensor], m: int) -> _Recording:
        """Record a rollout of copies of ``given`` and replay it once."""
        own = [tensor.detach().clone() for tensor in given]
        features, points, state, *weights = own

        def work() -> list[Tensor]:
            return list(run_batch(features, points, state, LSTMWeights(*weights), m, keep=False))

        recording = _Recording(own, *self._record(work))
        recording.replay()
        return recording


_RECORDINGS = Recordings(record)


def can_replay(features: Tensor) -> bool:
    """Whether a graph makes a rollout over ``features`` (B, N, D) faster, and this machine can record one."""
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
