"""Runs one command on many files, shows the progress, and prints a summary."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from apsnet_core.batch.children import Stop
from apsnet_core.batch.item import Item, Work
from apsnet_core.batch.run import BatchReport, Where, run
from apsnet_core.cli.answer import CommandResult
from apsnet_core.cli.progress import progress
from apsnet_core.files.errors import printable
from apsnet_core.types import Values

INTERRUPTED = 130  # the exit code after a Ctrl-C
_NOTES = 10  # notes that are printed; the manifest has all


def run_many(
    items: Sequence[Item], work: Work, out: Path, settings: Values, *, force: bool, where: Where
) -> CommandResult:
    """Do ``work`` on the items missing in the manifest of ``out``; ``settings`` identify the command."""
    stop = Stop()
    with progress("Files") as way:

        def announce() -> None:
            way.say("Finishing the files in hand. Ctrl-C again ends them; the same command continues.")

        with stop.on_interrupt(announce):
            report = run(
                items, work, out, settings, force=force, where=where, stop=stop,
                on_item=lambda done, total, name: way.update(done, total, printable(name)),
            )  # fmt: skip
    code = INTERRUPTED if report.interrupted else 1 if report.failed else 0
    return CommandResult(report.as_data(), lambda: _show(report), exit_code=code)


def _show(report: BatchReport) -> None:
    before = f", {report.done_before} done before" if report.done_before else ""
    print(f"{report.done} of {report.files} files done{before}: {report.out}")
    for item, note in report.notes[:_NOTES]:
        print(f"  {printable(item.source)}: {note}")
    if len(report.notes) > _NOTES:
        print(f"  and {len(report.notes) - _NOTES} notes more: {report.manifest}")
    if report.failed:
        print(f"{len(report.failed)} failed:")
        for item, why in report.failed:
            file = printable(item.source)
            print(f"  {why}" if why.startswith(file) else f"  {file}: {why}")
    if report.interrupted:
        print("Stopped early; the same command continues.")
