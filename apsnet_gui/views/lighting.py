"""Clouds that are lit like surfaces by their normals."""

from __future__ import annotations

from dataclasses import replace
from weakref import WeakKeyDictionary

from apsnet_gui.jobs.normals import normals_of
from apsnet_gui.state.open_shape import Shape
from apsnet_gui.viewport.scene import MeshLayer, PointLayer

_lit: WeakKeyDictionary[PointLayer, PointLayer] = WeakKeyDictionary()


def lit(layer: PointLayer | MeshLayer, shape: Shape) -> PointLayer | MeshLayer:
    """The layer of a cloud with its normals if they are known; the same layer gives the same result."""
    known = normals_of(shape)
    if isinstance(layer, MeshLayer) or known is None:
        return layer
    if layer not in _lit:
        normals = known if layer.rows is None else known[layer.rows]
        _lit[layer] = replace(layer, normals=normals)
    return _lit[layer]
