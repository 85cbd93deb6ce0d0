"""Colours by height."""

from __future__ import annotations

import numpy as np

from apsnet_core.ops.orientation import DIRECTIONS, up_vector
from apsnet_gui.colourings.colouring import Colouring, Colours, Subject
from apsnet_gui.viewport import colormap
from apsnet_gui.viewport.colormap import ColorBar


def height_colours(subject: Subject) -> Colours:
    """Colours along what points up; the legend has the file's own coordinates."""
    up = up_vector(subject.up)
    height = subject.points @ up.astype(np.float32)
    low, high, base = float(height.min()), float(height.max()), float(subject.shape.offset @ up)
    axis = f", {subject.up}" if subject.up in DIRECTIONS else ""
    legend = ColorBar(f"Height{axis}", base + low, base + high, colormap.table(subject.dark))
    return Colours(colormap.apply(height, low, high, dark=subject.dark), legend)


HEIGHT = Colouring("height", "&Height", "How high each point lies, along the up axis", height_colours)
