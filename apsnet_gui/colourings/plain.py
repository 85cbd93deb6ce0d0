"""One colour for the whole shape."""

from __future__ import annotations

from apsnet_gui.colourings.colouring import Colouring, plain_colours

PLAIN = Colouring("plain", "&Plain colour", "One colour, chosen in the list of clouds", plain_colours)
