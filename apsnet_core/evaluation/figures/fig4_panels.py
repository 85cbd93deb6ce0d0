"""What Fig. 4 shows of a method: its samples, the attention that led to them, what they rebuild."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from apsnet_core.cloud import Float32, PointCloud
from apsnet_core.evaluation.answers import classify, reconstruct, task_net
from apsnet_core.methods.attention import heatmap
from apsnet_core.methods.creating import create
from apsnet_core.methods.registry import method_colour
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.ops.orientation import Up


@dataclass(frozen=True, eq=False)
class Scene:
    """One sample: ``samples`` (m, 3) in order, ``attention`` (n,) of the cloud's points if there was any.

    ``rebuilt`` (k, 3) is the shape rebuilt from the sample, None in classification. ``words`` and
    ``verdict``, two lines each, say what both are; ``value`` is the NRE or the probability of the class that
    the whole cloud is given.
    """

    samples: Float32
    colour: str
    attention: Float32 | None
    rebuilt: Float32 | None
    words: str
    verdict: str
    metric: str
    value: float

    @property
    def m(self) -> int:
        return len(self.samples)


def scenes(
    cloud: PointCloud,
    spec: MethodSpec,
    sizes: Sequence[int],
    *,
    task: Literal["classification", "reconstruction"],
    up: Up,
    seed: int = 0,
) -> list[Scene]:
    """A scene for each of ``sizes``. ``ValueError`` for no weights, or more points than there are."""
    sampler, net = create(spec, task, up), task_net(task)
    found = []
    for m in sizes:
        sampling = sampler.sample(cloud, m, seed)
        attention = heatmap(sampling, cloud) if sampling.rollout else None
        words = f"{spec.label} · {m} points\n"
        words += "yellow: high attention" if sampling.rollout else "numbered in their order"
        rebuilt = None
        if task == "reconstruction":
            answer = reconstruct(net, cloud, sampling, up)
            rebuilt, metric, value = answer.points, "nre", answer.nre
            verdict = f"NRE {value:.2f}\nrebuilt from {m} points"
        else:
            whole, said = classify(net, cloud, up=up), classify(net, cloud, sampling, up)
            likeliest, probability = said.top(1)[0]
            metric, value = "probability", float(said.probabilities[whole.probabilities.argmax()])
            verdict = f"{likeliest}, {100 * probability:.0f} %\n"
            words = f"{spec.label} · {m} points\n{likeliest}, {100 * probability:.0f} %"
        colour = method_colour(spec.name)
        found.append(Scene(sampling.points, colour, attention, rebuilt, words, verdict, metric, value))
    return found
