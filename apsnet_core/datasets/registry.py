"""The datasets of plug-in packages by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from apsnet_core.table import Table


@dataclass(frozen=True)
class NamedDataset:
    """A dataset with a name: ``folder()`` returns its folder, in any layout that `open_dataset` knows."""

    name: str
    folder: Callable[[], Path]


_table: Table[NamedDataset] = Table(NamedDataset, "apsnet.datasets", "dataset", [])


def named_datasets() -> tuple[NamedDataset, ...]:
    """All named datasets of plug-ins, and registered ones."""
    return _table.rows()


def register(row: NamedDataset) -> None:
    """Add a dataset. Raises ValueError if its name is taken."""
    _table.register(row)


def unregister(name: str) -> None:
    """Remove a registered dataset. Raises ValueError for an unknown name."""
    _table.unregister(name)
