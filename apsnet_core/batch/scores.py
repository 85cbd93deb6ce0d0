"""The scores of an evaluation, shared among the jobs of an array or the workers of a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from apsnet_core import plugins
from apsnet_core.batch.children import Stop
from apsnet_core.batch.errors import BatchError
from apsnet_core.batch.run import Where
from apsnet_core.cloud import Float64
from apsnet_core.evaluation.answers import TaskNet, net_of
from apsnet_core.evaluation.table.held_out import HeldOut
from apsnet_core.evaluation.table.pieces import Piece, is_kept, join, keep_piece, pieces_of, tell
from apsnet_core.evaluation.table.scoring import Source
from apsnet_core.networks.digest import network_digest
from apsnet_core.tasks.batch import Batch
from apsnet_core.weights.listing import named

Told = tuple[Float64, ...]


def fill_scores(
    held_out: HeldOut,
    net: TaskNet,
    sources: Sequence[Source],
    memory: Path,
    where: Where,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> int:
    """Store in the folder ``memory`` the files that `score` reads; returns how many pieces others must do.

    A shard does its own share, a cluster does everything. Existing pieces are not done again. `BatchError` if
    a piece cannot be done.
    """
    pieces = pieces_of(held_out, net, sources)
    mine = [piece for piece in pieces if where.shard is None or where.shard.has(piece.name)]
    left = [piece for piece in mine if not is_kept(memory, piece)]
    done = len(mine) - len(left)
    progress(done, len(mine))
    for piece, told in (
        _here(held_out, net, left) if where.dask is None else _there(held_out, net, left, where.dask)
    ):
        keep_piece(memory, piece, told)
        done += 1
        progress(done, len(mine))
    others = sum(not is_kept(memory, piece) for piece in pieces)
    if not others:
        join(memory, pieces)
    return others


def _here(held_out: HeldOut, net: TaskNet, pieces: Sequence[Piece]) -> Iterator[tuple[Piece, Told]]:
    for piece in pieces:
        yield piece, tell(net, held_out.batches[piece.number], piece.source)


def _there(
    held_out: HeldOut, net: TaskNet, pieces: Sequence[Piece], address: str
) -> Iterator[tuple[Piece, Told]]:
    from apsnet_core.batch.cluster import run_tasks

    if net.path is None:
        raise BatchError("the workers of a cluster load the task net from a file, and this net has none")
    known = net.path.absolute(), network_digest(net.network)
    tasks = {
        piece: (*known, held_out.batches[piece.number], piece.source, plugins.files()) for piece in pieces
    }
    for piece, (told, error) in run_tasks(tell_there, tasks, Stop(), address):
        if error is not None:
            raise BatchError(error)
        yield piece, told


def tell_there(
    path: Path, digest: bytes, batch: Batch, source: Source | None, files: Sequence[Path]
) -> tuple[Told | None, str | None]:
    """The result of a piece on a worker, or the error; ``path`` and ``digest`` are those of the task net."""
    for file in files:
        plugins.add_file(file)
    try:
        net = net_of(named(str(path)))
        if network_digest(net.network) != digest:
            return None, f"the worker has other weights than this machine in {path}"
        return tell(net, batch, source), None
    except Exception as error:
        return None, str(error) or type(error).__name__
