"""Changes to the colour scale of a shape: its range, its colour map, its hidden classes."""

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
    """The scale of an entry's colours, None if its colouring has no scale."""
    return entry.scale or named(entry.colouring).scale


def set_scale(session: Session, text: str, gesture: str | None = None, **changes: Changed) -> None:
    """Change fields of the current shape's scale; all changes of one ``gesture`` are one undo step."""
    entry = session.document.active
    scale = scale_of(entry) if entry is not None else None
    if entry is not None and scale is not None:
        document = session.document.with_entry(entry.id, scale=replace(scale, **changes))
        session.change(text, document, gesture, dragging=gesture is not None)


def toggle_class(session: Session, value: int) -> None:
    """Hide the points of a class of the current shape, or show them again, and report the hidden classes."""
    entry = session.document.active
    scale = scale_of(entry) if entry is not None else None
    if entry is None or scale is None:
        return
    field, shown = named(entry.colouring).of_field, value in scale.hidden
    hidden = tuple(each for each in scale.hidden if each != value) if shown else (*scale.hidden, value)
    set_scale(session, f"{'Show' if shown else 'Hide'} {class_name(field, value)}", hidden=hidden)
    session.standing.emit("hidden classes", hidden_words(field, hidden))


def unseen_mask(entry: OpenShape) -> Mask | None:
    """The mask (n,) of points that are not drawn, hidden by hand or by class; None if all are drawn.

    Call it on a worker thread.
    """
    row, hidden = named(entry.colouring), entry.hidden_mask
    values = row.numbers(entry.shape, entry.up) if row.numbers and entry.hides_classes else None
    if values is None or entry.scale is None or entry.is_mesh:
        return hidden
    classes = hidden_rows(values, entry.scale, row.of_field)
    return hidden if classes is None else classes if hidden is None else hidden | classes


def sight_of(entry: OpenShape) -> Hashable:
    """A value that determines which points are drawn; equal values hide the same points."""
    return entry.hidden, (entry.colouring, entry.scale) if entry.hides_classes else None


def hidden_words(field: str, hidden: tuple[int, ...]) -> str:
    """A text that names the hidden classes and says what that changes and how to show them again."""
    if not hidden:
        return "The points of all classes are shown"
    names = ", ".join(class_name(field, value) for value in hidden)
    return f"Hidden: {names}. They are still sampled and exported; Shift+H shows all again"
