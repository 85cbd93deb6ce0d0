"""What a project says: the open shapes, how they are sampled, how they are shown. Frozen values only.

A change makes a new `Document`; the shapes' arrays are shared between old and new, so keeping every old
one for undo costs next to nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Annotated, Any, NamedTuple

from annotated_types import Interval, Len

from apsnet_core.methods.spec import MethodSpec
from apsnet_core.tasks.registry import DEFAULT
from apsnet_gui.state.limits import MOST_POINTS, Count, Seed
from apsnet_gui.state.open_shape import Loaded, Missing, OpenShape
from apsnet_gui.state.what_if import WhatIf

BACKGROUNDS = ("auto", "dark", "light")
ATTENTION_MODES = ("step", "sum")
SHOWS = ("samples", "answer", "before")  # what the views of a comparison show
FIRST = MethodSpec("farthest_point")  # that samples a new document


@dataclass(frozen=True)
class Choice:
    """How the current shape is sampled.

    ``surface`` points are drawn from a mesh. A network sees a cloud through ``working`` of its points,
    0 for as many as it was trained with. The points of a mesh are always drawn by ``seed``, the method's too
    unless ``spec`` has one of its own.
    """

    spec: MethodSpec = FIRST
    task: str = DEFAULT
    m: Count = 32
    seed: Seed = 0
    surface: Count = 2048
    working: Annotated[int, Interval(ge=0, le=MOST_POINTS)] = 0

    @property
    def method(self) -> str:
        """The method's name."""
        return self.spec.name


@dataclass(frozen=True)
class Look:
    """How the view shows it. ``point_size`` is in pixels, ``sphere`` in thousandths of the diagonal.

    The colours of the attention run ``heat_from`` .. ``heat_to``; 0 leaves that end to the values.
    """

    background: str = "auto"
    point_size: Annotated[int, Interval(ge=1, le=12)] = 3
    sphere: Annotated[int, Interval(ge=1, le=1_000)] = 12
    ghost: bool = True
    samples: bool = True
    order: bool = False
    axes: bool = True
    attention_mode: str = "step"
    logarithmic: bool = False
    heat_from: Annotated[float, Interval(ge=0)] = 0.0
    heat_to: Annotated[float, Interval(ge=0)] = 0.0


class MethodAtSize(NamedTuple):
    """One view of a comparison: a ``method`` at the size of a ``row``."""

    method: MethodSpec
    row: int = 0


@dataclass(frozen=True)
class Lineup:
    """The ``methods`` side by side, each once; ``selected`` is one's place.

    Each stands there at all ``sizes``, of which ``row`` is the selected one; without any, at that of the
    choice alone. The views of methods ``apart`` have a camera of their own where the others are ``linked``.
    ``show`` is "samples", or what the task net makes of them: "answer", or "before" it moved anything.
    """

    methods: Annotated[tuple[MethodSpec, ...], Len(1, 64)] = tuple(
        map(MethodSpec.of, ("random", "farthest_point", "samplenet", "apsnet"))
    )
    selected: int = 0
    sizes: Annotated[tuple[Count, ...], Len(max_length=64)] = ()
    row: int = 0
    shown: bool = False
    linked: bool = True
    apart: Annotated[tuple[MethodSpec, ...], Len(max_length=64)] = ()
    show: str = "samples"

    @property
    def places(self) -> tuple[MethodAtSize, ...]:
        """All places side by side, one method after another."""
        rows = range(max(len(self.sizes), 1))
        return tuple(MethodAtSize(method, row) for method in self.methods for row in rows)

    @property
    def place(self) -> MethodAtSize:
        """The selected one."""
        return MethodAtSize(self.methods[self.selected], self.row)


