"""The content of a project: the open shapes, how they are sampled, and how they are shown.

All values are frozen: every change makes a new `Document`. Old and new documents share the arrays of the
shapes, so keeping old documents for undo costs almost no memory.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Annotated, Literal, NamedTuple

from apsnet_core.methods.spec import MethodSpec
from apsnet_core.tasks.registry import DEFAULT
from apsnet_core.types import Changed
from apsnet_gui.state.limits import MOST_POINTS, Count, Interval, Len, Seed, Text
from apsnet_gui.state.open_shape import Loaded, Missing, OpenShape, restored
from apsnet_gui.state.unknown import Unknown
from apsnet_gui.state.what_if import WhatIf

BACKGROUNDS = ("auto", "dark", "light")
ATTENTION_MODES = ("step", "sum")
SHOWS = ("samples", "answer", "before")  # what the views of a comparison can show
LAYOUTS = ("grid", "slider", "moved", "attention")  # all views, or the reference and one other
FIRST = MethodSpec("farthest_point")  # the method of a new document


@dataclass(frozen=True)
class Choice:
    """How the current shape is sampled.

    ``net`` is the name of the task net that judges the samples, None for the net that the sampler was trained
    with. ``surface`` is the number of points drawn from a mesh. A network sees ``working`` points of a cloud,
    0 for as many as it was trained with. ``seed`` draws the points of a mesh; it is also the method's seed
    unless ``spec`` has its own. ``by`` divides a large cloud into parts that are sampled separately.
    """

    spec: MethodSpec = FIRST
    task: str = DEFAULT
    m: Count = 32
    seed: Seed = 0
    surface: Count = 2048
    working: Annotated[int, Interval(ge=0, le=MOST_POINTS)] = 0
    net: Text | None = None
    by: Literal["whole", "tiles", "cells", "objects"] = "whole"

    @property
    def method(self) -> str:
        """The method's name."""
        return self.spec.name


@dataclass(frozen=True)
class Look:
    """How shapes and samples are drawn.

    ``point_size`` is in pixels, ``depth`` is the strength of the depth cue of clouds in percent, and
    ``sphere`` is in thousandths of the diagonal. ``lit`` shades clouds with normals as surfaces. The colours
    of the attention run from ``heat_from`` to ``heat_to``; 0 sets that end by the values.
    """

    background: str = "auto"
    point_size: Annotated[int, Interval(ge=1, le=12)] = 3
    depth: Annotated[int, Interval(ge=0, le=100)] = 60
    lit: bool = False
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
    """One view of a comparison: a ``method`` at the size with index ``row``."""

    method: MethodSpec
    row: int = 0


@dataclass(frozen=True)
class Lineup:
    """The compared ``methods``, each listed once; ``selected`` is the index of one.

    Each method is shown at all ``sizes``, and ``row`` is the index of the selected size; without ``sizes``
    the size is the m of the choice. The views of the methods in ``apart`` have their own camera; the others
    share one if they are ``linked``. ``show`` is "samples", "answer" (of the task net), or "before" (the
    clouds before a registration). ``reference`` is the pinned view that the others are compared with.
    ``layout`` shows all views in a "grid", or the `pair`: with a "slider" between the two, with the samples
    that "moved", or with the difference of "attention". ``divider`` is the position of the slider in percent
    of the width.
    """

    methods: Annotated[tuple[MethodSpec, ...], Len(min_length=1, max_length=64)] = tuple(
        map(MethodSpec.of, ("random", "farthest_point", "samplenet", "apsnet"))
    )
    selected: int = 0
    sizes: Annotated[tuple[Count, ...], Len(max_length=64)] = ()
    row: int = 0
    shown: bool = False
    linked: bool = True
    apart: Annotated[tuple[MethodSpec, ...], Len(max_length=64)] = ()
    show: str = "samples"
    reference: MethodAtSize | None = None
    layout: str = "grid"
    divider: Annotated[int, Interval(ge=0, le=100)] = 50

    @property
    def pinned(self) -> MethodAtSize | None:
        """The reference, None if it is not among the compared methods (any more)."""
        return self.reference if self.reference in self.places else None

    @property
    def pair(self) -> tuple[MethodAtSize, MethodAtSize] | None:
        """The reference and the selected place, or None if only one place is compared.

        Without a reference, another place stands in for it; if the reference itself is selected, another
        place is shown beside it.
        """
        places, pinned = self.places, self.pinned
        if len(places) < 2:
            return None
        if pinned is None:
            return next(place for place in places if place != self.place), self.place
        return pinned, self.place if self.place != pinned else next(p for p in places if p != pinned)

    @property
    def places(self) -> tuple[MethodAtSize, ...]:
        """The places of all views, ordered by method."""
        rows = range(max(len(self.sizes), 1))
        return tuple(MethodAtSize(method, row) for method in self.methods for row in rows)

    @property
    def place(self) -> MethodAtSize:
        """The selected place."""
        return MethodAtSize(self.methods[self.selected], self.row)


