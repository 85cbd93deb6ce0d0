"""Write samplings and clouds to files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from apsnet_core.files import write
from apsnet_gui.jobs.background import JobProgress
from apsnet_gui.jobs.sampling import SamplingRequest, sampled
from apsnet_gui.state.document import Document
from apsnet_gui.state.open_shape import OpenShape, Shape
from apsnet_gui.state.result import Result


def write_result(result: Result, path: Path) -> None:
    """Write the samples in order, with index, order, method, seed, and APSNet's attention.

    Replaces an existing file, because the dialog has asked the user. Raises WriteError.
    """
    from apsnet_core.methods.attention import attention_of

    attention = attention_of(result.sampling, result.cloud) if result.has_attention else None
    write(result.cloud, path, force=True, sampling=result.sampling, attention=attention)


def write_cloud(shape: Shape, path: Path) -> None:
    """Write a cloud or mesh as it was read. Raises WriteError."""
    write(shape, path, force=True)


def write_clouds(entries: Sequence[OpenShape], folder: Path, progress: JobProgress) -> int:
    """Write each shape to a PLY file with its name in ``folder``; return their number. Raises WriteError."""
    return _each(entries, folder, progress, lambda entry, path: write_cloud(entry.shape, path))


def write_samples(
    document: Document, entries: Sequence[OpenShape], folder: Path, progress: JobProgress
) -> int:
    """Sample each shape with the document's method and write the samples to a PLY file in ``folder``.

    Return the number of files. Raises WriteError, or ValueError if a shape has too few points.
    """

    def work(entry: OpenShape, path: Path) -> None:
        write_result(sampled(SamplingRequest(entry, document.choice, document.what_if), progress), path)

    return _each(entries, folder, progress, work)


def _each(
    entries: Sequence[OpenShape], folder: Path, progress: JobProgress, work: Callable[[OpenShape, Path], None]
) -> int:
    taken: set[str] = set()
    for number, entry in enumerate(entries):
        progress.report(number / len(entries), entry.name)
        stem = entry.name.replace("/", "-").replace("\\", "-")
        name, count = stem, 2
        while name in taken or (folder / f"{name}.ply").exists():
            name, count = f"{stem}-{count}", count + 1
        taken.add(name)
        work(entry, folder / f"{name}.ply")
    return len(entries)
