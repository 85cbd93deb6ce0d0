"""The pinned row of the comparison: the reference with which the others are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from apsnet_core.types import Changed
from apsnet_gui.comparison.results import ComparisonResults
from apsnet_gui.state.document import MethodAtSize
from apsnet_gui.state.session import Session

if TYPE_CHECKING:
    from apsnet_core.evaluation.comparison.reference import Reference


def toggle_pin(session: Session) -> None:
    """Pin the selected row, or unpin it if it is the reference."""
    lineup = session.document.lineup
    if lineup.pinned == lineup.place:
        session.line_up("Unpin the reference", reference=None)
    else:
        session.line_up(f"Pin {lineup.place.method.label}", reference=lineup.place)


def lay_out(session: Session, layout: str) -> None:
    """Show all methods ("grid"), or two of them in another of the `LAYOUTS`; the pair is then fixed."""
    lineup, names = session.document.lineup, {"grid": "all methods", "slider": "a slider between two"}
    names |= {"moved": "the samples that moved", "attention": "the difference of attention"}
    changes: dict[str, Changed] = {"layout": layout}
    if layout != "grid" and lineup.pair is not None:
        reference, beside = lineup.pair
        changes |= {"reference": reference, "row": beside.row}
        changes |= {"selected": lineup.methods.index(beside.method)}
    session.line_up(f"Show {names[layout]}", **changes)


def compare_two(session: Session, reference: MethodAtSize, beside: MethodAtSize) -> None:
    """Select ``beside``, and compare it with the ``reference``."""
    lineup = session.document.lineup
    session.line_up(
        f"Compare {beside.method.label} with {reference.method.label}",
        reference=reference,
        selected=lineup.methods.index(beside.method),
        row=beside.row,
    )


def swap(session: Session) -> None:
    """Swap the reference and the method beside it."""
    if (pair := session.document.lineup.pair) is not None:
        compare_two(session, pair[1], pair[0])


def reference_of(session: Session, results: ComparisonResults) -> Reference | None:
    """The pinned row as a reference for the core, None if none is pinned or it has no metrics yet."""
    from apsnet_core.evaluation.comparison.reference import Reference

    pinned = session.document.lineup.pinned
    part = results.parts.get(pinned) if pinned is not None else None
    return Reference(part.method, part.row.m) if part is not None and part.row is not None else None
