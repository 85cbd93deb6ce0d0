"""A training step recorded as a CUDA graph, which needs one launch instead of thousands."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

_EAGER_STEPS = 3


class CapturedStep:
    """A step (row indices -> loss terms, all on the GPU) that is replayed from the fourth call on.

    The first three calls are ordinary steps, which allocate the memory that the graph will use. Every call
    must have the same number of rows. The returned terms are overwritten by the next call.
    """

    def __init__(self, step: Callable[[Tensor], Tensor]) -> None:
        self._step = step
        self._calls = 0
        self._stream = torch.cuda.Stream()
        self._graph: torch.cuda.CUDAGraph | None = None
        self._rows: Tensor
        self._terms: Tensor

    def __call__(self, rows: Tensor) -> Tensor:
        """Run one step on ``rows`` (B,) and return its loss terms."""
        self._calls += 1
        if self._calls <= _EAGER_STEPS:
            self._stream.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(self._stream):
                terms = self._step(rows)
            torch.cuda.current_stream().wait_stream(self._stream)
            return terms
        if self._graph is None:
            self._rows = rows.clone()
            self._graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(self._graph):
                self._terms = self._step(self._rows)
        self._rows.copy_(rows)
        self._graph.replay()
        return self._terms
