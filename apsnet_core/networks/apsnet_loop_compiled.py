"""APSNet's loop on a CPU with compiled kernels; the caller's threads share the clouds of a batch."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import ModuleType

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from apsnet_core.networks.apsnet_tape import Gradients, Loop, LSTMWeights, Tape, new_tape
from apsnet_core.ops.compiled import Kernels
from apsnet_core.ops.threads import one_thread, share_compiled, thread_count

Array = npt.NDArray[np.float32]

# Loading the kernels pays off after this many steps, in clouds of a thousand points.
_WORTH = 30_000
_BLOCK = 4

KERNELS = Kernels("apsnet_core.networks.apsnet_loop_kernels", _WORTH)


def compiled_loop(kernels: ModuleType) -> Loop:
    """The loop with the loaded ``kernels`` of `KERNELS`, in single precision on a CPU."""
    return Loop(partial(_run, kernels), partial(_back_through, kernels))


def _run(
    kernels: ModuleType, features: Tensor, points: Tensor, state: Tensor, weights: LSTMWeights, m: int,
    *, keep: bool,
) -> Tape:  # fmt: skip
    """Do the work of `apsnet_core.networks.apsnet_loop_cpu.run`, in single precision."""
    w, tape = weights, new_tape(features, m, keep=keep)
    with one_thread():
        given = _arrays(
            features, points.transpose(1, 2), state,
            w.weight_ih_l0.T, torch.cat([w.weight_ih_l1, w.weight_hh_l0]).T, w.weight_hh_l1.T,
            w.bias_ih_l0 + w.bias_hh_l0, w.bias_ih_l1 + w.bias_hh_l1,
        )  # fmt: skip
    _over_clouds(kernels.forward, given, tape)
    return tape


def _back_through(
    kernels: ModuleType, features: Tensor, points: Tensor, weights: LSTMWeights, tape: Tape,
    d_generated: Tensor, d_hidden: Tensor,
) -> Gradients:  # fmt: skip
    """Do the work of `apsnet_core.networks.apsnet_loop_cpu.back_through`, in single precision."""
    w = weights
    with one_thread():
        given = _arrays(
            features, points.transpose(1, 2),
            w.weight_ih_l0.T, w.weight_hh_l0, torch.cat([w.weight_ih_l1, w.weight_hh_l1], dim=1),
            tape.generated, tape.attention, tape.gates, tape.cells, d_generated, d_hidden,
        )  # fmt: skip
    out = Gradients(
        torch.empty_like(tape.generated),
        torch.empty_like(tape.attention),
        torch.empty_like(tape.gates).flatten(3),
        features.new_empty(features.shape[0], features.shape[2]),
    )
    _over_clouds(kernels.backward, given, out)
    return out


def _arrays(*tensors: Tensor) -> list[Array]:
    return [tensor.detach().contiguous().numpy() for tensor in tensors]


def _over_clouds(kernel: Callable[..., None], given: list[Array], into: tuple[Tensor, ...]) -> None:
    """Call ``kernel`` for every block of clouds, in all of the caller's threads."""
    arrays = [*given, *(tensor.numpy() for tensor in into)]
    share_compiled(lambda block: kernel(*arrays, *block), blocks(len(arrays[0]), thread_count()))


def blocks(batch: int, threads: int) -> list[tuple[int, int]]:
    """Split a batch into (first, end) pairs of four clouds each.

    The remainder gets one pair per cloud: up to three clouds, or all that are left after every thread had
    the same number of blocks, if those are at most two clouds per thread.
    """
    left = batch % (_BLOCK * threads)
    at_once = (batch - left if left <= 2 * threads else batch) // _BLOCK * _BLOCK
    whole = [(first, first + _BLOCK) for first in range(0, at_once, _BLOCK)]
    return whole + [(first, first + 1) for first in range(at_once, batch)]