@dataclass(frozen=True)
class Document:
    """The open shapes, how they are sampled and how they are shown.

    ``current`` is the id of the shape that is sampled, None if nothing is open. ``missing`` are the shapes of
    the project that could not be read, ``unknown`` the other names in it that this program does not have.
    ``dataset`` is the name or folder of the open dataset, ``browsed`` the id of the shape that was opened
    from it last. While methods are compared, ``choice`` belongs to the selected method.
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
    unknown: Unknown = field(default_factory=Unknown)

    def entry(self, id: str | None) -> OpenShape | None:
        """The open shape with this id, None if there is none."""
        return next((entry for entry in self.entries if entry.id == id), None)

    @property
    def active(self) -> OpenShape | None:
        """The current shape."""
        return self.entry(self.current)

    @property
    def up(self) -> str:
        """The direction that points up in the current shape, "y" if no shape is open."""
        return self.active.up if self.active is not None else "y"

    def with_entry(self, id: str, **changes: Changed) -> Document:
        """A copy with one entry changed; another colouring starts with its own default scale."""
        before = self.entry(id)
        if (
            before is not None
            and before.scale
            and changes.get("colouring", before.colouring) != before.colouring
        ):
            changes = {"scale": None, **changes}
        return replace(self, entries=tuple(replace(e, **changes) if e.id == id else e for e in self.entries))

    def with_choice(self, **changes: Changed) -> Document:
        """A copy with another choice; while methods are compared, the selected method changes with it."""
        if changes.get("task", self.choice.task) != self.choice.task:
            changes = {"net": None, **changes}  # the previous net belongs to another task
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

    def with_lineup(self, **changes: Changed) -> Document:
        """A copy with another line-up.

        When a comparison begins, the method of the choice is added to the compared methods and selected.
        """
        lineup = replace(self.lineup, **changes)
        if lineup.shown and not self.lineup.shown and not {"methods", "selected"} & {*changes}:
            own = self.choice.spec
            methods = lineup.methods if own in lineup.methods else (own, *lineup.methods)
            lineup = replace(lineup, methods=methods, selected=methods.index(own))
        selected = max(min(lineup.selected, len(lineup.methods) - 1), 0)
        row = max(min(lineup.row, len(lineup.sizes) - 1), 0)
        lineup, choice = replace(lineup, selected=selected, row=row), self.choice
        pinned = self.lineup.reference
        if pinned is not None and "sizes" in changes and pinned.row < len(self.sizes):
            m, sizes = self.sizes[pinned.row], lineup.sizes
            kept = MethodAtSize(pinned.method, sizes.index(m)) if m in sizes else None
            lineup = replace(lineup, reference=kept)
        if lineup.shown:
            m = lineup.sizes[row] if lineup.sizes else choice.m
            choice = replace(choice, spec=lineup.methods[selected], m=m)
        return replace(self, choice=choice, lineup=lineup)

    @property
    def sizes(self) -> tuple[int, ...]:
        """The sizes of the comparison, one for each row."""
        return self.lineup.sizes or (self.choice.m,)

    def without(self, id: str) -> Document:
        """A copy without the entry ``id``; if it was current, the next one becomes current and visible."""
        at = next(i for i, entry in enumerate(self.entries) if entry.id == id)
        left = self.entries[:at] + self.entries[at + 1 :]
        current = self.current
        if current == id and left:
            at = min(at, len(left) - 1)
            current = left[at].id
            left = (*left[:at], replace(left[at], visible=True), *left[at + 1 :])
        return replace(self, entries=left, current=current if left else None)

    def with_found(self, id: str, loaded: Loaded, path: str) -> Document:
        """A copy with a missing entry, which was read from ``path``, at its place in the list."""
        missing = next(each for each in self.missing if each.id == id)
        kept = {"path": path, "shape": loaded.shape, "extent": loaded.extent, "upright": loaded.upright}
        entry = OpenShape(**missing.values | restored(missing.values) | kept)
        entries = (*self.entries[: missing.at], entry, *self.entries[missing.at :])
        left = tuple(each for each in self.missing if each is not missing)
        return replace(self, entries=entries, missing=left, current=self.current or id)

    def with_browsed(self, entry: OpenShape) -> Document:
        """A copy in which ``entry`` replaces the previously browsed shape and is shown in the same way."""
        before = self.entry(self.browsed)
        if before is not None:
            entry = replace(entry, colouring=before.colouring, colour=before.colour)
            if before.is_mesh and entry.is_mesh:
                entry = replace(entry, as_mesh=before.as_mesh)
        others = [entry if other is before else replace(other, visible=False) for other in self.entries]
        entries = others if before is not None else [*others, entry]
        return replace(self, entries=tuple(entries), current=entry.id, browsed=entry.id)
