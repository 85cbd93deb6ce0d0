"""The table of colourings: menu, combo box, views and projects follow from it."""

from __future__ import annotations

from apsnet_gui.colourings.attention import ATTENTION, AUTOMATIC
from apsnet_gui.colourings.colouring import Colouring
from apsnet_gui.colourings.file import FILE
from apsnet_gui.colourings.height import HEIGHT
from apsnet_gui.colourings.normal import NORMAL
from apsnet_gui.colourings.plain import PLAIN

_colourings: list[Colouring] = [AUTOMATIC, FILE, HEIGHT, NORMAL, PLAIN, ATTENTION]


def colourings() -> tuple[Colouring, ...]:
    """All rows, the registered ones last."""
    return tuple(_colourings)


def register(colouring: Colouring) -> None:
    """Add a row; ValueError where its name is taken."""
    if any(other.name == colouring.name for other in _colourings):
        raise ValueError(f"there is a colouring named {colouring.name!r} already")
    _colourings.append(colouring)


def unregister(name: str) -> None:
    """Take a row out again; ValueError where there is none."""
    _colourings.remove(named(name))


def named(name: str) -> Colouring:
    """The row of that name; ValueError lists the names."""
    for colouring in _colourings:
        if colouring.name == name:
            return colouring
    names = ", ".join(colouring.name for colouring in _colourings)
    raise ValueError(f"there is no colouring {name!r}; possible are {names}")


def compared(name: str) -> Colouring:
    """The row by which a cloud is coloured where methods stand side by side."""
    row = named(name)
    return named(row.compared) if row.compared else row
