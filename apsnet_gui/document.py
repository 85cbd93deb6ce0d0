"""What a project says: the open shapes, how they are sampled, how they are shown. Frozen values only.

A change makes a new `Document`; the shapes' arrays are shared between old and new, so keeping every old
one for undo costs next to nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np

from apsnet_core.assets import asset
from apsnet_core.cloud import PointCloud, TriangleMesh
from apsnet_core.ops.orientation import clearly_up, guess_up
from apsnet_core.samplers.registry import MethodSpec
from apsnet_gui import what_if
from apsnet_gui.what_if import WhatIf

Shape = PointCloud | TriangleMesh
Record = TypeVar("Record", "Choice", "Look", "Lineup")

FORMAT, VERSION = "apsnet-project", 1
COLOURINGS = ("auto", "file", "height", "normal", "plain", "attention")
AXES = ("y", "z")
BUNDLED = "bundled:"
MEASURED = ("shape", "extent", "upright")


class ProjectError(ValueError):
    """A project that cannot be read, said in one sentence."""


@dataclass(frozen=True, eq=False)
class Loaded:
    """A shape just read, its ``extent`` along x, y and z, and the axis that points ``up``.

    ``upright`` is the axis that should point up by the look of the shape, None where that is not clear.
    """

    shape: Shape
    extent: tuple[float, float, float]
    up: str
    upright: str | None = None

    @classmethod
    def measured(cls, shape: Shape) -> Loaded:
        """Takes its time for a large cloud: call it on a worker thread."""
        points = shape.vertices if isinstance(shape, TriangleMesh) else shape.xyz
        x, y, z = (points.max(0).astype(np.float64) - points.min(0)).tolist()
        return cls(shape, (x, y, z), guess_up(shape), clearly_up(shape))


@dataclass(frozen=True)
class Entry:
    """One open shape. ``path``, ``dataset`` and ``row`` say where it can be read again.

    The ``colouring`` "auto" is the attention where there is any, else the colours of the file.
    """

    id: str
    name: str
    path: str
    shape: Shape = field(repr=False, compare=False)
    dataset: str | None = None
    row: int | None = None
    visible: bool = True
    colouring: str = "auto"
    colour: str = "#8c96a3"
    as_mesh: bool = False
    up: str = "y"
    extent: tuple[float, float, float] = field(default=(0.0, 0.0, 0.0), compare=False)
    upright: str | None = field(default=None, compare=False)

    @property
    def lies_down(self) -> bool:
        """Whether the shape seems to lie on its back or face; the classifiers were trained upright."""
        return self.upright is not None and self.upright != self.up

    @property
    def is_mesh(self) -> bool:
        return isinstance(self.shape, TriangleMesh)

    @property
    def count(self) -> int:
        """Points, or vertices of a mesh."""
        return len(self.shape.vertices) if isinstance(self.shape, TriangleMesh) else len(self.shape)


@dataclass(frozen=True)
class Choice:
    """How the current shape is sampled.

    ``surface`` points are drawn from a mesh. A network sees a cloud through ``working`` of its points,
    0 for as many as it was trained with. ``own_seed`` is the method's own, -1 where it has the ``seed`` of
    all; the points of a mesh are always drawn by that.
    """

    method: str = "farthest_point"
    variant: str | None = None
    weights: str | None = None
    task: str = "classification"
    m: int = 32
    seed: int = 0
    surface: int = 2048
    working: int = 0
    own_seed: int = -1

    @property
    def spec(self) -> str:
        """The method as the command line spells it: ``name[:g|:m][@weights][#seed]``."""
        return (
            self.method
            + (f":{self.variant}" if self.variant else "")
            + (f"@{self.weights}" if self.weights else "")
            + (f"#{self.own_seed}" if self.own_seed >= 0 else "")
        )

    def with_method(self, text: str) -> Choice:
        """The same with another method, spelled as on the command line."""
        spec = MethodSpec.parse(text)
        seed = -1 if spec.seed is None else spec.seed
        return replace(self, method=spec.name, variant=spec.variant, weights=spec.weights, own_seed=seed)


@dataclass(frozen=True)
class Look:
    """How the view shows it. ``point_size`` is in pixels, ``sphere`` in thousandths of the diagonal.

    The colours of the attention run ``heat_from`` .. ``heat_to``; 0 leaves that end to the values.
    """

    background: str = "auto"
    point_size: int = 3
    sphere: int = 12
    ghost: bool = True
    samples: bool = True
    order: bool = False
    axes: bool = True
    attention_mode: str = "step"
    logarithmic: bool = False
    heat_from: float = 0.0
    heat_to: float = 0.0


class Place(NamedTuple):
    """One view of a comparison: a ``method`` at the size of a ``row``."""

    method: str
    row: int = 0


@dataclass(frozen=True)
class Lineup:
    """The ``methods`` side by side, each once, spelled as on the command line; ``selected`` is one's place.

    Each stands there at all ``sizes``, of which ``row`` is the selected one; without any, at that of the
    choice alone. ``show`` is "samples", or what the task net makes of them: "answer", or "before" it moved
    anything.
    """

    methods: tuple[str, ...] = ("random", "farthest_point", "samplenet", "apsnet")
    selected: int = 0
    sizes: tuple[int, ...] = ()
    row: int = 0
    shown: bool = False
    linked: bool = True
    show: str = "samples"

    @property
    def places(self) -> tuple[Place, ...]:
        """All places side by side, one method after another."""
        rows = range(max(len(self.sizes), 1))
        return tuple(Place(method, row) for method in self.methods for row in rows)

    @property
    def place(self) -> Place:
        """The selected one."""
        return Place(self.methods[self.selected], self.row)


@dataclass(frozen=True)
class Document:
    """The whole of it. ``current`` is the id of the shape that is sampled, None when nothing is open.

    While methods are side by side, ``choice`` is how the selected one of them samples.
    """

    entries: tuple[Entry, ...] = ()
    current: str | None = None
    choice: Choice = Choice()
    look: Look = Look()
    lineup: Lineup = Lineup()
    what_if: WhatIf = field(default_factory=WhatIf)

    def entry(self, id: str | None) -> Entry | None:
        return next((entry for entry in self.entries if entry.id == id), None)

    @property
    def active(self) -> Entry | None:
        return self.entry(self.current)

    def with_entry(self, id: str, **changes: Any) -> Document:
        """The same with one entry changed."""
        return replace(self, entries=tuple(replace(e, **changes) if e.id == id else e for e in self.entries))

    def with_choice(self, **changes: Any) -> Document:
        """The same sampled otherwise; while methods are side by side, what is selected there changes."""
        choice, lineup = replace(self.choice, **changes), self.lineup
        if lineup.shown:
            method = str(MethodSpec.parse(choice.spec))
            methods = list(lineup.methods)
            if method not in methods:
                methods[lineup.selected] = method
            sizes = list(lineup.sizes)
            sizes[lineup.row : lineup.row + 1] = [choice.m] * bool(sizes)
            lineup = replace(
                lineup, methods=tuple(methods), selected=methods.index(method), sizes=tuple(sizes)
            )
        return replace(self, choice=choice, lineup=lineup)

    def with_lineup(self, **changes: Any) -> Document:
        """The same with other methods and sizes side by side, or another of them selected."""
        lineup = replace(self.lineup, **changes)
        selected = max(min(lineup.selected, len(lineup.methods) - 1), 0)
        row = max(min(lineup.row, len(lineup.sizes) - 1), 0)
        lineup, choice = replace(lineup, selected=selected, row=row), self.choice
        if lineup.shown:
            m = lineup.sizes[row] if lineup.sizes else choice.m
            choice = replace(choice.with_method(lineup.methods[selected]), m=m)
        return replace(self, choice=choice, lineup=lineup)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Of the comparison: one for each row."""
        return self.lineup.sizes or (self.choice.m,)

    def without(self, id: str) -> Document:
        """The same with one entry closed; the one that takes its place in the list becomes current."""
        at = next(i for i, entry in enumerate(self.entries) if entry.id == id)
        left = self.entries[:at] + self.entries[at + 1 :]
        current = self.current
        if current == id:
            current = left[min(at, len(left) - 1)].id if left else None
        return replace(self, entries=left, current=current)


def to_json(document: Document, folder: Path | None = None) -> dict[str, Any]:
    """A project as JSON values; paths beneath ``folder`` are written relative to it. No point is stored."""
    entries = []
    for entry in document.entries:
        values = {f.name: getattr(entry, f.name) for f in fields(entry) if f.name not in MEASURED}
        entries.append(values | {"path": _portable(entry.path, folder)})
    return {
        "format": FORMAT,
        "version": VERSION,
        "entries": entries,
        "current": document.current,
        "choice": asdict(document.choice),
        "look": asdict(document.look),
        "lineup": asdict(document.lineup),
        "what_if": asdict(document.what_if),
    }


def from_json(values: Any, shapes: Mapping[str, Loaded]) -> Document:
    """The document of a project's JSON with the shapes that could be read, by entry id.

    Entries without a shape are left out. Raises `ProjectError`.
    """
    check(values)
    try:
        entries = tuple(
            Entry(**item, **{name: getattr(shapes[item["id"]], name) for name in MEASURED})
            for item in values["entries"]
            if item["id"] in shapes
        )
    except TypeError as why:
        raise ProjectError(f"the project names a setting this version does not know ({why})") from None
    for entry in entries:
        if entry.colouring not in COLOURINGS or entry.up not in AXES:
            raise ProjectError(f"the project shows {entry.name} in a way this version does not know")
    current = values.get("current")
    if current not in {entry.id for entry in entries}:
        current = entries[0].id if entries else None
    lineup = _record(Lineup, values.get("lineup", {}))
    check_methods(lineup)
    try:
        supposed = what_if.from_json(values.get("what_if", {}))
    except (TypeError, ValueError, KeyError, AttributeError):
        raise ProjectError("what the project supposes of its shapes is damaged") from None
    choice, look = _record(Choice, values["choice"]), _record(Look, values["look"])
    return Document(entries, current, choice, look, lineup, supposed)


def check_methods(lineup: Lineup) -> None:
    """Raise `ProjectError` unless every method is known and the selected one is among them."""
    try:
        known = [str(MethodSpec.parse(method)) for method in lineup.methods]
    except ValueError as why:
        raise ProjectError(f"the project compares what this version does not know: {why}") from None
    if len(set(known)) < len(known) or not 0 <= lineup.selected < len(known):
        raise ProjectError("the project's list of compared methods is damaged")
    sizes = lineup.sizes
    if not all(type(m) is int and m >= 1 for m in sizes) or not 0 <= lineup.row < max(len(sizes), 1):
        raise ProjectError("the project's list of compared sizes is damaged")


def check(values: Any) -> None:
    """Raise `ProjectError` unless ``values`` is a project this version can read."""
    if not isinstance(values, dict) or values.get("format") != FORMAT:
        raise ProjectError("this is not an APSNet Studio project")
    if values.get("version") != VERSION:
        raise ProjectError(
            f"it was made by a newer version (format {values.get('version')}, this one reads {VERSION})"
        )
    entries = values.get("entries")
    texts = ("id", "name", "path")
    if not isinstance(entries, list) or not all(
        isinstance(item, dict) and all(isinstance(item.get(key), str) for key in texts) for item in entries
    ):
        raise ProjectError("the project's list of shapes is damaged")
    if not all(isinstance(values.get(name, {}), dict) for name in ("choice", "look", "lineup")) or not (
        "choice" in values and "look" in values
    ):
        raise ProjectError("the project's settings are missing")


def real_path(path: str, folder: Path | None) -> str:
    """Where a path written in a project (lying in ``folder``) is on this machine."""
    if path.startswith(BUNDLED):
        return str(asset("shapes", path.removeprefix(BUNDLED)))
    return str((folder / path).resolve()) if folder and not Path(path).is_absolute() else path


def _portable(path: str, folder: Path | None) -> str:
    file = Path(path)
    if file.parent == asset("shapes"):
        return BUNDLED + file.name
    if folder and file.is_relative_to(folder):
        return file.relative_to(folder).as_posix()
    return path


def _record(kind: type[Record], values: Mapping[str, Any]) -> Record:
    """A record of ``values``, each of the type of the field's default; anything else is refused."""
    default = kind()
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    for name, value in values.items():
        if not hasattr(default, name):
            raise ProjectError(f"the project names a setting this version does not know ({name!r})")
        expected = getattr(default, name)
        if type(value) is not type(expected) and not (expected is None and isinstance(value, str)):
            raise ProjectError(f"the project's {name} is {value!r}, which is not a possible value")
    return kind(**values)
