"""Colours the points of a cloud that are selected, or that a tool would remove."""

from __future__ import annotations

from dataclasses import replace
from weakref import WeakKeyDictionary

from apsnet_core.arrays import np
from apsnet_core.cloud import PointCloud
from apsnet_core.types import Mask
from apsnet_gui.state.open_shape import OpenShape, Shape
from apsnet_gui.state.selected import Mark
from apsnet_gui.viewport.scene import MeshLayer, PointLayer, Rgb, ghost

CHOSEN: Rgb = (255, 64, 200)  # not a colour of a method or colour map, and visible on dark and light
STRENGTH = 0.8  # the share of this colour; the rest is the point's own colour
FADED = 0.12  # the share of its own colour that a faded point keeps

_done: WeakKeyDictionary[PointLayer, tuple[Mark, PointLayer]] = WeakKeyDictionary()


def marked(
    layer: PointLayer | MeshLayer, entry: OpenShape, shape: Shape, mark: Mark | None, background: Rgb
) -> PointLayer | MeshLayer:
    """The layer of ``shape``, the drawn shape of ``entry``, with the marked points coloured or faded.

    Equal arguments give the same layer, so that nothing is sent to the renderer twice.
    """
    if mark is None or mark.entry != entry.id or not isinstance(layer, PointLayer):
        return layer
    if layer not in _done or _done[layer][0] is not mark:
        mask = of_drawn(mark.mask, entry.shape, shape)
        mask = mask if layer.rows is None else mask[layer.rows]  # the layer does not have hidden points
        colours = layer.colors.copy()
        if mark.faded:
            colours[mask] = ghost(colours[mask], background, FADED)
        else:
            colours[mask] = ghost(colours[mask], CHOSEN, 1 - STRENGTH)
        _done[layer] = mark, replace(layer, colors=colours)
    return _done[layer][1]


def of_drawn(mask: Mask, whole: Shape, drawn: Shape) -> Mask:
    """Convert a mask of ``whole`` to one of ``drawn``, from which a what-if may have dropped points."""
    if drawn is whole or not isinstance(whole, PointCloud) or not isinstance(drawn, PointCloud):
        return mask
    rows = whole.source_rows(np.flatnonzero(mask))
    asked = drawn.source_rows(np.arange(len(drawn)))
    found = np.zeros(max(int(asked.max(initial=-1)), int(rows.max(initial=-1))) + 1, dtype=np.bool_)
    found[rows] = True
    return np.asarray(found[asked])
