"""What is known of a task: one row of the table in `apsnet_core.tasks.registry`."""

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
    """A way to show a method in a comparison: its ``key`` for programs, its ``title``, and what is seen."""

    key: str
    title: str
    tip: str


SAMPLES = Page("samples", "Samples", "The points chosen")


@dataclass(frozen=True)
class Task:
    """A row. ``name`` is what the shell calls it, ``label`` what the window does.

    The task net is called ``architecture`` in the metadata of weights, and ``build(classes)`` makes it
    untrained, for so many classes. It takes points (B, N, 3); one for ``pairs`` takes two clouds and answers
    with the `Pose` that lays the second on the first; one that ``knows_classes`` answers with logits
    (B, classes) and is trained with labels. Its global feature has ``feature_width`` numbers: by them it is
    told whether a shape is like those of the training.

    ``loss(answer, batch)`` and ``distil(answer, teacher)``, the latter against the net's answer on the full
    clouds (Eq. 9), are means over the batch. ``metric`` is measured by ``measure(answer, on_clouds, batch)``,
    one number (B,) per cloud. Where it says nothing of the full clouds, ``full_metric`` does, measured by
    ``measure_full(answer, batch)``. ``learn(net, batch, smoothing)`` is the loss of the task net's own
    training where that is another than ``loss``.

    ``say(question)`` puts the net's answer on one cloud into words, and ``judged`` names what it is judged
    by. ``pages`` are the ways to show a method. ``data`` is the dataset to begin with, ``bundled`` how many
    of its shapes of which class tell whether weights still do what they did. ``paper`` is what the paper has.
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
        """The metric of the full clouds."""
        return self.full_metric or self.metric

    def ask(self, net: nn.Module, samples: Tensor) -> NetAnswer:
        """The net's answer on samples (B, m, 3); of pairs (2B, m, 3), the templates' first."""
        return ask_pair(net, *samples.chunk(2)) if self.pairs else net(samples)

    def measure_all(self, answer: NetAnswer, batch: Batch) -> Tensor:
        """`of_all_points`, (B,), of the net's ``answer`` on the full clouds."""
        if self.measure_full is not None:
            return self.measure_full(answer, batch)
        return self.measure(answer, answer, batch)


def ask_pair(net: nn.Module, template: Tensor, source: Tensor) -> Pose:
    """The `Pose` that lays ``source`` (B, n, 3) on ``template`` (B, k, 3); two tensors are taken for one."""
    from apsnet_core.networks.pcrnet import Pose

    found = net(template, source)
    return found if isinstance(found, Pose) else Pose(*found)
