"""A linear layer in single precision on a CPU, computed with oneDNN.

PyTorch multiplies such matrices with MKL, which takes twice as long on CPUs that are not from Intel.
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
    """Compute `torch.nn.functional.linear`, (n, I) -> (n, O), with oneDNN if possible."""
    if is_traced() or not can_multiply(rows, weight):
        return F.linear(rows, weight, bias)
    return _Linear.apply(rows, weight, bias)  # type: ignore[no-untyped-call, no-any-return]


def linear_relu(rows: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Compute a linear layer and ReLU, (n, I), (O, I), (O,) -> (n, O). Has no gradient (for inference)."""
    if not can_multiply(rows, weight):
        return torch.addmm(bias, rows, weight.T).relu_()
    return product(rows, weight, bias).relu_()  # oneDNN's own ReLU turns NaN into zero


def is_traced() -> bool:
    """Whether torch is compiling, exporting, vmapping, counting or forward-differentiating the current code.

    In these cases only operators that torch knows may be used.
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
            # A second derivative needs torch's own product.
            again = torch.is_grad_enabled()
            d_rows = given @ weight if again else product(given, weight.T.contiguous())
        return d_rows, given.T @ rows if asked[1] else None, given.sum(0) if asked[2] else None


def can_multiply(rows: Tensor, weight: Tensor) -> bool:
    """Whether oneDNN can multiply these ``rows`` (n, I) with this ``weight`` (O, I)."""
    single = rows.dtype == weight.dtype == torch.float32
    return single and rows.is_cpu and _is_there() and not torch.is_autocast_enabled("cpu")


def product(rows: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """Compute the layer without a gradient, (n, I), (O, I), (O,) -> (n, O). Requires `can_multiply`."""
    try:
        made: Tensor = torch.ops.mkldnn._linear_pointwise(rows, weight, bias, "none", [], "")
    except RuntimeError as error:
        if "could not create" not in str(error):
            raise
        # oneDNN lacks memory for its generated code. PyTorch may need less memory, or reports the lack of it.
        made = F.linear(rows, weight, bias)
    return made


@cache
def _is_there() -> bool:
    """Whether this PyTorch has the operator, which its compiler uses but which is not a public API."""
    if platform.machine() not in ("x86_64", "AMD64") or not torch.backends.mkldnn.is_available():
        return False
    try:
        return bool(product(torch.ones(2, 3), torch.ones(4, 3), torch.ones(4)).eq(4).all())
    except (AttributeError, RuntimeError, TypeError):
        return False


@cache
def multiplies_16_bits() -> bool:
    """Whether this CPU has instructions for 16-bit products; without them 16 bits are slower than 32."""
    names = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    asked = (getattr(torch.cpu, name, None) for name in names)
    return any(ask() for ask in asked if ask is not None)
