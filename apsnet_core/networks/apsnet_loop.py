"""APSNet's generation loop with a hand-written backward pass: LSTM, attention, weighted sum (Eq. 2 and 3).

Per step t, with x_i the feature of point p_i and h_t the top hidden state:

    s_t = X h_t        a_t = softmax(s_t)        q_t = P^T a_t

Plain autograd adds to the gradients of all features and weights at every step of the backward pass. This is
not necessary: with dq_t the gradient of q_t,

    ds_t = a_t * ((P - q_t) dq_t)        dh_t = X^T ds_t = J_t dq_t,   J_t = X^T diag(a_t) (P - q_t)

and the gradients of X, P and the weights are matrix products of tensors that the steps have stored. They are
computed once, after the loop. J_t (128, 3) does not depend on dq_t. A loop in which each operation has a
large overhead therefore computes all J_t beforehand, with matrix products, and does not touch the points.

There are three such loops. On a CPU they are compiled (`apsnet_loop_compiled`) or written in numpy
(`apsnet_loop_cpu`). On a GPU they process whole batches (`apsnet_loop_gpu`), recorded as CUDA graphs where
no gradient is needed (`apsnet_loop_replayed`).

For torch the forward loop is one operator, `apsnet::rollout`, and the backward loop another,
`apsnet::rollout_back`. Like its own operators, they work with autograd (reverse mode, first derivative),
torch.compile, torch.export and vmap.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch._ops import OpOverload
from torch.autograd import forward_ad

from apsnet_core.networks.apsnet_loop_compiled import KERNELS, compiled_loop
from apsnet_core.networks.apsnet_loop_cpu import PLAIN
from apsnet_core.networks.apsnet_loop_gpu import BATCHED
from apsnet_core.networks.apsnet_loop_replayed import REPLAYED, can_replay
from apsnet_core.networks.apsnet_tape import Loop, LSTMWeights, Tape, new_tape
from apsnet_core.types import Foreign

_LIBRARY = "apsnet"
_WEIGHTS = len(LSTMWeights._fields)
_TAPE = len(Tape._fields)


def recur(
    features: Tensor, points: Tensor, state: Tensor, weights: LSTMWeights, m: int
) -> tuple[Tensor, Tensor]:
    """Generate ``m`` points one after another (Eq. 2 and 3); differentiable unless gradients are disabled.

    Takes ``features`` (B, N, D), ``points`` (B, N, 3) and ``state`` (B, D), the initial cell state of both
    layers. Returns the generated points (B, m, 3) and the top hidden states (B, m, D). Forward-mode and
    second derivatives are not supported and raise NotImplementedError.
    """
    if forward_ad._current_level >= 0:  # otherwise torch would treat the points as constants
        raise NotImplementedError("APSNet supports only reverse-mode gradients: use torch.func.vjp, not jvp")
    generated, hidden, *_ = rollout(features, points, state, *weights, m, torch.is_grad_enabled())
    return generated, hidden


def best_loop(features: Tensor, m: int, learns: bool) -> Loop:
    """The fastest loop available for ``features`` (B, N, D) and ``m`` steps."""
    if _batched(features):
        return REPLAYED if not learns and can_replay(features) else BATCHED
    if features.dtype == torch.float64:
        return PLAIN
    # Training runs thousands of steps, so loading the kernels always pays off there.
    kernels = KERNELS.load() if learns else KERNELS.for_work(len(features) * m)
    return PLAIN if kernels is None else compiled_loop(kernels)


def _batched(features: Tensor) -> bool:
    return features.device.type != "cpu" or features.dtype not in (torch.float32, torch.float64)


Six = tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]
Four = tuple[Tensor, Tensor, Tensor, Tensor]
Axes = tuple[int | None, ...]


def _operation(run: Callable[..., tuple[Tensor, ...]]) -> OpOverload:
    """Register ``run`` as a torch operator of the same name.

    `torch.library.custom_op` is not used, because the first call of its operators imports torch's compiler,
    which takes a second.
    """
    name = f"{_LIBRARY}::{run.__name__}"
    schema = torch.library.infer_schema(run, mutates_args=())
    torch.library.define(name, schema, tags=torch.Tag.pt2_compliant_tag)
    torch.library.impl(name, "default", run)
    made = getattr(getattr(torch.ops, _LIBRARY), run.__name__).default
    assert isinstance(made, OpOverload)
    return made


@_operation
def rollout(
    features: Tensor, points: Tensor, state: Tensor,
    weight_ih_l0: Tensor, weight_hh_l0: Tensor, bias_ih_l0: Tensor, bias_hh_l0: Tensor,
    weight_ih_l1: Tensor, weight_hh_l1: Tensor, bias_ih_l1: Tensor, bias_hh_l1: Tensor,
    m: int, keep: bool,
) -> Six:  # fmt: skip
    """Run ``m`` steps and return their `Tape`, which is complete for the backward only with ``keep``."""
    weights = LSTMWeights(
        weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0, weight_ih_l1, weight_hh_l1, bias_ih_l1, bias_hh_l1
    )
    return (*best_loop(features, m, keep).run(features, points, state, weights, m, keep=keep),)


@_operation
def rollout_back(
    features: Tensor, points: Tensor,
    weight_ih_l0: Tensor, weight_hh_l0: Tensor, bias_ih_l0: Tensor, bias_hh_l0: Tensor,
    weight_ih_l1: Tensor, weight_hh_l1: Tensor, bias_ih_l1: Tensor, bias_hh_l1: Tensor,
    generated: Tensor, hidden: Tensor, attention: Tensor, lower: Tensor, gates: Tensor, cells: Tensor,
    d_generated: Tensor, d_hidden: Tensor,
) -> Four:  # fmt: skip
    """Return the `Gradients` of a rollout from its tape and the gradients of its points and hidden states."""
    weights = LSTMWeights(
        weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0, weight_ih_l1, weight_hh_l1, bias_ih_l1, bias_hh_l1
    )
    tape = Tape(generated, hidden, attention, lower, gates, cells)
    loop = best_loop(features, generated.shape[1], learns=True)
    return (*loop.back_through(features, points, weights, tape, d_generated, d_hidden),)


def _shape(features: Tensor, points: Tensor, state: Tensor, *rest: Any) -> Six:
    *_, m, keep = rest
    return (*new_tape(features, m, keep=keep, by_step=_batched(features)),)


def _shape_back(features: Tensor, points: Tensor, *rest: Any) -> Four:
    generated, _, attention, _, gates, _ = rest[_WEIGHTS : _WEIGHTS + _TAPE]
    state = features.new_empty(features.shape[0], features.shape[2])
    layers, batch, m, four, size = gates.shape
    d_gates = features.new_empty(layers, batch, m, four * size)
    return torch.empty_like(generated), torch.empty_like(attention), d_gates, state


def _remember(ctx: Foreign, inputs: tuple[Any, ...], output: Six) -> None:
    features, points, _, *weights, _, keep = inputs
    if not keep:
        raise RuntimeError("a rollout with keep=False has no gradient: call it with keep=True")
    ctx.save_for_backward(features, points, *weights, *output)


def _differentiate(
    ctx: Foreign, d_generated: Tensor, d_hidden: Tensor, *_: Tensor
) -> tuple[Tensor | None, ...]:
    tape = Tape(*ctx.saved_tensors[-_TAPE:])
    d_points, d_scores, d_gates, d_state = rollout_back(
        *ctx.saved_tensors, d_generated.contiguous(), d_hidden.contiguous()
    )
    # One matrix product each, where a step-by-step backward would accumulate m products.
    d_features = torch.bmm(d_scores.transpose(1, 2), tape.hidden)
    del d_scores  # (B, m, N) is large; the next products need the memory
    d_cloud = torch.bmm(tape.attention.transpose(1, 2), d_points) if ctx.needs_input_grad[1] else None
    d_lower, d_upper = d_gates.unbind(0)
    d_lower_bias, d_upper_bias = d_lower.sum((0, 1)), d_upper.sum((0, 1))
    return (
        d_features, d_cloud, d_state,
        _weight_gradient(d_lower, tape.generated, 1), _weight_gradient(d_lower, tape.lower, 1),
        d_lower_bias, d_lower_bias,
        _weight_gradient(d_upper, tape.lower, 0), _weight_gradient(d_upper, tape.hidden, 1),
        d_upper_bias, d_upper_bias,
        None, None,
    )  # fmt: skip


def _weight_gradient(d_gates: Tensor, inputs: Tensor, delay: int) -> Tensor:
    """Sum the outer products of gate gradients (B, m, 4D) and inputs (B, m, I) over batch and steps: (4D, I).

    The gates of step t are paired with the inputs of step t - ``delay``.
    """
    m = inputs.shape[1] - delay
    return d_gates[:, delay:].flatten(0, 1).T @ inputs[:, :m].flatten(0, 1)


def _differentiate_again(ctx: Foreign, *_: Tensor) -> None:
    raise NotImplementedError("APSNet has no second derivative: its gradient cannot be differentiated again")


torch.library.register_fake(rollout, _shape)
torch.library.register_fake(rollout_back, _shape_back)
torch.library.register_autograd(rollout, _differentiate, setup_context=_remember)
torch.library.register_autograd(rollout_back, _differentiate_again)
# Under autocast the loop stays in 32 bits, because 16-bit cell states drift away within 128 steps.
for _device in ("cpu", "cuda"):
    torch.library.register_autocast(rollout, _device, torch.float32)


# The batch dimension of each argument and result; None if all clouds share it.
_PER_CLOUD = (0, 0, 0, 0, 1, 1)
_ROLLOUT_IN = (0, 0, 0, *(None,) * _WEIGHTS, None, None)
_BACK_IN = (0, 0, *(None,) * _WEIGHTS, *_PER_CLOUD, 0, 0)
_BACK_OUT = (0, 0, 1, 0)


def _mapped(op: Callable[..., tuple[Tensor, ...]], axes: Axes, out: Axes) -> Callable[..., Any]:
    """Return the vmap rule of ``op``, which makes the mapped dimension part of the batch.

    If an argument that all clouds share is mapped, such as the weights, ``op`` is called for each index.
    """

    def over(info: Any, in_dims: Axes, *given: Any) -> tuple[tuple[Tensor, ...], Axes]:
        if any(dim is not None and axis is None for dim, axis in zip(in_dims, axes, strict=True)):
            each = [
                op(*(x if dim is None else x.select(dim, k) for x, dim in zip(given, in_dims, strict=True)))
                for k in range(info.batch_size)
            ]
            return tuple(torch.stack(parts) for parts in zip(*each, strict=True)), (0,) * len(out)
        folded = []
        for x, dim, axis in zip(given, in_dims, axes, strict=True):
            if axis is not None:
                x = (
                    x.unsqueeze(axis).repeat_interleave(info.batch_size, axis)
                    if dim is None
                    else x.movedim(dim, axis)
                )
                x = x.flatten(axis, axis + 1)
            folded.append(x)
        found = op(*folded)
        apart = zip(found, out, strict=True)
        return tuple(_unfolded(x, axis or 0, info.batch_size) for x, axis in apart), out

    return over


def _unfolded(x: Tensor, axis: int, count: int) -> Tensor:
    return x.reshape(*x.shape[:axis], count, -1, *x.shape[axis + 1 :])


torch.library.register_vmap(rollout, _mapped(rollout, _ROLLOUT_IN, _PER_CLOUD))
torch.library.register_vmap(rollout_back, _mapped(rollout_back, _BACK_IN, _BACK_OUT))
