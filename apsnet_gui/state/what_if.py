"""The what-if of a project: changes to the cloud and edits to the samples, none of which touch the file."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Annotated

from annotated_types import Len

from apsnet_core.evaluation.comparison.edits import Edit
from apsnet_core.evaluation.comparison.perturb import Perturbation, Turn

EDITS_KEPT = 64


@dataclass(frozen=True)
class WhatIf:
    """``change`` is made to the sampled cloud, ``turn`` to the copy that a registration aligns with it.

    ``other`` is the id of an open shape that stands for the copy. ``edits`` are kept by the `key_of` what
    they change, so that none is ever done to other samples than it was made for.
    """

    change: Perturbation = field(default_factory=Perturbation)
    turn: Turn = field(default_factory=Turn)
    other: str | None = None
    edits: Annotated[tuple[tuple[str, Edit], ...], Len(max_length=EDITS_KEPT)] = ()

    def edit_of(self, key: str) -> Edit | None:
        """The edits made to these samples."""
        return dict(self.edits).get(key)

    def with_edit(self, key: str, edit: Edit | None) -> WhatIf:
        """The same with these samples changed so, or not at all; the oldest of very many are forgotten."""
        edits = dict(self.edits)
        if edit is not None and edit.words:
            edits[key] = edit
        else:
            edits.pop(key, None)
        return replace(self, edits=tuple(edits.items())[-EDITS_KEPT:])
