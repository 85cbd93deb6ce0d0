"""The sequential heart of APSNet with a hand-written backward: LSTM, attention, weighted sum (Eq. 2 and 3).

Per step t, with x_i the feature of point p_i and h_t the top hidden state:

    s_t = X h_t        a_t = softmax(s_t)        q_t = P^T a_t

Plain autograd adds a gradient to all features and weights at every step on the way back. It need not: with
dq_t the gradient of q_t,

    ds_t = a_t * ((P - q_t) dq_t)        dh_t = X^T ds_t = J_t dq_t,   J_t = X^T diag(a_t) (P - q_t)

and the gradients of X, P and of the weights are matrix products of what all steps left, made after the loop.
J_t (128, 3) does not depend on dq_t: a loop that pays dearly for each operation takes all J_t from matrix
products before it, and touches no point.

There are three such loops: compiled (`apsnet_loop_compiled`) and in numpy (`apsnet_loop_cpu`) for a CPU, and
for whole batches at once on a GPU (`apsnet_loop_gpu`).
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from apsnet_core.networks.apsnet_loop_compiled import KERNELS, compiled_loop
from apsnet_core.networks.apsnet_loop_cpu import PLAIN
from apsnet_core.networks.apsnet_loop_gpu import BATCHED
from apsnet_core.networks.apsnet_tape import Loop, LSTMWeights, Tape


def recur(
    features: Tensor, points: Tensor, state: Tensor, weights: LSTMWeights, m: int
) -> tuple[Tensor, Tensor]:
    """Generate ``m`` points one after another, differentiably unless gradients are switched off.

    ``features`` (B, N, D), ``points`` (B, N, 3), ``state`` (B, D), the first cell state of both layers ->
    generated points (B, m, 3) and top hidden states (B, m, D). Eq. 2 and 3.
    """
    learns = torch.is_grad_enabled()
    loop = best_loop(features, m, learns)
    if learns:
        return Recurrence.apply(loop, m, features, points, state, *weights)  # type: ignore[no-any-return, no-untyped-call]
    tape = loop.run(features, points, state, weights, m, keep=False)
    return tape.generated, tape.hidden


def best_loop(features: Tensor, m: int, learns: bool) -> Loop:
    """The fastest loop there is for ``features`` (B, N, D)."""
    if features.device.type != "cpu" or features.dtype not in (torch.float32, torch.float64):
        return BATCHED
    if features.dtype == torch.float64:
        return PLAIN
    # A network that learns takes thousands of steps: no need to count them.
    kernels = KERNELS.load() if learns else KERNELS.for_work(len(features) * m)
    return PLAIN if kernels is None else compiled_loop(kernels)


class Recurrence(torch.autograd.Function):
    """`recur` for autograd: ``apply(loop, m, features, points, state, *weights)``."""

    # Under autocast the loop stays in 32 bits: 128 steps of 16-bit cell states drift away.
    @staticmethod
    @torch.amp.custom_fwd(device_type="cuda", cast_inputs=torch.float32)  # type: ignore[untyped-decorator]
    def forward(
        ctx: Any, loop: Loop, m: int, features: Tensor, points: Tensor, state: Tensor, *weights: Tensor
    ) -> tuple[Tensor, Tensor]:
        tape = loop.run(features, points, state, LSTMWeights(*weights), m, keep=True)
        ctx.loop = loop
        ctx.save_for_backward(features, points, *weights, *tape)
        return tape.generated, tape.hidden

    @staticmethod
    @torch.amp.custom_bwd(device_type="cuda")  # type: ignore[untyped-decorator]
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        d_generated, d_hidden = gradients
        features, points, *rest = ctx.saved_tensors
        w, tape = LSTMWeights(*rest[:8]), Tape(*rest[8:])
        back = ctx.loop.back_through(features, points, w, tape, d_generated, d_hidden)
        # One matrix product each for what a step-by-step backward would add up m times.
        d_features = torch.bmm(back.scores.transpose(1, 2), tape.hidden)
        d_cloud = torch.bmm(tape.attention.transpose(1, 2), back.points) if ctx.needs_input_grad[3] else None
        d_lower, d_upper = back.gates
        d_lower_bias, d_upper_bias = back.gates.sum((1, 2))
        return (
            None, None, d_features, d_cloud, back.state,
            _weight_gradient(d_lower, tape.generated, 1), _weight_gradient(d_lower, tape.lower, 1),
            d_lower_bias, d_lower_bias,
            _weight_gradient(d_upper, tape.lower, 0), _weight_gradient(d_upper, tape.hidden, 1),
            d_upper_bias, d_upper_bias,
        )  # fmt: skip


def _weight_gradient(d_gates: Tensor, inputs: Tensor, delay: int) -> Tensor:
    """Sum over batch and steps of (B, m, 4D) times inputs (B, m, I), those of ``delay`` steps before."""
    m = inputs.shape[1] - delay
    return d_gates[:, delay:].flatten(0, 1).T @ inputs[:, :m].flatten(0, 1)
