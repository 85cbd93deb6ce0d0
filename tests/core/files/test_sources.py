"""Compressed files, files at a URL and members of archives are read and written like plain files."""

from __future__ import annotations

import bz2
import gzip
import sys
import zipfile
from pathlib import Path

import fsspec
import numpy as np
import pytest

from apsnet_core import files
from apsnet_core.cloud import PointCloud, TriangleMesh
from apsnet_core.files.errors import printable
from apsnet_core.files.urls import url_of
from tests.core.files.opened import cloud_of

CLOUD = PointCloud(np.random.default_rng(1).normal(size=(50, 3)).astype(np.float32))
MESH = TriangleMesh(np.eye(3, dtype=np.float32), np.array([[0, 1, 2]]))


def _same(path: Path | str) -> bool:
    cloud = files.read(path)
    return isinstance(cloud, PointCloud) and np.allclose(cloud.xyz, CLOUD.xyz, atol=1e-6)


@pytest.mark.parametrize("suffix", files.writable())
@pytest.mark.parametrize("packing", [".gz", ".bz2"])
def test_compressed_clouds_are_written_and_read(tmp_path: Path, suffix: str, packing: str) -> None:
    path = tmp_path / f"a{suffix}{packing}"
    files.write(CLOUD, path)
    unpack = {".gz": gzip.decompress, ".bz2": bz2.decompress}[packing]
    (tmp_path / f"plain{suffix}").write_bytes(unpack(path.read_bytes()))
    assert _same(path) and _same(tmp_path / f"plain{suffix}")
    assert files.read(path).source == str(path)
    with pytest.raises(files.WriteError, match="exists already"):
        files.write(CLOUD, path)


def test_a_compressed_mesh_is_written_and_read(tmp_path: Path) -> None:
    files.write(MESH, tmp_path / "a.obj.gz")
    assert isinstance(files.read(tmp_path / "a.obj.gz"), TriangleMesh)


def test_a_cloud_of_a_compressed_stack_is_chosen_by_row(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "a.npy.gz", "wb") as stream:
        np.save(stream, np.stack([CLOUD.xyz, CLOUD.xyz]))
    assert [(d.rows, d.points) for d in files.describe(tmp_path / "a.npy.gz")] == [(2, 50)]
    assert len(cloud_of(tmp_path / "a.npy.gz", row=1)) == 50


def test_errors_name_the_compressed_file(tmp_path: Path) -> None:
    (tmp_path / "a.ply.gz").write_bytes(gzip.compress(b"ply\nformat"))
    with pytest.raises(files.ReadError, match=r"a\.ply\.gz: its header has no end"):
        files.read(tmp_path / "a.ply.gz")
    (tmp_path / "b.ply.gz").write_bytes(b"ply\n")
    with pytest.raises(files.ReadError, match=r"not a complete \.gz file"):
        files.read(tmp_path / "b.ply.gz")
    (tmp_path / "c.xyz.gz").write_bytes(gzip.compress(bytes(90 << 20)))
    with pytest.raises(files.ReadError, match="200 times its size"):
        files.read(tmp_path / "c.xyz.gz")


def test_files_at_a_url_are_written_and_read(tmp_path: Path) -> None:
    files.write(CLOUD, "memory://scans/a.laz")
    assert fsspec.filesystem("memory").exists("/scans/a.laz") and _same("memory://scans/a.laz")
    assert _same(Path("memory://scans/a.laz"))  # Path drops a slash, as in arguments of the command line
    assert files.read("memory://scans/a.laz").source == "memory://scans/a.laz"
    with pytest.raises(files.WriteError, match="exists already"):
        files.write(CLOUD, "memory://scans/a.laz")
    files.write(CLOUD, "memory://scans/a.laz", force=True)
    with pytest.raises(files.ReadError, match="nothing at this address"):
        files.read("memory://scans/b.laz")
    with pytest.raises(files.ReadError, match=r"nowhere://scans/b.laz: it cannot be reached"):
        files.read("nowhere://scans/b.laz")


def test_the_error_for_a_url_names_the_missing_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(files.ReadError, match=r"pip install 'apsnet-studio\[urls\]' \(Install s3fs"):
        files.read("s3://bucket/a.ply")
    monkeypatch.setitem(sys.modules, "gcsfs", None)
    with pytest.raises(files.ReadError, match=r"an additional package \(Please install gcsfs"):
        files.read("zip://a.ply::gs://bucket/b.zip")


def test_a_member_of_a_zip_archive_is_read_by_its_url(tmp_path: Path) -> None:
    files.write(CLOUD, tmp_path / "a.ply")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(tmp_path / "a.ply", "inner/a.ply")
    assert _same(f"zip://inner/a.ply::{tmp_path / 'a.zip'}")


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("s3:/bucket/a.ply", "s3://bucket/a.ply"),
        ("https://host/a.ply", "https://host/a.ply"),
        ("zip:/a.ply::https:/host/b.zip", "zip://a.ply::https://host/b.zip"),
        ("file:/tmp/none/a.ply", "file:///tmp/none/a.ply"),
        ("C:/a.ply", None),
        ("a/b.ply", None),
    ],
)
def test_url_of_recognises_urls_whose_slashes_were_joined(path: str, url: str | None) -> None:
    assert url_of(path) == url


@pytest.mark.parametrize(("name", "shown"), [("a\x1b[31m.xyz", "\\x1b"), (b"a\xff.xyz", "\\udcff")])
def test_control_characters_in_file_names_are_escaped_in_errors(
    tmp_path: Path, name: str | bytes, shown: str
) -> None:
    import os

    path = tmp_path / os.fsdecode(name)
    path.write_text("1 2\n")
    with pytest.raises(files.ReadError) as caught:
        files.read(path)
    text = str(caught.value)
    assert shown in text and text.isprintable() and str(tmp_path) in text
    assert printable("größe.ply") == "größe.ply"


def test_a_loop_of_symbolic_links_is_refused_and_can_be_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.ply").symlink_to(tmp_path / "b.ply")
    (tmp_path / "b.ply").symlink_to(tmp_path / "a.ply")
    with pytest.raises(files.ReadError):
        files.read(tmp_path / "a.ply")
    files.write(CLOUD, tmp_path / "a.ply", force=True)
    assert _same(tmp_path / "a.ply")
