"""Colours by the parts in which a cloud was sampled, or the file's colours if there are no parts."""

from __future__ import annotations

from apsnet_core.arrays import np
from apsnet_core.colours.part_colours import part_colours
from apsnet_gui.colourings.colouring import Colouring, Colours, Subject
from apsnet_gui.colourings.file import file_colours
from apsnet_gui.viewport.colormap import ColorBar


def paint(subject: Subject) -> Colours:
    """A colour for each part, orange for parts unlike the training; points in no part are plain."""
    if subject.parts is None or len(subject.parts) != len(subject.points):
        return file_colours(subject)
    table, meant = part_colours(subject.parts, subject.checked)
    # The plain colour is the last row, which the part number -1 selects.
    colours = np.vstack([table, np.array([subject.colour], np.uint8)])[subject.parts]
    legend = ColorBar("Parts", 0.0, 1.0, table, classes=meant, can_hide=False) if meant else None
    return Colours(colours.astype(np.uint8), legend)


PARTS = Colouring(
    "parts",
    "P&arts",
    "The parts in which a cloud was sampled; parts unlike the training are orange",
    paint,
)
