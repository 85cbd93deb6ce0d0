"""The points and cells of a VTK file, legacy or XML."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from apsnet_core.cloud import Int64
from apsnet_core.files.columns import Column
from apsnet_core.files.errors import ReadError

Ragged = tuple[Int64, Int64]  # the number of corners of each cell, and all corners one after another


@dataclass
class Content:
    """``points`` (n, 3), their ``data`` (n, k) by name, ``cells`` by section, and the ``types`` of CELLS."""

    path: Path
    points: Column = field(default_factory=lambda: np.empty((0, 3)))
    data: dict[str, Column] = field(default_factory=dict)
    cells: dict[str, Ragged] = field(default_factory=dict)
    types: Int64 = field(default_factory=lambda: np.empty(0, np.int64))
    notes: list[str] = field(default_factory=list)

    def error(self, why: str) -> ReadError:
        """The ReadError for this file with the reason ``why``."""
        return ReadError(self.path, why)

    def check(self) -> None:
        """Raise ReadError if there are no points, or if a data array does not have a row for each point."""
        for name, values in self.data.items():
            if len(values) != len(self.points):
                raise self.error(f"it has {len(values)} values of {name[:40]} for {len(self.points)} points")
        if not len(self.points):
            raise self.error("there is no point in it; a file with at least one point would be accepted")
