"""The colours that tell two apart wherever they are compared: in the window, in figures and in pages."""

from __future__ import annotations

Rgb = tuple[int, int, int]

# Blue and orange are told apart by every eye (Okabe & Ito); the middle is just seen on its ground.
_DARK: tuple[Rgb, Rgb, Rgb] = (96, 165, 255), (70, 75, 82), (255, 150, 60)
_LIGHT: tuple[Rgb, Rgb, Rgb] = (0, 84, 166), (206, 209, 214), (196, 78, 0)

BOTH: Rgb = (140, 150, 163)
"""The colour of a sample that both have."""

OPPOSED: Rgb = (33, 102, 172)
SPEAKING: Rgb = (194, 65, 12)
"""The colours of samples that speak against an answer and for it, over `BOTH` for those that do neither."""


def ends(dark: bool) -> tuple[Rgb, Rgb, Rgb]:
    """The colours of less, of the same and of more, on a ``dark`` or a light ground."""
    return _DARK if dark else _LIGHT


def hex_of(colour: Rgb) -> str:
    """The colour as figures and pages take it, "#rrggbb"."""
    return "#" + bytes(colour).hex()
