"""The table of colourings: menu, combo box, views and projects are made from it."""

from __future__ import annotations

from apsnet_core.table import Table
from apsnet_gui.colourings.attention import ATTENTION, AUTOMATIC
from apsnet_gui.colourings.by_field import PREFIX, by_field, fields_of
from apsnet_gui.colourings.colouring import Colouring, Shape
from apsnet_gui.colourings.curvature import CURVATURE
from apsnet_gui.colourings.file import FILE
from apsnet_gui.colourings.height import HEIGHT
from apsnet_gui.colourings.normal import NORMAL
from apsnet_gui.colourings.parts import PARTS
from apsnet_gui.colourings.plain import PLAIN

_table = Table(
    Colouring,
    "apsnet.colourings",
    "colouring",
    [AUTOMATIC, FILE, HEIGHT, NORMAL, CURVATURE, PLAIN, ATTENTION, PARTS],
)


def colourings() -> tuple[Colouring, ...]:
    """All rows; those that were registered come last."""
    return _table.rows()


def colourings_for(shape: Shape) -> tuple[Colouring, ...]:
    """All rows, and one for each field of ``shape`` that can be shown in colours."""
    return (*colourings(), *map(by_field, fields_of(shape)))


def source(name: str) -> str | None:
    """The plug-in that a colouring came from, None for a built-in one."""
    return _table.source(name)


def register(colouring: Colouring) -> None:
    """Add a row; ValueError where its name is taken."""
    _table.register(colouring)


def unregister(name: str) -> None:
    """Remove a row; ValueError where there is none of that name."""
    _table.unregister(named(name).name)


def named(name: str) -> Colouring:
    """The row of that name, or that of a field; ValueError lists all names where there is none."""
    if name.startswith(PREFIX):
        return by_field(name.removeprefix(PREFIX))
    for colouring in colourings():
        if colouring.name == name:
            return colouring
    names = ", ".join(colouring.name for colouring in colourings())
    raise ValueError(f"there is no colouring {name!r}; possible are {names}")


def compared(name: str) -> Colouring:
    """The colouring that a shape has where methods are compared."""
    row = named(name)
    return named(row.compared) if row.compared else row
