"""Datasets that packages bring along, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from apsnet_core.table import Table


@dataclass(frozen=True)
class NamedDataset:
    """A row: ``folder()`` gives the folder, in any of the layouts that `open_dataset` knows."""

    name: str
    folder: Callable[[], Path]


_table: Table[NamedDataset] = Table(NamedDataset, "apsnet.datasets", "dataset", [])


def named_datasets() -> tuple[NamedDataset, ...]:
    """All rows."""
    return _table.rows()


def register(row: NamedDataset) -> None:
    """Add a row; ValueError where its name is taken."""
    _table.register(row)


def unregister(name: str) -> None:
    """Take a registered row out again."""
    _table.unregister(name)
