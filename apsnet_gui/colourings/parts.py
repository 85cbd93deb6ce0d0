"""Colours by the parts that a cloud was sampled in; without parts the file's colours."""

from __future__ import annotations

from apsnet_core.arrays import np
from apsnet_core.colours.classes import class_colours
from apsnet_gui.colourings.colouring import Colouring, Colours, Subject
from apsnet_gui.colourings.file import file_colours


def part_colours(subject: Subject) -> Colours:
    """A colour for each part; points in none keep the plain colour."""
    if subject.parts is None or len(subject.parts) != len(subject.points):
        return file_colours(subject)
    table = class_colours("part", np.arange(int(subject.parts.max(initial=-1)) + 1))
    colours = np.vstack([table, np.array([subject.colour], np.uint8)])[subject.parts]  # -1 is the last
    return Colours(colours.astype(np.uint8))


PARTS = Colouring("parts", "P&arts", "The parts in which a cloud was sampled, each in a colour", part_colours)
