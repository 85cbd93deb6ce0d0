"""What a batch is made of: items, the work on each, and how each ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from apsnet_core.types import Values

Result = Values


@dataclass(frozen=True)
class Item:
    """A file to read and the file to write; ``row`` is one cloud of several in the source."""

    source: Path
    target: Path
    row: int | None = None


@dataclass(frozen=True)
class Outcome:
    """How an item ended: with a ``result``, or with the ``error`` that says why there is none."""

    item: Item
    result: Result | None
    error: str | None


@dataclass(frozen=True)
class Work:
    """What is done with each item: ``function``, a "module:name", is called with it and with the settings.

    The settings are plain values and dataclasses of the program, since they are sent to other processes.
    """

    function: str
    settings: Mapping[str, Any]

    def __call__(self, item: Item) -> Result:
        """Call the function in this process."""
        module, _, name = self.function.partition(":")
        result: Result = getattr(import_module(module), name)(item, **self.settings)
        return result
