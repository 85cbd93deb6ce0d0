"""Some shapes of a table, sampled by its methods, as views: those on which they differ most."""

from __future__ import annotations

import numpy as np

from apsnet_core.cloud import Float32, PointCloud
from apsnet_core.evaluation.figures.samples import TITLE, Panel, sampling_picture
from apsnet_core.evaluation.figures.stills import stills
from apsnet_core.evaluation.shown import attention_of
from apsnet_core.evaluation.table.table import Table
from apsnet_core.evaluation.table.texts import sizes_of
from apsnet_core.methods.creating import create
from apsnet_core.methods.registry import method_colour
from apsnet_core.page.views import View
from apsnet_core.placing import counted
from apsnet_core.sampling import Sampling
from apsnet_core.tasks.registry import metric as metric_named

_VIEWS = 12
_SHAPES = 3


def examples(table: Table) -> tuple[list[Float32], list[View]]:
    """Clouds and views of them: at most three shapes of different classes, at the smallest size."""
    m = sizes_of(table.rows)[0]
    samplers = {
        label: create(spec, table.task, table.up, m=m)
        for label, spec in table.methods.items()
        if (label, m) in table.runs
    }
    clouds: list[Float32] = []
    views: list[View] = []
    for shape in _telling(table, m, max(min(_SHAPES, _VIEWS // max(len(samplers), 1)), 1)):
        cloud = PointCloud(table.held_out.cloud(shape))
        found = {label: sampler.sample(cloud, m) for label, sampler in list(samplers.items())[:_VIEWS]}
        views += _views_of(table, shape, cloud, found, len(clouds))
        clouds.append(cloud.xyz)
    return clouds, views


def _telling(table: Table, m: int, most: int) -> list[int]:
    """The shapes whose values differ most between methods, of each class the first."""
    values = np.stack([found for (_, size), found in table.shapes.items() if size == m])
    chosen: dict[int, int] = {}
    for shape in np.argsort(-np.ptp(values, axis=0), kind="stable").tolist():
        chosen.setdefault(int(table.held_out.labels[shape]), shape)
    return list(chosen.values())[:most]


def _views_of(
    table: Table, shape: int, cloud: PointCloud, found: dict[str, Sampling], number: int
) -> list[View]:
    panels = [
        Panel(sampling.points, method_colour(table.methods[label].name), label)
        for label, sampling in found.items()
    ]
    pictures = stills(sampling_picture(cloud.xyz, panels, up=table.up), len(panels), TITLE)
    return [
        View(
            sampling.points,
            f"{label} · {counted(sampling.m, 'point')}",
            _said(table, label, sampling.m, shape),
            panel.colour,
            picture,
            attention_of(sampling),
            cloud=number,
        )
        for (label, sampling), panel, picture in zip(found.items(), panels, pictures, strict=True)
    ]


def _said(table: Table, label: str, m: int, shape: int) -> str:
    held_out, metric = table.held_out, metric_named(table.metric)
    name = held_out.names[shape]
    if (answers := table.answers.get((label, m))) is not None:
        true, seen = (held_out.classes[int(k)] for k in (held_out.labels[shape], answers[shape]))
        return f"{true} {name}: taken for {seen}" if seen != true else f"{true} {name}: recognised"
    return f"{name}: {metric.short} {metric.text(float(table.shapes[label, m][shape]), unit=True)}"
