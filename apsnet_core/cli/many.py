"""One command over many files: find them, place their results, show progress, report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from apsnet_core.cli.answer import CommandResult, Failure
from apsnet_core.cli.manifest import Manifest
from apsnet_core.cli.many_files import Item, Stop, Work, run_batch
from apsnet_core.cli.progress import progress
from apsnet_core.files import can_be_read, readable, writable, writable_meshes
from apsnet_core.files.errors import ReadError, printable
from apsnet_core.files.reading import clouds_of
from apsnet_core.types import Values

_NOTES = 10  # shown; the manifest has all


def means_folder(inputs: Sequence[Path], out: str) -> bool:
    """Whether there are many results, one per file in the folder ``out``, or the single file ``out``."""
    return len(inputs) > 1 or inputs[0].is_dir() or Path(out).is_dir() or out.endswith(("/", "\\"))


def plan(
    inputs: Sequence[Path], out: Path, suffix: str, *, each: bool = False, dataset: str | None = None
) -> list[Item]:
    """Every file named, or found in a folder by its extension with its place in ``out``.

    Folders keep their structure. Files that differ in their extension alone keep it in the result's name.
    With ``each``, every cloud of an array (N, n, 3), that of ``dataset`` or the obvious one, is an item.
    """
    possible = {*writable(), *writable_meshes()}
    if suffix not in possible:
        kinds = ", ".join(sorted(kind.lstrip(".") for kind in possible))
        raise Failure(f"--format {suffix.lstrip('.')} cannot be written; possible are {kinds}")
    sources: dict[Path, Path] = {}
    for given in inputs:
        if given.is_dir():
            sources |= {source: source.relative_to(given) for source in _readable(given, out)}
        else:
            sources[given] = Path(given.name)
    if not sources:
        kinds = ", ".join(kind.lstrip(".") for kind in readable())
        raise Failure(
            f"there is no file to read in {', '.join(map(str, inputs))}; files of these kinds can be: {kinds}"
        )
    stems = [place.with_suffix("") for place in sources.values()]
    times = Counter(stems)
    items = [
        Item(source, out / (f"{place}{suffix}" if times[stem] > 1 else f"{stem}{suffix}"))
        for (source, place), stem in zip(sources.items(), stems, strict=True)
    ]
    if len({item.target for item in items}) < len(items):
        raise Failure(
            "several of the files have the same name, so their results would too; name their folder instead"
        )
    return [one for item in items for one in _rows(item, dataset)] if each else items


def _rows(item: Item, dataset: str | None) -> list[Item]:
    """An item for each cloud in the source; the item itself where there is one or none can be told."""
    try:
        count = clouds_of(item.source, dataset)
    except ReadError:  # which its own work will say
        count = None
    if count is None:
        return [item]
    target, width = item.target, len(str(count - 1))
    return [
        Item(item.source, target.with_name(f"{target.stem}_{row:0{width}}{target.suffix}"), row)
        for row in range(count)
    ]


def _readable(folder: Path, out: Path) -> list[Path]:
    root, inside_out = folder.resolve(), out.resolve()
    if inside_out == root or inside_out in root.parents:
        return []
    skipped = folder / inside_out.relative_to(root) if root in inside_out.parents else None
    return [
        path
        for path in sorted(folder.rglob("*"))
        if can_be_read(path)
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and skipped not in path.parents
        and path.is_file()
    ]


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