@dataclass(frozen=True)
class Document:
    """The open shapes, how they are sampled and how they are shown.

    ``current`` is the id of the shape that is sampled, None when nothing is open. ``missing`` are
    shapes of the project that could not be read.
    ``dataset`` is the name or folder that is browsed, ``browsed`` the id of the shape that came from it last.
    While methods are side by side, ``choice`` is how the selected one of them samples.
    """

    entries: tuple[OpenShape, ...] = ()
    current: str | None = None
    choice: Choice = Choice()
    look: Look = Look()
    lineup: Lineup = Lineup()
    what_if: WhatIf = field(default_factory=WhatIf)
    dataset: str | None = None
    browsed: str | None = None
    missing: tuple[Missing, ...] = ()

    def entry(self, id: str | None) -> OpenShape | None:
        """The open shape of that id, None where there is none."""
        return next((entry for entry in self.entries if entry.id == id), None)

    @property
    def active(self) -> OpenShape | None:
        """The current shape."""
        return self.entry(self.current)

    def with_entry(self, id: str, **changes: Any) -> Document:
        """The same with one entry changed."""
        return replace(self, entries=tuple(replace(e, **changes) if e.id == id else e for e in self.entries))

    def with_choice(self, **changes: Any) -> Document:
        """The same sampled otherwise; while methods are side by side, what is selected there changes."""
        choice, lineup = replace(self.choice, **changes), self.lineup
        if lineup.shown:
            methods = list(lineup.methods)
            if choice.spec not in methods:
                methods[lineup.selected] = choice.spec
            sizes = list(lineup.sizes)
            sizes[lineup.row : lineup.row + 1] = [choice.m] * bool(sizes)
            lineup = replace(
                lineup, methods=tuple(methods), selected=methods.index(choice.spec), sizes=tuple(sizes)
            )
        return replace(self, choice=choice, lineup=lineup)

    def with_lineup(self, **changes: Any) -> Document:
        """The same with other methods and sizes side by side, or another of them selected.

        The method that is sampled by stands among those compared from the beginning, and is selected.
        """
        lineup = replace(self.lineup, **changes)
        if lineup.shown and not self.lineup.shown and not {"methods", "selected"} & {*changes}:
            own = self.choice.spec
            methods = lineup.methods if own in lineup.methods else (own, *lineup.methods)
            lineup = replace(lineup, methods=methods, selected=methods.index(own))
        selected = max(min(lineup.selected, len(lineup.methods) - 1), 0)
        row = max(min(lineup.row, len(lineup.sizes) - 1), 0)
        lineup, choice = replace(lineup, selected=selected, row=row), self.choice
        if lineup.shown:
            m = lineup.sizes[row] if lineup.sizes else choice.m
            choice = replace(choice, spec=lineup.methods[selected], m=m)
        return replace(self, choice=choice, lineup=lineup)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Of the comparison: one for each row."""
        return self.lineup.sizes or (self.choice.m,)

    def without(self, id: str) -> Document:
        """The same with one entry closed; the next in the list becomes current and visible in its place."""
        at = next(i for i, entry in enumerate(self.entries) if entry.id == id)
        left = self.entries[:at] + self.entries[at + 1 :]
        current = self.current
        if current == id and left:
            at = min(at, len(left) - 1)
            current = left[at].id
            left = (*left[:at], replace(left[at], visible=True), *left[at + 1 :])
        return replace(self, entries=left, current=current if left else None)

    def with_found(self, id: str, loaded: Loaded, path: str) -> Document:
        """The same with a missing entry found at ``path``, in its place in the list."""
        missing = next(each for each in self.missing if each.id == id)
        kept = {"path": path, "shape": loaded.shape, "extent": loaded.extent, "upright": loaded.upright}
        entry = OpenShape(**missing.values | kept)
        entries = (*self.entries[: missing.at], entry, *self.entries[missing.at :])
        left = tuple(each for each in self.missing if each is not missing)
        return replace(self, entries=entries, missing=left, current=self.current or id)

    def with_browsed(self, entry: OpenShape) -> Document:
        """The same with another shape of the dataset in the place of the one before, with its colours."""
        before = self.entry(self.browsed)
        if before is not None:
            entry = replace(entry, colouring=before.colouring, colour=before.colour)
        others = [entry if other is before else replace(other, visible=False) for other in self.entries]
        entries = others if before is not None else [*others, entry]
        return replace(self, entries=tuple(entries), current=entry.id, browsed=entry.id)
