"""Runs a batch, here or on a cluster: the remaining items are done and recorded, then reported together."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from apsnet_core.batch.children import Crew, Stop, run_batch
from apsnet_core.batch.errors import BatchError
from apsnet_core.batch.item import Item, Outcome, Work
from apsnet_core.batch.manifest import Manifest
from apsnet_core.batch.shard import Shard
from apsnet_core.files.urls import url_of
from apsnet_core.types import Values

OnItem = Callable[[int, int, str], None]
"""A callback with the number of finished items, the number of all, and the name of the last finished file."""


@dataclass(frozen=True)
class Where:
    """The place of a batch: ``workers`` children of this process, or the Dask cluster at ``dask``.

    The default is one child per processor; ``dask`` is the address of a scheduler. ``shard`` is the share of
    the batch to do. The children belong to ``crew``; without one, only to this batch.
    """

    workers: int | None = None
    shard: Shard | None = None
    dask: str | None = None
    crew: Crew | None = None


@dataclass(frozen=True)
class BatchReport:
    """The results of a batch of ``files``: the numbers of files ``done`` now and before.

    ``failed`` are pairs of an item and the reason, ``notes`` pairs of an item and a note.
    """

    out: Path
    manifest: Path
    files: int
    done: int
    done_before: int
    failed: list[tuple[Item, str]]
    notes: list[tuple[Item, str]]
    interrupted: bool

    def as_data(self) -> Values:
        """The report as plain values."""
        return {
            "out": url_of(self.out) or str(self.out),
            "files": self.files,
            "done": self.done,
            "done_before": self.done_before,
            "failed": [{"file": str(item.source), "why": why} for item, why in self.failed],
            "notes": [{"file": str(item.source), "note": note} for item, note in self.notes],
            "interrupted": self.interrupted,
            "manifest": str(self.manifest),
        }


def run(
    items: Sequence[Item],
    work: Work,
    out: Path,
    settings: Values,
    *,
    force: bool = False,
    where: Where | None = None,
    stop: Stop | None = None,
    on_item: OnItem = lambda done, total, name: None,
) -> BatchReport:
    """Do ``work`` on those of ``items`` that the manifest in the folder ``out`` lacks.

    ``settings`` are plain values that identify the command: a folder holds the results of one command.
    `BatchError` if it holds those of another one, unless ``force`` overwrites them.
    """
    where, stop = where or Where(), stop or Stop()
    if shard := where.shard:
        items = [item for item in items if shard.has(item.target.relative_to(out).as_posix())]
    manifest = _manifest(out, settings, force, shard)
    left = [item for item in items if not manifest.has(item)]
    claimed, refused = manifest.claim(left, force)
    why = "its result exists already and is not from this command; --force overwrites it"
    failed, notes = [(item, why) for item in refused], list[tuple[Item, str]]()
    at, done = len(items) - len(claimed), 0
    on_item(at, len(items), "")
    with closing(_outcomes(claimed, work, stop, where)) as rounds:
        for outcomes in rounds:
            manifest.record(*outcomes)
            for outcome in outcomes:
                if outcome.error is None:
                    done += 1
                    notes += [(outcome.item, note) for note in (outcome.result or {}).get("notes", ())]
                else:
                    failed.append((outcome.item, outcome.error))
                at += 1
                on_item(at, len(items), outcome.item.source.name)
    if not stop.asked:
        manifest.end()
    return BatchReport(
        out, manifest.whole, len(items), done, len(items) - len(left), failed, notes, stop.asked
    )


def _outcomes(
    items: Sequence[Item], work: Work, stop: Stop, where: Where
) -> Generator[list[Outcome], None, None]:
    if where.dask is None:
        yield from run_batch(items, work, stop, where.workers, where.crew)
        return
    from apsnet_core.batch.cluster import run_on_cluster

    for outcome in run_on_cluster(items, work, stop, where.dask):
        yield [outcome]


def _manifest(out: Path, settings: Values, force: bool, shard: Shard | None) -> Manifest:
    """The record in ``out``, resumed; with ``force``, a record with other settings is begun anew."""
    manifest = Manifest(out, settings, shard)
    if not manifest.resume():
        if not force:
            raise BatchError(
                f"{out} holds results of another command or other settings; choose another folder or --force"
            )
        manifest.restart()
    return manifest
