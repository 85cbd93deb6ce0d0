"""The point size that a shape has of its own, in whatever picture it is drawn."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from apsnet_gui.state.open_shape import OpenShape
from apsnet_gui.viewport.scene import Layer, PointLayer

AnyLayer = TypeVar("AnyLayer", bound=Layer)


def in_own_size(layer: AnyLayer, entry: OpenShape | None) -> AnyLayer:
    """The ``layer`` of an ``entry`` with the point size of that one; as it is where it has none."""
    if entry is None or not isinstance(layer, PointLayer):
        return layer
    if entry.world_size is not None:
        return replace(layer, world_size=float(entry.world_size))
    return replace(layer, point_size=float(entry.point_size)) if entry.point_size else layer
