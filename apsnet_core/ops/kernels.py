"""Checks whether this machine can build GPU kernels and record CUDA graphs. Without them all runs slower."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import torch
from torch import Tensor

Replay = Callable[[], None]
"""Runs the recorded work again on the current contents of the same memory."""


def can_use_kernel(points: Tensor) -> bool:
    """Whether a Triton kernel can process ``points``: at most single precision, on a CUDA device."""
    return points.is_cuda and points.element_size() <= 4 and why_no_kernels("cuda") is None


@cache
def why_no_kernels(device: str) -> str | None:
    """The reason why this machine cannot build kernels, found by building one, or None if it can.

    Kernels need Triton, a C compiler, Python's headers and a suitable driver. Building one tests all of these
    at once.
    """
    return _why_not(lambda: torch.compile(_twice)(torch.ones(64, device=device)).sum().item())


@cache
def why_no_graphs() -> str | None:
    """The reason why this machine cannot record CUDA graphs, found by recording one, or None if it can."""

    def attempt() -> None:
        given = torch.ones(8, 8, device="cuda")
        [made], replay = record(lambda: [_twice(given) @ given])
        given.fill_(0.5)
        replay()
        if not torch.allclose(made, _twice(given) @ given):
            raise RuntimeError("a recorded graph does not give the same result as its separate steps")

    return _why_not(attempt)


def record(work: Callable[[], list[Tensor]]) -> tuple[list[Tensor], Replay]:
    """Record ``work`` on the current GPU. Returns its result tensors and the function that refills them.

    ``work`` must not synchronise with the GPU, and the tensors that it reads must stay in the same memory.
    """
    aside = torch.cuda.Stream()
    aside.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(aside):
        work()  # the first call compiles kernels and reserves memory, which must not be recorded
    torch.cuda.current_stream().wait_stream(aside)
    graph = torch.cuda.CUDAGraph()
    # Other threads may use the GPU meanwhile.
    with torch.cuda.graph(graph, stream=aside, capture_error_mode="thread_local"):
        made = work()
    return made, graph.replay


def _why_not(attempt: Callable[[], object]) -> str | None:
    """One line of the error that ``attempt`` raises: the first compiler error in it, or its first line."""
    try:
        attempt()
    except Exception as error:  # any error only means slower code; `apsnet doctor` reports it
        lines = [line for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
        of_compiler = [line.partition("error: ")[2] for line in lines if "error: " in line]
        return (of_compiler or lines)[0]
    return None


def _twice(x: Tensor) -> Tensor:
    return x.tanh() + x.tanh()
