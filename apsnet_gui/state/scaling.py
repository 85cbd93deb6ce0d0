"""What a user does to the scale of a shape's colours: range, map, hidden classes."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

from apsnet_core.colours.classes import class_name
from apsnet_core.colours.field_colours import FieldScale, hidden_rows
from apsnet_core.types import Changed, Mask
from apsnet_gui.colourings.registry import named
from apsnet_gui.state.open_shape import OpenShape
from apsnet_gui.state.session import Session


def scale_of(entry: OpenShape) -> FieldScale | None:
    """The scale of an entry's colours, None where its colouring has none."""
    return entry.scale or named(entry.colouring).scale


def set_scale(session: Session, text: str, gesture: str | None = None, **changes: Changed) -> None:
    """Change fields of the current shape's scale; all changes of one ``gesture`` are one undo step."""
    entry = session.document.active
    scale = scale_of(entry) if entry is not None else None
    if entry is not None and scale is not None:
        document = session.document.with_entry(entry.id, scale=replace(scale, **changes))
        session.change(text, document, gesture, dragging=gesture is not None)


def toggle_class(session: Session, value: int) -> None:
    """Hide the points of a class of the current shape, or show them again, and say which are hidden."""
    entry = session.document.active
    scale = scale_of(entry) if entry is not None else None
    if entry is None or scale is None:
        return
    field, shown = named(entry.colouring).of_field, value in scale.hidden
    hidden = tuple(each for each in scale.hidden if each != value) if shown else (*scale.hidden, value)
    set_scale(session, f"{'Show' if shown else 'Hide'} {class_name(field, value)}", hidden=hidden)
    session.standing.emit("hidden classes", hidden_words(field, hidden))


def unseen_mask(entry: OpenShape) -> Mask | None:
    """Which points are not drawn, (n,), hidden by hand or with their class; None where none is.

    Call it on a worker thread.
    """
    row, hidden = named(entry.colouring), entry.hidden_mask
    values = row.numbers(entry.shape, entry.up) if row.numbers and entry.hides_classes else None
    if values is None or entry.scale is None or entry.is_mesh:
        return hidden
    classes = hidden_rows(values, entry.scale, row.of_field)
    return hidden if classes is None else classes if hidden is None else hidden | classes


def sight_of(entry: OpenShape) -> Hashable:
    """What decides which points are drawn; equal ones hide the same points."""
    return entry.hidden, (entry.colouring, entry.scale) if entry.hides_classes else None


def hidden_words(field: str, hidden: tuple[int, ...]) -> str:
    """Which classes are hidden, what that changes, and how they come back."""
    if not hidden:
        return "The points of all classes are shown"
    names = ", ".join(class_name(field, value) for value in hidden)
    return f"Hidden: {names}. They are still sampled and exported; Shift+H shows all again"
