"""The result of a sampling: the samples, their measures, the shown attention, the task net's answer."""

from __future__ import annotations

from dataclasses import dataclass, field

from apsnet_core.arrays import np
from apsnet_core.cloud import Float32, PointCloud
from apsnet_core.evaluation.comparison.edits import Edit
from apsnet_core.sampling import Sampling
from apsnet_gui.colourings.registry import named
from apsnet_gui.state.document import Choice
from apsnet_gui.state.open_shape import OpenShape


@dataclass(frozen=True, eq=False)
class Result:
    """A sampling, and the ``cloud`` of n points that was sampled.

    ``found`` is the sampling without the edits by hand, ``edit`` are those edits, and ``key`` is the `key_of`
    the samples. ``extent`` is the longest side of the cloud; it takes time for a large cloud, so results are
    made off the GUI thread.
    """

    entry: str
    choice: Choice
    cloud: PointCloud
    sampling: Sampling
    found: Sampling
    key: str
    edit: Edit | None = None
    extent: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "extent", self.cloud.longest_side)

    @property
    def has_attention(self) -> bool:
        """Whether the method gives attention weights."""
        return self.sampling.rollout is not None

    def attention(self, t: int | None) -> Float32:
        """The attention weights (n,) of sample t = 1..m over ``cloud``, summing to 1. None sums all samples.

        This needs a forward pass of the network over the cloud, unless the rollout covered the whole cloud.
        Raises ValueError if there is no attention.
        """
        rollout = self.sampling.by_sample
        if rollout is not None and rollout.features.shape[1] == len(self.cloud):
            steps = range(1, rollout.m + 1) if t is None else (t,)
            total = np.zeros(len(self.cloud), np.float32)
            for step in steps:
                total += rollout.attention(step)[0].detach().numpy()
            return total
        from apsnet_core.methods.attention import heatmap

        return heatmap(self.sampling, self.cloud, t)


def shows_heat(entry: OpenShape, result: Result | None) -> bool:
    """Whether attention colours ``entry``, either by the user's choice or by default if that is fast."""
    if result is None or result.entry != entry.id or not result.has_attention:
        return False
    return named(entry.colouring).shows_attention(len(result.cloud))


@dataclass(frozen=True)
class Measures:
    """The measures of a sampling.

    ``chamfer`` is in squared units of the cloud, ``hausdorff`` in its units, ``coverage`` in 0..1.
    """

    chamfer: float
    hausdorff: float
    coverage: float


@dataclass(frozen=True)
class Heat:
    """The shown attention: its largest ``weight``, and the row ``index`` of that point in the cloud."""

    step: int
    mode: str
    index: int
    weight: float


@dataclass(frozen=True)
class TaskAnswer:
    """The task net's answer to a result.

    Each of the ``rows`` has a word, a number as text, and a fraction for the bar or None. ``whole`` is the
    answer to the whole cloud in a sentence; ``warning`` says that the net was not trained on such shapes, and
    ``known`` says which answers are possible at all.
    """

    rows: tuple[tuple[str, str, float | None], ...]
    whole: str
    warning: str | None = None
    known: str = ""
