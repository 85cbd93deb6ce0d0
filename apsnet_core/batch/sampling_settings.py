"""Settings for sampling any file, which are sent to other processes and stored in a manifest."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from apsnet_core.batch.cuts import WHOLE, Cuts
from apsnet_core.batch.selection import Selection, selection
from apsnet_core.batch.what_if import NOTHING, WhatIf
from apsnet_core.methods.method import Completion
from apsnet_core.types import Values

if TYPE_CHECKING:
    from apsnet_core.methods.local_parts import By
    from apsnet_core.methods.local_shares import Share


@dataclass(frozen=True)
class SamplingSettings:
    """Settings for sampling any file; together with the file, they determine the result.

    The result has ``m`` points, or a ``share`` of the cloud's points, or one for each voxel of the edge
    ``voxel_size``. With ``by`` the cloud is sampled in parts, each with its share of m
    (`apsnet_core.methods.local`).
    """

    method: str
    m: int
    task: str | None
    up: str
    working: int | None
    completion: Completion
    seed: int
    points: int
    dataset: str | None
    row: str | None
    columns: str | None
    from_: str | None
    what_if: WhatIf = NOTHING
    share: float | None = None
    voxel_size: float | None = None
    cuts: Cuts = WHOLE
    by: By | None = None
    share_by: Share = "points"
    quality: bool = False

    @property
    def settings(self) -> Values:
        """The settings as plain JSON values; what-if, cuts, share, voxel size and parts only if set."""
        values = asdict(self)
        absent = [name for name in ("share", "voxel_size", "by") if values[name] is None]
        absent += ["share_by"] * (self.by is None) + ["quality"] * (not self.quality)
        absent += ["what_if"] * (self.what_if == NOTHING) + ["cuts"] * (self.cuts == WHOLE)
        return {name: value for name, value in values.items() if name not in absent}

    def chosen(self, row: int | None) -> Selection:
        """The data of the file to read; ``row`` replaces that of the settings, for one of several clouds."""
        told = self.row if row is None else str(row)
        return selection(self.dataset, told, self.columns, self.from_, each=True)
