"""The files to read, and the target of each result."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from apsnet_core.batch.collector import collector_at_rest
from apsnet_core.batch.errors import BatchError
from apsnet_core.batch.item import Item
from apsnet_core.files import can_be_read, readable, writable, writable_meshes
from apsnet_core.files.errors import ReadError
from apsnet_core.files.reading import clouds_of


def means_folder(inputs: Sequence[Path], out: str) -> bool:
    """Whether ``out`` is a folder for one result per file, not a single file."""
    return len(inputs) > 1 or inputs[0].is_dir() or Path(out).is_dir() or out.endswith(("/", "\\"))


def at_size(out: str, m: int, many: bool) -> str:
    """The output for one of several sizes: a folder in the folder ``out``, or a file beside the file ``out``.

    >>> at_size("out", 8, True), at_size("a/s.ply.gz", 16, False)
    ('out/8/', 'a/s_16.ply.gz')
    """
    if many:
        return (Path(out) / str(m)).as_posix() + "/"
    path = Path(out)
    inner = Path(path.stem) if path.suffix in (".gz", ".bz2") else path
    return str(path.with_name(f"{inner.stem}_{m}{path.name[len(inner.stem) :]}"))


@collector_at_rest()
def plan(
    inputs: Sequence[Path], out: Path, suffix: str, *, each: bool = False, dataset: str | None = None
) -> list[Item]:
    """An item for every file given, or found in a folder by its extension, with its target in ``out``.

    Folders keep their structure. Files that differ only in their extension keep it in the result's name.
    With ``each``, every cloud of an array (N, n, 3), that of ``dataset`` or the obvious one, is an item.
    """
    possible = {*writable(), *writable_meshes()}
    if suffix not in possible:
        kinds = ", ".join(sorted(kind.lstrip(".") for kind in possible))
        raise BatchError(f"--format {suffix.lstrip('.')} cannot be written; possible are {kinds}")
    sources: dict[Path, Path] = {}
    for given in inputs:
        if given.is_dir():
            sources |= {source: source.relative_to(given) for source in _readable(given, out)}
        else:
            sources[given] = Path(given.name)
    if not sources:
        kinds = ", ".join(kind.lstrip(".") for kind in readable())
        raise BatchError(
            f"there is no file to read in {', '.join(map(str, inputs))}; files of these kinds can be: {kinds}"
        )
    stems = [place.with_suffix("") for place in sources.values()]
    times = Counter(stems)
    items = [
        Item(source, out / (f"{place}{suffix}" if times[stem] > 1 else f"{stem}{suffix}"))
        for (source, place), stem in zip(sources.items(), stems, strict=True)
    ]
    if len({item.target for item in items}) < len(items):
        raise BatchError(
            "several of the files have the same name, so their results would too; give their folder instead"
        )
    return [one for item in items for one in _rows(item, dataset)] if each else items


def _rows(item: Item, dataset: str | None) -> list[Item]:
    """An item for each cloud in the source; the item itself if it has one cloud, or an unknown number."""
    try:
        count = clouds_of(item.source, dataset)
    except ReadError:  # the work on the item will report it
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
        where = "is" if inside_out == root else "is inside"
        raise BatchError(
            f"{folder} {where} the folder for the results, which is never read: choose another one for them"
        )
    skipped = folder / inside_out.relative_to(root) if root in inside_out.parents else None
    ends: dict[str, bool] = {}  # whether files with this extension can be read
    return list(map(Path, _files(str(folder), str(skipped), ends)))


def _files(folder: str, skipped: str, readable: dict[str, bool]) -> Iterator[str]:
    """Files in the order of their names, with those of a subfolder at the position of its name."""
    entries: list[os.DirEntry[str]] = []
    with suppress(OSError), os.scandir(folder) as found:  # a folder without permission is left out
        entries += (entry for entry in found if not entry.name.startswith("."))
    for entry in sorted(entries, key=lambda entry: entry.name):
        if entry.is_dir(follow_symlinks=False):
            if entry.path != skipped:
                yield from _files(entry.path, skipped, readable)
            continue
        _, dot, end = entry.name.partition(".")
        if end not in readable:
            readable[end] = bool(dot) and can_be_read(entry.name)
        if readable[end] and entry.is_file():
            yield entry.path
