"""A dataset is read from the cache unless its source changed or the cached copy is damaged."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import numpy as np
import pytest

from apsnet_core.datasets import layouts, modelnet, open_dataset
from tests.core.datasets.conftest import ellipsoid, write_part


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The list of folders that were read from their source, not from the cache."""
    done: list[Path] = []

    def read(folder: Path, tell: object) -> object:
        done.append(folder)
        return modelnet.read_modelnet_hdf5(folder)

    spied = layouts.Layout("spied", modelnet.hdf5_files, read)  # type: ignore[arg-type]
    monkeypatch.setattr(layouts, "LAYOUTS", (spied,))
    return done


def test_opening_a_dataset_again_reads_the_cache(hdf5_release: Path, reads: list[Path]) -> None:
    first, second = open_dataset(hdf5_release), open_dataset(hdf5_release)
    assert len(reads) == 1
    for part in ("train", "validation", "test"):
        a, b = getattr(first, part), getattr(second, part)
        np.testing.assert_array_equal(a.points, b.points)
        np.testing.assert_array_equal(a.labels, b.labels)
        np.testing.assert_array_equal(a.groups, b.groups)
        assert a.names == b.names
    assert (first.classes, first.licence, first.up) == (second.classes, second.licence, second.up)


def test_a_changed_source_is_read_again_and_its_old_entry_goes(
    hdf5_release: Path, reads: list[Path], own_folders: Path
) -> None:
    open_dataset(hdf5_release)
    write_part(hdf5_release / "ply_data_test0.h5", [ellipsoid(0, 256)] * 3, [1, 1, 1])
    assert len(open_dataset(hdf5_release).test) == 3
    stamp = (hdf5_release / "shape_names.txt").stat()
    os.utime(hdf5_release / "shape_names.txt", ns=(stamp.st_atime_ns, stamp.st_mtime_ns + 1_000_000_000))
    open_dataset(hdf5_release)
    assert len(reads) == 3
    assert len(list(own_folders.iterdir())) == 1


@pytest.mark.parametrize("damage", ["cut", "flipped", "garbage"])
def test_a_damaged_entry_is_rebuilt_and_the_log_says_so(
    hdf5_release: Path, reads: list[Path], own_folders: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    whole = open_dataset(hdf5_release)
    (entry,) = own_folders.iterdir()
    content = bytearray(entry.read_bytes())
    if damage == "cut":
        content = content[: len(content) // 2]
    elif damage == "flipped":
        content[len(content) // 3] ^= 0x10
    else:
        content = bytearray(b"not an archive")
    entry.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        again = open_dataset(hdf5_release)
    np.testing.assert_array_equal(again.train.points, whole.train.points)
    assert "damaged" in caplog.text and len(reads) == 2
    open_dataset(hdf5_release)
    assert len(reads) == 2


def test_data_are_opened_even_if_they_cannot_be_cached(
    hdf5_release: Path, own_folders: Path, caplog: pytest.LogCaptureFixture
) -> None:
    own_folders.write_text("a file where the folder should be")
    with caplog.at_level(logging.WARNING):
        assert len(open_dataset(hdf5_release).test) == 6
    assert "could not be cached" in caplog.text
