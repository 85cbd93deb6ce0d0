"""All shapes of an open dataset in the order in which the panel lists them, without widgets."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

import numpy as np
import numpy.typing as npt

from apsnet_core.cloud import Float32, Int64, PointCloud
from apsnet_core.datasets import Dataset
from apsnet_core.datasets.dataset import Place
from apsnet_gui.state.open_shape import OpenShape

PARTS = ("train", "validation", "test")


@dataclass(frozen=True)
class Filter:
    """A filter of the listed shapes by ``part``, class ``label``, and words of ``text`` in name or class.

    An empty text excludes nothing. ``disagreeing`` are row numbers in the source, None for all shapes.
    """

    part: str = ""
    label: str = ""
    text: str = ""
    disagreeing: frozenset[int] | None = None


class Collection:
    """The shapes of the dataset at ``source``, sorted by class, then by their row in the source.

    ``labels``, ``parts`` and ``rows`` are (S,): the index of the class, the index in `PARTS`, the row in
    the source.
    """

    def __init__(self, source: str, data: Dataset, places: list[Place]) -> None:
        self.source, self.data, self._places = source, data, places
        splits = [data.train, data.validation, data.test]
        labels = np.concatenate([split.labels for split in splits])
        rows: Int64 = np.concatenate([np.asarray(split.rows) for split in splits])
        order = np.lexsort((rows, labels))
        self.labels: Int64 = labels[order]
        self.rows: Int64 = rows[order]
        sizes = [len(split) for split in splits]
        self.parts: npt.NDArray[np.int64] = np.repeat(np.arange(3), sizes)[order]
        self._within: Int64 = np.concatenate([np.arange(size) for size in sizes])[order]
        names = [name for split in splits for name in split.names]
        self.names = [names[i] for i in order]
        self._splits = splits
        self._found = {self._key(i): i for i in range(len(self))}
        self._searched = [f"{name} {self.class_name(i)}".lower() for i, name in enumerate(self.names)]

    def __len__(self) -> int:
        return len(self.rows)

    def points(self, i: int) -> Float32:
        """The points (N, 3) of shape ``i``, without a copy."""
        cloud: Float32 = self._splits[self.parts[i]].points[self._within[i]]
        return cloud

    def class_name(self, i: int) -> str:
        """The class of shape ``i``."""
        return self.data.classes[int(self.labels[i])]

    def part(self, i: int) -> str:
        """The part of the data that shape ``i`` belongs to: train, validation or test."""
        return PARTS[self.parts[i]]

    def matching(self, wanted: Filter) -> Int64:
        """The indices (k,) of the shapes that pass the filter, in order."""
        kept = np.ones(len(self), dtype=np.bool_)
        if wanted.part:
            kept &= self.parts == PARTS.index(wanted.part)
        if wanted.label:
            kept &= self.labels == self.data.classes.index(wanted.label)
        if wanted.disagreeing is not None:
            kept &= np.isin(self.rows, list(wanted.disagreeing))
        found = np.flatnonzero(kept)
        words = wanted.text.lower().split()
        if words:
            found = found[[all(word in self._searched[i] for word in words) for i in found]]
        return found

    def entry(self, i: int) -> OpenShape:
        """Shape ``i`` as an entry of a document, with its label and the place from which it was read."""
        points, place = self.points(i), self._places[self.rows[i]]
        x, y, z = np.ptp(points, axis=0).astype(np.float64).tolist()
        label = self.class_name(i)
        return OpenShape(
            id=uuid4().hex[:8],
            name=self.names[i],
            path=str(place.path),
            shape=PointCloud(points, label=label, source=str(place.path)),
            dataset=place.dataset,
            row=place.row,
            label=label,
            up=self.data.up,
            extent=(x, y, z),
        )

    def find(self, entry: OpenShape | None) -> int | None:
        """The index of the shape that was read from the same place as ``entry``; None if there is none."""
        return self._found.get((entry.path, entry.dataset, entry.row)) if entry else None

    def _key(self, i: int) -> tuple[str, str | None, int | None]:
        place = self._places[self.rows[i]]
        return str(place.path), place.dataset, place.row
