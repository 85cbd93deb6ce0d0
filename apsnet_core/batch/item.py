"""What a batch is made of: items, the work on each, and how each ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from apsnet_core.types import Values

Result = Values
Given = TypeVar("Given")
Made = TypeVar("Made")


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
    ``together`` names a function that is called with many items where there are many, and gives each one's
    result or its error.
    """

    function: str
    settings: Mapping[str, Any]
    together: str | None = None

    def __call__(self, item: Item) -> Result:
        """Call the function in this process."""
        result: Result = _named(self.function)(item, **self.settings)
        return result

    def of_all(self, items: Sequence[Item]) -> list[Result | Exception]:
        """Call ``together``, or the function for one item after the other; an error is that item's alone."""
        if self.together is not None and len(items) > 1:
            found: list[Result | Exception] = _named(self.together)(items, **self.settings)
            return found
        return [attempt(self, item) for item in items]


def attempt(work: Callable[[Given], Made], given: Given) -> Made | Exception:
    """What ``work`` makes of it, or the error that it raises."""
    try:
        return work(given)
    except (SystemExit, KeyboardInterrupt, BrokenPipeError):
        raise
    except Exception as error:
        return error
    except BaseException as error:  # a panic in Rust is no Exception
        return RuntimeError(str(error) or type(error).__name__)


def _named(function: str) -> Callable[..., Any]:
    module, _, name = function.partition(":")
    found: Callable[..., Any] = getattr(import_module(module), name)
    return found
