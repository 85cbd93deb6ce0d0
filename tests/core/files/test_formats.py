"""The table of formats: a registered format is found everywhere, and one that collides is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pytest

from apsnet_core import files
from apsnet_core.cloud import PointCloud
from apsnet_core.files import formats
from apsnet_core.files.format import Format


def _read(path: Path) -> PointCloud:
    return PointCloud(np.frombuffer(path.read_bytes(), np.float32).reshape(-1, 3).copy())


def _write(cloud: PointCloud, stream: BinaryIO, notes: Mapping[str, str]) -> None:
    stream.write(cloud.xyz.tobytes())


@pytest.fixture
def raw() -> Iterator[Format]:
    format = Format("raw", "Bare numbers", (".raw", ".raw.bin"), ("Point clouds",), _read, _write)
    formats.register(format)
    yield format
    formats.unregister("raw")


def test_a_new_row_is_found_everywhere(raw: Format, tmp_path: Path) -> None:
    assert {".raw", ".raw.bin"} <= set(files.readable())
    assert ".raw" in files.writable() and ".raw" not in files.writable_meshes()
    assert ".raw" in formats.kinds()["Point clouds"]
    assert files.can_be_read("A.RAW.BIN") and formats.named("RAW") is raw
    files.write(PointCloud(np.eye(3, dtype=np.float32)), tmp_path / "a.raw")
    back = files.read(tmp_path / "a.raw")
    assert isinstance(back, PointCloud) and np.array_equal(back.xyz, np.eye(3))
    with pytest.raises(files.WriteError, match="raw"):
        files.write(back, tmp_path / "a.docx")


def test_an_unregistered_format_is_not_found() -> None:
    assert not files.can_be_read("a.raw")
    with pytest.raises(ValueError, match="possible are ply"):
        formats.named("raw")


@pytest.mark.parametrize("clash", [{"name": "ply"}, {"suffixes": (".new", ".ply")}])
def test_a_name_or_suffix_that_is_taken_is_refused(raw: Format, clash: dict[str, object]) -> None:
    before = formats.formats()
    with pytest.raises(ValueError, match="already"):
        formats.register(replace(raw, **{"name": "new", "suffixes": (".new",), **clash}))  # type: ignore[arg-type]
    assert formats.formats() == before


def test_no_two_rows_share_a_suffix() -> None:
    assert len(set(files.readable())) == len(files.readable())
