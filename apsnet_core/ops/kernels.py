"""Whether this machine can build kernels for its GPU and record graphs of them; all runs without, slower."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import torch
from torch import Tensor

Replay = Callable[[], None]
"""Repeats what was recorded, with what lies in the same memory by then."""


def can_use_kernel(points: Tensor) -> bool:
    """Whether a Triton kernel can take ``points``: single precision, on a CUDA device."""
    return points.is_cuda and points.element_size() <= 4 and why_no_kernels("cuda") is None


@cache
def why_no_kernels(device: str) -> str | None:
    """What keeps this machine from building kernels, found by building one; None where nothing does.

    That takes Triton, a C compiler, the headers of Python and a driver that fits: asking for each of them by
    name would forget one.
    """
    return _why_not(lambda: torch.compile(_twice)(torch.ones(64, device=device)).sum().item())


@cache
def why_no_graphs() -> str | None:
    """What keeps this machine from recording CUDA graphs, found by recording one; None where nothing does."""

    def attempt() -> None:
        given = torch.ones(8, 8, device="cuda")
        [made], replay = record(lambda: [_twice(given) @ given])
        given.fill_(0.5)
        replay()
        if not torch.allclose(made, _twice(given) @ given):
            raise RuntimeError("a recorded graph does not give what its steps give")

    return _why_not(attempt)


def record(work: Callable[[], list[Tensor]]) -> tuple[list[Tensor], Replay]:
    """Record what ``work`` does on the current GPU: the tensors that it makes, filled by each replay.

    ``work`` waits for nothing on the GPU and reads tensors that stay where they are.
    """
    aside = torch.cuda.Stream()
    aside.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(aside):
        work()  # what is compiled, chosen or reserved at a first call is no part of a recording
    torch.cuda.current_stream().wait_stream(aside)
    graph = torch.cuda.CUDAGraph()
    # Other threads may use the GPU meanwhile.
    with torch.cuda.graph(graph, stream=aside, capture_error_mode="thread_local"):
        made = work()
    return made, graph.replay


def _why_not(attempt: Callable[[], object]) -> str | None:
    """What ``attempt`` raises, in a line: the first, or the first that a compiler calls an error."""
    try:
        attempt()
    except Exception as error:  # whatever it is, the plain way is open, and `apsnet doctor` tells
        lines = [line for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
        of_compiler = [line.partition("error: ")[2] for line in lines if "error: " in line]
        return (of_compiler or lines)[0]
    return None


def _twice(x: Tensor) -> Tensor:
    return x.tanh() + x.tanh()
