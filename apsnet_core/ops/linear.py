"""A linear layer of single precision on a CPU, by the library that has the fastest one: oneDNN.

PyTorch multiplies such matrices with MKL, which takes twice as long on processors that are not Intel's.
"""

from __future__ import annotations

import platform
from functools import cache

import torch
from torch import Tensor
from torch.autograd import forward_ad
from torch.nn import functional as F

from apsnet_core.types import Foreign


def linear(rows: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """`torch.nn.functional.linear` of ``rows`` (n, I): (n, O)."""
    if is_traced() or not can_multiply(rows, weight):
        return F.linear(rows, weight, bias)
    return _Linear.apply(rows, weight, bias)  # type: ignore[no-untyped-call, no-any-return]


def linear_relu(rows: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """The same and a ReLU: (n, I), (O, I), (O,) -> (n, O). For inference: it has no gradient."""
    if not can_multiply(rows, weight):
        return torch.addmm(bias, rows, weight.T).relu_()
    return product(rows, weight, bias).relu_()  # oneDNN's own ReLU makes NaN zero


def is_traced() -> bool:
    """Whether torch compiles, exports, maps, counts or differentiates forwards what is done here.

    Then it must know every operation.
    """
    if torch.compiler.is_compiling() or torch._C._are_functorch_transforms_active():
        return True
    return torch._C._len_torch_dispatch_stack() > 0 or forward_ad._current_level >= 0


class _Linear(torch.autograd.Function):
    @staticmethod
    def forward(rows: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        return product(rows, weight, bias)

    @staticmethod
    def setup_context(ctx: Foreign, inputs: tuple[Tensor, Tensor, Tensor], output: Tensor) -> None:
        ctx.save_for_backward(*inputs[:2])

    @staticmethod
    def backward(ctx: Foreign, given: Tensor) -> tuple[Tensor | None, Tensor | None, Tensor | None]:
        rows, weight = ctx.saved_tensors
        asked, d_rows = ctx.needs_input_grad, None
        if asked[0]:
            # To be differentiated again, it is torch's own.
            again = torch.is_grad_enabled()
            d_rows = given @ weight if again else product(given, weight.T.contiguous())
        return d_rows, given.T @ rows if asked[1] else None, given.sum(0) if asked[2] else None


def can_multiply(rows: Tensor, weight: Tensor) -> bool:
    """Whether oneDNN is there for these, (n, I) and (O, I)."""
    single = rows.dtype == weight.dtype == torch.float32
    return single and rows.is_cpu and _is_there() and not torch.is_autocast_enabled("cpu")


def product(rows: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """The layer itself, without a way back, where `can_multiply`: (n, I), (O, I), (O,) -> (n, O)."""
    try:
        made: Tensor = torch.ops.mkldnn._linear_pointwise(rows, weight, bias, "none", [], "")
    except RuntimeError as error:
        if "could not create" not in str(error):
            raise
        # It lacks the memory for its own code: PyTorch's may do with less, or says truly that there is none.
        made = F.linear(rows, weight, bias)
    return made


@cache
def _is_there() -> bool:
    """Whether this PyTorch has it: its own compiler calls it by that name, which is no promise."""
    if platform.machine() not in ("x86_64", "AMD64") or not torch.backends.mkldnn.is_available():
        return False
    try:
        return bool(product(torch.ones(2, 3), torch.ones(4, 3), torch.ones(4)).eq(4).all())
    except (AttributeError, RuntimeError, TypeError):
        return False


@cache
def multiplies_16_bits() -> bool:
    """Whether this processor has instructions for products of 16-bit numbers: without, they are slower."""
    names = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    asked = (getattr(torch.cpu, name, None) for name in names)
    return any(ask() for ask in asked if ask is not None)
