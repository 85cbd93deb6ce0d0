"""What came of a sampling: the samples, their measures, the attention shown, the task net's answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from apsnet_core.cloud import Float32, PointCloud
from apsnet_core.evaluation.comparison.edits import Edit
from apsnet_core.sampling import Sampling
from apsnet_gui.colourings.registry import named
from apsnet_gui.state.document import Choice
from apsnet_gui.state.open_shape import OpenShape


@dataclass(frozen=True, eq=False)
class Result:
    """A sampling, and the ``cloud`` as the sampler saw it (n points).

    ``found`` is the sampling as the method gave it, ``key`` what it depends on, ``edit`` what was done to it
    by hand.
    """

    entry: str
    choice: Choice
    cloud: PointCloud
    sampling: Sampling
    found: Sampling
    key: str
    edit: Edit | None = None

    @property
    def has_attention(self) -> bool:
        """Whether the method tells how much attention each point got."""
        return self.sampling.rollout is not None

    def attention(self, t: int | None) -> Float32:
        """The weights of step t = 1..m over ``cloud``, (n,), adding up to 1; None adds up all steps.

        Costs a pass of the network over the cloud, or nearly nothing where it attended to the whole of it.
        ValueError where there is no attention.
        """
        rollout = self.sampling.rollout
        if rollout is not None and rollout.features.shape[1] == len(self.cloud):
            steps = range(1, rollout.m + 1) if t is None else (t,)
            total = np.zeros(len(self.cloud), np.float32)
            for step in steps:
                total += rollout.attention(step)[0].detach().numpy()
            return total
        from apsnet_core.methods.attention import heatmap

        return heatmap(self.sampling, self.cloud, t)


def shows_heat(entry: OpenShape, result: Result | None) -> bool:
    """Whether ``entry`` is coloured by attention: if asked to, or by itself where that takes no time."""
    if result is None or result.entry != entry.id or not result.has_attention:
        return False
    return named(entry.colouring).shows_attention(len(result.cloud))


@dataclass(frozen=True)
class Measures:
    """``chamfer`` in squared units of the result's cloud, ``hausdorff`` in its units, ``coverage`` of 1."""

    chamfer: float
    hausdorff: float
    coverage: float


@dataclass(frozen=True)
class Heat:
    """The attention on show: where its peak is (row of the working cloud), and how much it weighs."""

    step: int
    mode: str
    index: int
    weight: float


@dataclass(frozen=True)
class TaskAnswer:
    """What the task net says of a result: ``rows`` of a word, its number and, of a part of 1, its share.

    ``whole`` is what it says of the whole cloud, in a sentence, and ``warning`` that it knows no such shape.
    """

    rows: tuple[tuple[str, str, float | None], ...]
    whole: str
    warning: str | None = None
