"""Sets aside what a project names and this program lacks, so that everything else of it can be opened."""

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

PLUGINS = "plugins"  # where a project says which plug-in a name came from
LONGEST = 1_000  # letters that a name may have


def sources(document: Document) -> dict[str, str]:
    """The plug-in of each name in the document that came from one, also of those that are not here."""
    specs = {document.choice.spec.name, *(method.name for method in document.lineup.methods)}
    named = {f"method {name}": methods.source(name) for name in specs}
    named[f"task {document.choice.task}"] = tasks.source(document.choice.task)
    for entry in document.entries:
        named[f"colouring {entry.colouring}"] = colourings.source(entry.colouring)
    named |= dict(document.unknown.names)
    return {name: plugin for name, plugin in sorted(named.items()) if plugin}


def set_aside(values: Json) -> tuple[Json, Unknown]:
    """The project with others in the places of unknown names, and what those were.

    ``values`` are not checked yet: what cannot be a name is left as it is.
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
    """Remembers in ``found`` what is lacking, in the order in which it is met."""

    def __init__(self) -> None:
        self.found: dict[str, None] = {}
        self._tasks = {row.name for row in tasks.tasks()}
        self._colourings = {row.name for row in colourings.colourings()}

    def of_lineup(self, lineup: object) -> tuple[object, LeftOut | None]:
        """The line-up of the methods that are here, and those that are not."""
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
        """The choice of what is here: while methods are compared, of the one that is selected."""
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
        """The entries in colours that are here; the scale of the others' numbers goes with them."""
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
        """Whether the text is a method's, and the method, or its variant, is not here."""
        if not _is_name(text):
            return False
        try:
            MethodSpec.parse(text)
        except ValueError:
            self.found[f"method {_lacking(text.strip())}"] = None
            return True
        return False


def _lacking(text: str) -> str:
    """What of METHOD is not here: its name, or where that is known all of it."""
    name = re.split("[:@#]", text, maxsplit=1)[0]
    try:
        MethodSpec.of(name)
    except ValueError:
        return name
    return text


def _spelt(text: object) -> str:
    """METHOD as the program writes it."""
    return str(MethodSpec.parse(text)) if _is_name(text) else ""


def _list(value: object) -> list[Any]:
    """The value where it is a list, else an empty one: the check says what is wrong with it."""
    return value if isinstance(value, list) else []


def _is_name(text: object) -> TypeGuard[str]:
    return isinstance(text, str) and 0 < len(text) <= LONGEST
