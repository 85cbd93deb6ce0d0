"""Views of example shapes of an evaluation, sampled by its methods: those on which they differ most."""

from __future__ import annotations

import numpy as np

from apsnet_core.cloud import Float32, PointCloud
from apsnet_core.evaluation.figures.samples import TITLE, Panel, sampling_picture
from apsnet_core.evaluation.figures.stills import stills
from apsnet_core.evaluation.shown import attention_of
from apsnet_core.evaluation.table.scored import Scored
from apsnet_core.methods.creating import create
from apsnet_core.methods.registry import method_colour
from apsnet_core.page.views import View
from apsnet_core.placing import counted
from apsnet_core.sampling import Sampling
from apsnet_core.tasks.registry import metric as metric_named

_VIEWS = 12
_SHAPES = 3


def examples(scored: Scored) -> tuple[list[Float32], list[View]]:
    """Clouds, and views of their samples: at most three shapes of different classes, at the smallest size."""
    m = min(size for _, size in scored.runs)
    samplers = {
        label: create(spec, scored.task, scored.up, m=m)
        for label, spec in scored.methods.items()
        if (label, m) in scored.runs
    }
    clouds: list[Float32] = []
    views: list[View] = []
    for shape in _telling(scored, m, max(min(_SHAPES, _VIEWS // max(len(samplers), 1)), 1)):
        cloud = PointCloud(scored.held_out.cloud(shape))
        found = {label: sampler.sample(cloud, m) for label, sampler in list(samplers.items())[:_VIEWS]}
        views += _views_of(scored, shape, cloud, found, len(clouds))
        clouds.append(cloud.xyz)
    return clouds, views


def _telling(scored: Scored, m: int, most: int) -> list[int]:
    """The shapes whose values differ most between methods, one for each class."""
    values = np.stack([found for (_, size), found in scored.shapes.items() if size == m])
    chosen: dict[int, int] = {}
    for shape in np.argsort(-np.ptp(values, axis=0), kind="stable").tolist():
        chosen.setdefault(int(scored.held_out.labels[shape]), shape)
    return list(chosen.values())[:most]


def _views_of(
    scored: Scored, shape: int, cloud: PointCloud, found: dict[str, Sampling], number: int
) -> list[View]:
    panels = [
        Panel(sampling.points, method_colour(scored.methods[label].name), label)
        for label, sampling in found.items()
    ]
    pictures = stills(sampling_picture(cloud.xyz, panels, up=scored.up), len(panels), TITLE)
    return [
        View(
            sampling.points,
            f"{label} · {counted(sampling.m, 'point')}",
            _said(scored, label, sampling.m, shape),
            panel.colour,
            picture,
            attention_of(sampling),
            cloud=number,
        )
        for (label, sampling), panel, picture in zip(found.items(), panels, pictures, strict=True)
    ]


def _said(scored: Scored, label: str, m: int, shape: int) -> str:
    held_out, metric = scored.held_out, metric_named(scored.metric)
    name = held_out.names[shape]
    if (answers := scored.answers.get((label, m))) is not None:
        true, seen = (held_out.classes[int(k)] for k in (held_out.labels[shape], answers[shape]))
        return f"{true} {name}: taken for {seen}" if seen != true else f"{true} {name}: recognised"
    return f"{name}: {metric.short} {metric.text(float(scored.shapes[label, m][shape]), unit=True)}"
