"""Names in a project that this program does not have: methods, tasks and colourings of missing plug-ins.

They are replaced while the project is open; saving the project writes them again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]  # an object of a project file
SHOWN = 40  # most letters of a name that a sentence repeats


@dataclass(frozen=True)
class StandIn:
    """The values ``stood``, which replace the values ``before`` in the choice or in the entry ``id``."""

    before: Json
    stood: Json
    id: str = ""

    def put_back(self, now: Json) -> None:
        """Write the original values, unless somebody has changed their replacements."""
        if all(now[key] == value for key, value in self.stood.items()):
            now |= self.before


@dataclass(frozen=True)
class LeftOut:
    """The unavailable methods of a comparison, with their places in the line-up.

    ``selected`` is the unknown method that was selected, and the method that replaces it. ``apart`` and
    ``reference`` are the other values of the line-up that name unknown methods. ``alone`` is the method that
    replaces all of them if no other is compared.
    """

    methods: tuple[tuple[int, str], ...]
    selected: tuple[str, str] | None
    apart: tuple[str, ...]
    reference: list[Any] | None
    alone: str = ""

    def put_back(self, now: Json) -> None:
        """Write the methods at their places; select and pin them again if no other method was meanwhile."""
        methods, chosen = list(now["methods"]), now["methods"][now["selected"]]
        methods = [] if methods == [self.alone] else methods
        for at, method in self.methods:
            methods.insert(min(at, len(methods)), method)
        if self.selected is not None and chosen == self.selected[1]:
            chosen = self.selected[0]
        reference = now["reference"] or self.reference
        apart = [*now["apart"], *self.apart]
        now |= {"methods": methods, "selected": methods.index(chosen), "apart": apart, "reference": reference}


@dataclass(frozen=True)
class Unknown:
    """The unknown ``names``, such as "method stride", each with its plug-in if that is known.

    ``choice``, ``lineup`` and ``entries`` are the replaced values.
    """

    names: tuple[tuple[str, str | None], ...] = ()
    choice: tuple[StandIn, ...] = ()
    lineup: LeftOut | None = None
    entries: tuple[StandIn, ...] = ()

    def __str__(self) -> str:
        """A clause that names what is missing and where it came from, and says that the project keeps it."""
        told = []
        for name, plugin in self.names:
            kind, _, word = name.partition(" ")
            shown = f"the {kind} {word if len(word) <= SHOWN else word[:SHOWN] + '…'}"
            told.append(f"{shown} of {plugin}" if plugin else shown)
        named = " and ".join(filter(None, (", ".join(told[:-1]), told[-1])))
        if len(told) == 1:
            return f"{named} is not here; it is left out, and stays in the project"
        return f"{named} are not here; they are left out, and stay in the project"

    def put_back(self, values: Json) -> None:
        """Write the names into the ``values`` of a project wherever their replacements are unchanged."""
        for stand_in in self.choice:
            stand_in.put_back(values["choice"])
        if self.lineup is not None:
            self.lineup.put_back(values["lineup"])
        entries = {item["id"]: item for item in values["entries"]}
        for stand_in in self.entries:
            if stand_in.id in entries:
                stand_in.put_back(entries[stand_in.id])
