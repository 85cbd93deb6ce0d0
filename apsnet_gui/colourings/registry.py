"""The table of colourings: menu, combo box, views and projects follow from it."""

from __future__ import annotations

from apsnet_core.table import Table
from apsnet_gui.colourings.attention import ATTENTION, AUTOMATIC
from apsnet_gui.colourings.colouring import Colouring
from apsnet_gui.colourings.file import FILE
from apsnet_gui.colourings.height import HEIGHT
from apsnet_gui.colourings.normal import NORMAL
from apsnet_gui.colourings.plain import PLAIN

_table = Table(
    Colouring, "apsnet.colourings", "colouring", [AUTOMATIC, FILE, HEIGHT, NORMAL, PLAIN, ATTENTION]
)


def colourings() -> tuple[Colouring, ...]:
    """All rows, the registered ones last."""
    return _table.rows()


def register(colouring: Colouring) -> None:
    """Add a row; ValueError where its name is taken."""
    _table.register(colouring)


def unregister(name: str) -> None:
    """Take a row out again; ValueError where there is none."""
    _table.unregister(named(name).name)


def named(name: str) -> Colouring:
    """The row of that name; ValueError lists the names."""
    for colouring in colourings():
        if colouring.name == name:
            return colouring
    names = ", ".join(colouring.name for colouring in colourings())
    raise ValueError(f"there is no colouring {name!r}; possible are {names}")


def compared(name: str) -> Colouring:
    """The row by which a cloud is coloured where methods stand side by side."""
    row = named(name)
    return named(row.compared) if row.compared else row
