"""The what-if of a project: changes to the cloud and edits of the samples, without changing the file."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Annotated

from apsnet_core.evaluation.comparison.edits import Edit
from apsnet_core.evaluation.comparison.perturb import Perturbation, Turn
from apsnet_gui.state.limits import Len

EDITS_KEPT = 64


@dataclass(frozen=True)
class WhatIf:
    """The changes and edits of a what-if.

    ``change`` is applied to the cloud before sampling, ``turn`` to the copy that a registration aligns.
    ``other`` is the id of an open shape that replaces the copy. ``edits`` are stored with the `key_of` their
    samples, so that they are never applied to other samples.
    """

    change: Perturbation = field(default_factory=Perturbation)
    turn: Turn = field(default_factory=Turn)
    other: str | None = None
    edits: Annotated[tuple[tuple[str, Edit], ...], Len(max_length=EDITS_KEPT)] = ()

    def edit_of(self, key: str) -> Edit | None:
        """The edits of the samples with this key, None if there are none."""
        return dict(self.edits).get(key)

    def with_edit(self, key: str, edit: Edit | None) -> WhatIf:
        """A copy with this ``edit`` of those samples, None to remove it; the last `EDITS_KEPT` are kept."""
        edits = dict(self.edits)
        if edit is not None and edit.words:
            edits[key] = edit
        else:
            edits.pop(key, None)
        return replace(self, edits=tuple(edits.items())[-EDITS_KEPT:])
