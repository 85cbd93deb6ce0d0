"""One command over many files: their progress shown, what came of them told."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from apsnet_core.batch.children import Stop, run_batch
from apsnet_core.batch.item import Item, Work
from apsnet_core.batch.manifest import Manifest
from apsnet_core.cli.answer import CommandResult, Failure
from apsnet_core.cli.progress import progress
from apsnet_core.files.errors import printable
from apsnet_core.types import Values

_NOTES = 10  # shown; the manifest has all


def run_many(
    items: Sequence[Item],
    work: Work,
    out: Path,
    settings: Values,
    *,
    force: bool,
    workers: int | None,
) -> CommandResult:
    """Do ``work`` on the items that the manifest in ``out`` lacks; ``settings`` name the command."""
    manifest = _manifest(out, settings, force)
    left = [item for item in items if not manifest.has(item)]
    done_before = len(items) - len(left)
    claimed, refused = manifest.claim(left, force)
    failures = [
        (item, "its result exists already and is not from this command; --force overwrites it")
        for item in refused
    ]
    stop = Stop()
    finished = 0
    noted: list[tuple[Item, str]] = []
    with progress("Files") as way:

        def announce() -> None:
            way.say("Finishing the files in hand. Ctrl-C again ends them; the same command continues.")

        at = done_before + len(refused)
        way.update(at, len(items))
        with stop.on_interrupt(announce):
            for outcome in run_batch(claimed, work, stop, workers):
                manifest.record(outcome)
                if outcome.error is None:
                    finished += 1
                    noted += [(outcome.item, note) for note in (outcome.result or {}).get("notes", ())]
                else:
                    failures.append((outcome.item, outcome.error))
                at += 1
                way.update(at, len(items), printable(outcome.item.source.name))
    data = {
        "out": str(out),
        "files": len(items),
        "done": finished,
        "done_before": done_before,
        "failed": [{"file": str(item.source), "why": why} for item, why in failures],
        "notes": [{"file": str(item.source), "note": note} for item, note in noted],
        "interrupted": stop.asked,
        "manifest": str(manifest.path),
    }
    return CommandResult(data, lambda: _show(data), exit_code=130 if stop.asked else 1 if failures else 0)


def _manifest(out: Path, settings: Values, force: bool) -> Manifest:
    """The record in ``out``, resumed; with ``force`` one of other settings is begun anew."""
    manifest = Manifest(out, settings)
    if not manifest.resume():
        if not force:
            raise Failure(
                f"{out} holds results of another command or other settings; choose another folder or --force"
            )
        manifest.restart()
    return manifest


def _show(data: Values) -> None:
    before = f", {data['done_before']} done before" if data["done_before"] else ""
    print(f"{data['done']} of {data['files']} files done{before}: {data['out']}")
    for entry in data["notes"][:_NOTES]:
        print(f"  {printable(entry['file'])}: {entry['note']}")
    if len(data["notes"]) > _NOTES:
        print(f"  and {len(data['notes']) - _NOTES} notes more: {data['manifest']}")
    if data["failed"]:
        print(f"{len(data['failed'])} failed:")
        for failure in data["failed"]:
            file, why = printable(failure["file"]), failure["why"]
            print(f"  {why}" if why.startswith(file) else f"  {file}: {why}")
    if data["interrupted"]:
        print("Stopped early; the same command continues.")
