"""The colours of a field in a report, as in the window, and the command-line options for them."""

from __future__ import annotations

from dataclasses import replace

from apsnet_core.cloud import PointCloud
from apsnet_core.colours.field_colours import FieldColours, FieldScale, colours_of
from apsnet_core.types import Mask
from apsnet_gui.colourings.registry import named
from apsnet_gui.state.open_shape import OpenShape


def field_colours(entry: OpenShape, cloud: PointCloud, seen: Mask | None = None) -> FieldColours | None:
    """The colours of the ``cloud``'s points for a light page, None if ``entry`` is not coloured by a field.

    Points that are not in the mask ``seen`` (n,) are not drawn.
    """
    row = named(entry.colouring)
    if not row.of_field:
        return None
    try:
        found = colours_of(cloud, row.of_field, entry.scale or row.scale, dark=False, up=entry.up)
        if seen is not None:
            found = replace(found, shown=seen if found.shown is None else found.shown & seen)
    except ValueError:
        return None  # a what-if has dropped the points for which the scale was made
    return found if len(found.shown_rows) else None


def colour_words(entry: OpenShape) -> list[str]:
    """The command-line options for the same colours in a report."""
    row = named(entry.colouring)
    if not row.of_field:
        return []
    scale, words = entry.scale or row.scale or FieldScale(), ["--colour-by", row.of_field]
    if scale.low is not None and scale.high is not None:
        words += ["--colour-range", f"{scale.low!r},{scale.high!r}"]
    elif scale.percentiles != FieldScale().percentiles:
        words += ["--colour-range", ",".join(f"{share:g}%" for share in scale.percentiles)]
    words += ["--colour-log"] * scale.log
    words += ["--colour-map", scale.map] if scale.map != FieldScale().map else []
    hidden = ",".join(map(str, scale.hidden))
    return words + (["--hide-classes", hidden] if hidden else [])
