"""The time to open a dataset from the cache against the first time, and to find near-identical shapes."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import h5py
import numpy as np

from apsnet_core.datasets import open_dataset
from apsnet_core.datasets.furniture import read_furniture
from apsnet_core.datasets.near_identical import twin_pairs
from apsnet_core.ops.threads import one_thread
from tests.bench.ratio import Ratio, medians
from tests.naive import near_identical as naive_near_identical


def measure() -> Iterator[Ratio]:
    with one_thread():
        yield _twins()
        yield _second_opening()


def _twins() -> Ratio:
    shapes = read_furniture()
    few = np.flatnonzero(shapes.labels < 2)[:40]
    points, labels = shapes.points[few], shapes.labels[few]
    ours, theirs = medians(
        lambda: twin_pairs(points, labels),
        lambda: naive_near_identical.by_trees(points, labels),
        rounds=1,
        warm_up=0,
    )
    return Ratio("near-identical among 40", ours, theirs, bound=10, note="every pair, k-d trees")


def _second_opening() -> Ratio:
    """Measure with a dataset of 894 shapes in compressed HDF5 files."""
    shapes = read_furniture()
    with tempfile.TemporaryDirectory() as place, patch.dict(os.environ, APSNET_CACHE=f"{place}/cache"):
        folder = Path(place)
        (folder / "shape_names.txt").write_text("\n".join(shapes.classes))
        for part, copies in (("train", 2), ("test", 1)):
            with h5py.File(folder / f"ply_data_{part}0.h5", "w") as file:
                data = np.tile(shapes.points, (copies, 1, 1))
                file.create_dataset("data", data=data, compression="gzip")
                file["label"] = np.tile(shapes.labels, copies)[:, None]
        began = time.perf_counter()
        open_dataset(folder)
        first = time.perf_counter() - began
        second, _ = medians(lambda: open_dataset(folder), lambda: None, rounds=3)
    return Ratio("opening from the cache", second, first, bound=5, note="reading, and finding twins")
