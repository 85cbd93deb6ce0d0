"""The point sizes of shapes, for all pictures in which they are drawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from apsnet_gui.state.document import Look
from apsnet_gui.state.open_shape import OpenShape
from apsnet_gui.viewport.scene import Layer, PointLayer

AnyLayer = TypeVar("AnyLayer", bound=Layer)
_MANY = 1000  # fewer points than this are drawn larger
_LARGER = 2.5  # the largest factor for few points


def usual_size(look: Look, layers: Iterable[Layer]) -> float:
    """The size in pixels of points without their own size; few points are drawn larger to be visible."""
    count = sum(len(layer.xyz) for layer in layers if isinstance(layer, PointLayer) and layer.visible)
    larger = float((_MANY / max(count, 1)) ** 0.25)
    return look.point_size * min(max(larger, 1.0), _LARGER)


def in_own_size(layer: AnyLayer, entry: OpenShape | None) -> AnyLayer:
    """The ``layer`` with the point size of its ``entry``, unchanged if the entry has no own size."""
    if entry is None or not isinstance(layer, PointLayer):
        return layer
    if entry.world_size is not None:
        return replace(layer, world_size=float(entry.world_size))
    return replace(layer, point_size=float(entry.point_size)) if entry.point_size else layer
