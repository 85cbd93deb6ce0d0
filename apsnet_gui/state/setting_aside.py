"""Sets aside the names in a project that this program does not have, so that the rest can be opened."""

from __future__ import annotations

import re
from typing import Any, TypeGuard

from apsnet_core.methods import registry as methods
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.tasks import registry as tasks
from apsnet_gui.colourings import registry as colourings
from apsnet_gui.colourings.attention import AUTOMATIC
from apsnet_gui.colourings.by_field import PREFIX
from apsnet_gui.state.document import FIRST, Document
from apsnet_gui.state.unknown import Json, LeftOut, StandIn, Unknown

PLUGINS = "plugins"  # the field of a project that says which plug-in a name came from
LONGEST = 1_000  # most letters of a name


def sources(document: Document) -> dict[str, str]:
    """The plug-in of each name in the document that came from one, also of names that are not available."""
    specs = {document.choice.spec.name, *(method.name for method in document.lineup.methods)}
    named = {f"method {name}": methods.source(name) for name in specs}
    named[f"task {document.choice.task}"] = tasks.source(document.choice.task)
    for entry in document.entries:
        named[f"colouring {entry.colouring}"] = colourings.source(entry.colouring)
    named |= dict(document.unknown.names)
    return {name: plugin for name, plugin in sorted(named.items()) if plugin}


def set_aside(values: Json) -> tuple[Json, Unknown]:
    """Replace the unknown names in a project; return the project and the names with their replacements.

    ``values`` are not checked yet: a value that cannot be a name is left unchanged.
    """
    search = _Search()
    lineup, left_out = search.of_lineup(values.get("lineup"))
    choice, chosen = search.of_choice(values.get("choice"), lineup, left_out)
    entries, painted = search.of_entries(values.get("entries"))
    if not search.found:
        return values, Unknown()
    told = values.get(PLUGINS)
    told = told if isinstance(told, dict) else {}
    names = tuple((name, told[name] if isinstance(told.get(name), str) else None) for name in search.found)
    changed = {"choice": choice, "lineup": lineup, "entries": entries}
    known = values | {key: value for key, value in changed.items() if key in values}
    return known, Unknown(names, chosen, left_out, painted)


class _Search:
    """Collects the unknown names in ``found``, in the order in which they occur."""

    def __init__(self) -> None:
        self.found: dict[str, None] = {}
        self._tasks = {row.name for row in tasks.tasks()}
        self._colourings = {row.name for row in colourings.colourings()}

    def of_lineup(self, lineup: object) -> tuple[object, LeftOut | None]:
        """The line-up with only the available methods, and the methods that were left out."""
        if not isinstance(lineup, dict) or not isinstance(written := lineup.get("methods"), list):
            return lineup, None
        lacking = tuple((at, text) for at, text in enumerate(written) if self._lacks_method(text))
        unlinked = tuple(text for text in _list(lineup.get("apart")) if self._lacks_method(text))
        reference = _list(lineup.get("reference"))
        pinned = reference if reference and self._lacks_method(reference[0]) else None
        if not lacking and not unlinked and pinned is None:
            return lineup, None
        places = dict(lacking)
        here = [text for at, text in enumerate(written) if at not in places]
        alone = "" if here or not places else str(FIRST)
        here = [alone] if alone else here
        selected, was = lineup.get("selected", 0), None
        if type(selected) is int and 0 <= selected < len(written):
            now = min(selected - sum(at < selected for at in places), len(here) - 1)
            was = (places[selected], _spelt(here[now])) if selected in places else None
            selected = now
        known = {"methods": here, "selected": selected}
        known |= {"apart": [text for text in lineup["apart"] if text not in unlinked]} if unlinked else {}
        known |= {"reference": None} if pinned is not None else {}
        return lineup | known, LeftOut(lacking, was, unlinked, pinned, alone)

    def of_choice(
        self, choice: object, lineup: object, left_out: LeftOut | None
    ) -> tuple[object, tuple[StandIn, ...]]:
        """The choice with available names, and its replacements.

        While methods are compared, an unknown method is replaced by the one that is selected instead.
        """
        if not isinstance(choice, dict):
            return choice, ()
        chosen = []
        spec, task = choice.get("spec"), choice.get("task")
        if self._lacks_method(spec):
            shown = isinstance(lineup, dict) and lineup.get("shown") is True
            selected = left_out.selected if left_out is not None and shown else None
            chosen.append(StandIn({"spec": spec}, {"spec": selected[1] if selected else str(FIRST)}))
        if _is_name(task) and task not in self._tasks:
            self.found[f"task {task}"] = None
            net = {"net": choice["net"]} if "net" in choice else {}
            chosen.append(StandIn({"task": task, **net}, {"task": tasks.DEFAULT, "net": None}))
        for each in chosen:
            choice = choice | each.stood
        return choice, tuple(chosen)

    def of_entries(self, entries: object) -> tuple[object, tuple[StandIn, ...]]:
        """The entries with available colourings, and replacements; a replaced colouring loses its scale."""
        if not isinstance(entries, list):
            return entries, ()
        known, painted = [], []
        for entry in entries:
            colouring = entry.get("colouring") if isinstance(entry, dict) else None
            if _is_name(colouring) and not colouring.startswith(PREFIX) and colouring not in self._colourings:
                self.found[f"colouring {colouring}"] = None
                before = {"colouring": colouring, "scale": entry.get("scale")}
                stood = {"colouring": AUTOMATIC.name, "scale": None}
                painted.append(StandIn(before, stood, str(entry.get("id"))))
                entry = entry | stood
            known.append(entry)
        return known, tuple(painted)

    def _lacks_method(self, text: object) -> bool:
        """Whether the text names a method, or a variant of a method, that is not available."""
        if not _is_name(text):
            return False
        try:
            MethodSpec.parse(text)
        except ValueError:
            self.found[f"method {_lacking(text.strip())}"] = None
            return True
        return False


def _lacking(text: str) -> str:
    """The unavailable part of a METHOD text: its name, or the whole text if the name is known."""
    name = re.split("[:@#]", text, maxsplit=1)[0]
    try:
        MethodSpec.of(name)
    except ValueError:
        return name
    return text


def _spelt(text: object) -> str:
    """A METHOD text in the spelling of the program."""
    return str(MethodSpec.parse(text)) if _is_name(text) else ""


def _list(value: object) -> list[Any]:
    """The value if it is a list, else an empty list; the check of the project reports the error."""
    return value if isinstance(value, list) else []


def _is_name(text: object) -> TypeGuard[str]:
    return isinstance(text, str) and 0 < len(text) <= LONGEST
