"""What a project supposes: another cloud than the one that was opened, other samples than were found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from apsnet_core.evaluation.comparison.edits import Edit
from apsnet_core.evaluation.comparison.perturb import Perturbation, Turn

if TYPE_CHECKING:
    pass

EDITS_KEPT = 64


@dataclass(frozen=True)
class WhatIf:
    """``change`` is done to the cloud that is sampled, ``turn`` to the copy that a registration lays on it.

    ``other`` is the id of an open shape that stands for the copy. ``edits`` are kept by the `key_of` what
    they change, so that none is ever done to other samples than it was made for.
    """

    change: Perturbation = field(default_factory=Perturbation)
    turn: Turn = field(default_factory=Turn)
    other: str | None = None
    edits: tuple[tuple[str, Edit], ...] = ()

    def edit_of(self, key: str) -> Edit | None:
        """What was done by hand to these samples."""
        return dict(self.edits).get(key)

    def with_edit(self, key: str, edit: Edit | None) -> WhatIf:
        """The same with these samples changed so, or not at all; the oldest of very many are forgotten."""
        edits = dict(self.edits)
        if edit is not None and edit.words:
            edits[key] = edit
        else:
            edits.pop(key, None)
        return replace(self, edits=tuple(edits.items())[-EDITS_KEPT:])


def from_json(values: Mapping[str, Any]) -> WhatIf:
    """What ``asdict`` made JSON of. TypeError, ValueError, KeyError or AttributeError for others."""
    if not values:
        return WhatIf()
    change, turn = values["change"], values["turn"]
    angles = None if turn["angles"] is None else _three(turn["angles"])
    return WhatIf(
        Perturbation(float(change["noise"]), float(change["drop"]), _three(change["rotate"])),
        Turn(angles, bool(turn["resampled"]), float(turn["noise"])),
        None if values["other"] is None else str(values["other"]),
        tuple((str(key), _edit(edit)) for key, edit in values["edits"]),
    )


def _edit(values: Mapping[str, Any]) -> Edit:
    placed = tuple((int(number), _three(at)) for number, at in values["placed"])
    return Edit(int(values["m"]), placed, tuple(int(number) for number in values["removed"]))


def _three(values: Any) -> tuple[float, float, float]:
    x, y, z = values
    return float(x), float(y), float(z)
