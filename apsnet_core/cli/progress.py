"""The progress of a long command on standard error: a bar on a terminal, else a line a minute."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

LINE_SECONDS = 60.0
quiet = False
"""Whether progress and messages are suppressed."""


class ProgressReport(Protocol):
    """Reports the progress of a command."""

    def update(self, done: int, total: int, doing: str = "") -> None:
        """Report that ``done`` of ``total`` items are done; ``doing`` names the current item."""

    def say(self, sentence: str) -> None:
        """Print a sentence, above the bar if there is one."""


@contextmanager
def progress(what: str) -> Iterator[ProgressReport]:
    """Context manager that reports the progress of a command; ``what`` names the work in a word."""
    if quiet:
        yield _Silent()
    elif sys.stderr.isatty():
        with _bar(what) as bar:
            yield bar
    else:
        yield Lines(what)


class _Silent:
    def update(self, done: int, total: int, doing: str = "") -> None:
        """Print nothing."""

    def say(self, sentence: str) -> None:
        """Print nothing."""


class Lines:
    """Prints a line a minute, for logs: the number of finished items and the estimated time left."""

    def __init__(self, what: str) -> None:
        self._what, self._said = what, time.monotonic()
        self._begun: tuple[float, int] | None = None

    def update(self, done: int, total: int, doing: str = "") -> None:
        """Print a line if the last one is at least a minute old."""
        now = time.monotonic()
        if self._begun is None:
            self._begun = (now, done)
        if now - self._said < LINE_SECONDS:
            return
        self._said = now
        began, before = self._begun
        left = ""
        if done > before:
            minutes, seconds = divmod(round((now - began) / (done - before) * (total - done)), 60)
            left = f", {minutes}:{seconds:02} min left"
        self.say(f"{self._what}: {done} of {total}{left}")

    def say(self, sentence: str) -> None:
        """Print the sentence at once."""
        print(sentence, file=sys.stderr, flush=True)


@contextmanager
def _bar(what: str) -> Iterator[ProgressReport]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("left:"))
    console = Console(stderr=True)
    with Bar(
        TextColumn(what), *columns, TimeRemainingColumn(), TextColumn("{task.fields[doing]}", markup=False),
        console=console, transient=True,
    ) as bar:  # fmt: skip
        task = bar.add_task("", total=None, doing="")

        class Shown:
            def update(self, done: int, total: int, doing: str = "") -> None:
                """Move the bar."""
                bar.update(task, completed=done, total=total, doing=doing)

            def say(self, sentence: str) -> None:
                """Print it above the bar."""
                console.print(sentence, markup=False)

        yield Shown()
