"""What a project names and this program lacks: a method whose plug-in was removed, a task, a colouring.

Others stand in their places while the project is open; the names stay in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]  # an object of a project file
SHOWN = 40  # letters of a name that a sentence repeats


@dataclass(frozen=True)
class StandIn:
    """``stood`` stands for the values ``before``: of the choice, or of the entry with that ``id``."""

    before: Json
    stood: Json
    id: str = ""

    def put_back(self, now: Json) -> None:
        """Write what was there before, unless somebody has put something else."""
        if all(now[key] == value for key, value in self.stood.items()):
            now |= self.before


@dataclass(frozen=True)
class LeftOut:
    """Compared methods with their places in the line-up, and what else of it names them.

    ``selected`` is the unknown method that was selected, and the one that is in its place. ``alone`` is the
    one that stands for all of them where no other is compared.
    """

    methods: tuple[tuple[int, str], ...]
    selected: tuple[str, str] | None
    apart: tuple[str, ...]
    reference: list[Any] | None
    alone: str = ""

    def put_back(self, now: Json) -> None:
        """Write the methods at their places; they are selected and pinned where no other was meanwhile."""
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
    """``names`` are what is lacking, such as "method stride", each with its plug-in where that is known."""

    names: tuple[tuple[str, str | None], ...] = ()
    choice: tuple[StandIn, ...] = ()
    lineup: LeftOut | None = None
    entries: tuple[StandIn, ...] = ()

    def __str__(self) -> str:
        """A clause: what is lacking, where it came from, and that the project keeps it."""
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
        """Write the names into the ``values`` of a project, wherever what stood for them still does."""
        for stand_in in self.choice:
            stand_in.put_back(values["choice"])
        if self.lineup is not None:
            self.lineup.put_back(values["lineup"])
        entries = {item["id"]: item for item in values["entries"]}
        for stand_in in self.entries:
            if stand_in.id in entries:
                stand_in.put_back(entries[stand_in.id])
