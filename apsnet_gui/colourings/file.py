"""The colours that are stored in the file."""

from __future__ import annotations

from apsnet_core.arrays import np
from apsnet_gui.colourings.colouring import Colouring, Colours, Shape, Subject, plain_colours


def _missing(shape: Shape) -> str | None:
    return "The file has no colours" if shape.rgb is None else None


def file_colours(subject: Subject) -> Colours:
    """The stored colours; colours of 16 bits are reduced to their upper 8 bits."""
    rgb = subject.shape.rgb
    if rgb is None:
        return plain_colours(subject)
    return Colours((rgb >> (8 if rgb.dtype == np.uint16 else 0)).astype(np.uint8))


FILE = Colouring("file", "&File colours", "The colours of the file", file_colours, _missing)
