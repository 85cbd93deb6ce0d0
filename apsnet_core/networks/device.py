"""The device on which loaded networks run: the CPU, or a GPU with inputs and results copied to and fro."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import fields, is_dataclass, replace
from typing import Any, Literal, cast, get_args

import torch
from torch import Tensor, nn

Device = Literal["auto", "cpu", "cuda"]

_chosen = "cpu"
_within: ContextVar[str | None] = ContextVar("device", default=None)


def choose_device(name: Device) -> None:
    """Set the device onto which networks are loaded from now on.

    ``auto`` is the GPU if there is one, and otherwise the CPU. Raises ValueError for ``cuda`` without a GPU.
    """
    global _chosen
    _chosen = _found(name)


@contextmanager
def on_device(name: Device | torch.device) -> Iterator[None]:
    """Load networks onto the device ``name`` inside the block, in this thread only."""
    token = _within.set(_found(name))
    try:
        yield
    finally:
        _within.reset(token)


def chosen_device() -> str:
    """The device onto which networks are loaded: "cpu" or "cuda"."""
    return _within.get() or _chosen


def _found(name: Device | torch.device) -> str:
    name = cast(Device, str(name).removesuffix(":0"))  # torch.device("cuda", 0) is "cuda:0"
    if name not in get_args(Device):
        raise ValueError(f"there is no device {name!r}: take {', '.join(get_args(Device))}")
    there = name != "cpu" and torch.cuda.is_available()
    if name == "cuda" and not there:
        raise ValueError("there is no CUDA GPU that this PyTorch can use: take the device auto or cpu")
    return "cuda" if there else "cpu"


def placed(network: nn.Module, device: str) -> nn.Module:
    """Move a network to ``device``. It is still called with CPU tensors, and returns CPU tensors."""
    if device == "cpu":
        return network
    network = network.to(device)
    return cast(nn.Module, OnDevice(network, lambda tensor: tensor.to(device), Tensor.cpu))


class OnDevice:
    """A network on another device: ``there`` moves input tensors to it, and ``back`` moves results back.

    The network's methods and submodules are available as attributes and move their tensors in the same way.
    """

    def __init__(
        self, inner: nn.Module, there: Callable[[Tensor], Tensor], back: Callable[[Tensor], Tensor]
    ) -> None:
        self.inner, self.there, self.back = inner, there, back

    def __call__(self, *given: Any, **named: Any) -> Any:
        """Call the network. Tensors in the arguments are moved to its device, and the result moved back."""
        return self._across(self.inner)(*given, **named)

    def __getattr__(self, name: str) -> Any:
        part = getattr(self.inner, name)
        return self._across(part) if callable(part) else part

    def _across(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def crossing(*given: Any, **named: Any) -> Any:
            sent = {name: _moved(value, self.there) for name, value in named.items()}
            return _moved(call(*(_moved(value, self.there) for value in given), **sent), self.back)

        return crossing


def _moved(value: Any, move: Callable[[Tensor], Tensor]) -> Any:
    """Return ``value`` with every tensor moved, including those in dicts, tuples, lists and dataclasses."""
    if isinstance(value, Tensor):
        return move(value)
    if isinstance(value, dict):
        return type(value)((key, _moved(each, move)) for key, each in value.items())
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*(_moved(each, move) for each in value))
    if isinstance(value, tuple | list):
        return type(value)(_moved(each, move) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        held = {field.name: getattr(value, field.name) for field in fields(value)}
        return replace(value, **{name: _moved(each, move) for name, each in held.items()})
    return value
