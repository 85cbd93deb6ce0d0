"""A task: one row of the table in `apsnet_core.tasks.registry`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from apsnet_core.tasks.answer import Answer, NetAnswer, Question
from apsnet_core.tasks.metric import Metric, Paper

if TYPE_CHECKING:
    from torch import Tensor, nn

    from apsnet_core.networks.pcrnet import Pose
    from apsnet_core.tasks.batch import Batch


class Page(NamedTuple):
    """A view of a method in a comparison: its ``key`` in programs, its ``title``, and the tooltip ``tip``."""

    key: str
    title: str
    tip: str


SAMPLES = Page("samples", "Samples", "The points chosen")


@dataclass(frozen=True)
class Task:
    """A row of the table. ``name`` is used on the command line and ``label`` in the window.

    - ``architecture``: the task net's name in the metadata of weights. ``build(classes)`` makes an untrained
      task net, which takes points (B, N, 3).
    - ``pairs``: the task net takes two clouds and returns the `Pose` that aligns the second with the first.
    - ``knows_classes``: the task net returns logits (B, classes) and is trained with labels.
    - ``feature_width``: the size of its global feature, from which the familiarity of a shape is computed.
    - ``loss(answer, batch)``: the task loss, a batch mean. ``distil(answer, teacher)``: the loss against
      the net's answer for the full clouds (Eq. 9), a batch mean.
    - ``metric``: measured by ``measure(answer, on_clouds, batch)``, one number (B,) for each cloud. If it
      is not meaningful for full clouds, they have a ``full_metric``, ``measure_full(answer, batch)``.
    - ``learn(net, batch, smoothing)``: the loss of the task net's own training, if it is not ``loss``.
    - ``say(question)``: puts the net's answer for one cloud into words; ``judged`` names what is measured.
    - ``pages``: the views of a method. ``data``: the default dataset. ``bundled``: the number of bundled
      shapes of each class that test whether weights still give the same answers. ``paper``: its numbers.
    """

    name: str
    label: str
    architecture: str
    build: Callable[[int], nn.Module]
    metric: Metric
    loss: Callable[[NetAnswer, Batch], Tensor]
    distil: Callable[[NetAnswer, NetAnswer], Tensor]
    measure: Callable[[NetAnswer, NetAnswer, Batch], Tensor]
    say: Callable[[Question], Answer] | None = None
    judged: str = "the answer"
    knows_classes: bool = False
    pairs: bool = False
    feature_width: int | None = None
    full_metric: Metric | None = None
    measure_full: Callable[[NetAnswer, Batch], Tensor] | None = None
    learn: Callable[[nn.Module, Batch, float], Tensor] | None = None
    pages: tuple[Page, ...] = (SAMPLES,)
    data: str = "furniture"
    bundled: Mapping[str, int] = field(default_factory=dict, hash=False)
    paper: Paper | None = None

    @property
    def of_all_points(self) -> Metric:
        """The metric for full clouds."""
        return self.full_metric or self.metric

    def ask(self, net: nn.Module, samples: Tensor) -> NetAnswer:
        """The net's answer for samples (B, m, 3); for pairs (2B, m, 3), templates first."""
        return ask_pair(net, *samples.chunk(2)) if self.pairs else net(samples)

    def measure_all(self, answer: NetAnswer, batch: Batch) -> Tensor:
        """The values (B,) of the metric `of_all_points` for the net's ``answer`` on the full clouds."""
        if self.measure_full is not None:
            return self.measure_full(answer, batch)
        return self.measure(answer, answer, batch)


def ask_pair(net: nn.Module, template: Tensor, source: Tensor) -> Pose:
    """The `Pose` that aligns ``source`` (B, n, 3) with ``template`` (B, k, 3); nets may return its fields."""
    from apsnet_core.networks.pcrnet import Pose

    found = net(template, source)
    return found if isinstance(found, Pose) else Pose(*found)
