"""The colours of comparisons between two samples, in the window, in figures and in pages."""

from __future__ import annotations

Rgb = tuple[int, int, int]

# Blue and orange can be distinguished with any colour vision (Okabe & Ito). The middle colour is just visible
# on its background.
_DARK: tuple[Rgb, Rgb, Rgb] = (96, 165, 255), (70, 75, 82), (255, 150, 60)
_LIGHT: tuple[Rgb, Rgb, Rgb] = (0, 84, 166), (206, 209, 214), (196, 78, 0)

BOTH: Rgb = (140, 150, 163)
"""The colour of a sample that both samplings contain."""

OPPOSED: Rgb = (33, 102, 172)
SPEAKING: Rgb = (194, 65, 12)
"""The colours of samples that count against an answer and for it; `BOTH` is the colour of neutral samples."""


def ends(dark: bool) -> tuple[Rgb, Rgb, Rgb]:
    """The colours for less, equal and more, on a ``dark`` or a light background."""
    return _DARK if dark else _LIGHT


def hex_of(colour: Rgb) -> str:
    """The colour as "#rrggbb", for figures and pages."""
    return "#" + bytes(colour).hex()
