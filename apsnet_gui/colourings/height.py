"""Colours by height."""

from __future__ import annotations

from apsnet_gui.colourings.colouring import Colouring, Colours, Subject
from apsnet_gui.viewport import colormap
from apsnet_gui.viewport.colormap import ColorBar


def height_colours(subject: Subject) -> Colours:
    """Colours along the up axis; the legend has the file's own coordinates."""
    axis = "xyz".index(subject.up)
    height = subject.points[:, axis]
    low, high, base = float(height.min()), float(height.max()), float(subject.shape.offset[axis])
    legend = ColorBar(f"Height, {subject.up}", base + low, base + high, colormap.table(subject.dark))
    return Colours(colormap.apply(height, low, high, dark=subject.dark), legend)


HEIGHT = Colouring("height", "&Height", "How high each point lies, along the up axis", height_colours)
