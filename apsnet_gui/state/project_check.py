"""Checks every value of a project file, because the file may come from anywhere."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import MISSING as NO_DEFAULT
from dataclasses import fields
from functools import cache
from textwrap import shorten
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

from apsnet_core.ops.orientation import up_vector
from apsnet_core.saved_camera import saved_camera
from apsnet_core.tasks.registry import tasks
from apsnet_gui.colourings.by_field import PREFIX
from apsnet_gui.colourings.registry import colourings
from apsnet_gui.state.document import ATTENTION_MODES, BACKGROUNDS, LAYOUTS, SHOWS, Choice, Lineup, Look
from apsnet_gui.state.limits import MOST_POINTS, MOST_SHAPES, Count, Len, Location, Text
from apsnet_gui.state.open_shape import COLOURS, OpenShape
from apsnet_gui.state.setting_aside import set_aside
from apsnet_gui.state.unknown import Json
from apsnet_gui.state.what_if import WhatIf

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

MEASURED = ("shape", "extent", "upright")  # read from the shape's file, not from the project
TOLD = 160  # most characters of the text that says what is wrong with a value
SHOWN = 60  # most characters of a wrong value that a sentence repeats
_COLOUR = re.compile("#[0-9a-fA-F]{6}")


class ProjectError(ValueError):
    """A project that cannot be read; the message is one sentence."""


def checked(values: Json) -> Any:
    """Check the JSON ``values`` of a project and return it as a pydantic model.

    The model has entries, current, choice, look, lineup, what_if, dataset and browsed. Methods, tasks and
    colourings that this program does not have are replaced. Raises `ProjectError`. The first call imports
    pydantic.
    """
    from pydantic import ValidationError

    try:
        known, _ = set_aside(as_now(values))
        project = _model().model_validate_json(json.dumps(known))
    except ValidationError as why:
        raise ProjectError(_sentence(why)) from None
    except RecursionError:
        raise ProjectError("it is nested too deeply to be a project") from None
    _check_names(project)
    return project


def as_now(values: Json) -> Json:
    """The project with its method as one text; the first versions of the program wrote separate fields."""
    parts, choice = ("method", "variant", "weights", "own_seed"), values.get("choice")
    if not isinstance(choice, dict) or "method" not in choice:
        return values
    name, variant, weights, seed = (choice.get(key) for key in parts)
    text = str(name) + (f":{variant}" if variant else "") + (f"@{weights}" if weights else "")
    text += f"#{seed}" if isinstance(seed, int) and seed >= 0 else ""
    kept = {key: value for key, value in choice.items() if key not in parts}
    return {**values, "choice": kept | {"spec": text}}


@cache
def _model() -> type[BaseModel]:
    """A pydantic model made from the document's own dataclasses, with their types and bounds."""
    from pydantic import ConfigDict, create_model

    config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)

    types = get_type_hints(OpenShape, include_extras=True)
    own: Json = {
        f.name: (types[f.name], ... if f.default is NO_DEFAULT else f.default)
        for f in fields(OpenShape)
        if f.name not in MEASURED
    }
    entry: Any = create_model("Entry", __config__=config, **own, relative=(Location, ""))
    return create_model(
        "Project",
        __config__=config,
        format=(str, ...),
        version=(int, ...),
        camera=(Json | None, None),
        step=(Count | None, None),
        entries=(Annotated[list[entry], Len(max_length=MOST_SHAPES)], ...),
        current=(Text | None, None),
        choice=(Choice, ...),
        look=(Look, ...),
        lineup=(Lineup, Lineup()),
        what_if=(WhatIf, WhatIf()),
        dataset=(Location | None, None),
        browsed=(Text | None, None),
        plugins=(Annotated[dict[Text, Text], Len(max_length=MOST_SHAPES)], {}),
    )


def _check_names(project: Any) -> None:
    """Check the names that must be in a table, and the values that depend on other values."""
    choice, look, lineup = project.choice, project.look, project.lineup
    if project.camera is not None:
        try:
            saved_camera(project.camera)
        except ValueError as why:
            raise ProjectError(f"the project's camera cannot be used: {why}") from None
    tables: list[tuple[str, str, Collection[str]]] = [
        ("choice.task", choice.task, [row.name for row in tasks()]),
        ("look.background", look.background, BACKGROUNDS),
        ("look.attention_mode", look.attention_mode, ATTENTION_MODES),
        ("lineup.show", lineup.show, SHOWS),
        ("lineup.layout", lineup.layout, LAYOUTS),
    ]
    for i, entry in enumerate(project.entries):
        if not entry.colouring.startswith(PREFIX):
            tables.append((f"entries.{i}.colouring", entry.colouring, [row.name for row in colourings()]))
        try:
            up_vector(entry.up)
            if entry.hidden is not None:
                entry.hidden.mask(entry.hidden.count)
        except ValueError as why:
            raise ProjectError(f"the project's entries.{i}: {why}") from None
        if not _COLOUR.fullmatch(entry.colour):
            said = f"the project's entries.{i}.colour is {_shown(entry.colour)}"
            raise ProjectError(f"{said}: it is a colour such as {COLOURS[0]}")
        if "\0" in entry.path + entry.relative:
            raise ProjectError(f"the project's entries.{i}.path has a character that no file name can have")
    for what, value, known in tables:
        if value not in known:
            raise ProjectError(f"the project's {what} is {_shown(value)}: it is one of {', '.join(known)}")
    compared = lineup.methods
    if len(set(compared)) < len(compared):
        raise ProjectError("the project's lineup.methods names a method twice")
    for what, at, count in (
        ("lineup.selected", lineup.selected, len(compared)),
        ("lineup.row", lineup.row, max(len(lineup.sizes), 1)),
    ):
        if not 0 <= at < count:
            raise ProjectError(f"the project's {what} is {_shown(at)}: it is from 0 to {count - 1}")
    for _, edit in project.what_if.edits:
        if not 1 <= edit.m <= MOST_POINTS:
            raise ProjectError(
                f"the project's what_if.edits has {_shown(edit.m)} samples: it is from 1 to {MOST_POINTS}"
            )
    ids = [entry.id for entry in project.entries]
    if len(set(ids)) < len(ids):
        raise ProjectError("the project's entries name one id twice")


def _sentence(error: ValidationError) -> str:
    """The first error as a sentence: the place in the project, the value, and what would be accepted."""
    [first, *_] = error.errors(include_url=False)
    where, message = ".".join(map(str, first["loc"])), first["msg"]
    if first["type"] == "missing":
        return f"the project lacks its {where}"
    if first["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
        return f"the project has a setting that this version does not know: {where[:SHOWN]}"
    may = message.removeprefix("Value error, ").replace("Input should be", "it should be")
    may = shorten(may, TOLD, placeholder=" …")  # a list of all methods grows with each of them
    return f"the project's {where} is {_shown(first['input'])}: {may[:1].lower()}{may[1:]}"


def _shown(value: object) -> str:
    """A value, shortened for a sentence."""
    if isinstance(value, list | dict):
        return f"{len(value)} values"
    text = repr(value)
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"
