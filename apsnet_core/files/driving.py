"""Scans of driving data sets: rows of float32 without a header, as in KITTI and nuScenes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from apsnet_core.cloud import PointCloud
from apsnet_core.files.columns import cloud_from_columns
from apsnet_core.files.errors import ReadError
from apsnet_core.files.format import Format
from apsnet_core.files.guess_columns import name_columns

_HINT = "; name the numbers in each row by --columns, for example x,y,z,intensity,ring"
_FARTHEST = 1e6  # metres; arbitrary bytes read as float32 usually exceed it


def read(path: Path, fields: tuple[str, ...], whose: str, columns: Sequence[str] | None = None) -> PointCloud:
    """A cloud from rows of ``fields``, which include x, y and z, or of the ``columns`` that the user names.

    Raises ReadError if the bytes cannot be such a scan.
    """
    data = path.read_bytes()
    width = len(columns or fields)
    if len(data) % (4 * width):
        raise ReadError(
            path, f"its {len(data)} bytes are not whole rows of {width} float32, as in {whose} scans{_HINT}"
        )
    rows = np.frombuffer(data, "<f4").reshape(-1, width)
    if not rows.any():
        raise ReadError(path, f"all its bytes are zero; a {whose} scan has points")
    by_column = list(np.ascontiguousarray(rows.T))
    if columns is not None:
        named, roles = name_columns(by_column, "", path, told=columns)
        return cloud_from_columns(named, path, roles=roles)
    finite = rows[np.isfinite(rows).all(axis=1)]
    farthest, least = np.abs(finite[:, :3]).max(initial=0), finite[:, 3].min(initial=0)
    if farthest > _FARTHEST:
        raise ReadError(
            path, f"as a {whose} scan it has coordinates up to {farthest:.1e}, so it is no such scan{_HINT}"
        )
    if least < 0:
        raise ReadError(path, f"as a {whose} scan its intensity goes down to {least:.3g}, below 0{_HINT}")
    named = dict(zip(fields, by_column, strict=True))
    if "ring" in named and np.isfinite(named["ring"]).all():
        named["ring"] = named["ring"].astype(np.int32)
    return cloud_from_columns(named, path)


def _row(name: str, whose: str, suffix: str, *fields: str) -> Format:
    reader: Callable[..., PointCloud] = partial(read, fields=("x", "y", "z", *fields), whose=whose)
    return Format(name, f"{whose} scan", (suffix,), ("Point clouds",), reader, choices=("columns",))


FORMATS = (
    _row("nuscenes", "nuScenes", ".pcd.bin", "intensity", "ring"),
    _row("kitti", "KITTI", ".bin", "intensity"),
)
