"""The pinned row of the comparison: the reference that the others are compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apsnet_gui.comparison.results import ComparisonResults
from apsnet_gui.state.session import Session

if TYPE_CHECKING:
    from apsnet_core.evaluation.comparison.reference import Reference


def toggle_pin(session: Session) -> None:
    """Pin the selected row, or unpin it where it is the reference."""
    lineup = session.document.lineup
    if lineup.pinned == lineup.place:
        session.line_up("Unpin the reference", reference=None)
    else:
        session.line_up(f"Pin {lineup.place.method.label}", reference=lineup.place)


def reference_of(session: Session, results: ComparisonResults) -> Reference | None:
    """The pinned row as the core names it, None where none is pinned or nothing is known of it."""
    from apsnet_core.evaluation.comparison.reference import Reference

    pinned = session.document.lineup.pinned
    part = results.parts.get(pinned) if pinned is not None else None
    return Reference(part.method, part.row.m) if part is not None and part.row is not None else None
