"""How large the points of a shape are, in whatever picture it is drawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from apsnet_gui.state.document import Look
from apsnet_gui.state.open_shape import OpenShape
from apsnet_gui.viewport.scene import Layer, PointLayer

AnyLayer = TypeVar("AnyLayer", bound=Layer)
_MANY = 1000  # points that are seen well in their usual size
_LARGER = 2.5  # times as large, at most, are fewer


def usual_size(look: Look, layers: Iterable[Layer]) -> float:
    """The size in pixels of points without one of their own: few points in a wide view are drawn larger."""
    count = sum(len(layer.xyz) for layer in layers if isinstance(layer, PointLayer) and layer.visible)
    larger = float((_MANY / max(count, 1)) ** 0.25)
    return look.point_size * min(max(larger, 1.0), _LARGER)


def in_own_size(layer: AnyLayer, entry: OpenShape | None) -> AnyLayer:
    """The ``layer`` of an ``entry`` with the point size of that one; as it is where it has none."""
    if entry is None or not isinstance(layer, PointLayer):
        return layer
    if entry.world_size is not None:
        return replace(layer, world_size=float(entry.world_size))
    return replace(layer, point_size=float(entry.point_size)) if entry.point_size else layer
