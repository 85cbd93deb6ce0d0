"""Removes the points that a user has hidden from the points that are drawn."""

from __future__ import annotations

from dataclasses import replace

from apsnet_core.editing.selection import Selection
from apsnet_core.remembered import remembered
from apsnet_core.types import Mask
from apsnet_gui.colourings.colouring import Colours
from apsnet_gui.state.open_shape import OpenShape, Shape
from apsnet_gui.views.marks import of_drawn


def without_hidden(colours: Colours, entry: OpenShape, drawn: Shape) -> Colours:
    """The colours of ``drawn``, the drawn shape of ``entry``, with the hidden points marked as not shown."""
    hidden = entry.hidden_of_cloud
    return colours if hidden is None else _without(colours, hidden, entry.shape, drawn)


def hidden_among(entry: OpenShape, drawn: Shape) -> Mask | None:
    """A mask (n,) of the hidden points of ``drawn``, the drawn shape of ``entry``; None if none is hidden.

    Equal arguments give the same array, so that nothing is sent to the renderer twice. Call it on a worker
    thread.
    """
    hidden = entry.hidden_of_cloud
    return None if hidden is None else _among(hidden, entry.shape, drawn)


@remembered(16)
def _among(hidden: Selection, whole: Shape, drawn: Shape) -> Mask:
    return of_drawn(hidden.mask(hidden.count), whole, drawn)


@remembered(16)
def _without(colours: Colours, hidden: Selection, whole: Shape, drawn: Shape) -> Colours:
    """Equal arguments give the same colours, so that nothing is sent to the renderer twice."""
    seen = ~_among(hidden, whole, drawn)
    return replace(colours, shown=seen if colours.shown is None else colours.shown & seen)
