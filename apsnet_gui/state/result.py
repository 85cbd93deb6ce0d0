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

    ``found`` is the sampling without the edits by hand, ``edit`` are those edits, ``key`` is what the
    samples depend on. ``extent`` is the longest side of the cloud: of a large one it takes time, and results
    are made off the GUI thread.
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
        """The attention weights of sample t = 1..m over ``cloud``, (n,); they add up to 1. None sums all.

        It needs a pass of the network over the cloud, unless the rollout saw the whole cloud. ValueError
        where there is no attention.
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
    """Whether attention colours ``entry``: because the user chose so, or by default where it is fast."""
    if result is None or result.entry != entry.id or not result.has_attention:
        return False
    return named(entry.colouring).shows_attention(len(result.cloud))


@dataclass(frozen=True)
class Measures:
    """``chamfer`` in squared units of the cloud, ``hausdorff`` in its units, ``coverage`` in 0..1."""

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

    Each of the ``rows`` has a word, a number as text, and a fraction for the bar where there is one.
    ``whole`` is the answer to the whole cloud in a sentence; ``warning`` says that the net was not trained
    on such shapes, ``known`` what it can answer at all.
    """

    rows: tuple[tuple[str, str, float | None], ...]
    whole: str
    warning: str | None = None
    known: str = ""
