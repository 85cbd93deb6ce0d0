"""The look of an exported figure: its width, colours and font."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import RLock
from typing import Any, Literal

import matplotlib
from matplotlib import font_manager
from matplotlib.colors import to_rgb

Theme = Literal["light", "dark", "print", "page"]
THEMES: tuple[Theme, ...] = ("light", "dark", "print")
"""The themes that a user can choose; "page" is for a figure inside an HTML page, in the page's colours."""

WIDTHS = {"column": 3.3, "text": 6.9, "slide": 12.0}
"""Widths in inches: a column and the full width of a two-column paper, and a figure on a slide of 13.3."""

FONTS = {"sans": "DejaVu Sans", "serif": "STIXGeneral"}
"""Both fonts come with matplotlib, so every machine has them; serif resembles Times."""

_NARROWEST, _WIDEST = 2.0, 40.0
_LOCK = RLock()  # matplotlib's settings are global to the process


@dataclass(frozen=True)
class Palette:
    """The colours of everything except the methods."""

    paper: str
    ink: str
    quiet: str
    grid: str


PALETTES: dict[Theme, Palette] = {
    "light": Palette("#ffffff", "#1c1f24", "#5b626e", "#e4e6ea"),
    "dark": Palette("#15171b", "#e6e8ec", "#9aa1ab", "#2c3037"),
    "print": Palette("#ffffff", "#000000", "#000000", "#d0d0d0"),
    "page": Palette("#fdfdfe", "#010203", "#010204", "#010205"),
}


@dataclass(frozen=True)
class Look:
    """``width`` in inches, ``theme``, and ``font``: sans, serif, or a family that is installed.

    ``see_through`` omits the background, for a page that has its own.
    """

    width: float = WIDTHS["text"]
    theme: Theme = "light"
    font: str = "sans"
    see_through: bool = False

    @classmethod
    def of(cls, width: str = "text", theme: str = "light", font: str = "sans") -> Look:
        """The look from texts: ``width`` is a name of `WIDTHS` or a number of inches.

        ValueError names the accepted values.
        """
        inches = WIDTHS.get(width) or _inches(width)
        if inches is None:
            names = ", ".join(WIDTHS)
            raise ValueError(f"a width is {names}, or {_NARROWEST:g} to {_WIDEST:g} inches, not {width!r}")
        for known in THEMES:
            if theme == known:
                return cls(inches, known, known_font(font))
        raise ValueError(f"a theme is {', '.join(THEMES)}, not {theme!r}")

    @property
    def palette(self) -> Palette:
        """The colours of the theme."""
        return PALETTES[self.theme]

    @property
    def size(self) -> float:
        """The text size in points: that of a paper's captions, and larger on a slide."""
        return 7.5 if self.width <= 4.5 else 8.0 if self.width <= 8 else 1.25 * self.width

    @property
    def dpi(self) -> int:
        """The resolution of a raster picture, in pixels per inch."""
        return 300 if self.width <= 8 else 160

    @property
    def line(self) -> float:
        """The line width of a curve in points."""
        return self.size / 5.5

    def visible(self, colour: str) -> str:
        """``colour``, or the ink colour if ``colour`` is too close to the background."""
        near = max(abs(a - b) for a, b in zip(to_rgb(colour), to_rgb(self.palette.paper), strict=True))
        return colour if near > 0.2 else self.palette.ink


def known_font(name: str) -> str:
    """The font family for a name of `FONTS`, or ``name`` itself; ValueError if it is not installed."""
    if name in FONTS:
        return FONTS[name]
    if name not in font_manager.get_font_names():
        raise ValueError(f"there is no font {name!r} here: take {', '.join(FONTS)}, or one that is installed")
    return name


def _inches(text: str) -> float | None:
    try:
        inches = float(text)
    except ValueError:
        return None
    return inches if _NARROWEST <= inches <= _WIDEST else None


@contextmanager
def drawing(look: Look) -> Iterator[None]:
    """Inside the block, matplotlib uses this ``look``, not the user's settings; one thread at a time."""
    with _LOCK, matplotlib.rc_context(_settings(look)):
        yield


def _settings(look: Look) -> Any:  # matplotlib's own type lists the names of all its settings
    palette, size = look.palette, look.size
    untouched = {
        key: value
        for key, value in matplotlib.rcParamsDefault.items()
        if not key.startswith(("backend", "toolbar", "webagg", "tk.", "macosx", "figure.hooks", "date.epoch"))
    }
    return untouched | {
        "font.family": FONTS.get(look.font, look.font),
        "mathtext.fontset": "stix" if look.font in ("serif", FONTS["serif"]) else "dejavusans",
        "font.size": size,
        "axes.labelsize": size,
        "axes.titlesize": size,
        "axes.titlelocation": "left",
        "xtick.labelsize": 0.93 * size,
        "ytick.labelsize": 0.93 * size,
        "legend.fontsize": 0.93 * size,
        "legend.frameon": False,
        "text.color": palette.ink,
        "axes.labelcolor": palette.ink,
        "axes.edgecolor": palette.quiet,
        "xtick.color": palette.quiet,
        "ytick.color": palette.quiet,
        "xtick.labelcolor": palette.ink,
        "ytick.labelcolor": palette.ink,
        "axes.facecolor": "none",
        "figure.facecolor": palette.paper,
        "savefig.facecolor": "none" if look.see_through else palette.paper,
        "savefig.edgecolor": "none",
        "axes.grid": True,
        "grid.color": palette.grid,
        "grid.linewidth": 0.08 * size,
        "axes.axisbelow": True,
        "axes.linewidth": 0.09 * size,
        "xtick.major.width": 0.09 * size,
        "ytick.major.width": 0.09 * size,
        "xtick.major.size": 0.3 * size,
        "ytick.major.size": 0.3 * size,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.unicode_minus": True,
        # Text looks the same everywhere: PDF embeds the fonts, and its text can be searched; SVG contains
        # outlines, since a viewer may lack the fonts of this machine.
        "pdf.fonttype": 42,
        "svg.fonttype": "path",
        "svg.hashsalt": "apsnet",  # so that equal numbers give equal files
    }
