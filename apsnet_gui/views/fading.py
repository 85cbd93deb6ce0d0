"""Fades the colours behind samples, and their legend in the same way."""

from __future__ import annotations

from dataclasses import replace

from apsnet_core.arrays import np
from apsnet_core.cloud import TriangleMesh
from apsnet_core.remembered import remembered
from apsnet_gui.colourings.colouring import Colours
from apsnet_gui.state.open_shape import Shape
from apsnet_gui.viewport.colormap import ColorBar
from apsnet_gui.viewport.scene import Rgb, ghost

GHOST = 0.4
_SURFACE = 0.6  # more than for points, because shading makes a surface darker


@remembered(16)
def faded(shape: Shape, colours: Colours, ground: Rgb | None) -> Colours:
    """The colours of ``shape`` and its legend, faded towards the background ``ground`` unless it is None.

    Equal arguments give the same colours, so that nothing is sent to the renderer twice.
    """
    if ground is None:
        return colours
    strength = _SURFACE if isinstance(shape, TriangleMesh) else GHOST
    legend = None if colours.legend is None else _faded_bar(colours.legend, ground, strength)
    return replace(colours, rgb=ghost(colours.rgb, ground, strength), legend=legend)


def _faded_bar(bar: ColorBar, ground: Rgb, strength: float) -> ColorBar:
    def one(rgb: Rgb) -> Rgb:
        r, g, b = ghost(np.array([rgb], np.uint8), ground, strength)[0].tolist()
        return r, g, b

    return replace(
        bar,
        table=ghost(bar.table, ground, strength),
        classes=tuple(replace(each, rgb=one(each.rgb)) for each in bar.classes),
        unknown=one(bar.unknown),
    )
