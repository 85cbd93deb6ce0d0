"""Files are written whole or not at all, and existing files are not replaced without force."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from apsnet_core import files
from apsnet_core.cloud import PointCloud
from apsnet_core.files import formats

CLOUD = PointCloud(np.eye(3, dtype=np.float32))


@pytest.mark.parametrize("suffix", files.writable())
def test_an_existing_file_is_not_changed_without_force(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_text("mine")
    with pytest.raises(files.WriteError, match="exists already"):
        files.write(CLOUD, path)
    assert path.read_text() == "mine"
    files.write(CLOUD, path, force=True)
    assert isinstance(files.read(path), PointCloud)
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_a_failed_write_leaves_no_file_and_keeps_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "a.half"
    path.write_text("mine")

    def fail(cloud: PointCloud, stream: object, notes: object) -> None:
        stream.write(b"ply\nhalf")  # type: ignore[attr-defined]
        raise KeyboardInterrupt

    unlucky = replace(formats.named("ply"), name="half", suffixes=(".half",), write=fail)
    formats.register(unlucky)
    try:
        with pytest.raises(KeyboardInterrupt):
            files.write(CLOUD, path, force=True)
    finally:
        formats.unregister("half")
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.half"]
    assert path.read_text() == "mine"


def test_a_full_disk_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(files.WriteError, match="No space left on device"):
        files.write(CLOUD, tmp_path / "a.ply")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("a.docx", "possible are ply, pcd"), ("a", "possible are"), ("file/a.ply", "cannot be written")],
)
def test_impossible_targets_are_refused(tmp_path: Path, name: str, sentence: str) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(files.WriteError, match=sentence):
        files.write(CLOUD, tmp_path / name)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such pipes")
def test_a_pipe_is_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.ply")
    with pytest.raises(files.WriteError, match="a device or a pipe; name a file, or -"):
        files.write(CLOUD, tmp_path / "a.ply", force=True)
    assert (tmp_path / "a.ply").is_fifo()


def test_a_folder_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.ply").mkdir()
    with pytest.raises(files.WriteError, match="folder"):
        files.write(CLOUD, tmp_path / "a.ply", force=True)


def test_an_empty_cloud_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(files.WriteError, match="no point"):
        files.write(PointCloud(np.empty((0, 3), np.float32)), tmp_path / "a.ply")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", [".ply", ".pcd", ".txt", ".csv"])
def test_attribute_names_cannot_break_a_header(tmp_path: Path, suffix: str) -> None:
    names = ["a b", "a_b", "end_header\nelement face 9", "x", "red", "#n", "n,m;o", " ", "_", "\u00e9t\u00e9"]
    cloud = PointCloud(
        np.eye(3, dtype=np.float32), attributes={n: np.arange(3) + k for k, n in enumerate(names)}
    )
    files.write(cloud, tmp_path / f"a{suffix}")
    back = files.read(tmp_path / f"a{suffix}")
    assert isinstance(back, PointCloud) and np.array_equal(back.xyz, cloud.xyz)
    assert sorted(values[0] for values in back.attributes.values()) == list(range(len(names)))
