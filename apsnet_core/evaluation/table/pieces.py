"""An evaluation in pieces, each one batch of shapes and one source, so that several processes can share it.

The result of a piece is stored as a file; once all exist, they are joined to the files that `score` reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from apsnet_core.cloud import Float64
from apsnet_core.evaluation.answers import TaskNet
from apsnet_core.evaluation.table.held_out import HeldOut
from apsnet_core.evaluation.table.scoring import Source, keep, names_of, recall, told_of_all, told_of_samples
from apsnet_core.tasks.batch import Batch


@dataclass(frozen=True)
class Piece:
    """The batch of this ``number``, sampled by ``source``, or with all points if that is None.

    ``names`` are the names under which `score` keeps its results: one for each want of the source.
    """

    number: int
    source: Source | None
    names: tuple[str, ...]

    @property
    def name(self) -> str:
        """A name that is unique among the pieces of all evaluations."""
        return f"{self.names[0]}-{self.number}"


def pieces_of(held_out: HeldOut, net: TaskNet, sources: Sequence[Source]) -> list[Piece]:
    """All pieces of an evaluation, batch by batch."""
    full, names = names_of(held_out, net, sources)
    kept: list[tuple[Source | None, tuple[str, ...]]] = [(None, (full,))]
    kept += [(source, tuple(names[source].values())) for source in sources]
    return [Piece(number, source, wants) for number in range(len(held_out.batches)) for source, wants in kept]


def tell(net: TaskNet, batch: Batch, source: Source | None) -> tuple[Float64, ...]:
    """The result of a piece: values (B,) for each want of its source, in order."""
    if source is None:
        return (told_of_all(net, batch),)
    return tuple(told_of_samples([batch], net, source).values())


def keep_piece(memory: Path, piece: Piece, told: Sequence[Float64]) -> None:
    """Store the result of a piece where `is_kept` and `join` find it."""
    for name, values in zip(piece.names, told, strict=True):
        keep(memory, _file(name, piece.number), values)


def is_kept(memory: Path, piece: Piece) -> bool:
    """Whether an earlier run, or another process, has stored the result of the piece."""
    return all(
        (memory / f"{file}.npy").is_file() or (memory / f"{name}.npy").is_file()
        for name, file in ((name, _file(name, piece.number)) for name in piece.names)
    )


def join(memory: Path, pieces: Sequence[Piece]) -> None:
    """Join the stored ``pieces`` of an evaluation to the files that `score` reads."""
    of_name: dict[str, list[int]] = {}
    for piece in pieces:
        for name in piece.names:
            of_name.setdefault(name, []).append(piece.number)
    for name, numbers in of_name.items():
        parts = list(_parts(memory, name, numbers))
        if len(parts) == len(numbers):
            keep(memory, name, np.concatenate(parts))


def _parts(memory: Path, name: str, numbers: Sequence[int]) -> Iterator[Float64]:
    for number in sorted(numbers):
        values = recall(memory, _file(name, number))
        if values is not None:
            yield values


def _file(name: str, number: int) -> str:
    return f"{name}-{number}"
