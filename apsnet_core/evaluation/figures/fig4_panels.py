"""The contents of Fig. 4 for a method: its samples, their attention, and the shapes rebuilt from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from apsnet_core.cloud import Float32, PointCloud
from apsnet_core.evaluation.answers import TaskNet, answer
from apsnet_core.methods.attention import heatmap
from apsnet_core.methods.creating import create
from apsnet_core.methods.registry import method_colour
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.placing import counted


@dataclass(frozen=True, eq=False)
class SamplePicture:
    """One sample: ``samples`` (m, 3) in order, and the ``attention`` (n,) of the cloud's points.

    ``attention`` is None for a method without it, ``attention_at`` gives that of one step. ``rebuilt`` (k, 3)
    is the shape rebuilt from the sample, None if there is none. ``words`` and ``verdict``, two lines each,
    describe the sample and the rebuilt shape; ``value`` is the number of the verdict.
    """

    samples: Float32
    colour: str
    attention: Float32 | None
    rebuilt: Float32 | None
    words: str
    verdict: str
    metric: str
    value: float
    attention_at: Callable[[int], Float32] | None = None

    @property
    def m(self) -> int:
        """The number of points sampled."""
        return len(self.samples)


def scenes(
    cloud: PointCloud,
    spec: MethodSpec,
    sizes: Sequence[int],
    *,
    net: TaskNet,
    up: str,
    seed: int = 0,
) -> list[SamplePicture]:
    """A picture for each of ``sizes``, judged by ``net``.

    ``ValueError`` if there are no weights, or if a size is larger than the cloud.
    """
    sampler = create(spec, net.metadata.task, up)
    whole, colour, found = answer(net, cloud, up=up), method_colour(spec.name), []
    for m in sizes:
        sampling = sampler.sample(cloud, m, seed)
        attention = heatmap(sampling, cloud) if sampling.rollout else None
        said = answer(net, cloud, sampling, up)
        verdict, caption = said.verdict(whole), said.caption(m)
        if said.drawn is None:  # without a rebuilt shape, the answer is written above the samples
            words = caption.partition("\n")[0]
        else:
            words = "yellow: high attention" if sampling.rollout else "numbered in their order"
        words = f"{spec.label} · {counted(m, 'point')}\n{words}"
        found.append(
            SamplePicture(
                sampling.points,
                colour,
                attention,
                said.drawn,
                words,
                caption,
                verdict.metric.name,
                verdict.value,
                partial(heatmap, sampling, cloud) if sampling.rollout else None,
            )
        )
    return found


def grid(rows: Sequence[Sequence[SamplePicture]]) -> list[list[SamplePicture]]:
    """Transpose ``rows`` to methods across and sizes down; only samples, with the words of the answers."""
    plain = [
        [
            replace(
                scene,
                rebuilt=None,
                words=f"{scene.words.partition(chr(10))[0]}\n{scene.verdict.partition(chr(10))[0]}",
            )
            for scene in row
        ]
        for row in rows
    ]
    return [list(line) for line in zip(*plain, strict=True)]
