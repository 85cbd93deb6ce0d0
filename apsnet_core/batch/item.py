"""The parts of a batch: items, the work on each item, and its outcome."""

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
    """A file to read and the file to write; ``row`` selects one of several clouds in the source."""

    source: Path
    target: Path
    row: int | None = None


@dataclass(frozen=True)
class Outcome:
    """The outcome of an item: its ``result``, or the ``error`` that says why there is none."""

    item: Item
    result: Result | None
    error: str | None


@dataclass(frozen=True)
class Work:
    """The work on each item: ``function``, a "module:name", is called with the item and the settings.

    The settings are plain values and dataclasses of the program, since they are sent to other processes.
    ``together`` names a function for several items at once, which returns the result or the error of each.
    """

    function: str
    settings: Mapping[str, Any]
    together: str | None = None

    def __call__(self, item: Item) -> Result:
        """Call the function in this process."""
        result: Result = _named(self.function)(item, **self.settings)
        return result

    def of_all(self, items: Sequence[Item]) -> list[Result | Exception]:
        """Call ``together``, or the function for one item after another; an error affects only its item."""
        if self.together is not None and len(items) > 1:
            found: list[Result | Exception] = _named(self.together)(items, **self.settings)
            return found
        return [attempt(self, item) for item in items]


def attempt(work: Callable[[Given], Made], given: Given) -> Made | Exception:
    """The result of ``work``, or the error that it raises."""
    try:
        return work(given)
    except (SystemExit, KeyboardInterrupt, BrokenPipeError):
        raise
    except Exception as error:
        return error
    except BaseException as error:  # a panic in Rust is not an Exception
        return RuntimeError(str(error) or type(error).__name__)


def _named(function: str) -> Callable[..., Any]:
    module, _, name = function.partition(":")
    found: Callable[..., Any] = getattr(import_module(module), name)
    return found
