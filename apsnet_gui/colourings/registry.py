"""The table of colourings, which menu, combo box, views and projects use."""

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
    """All colourings: the built-in ones, then those that were added by plug-ins or `register`."""
    return _table.rows()


def colourings_for(shape: Shape) -> tuple[Colouring, ...]:
    """All colourings, and one for each field of ``shape`` that can be shown in colours."""
    return (*colourings(), *map(by_field, fields_of(shape)))


def source(name: str) -> str | None:
    """The plug-in that registered a colouring, None for a built-in one."""
    return _table.source(name)


def register(colouring: Colouring) -> None:
    """Add a colouring; raises ValueError if its name is taken."""
    _table.register(colouring)


def unregister(name: str) -> None:
    """Remove a colouring; raises ValueError if no colouring has this name."""
    _table.unregister(named(name).name)


def named(name: str) -> Colouring:
    """The colouring with this name, or that of a field; for an unknown name a ValueError lists all names."""
    if name.startswith(PREFIX):
        return by_field(name.removeprefix(PREFIX))
    for colouring in colourings():
        if colouring.name == name:
            return colouring
    names = ", ".join(colouring.name for colouring in colourings())
    raise ValueError(f"there is no colouring {name!r}; possible are {names}")


def compared(name: str) -> Colouring:
    """The colouring that is used instead of ``name`` while methods are compared."""
    row = named(name)
    return named(row.compared) if row.compared else row
