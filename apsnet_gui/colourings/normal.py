"""Colours by the direction of the surface at each point."""

from __future__ import annotations

from apsnet_core.arrays import np
from apsnet_gui.colourings.colouring import Colouring, Colours, Shape, Subject, plain_colours


def _missing(shape: Shape) -> str | None:
    return "The file has no normals" if shape.normals is None else None


def normal_colours(subject: Subject) -> Colours:
    """Colours of the normals: x, y and z from -1 to 1 become red, green and blue from 0 to 255."""
    normals = subject.shape.normals
    if normals is None:
        return plain_colours(subject)
    return Colours(np.clip(normals * 127.5 + 127.5, 0, 255).astype(np.uint8))


NORMAL = Colouring("normal", "&Normals", "The direction of the surface", normal_colours, _missing)
