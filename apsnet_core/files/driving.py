"""Scans of driving data sets: rows of float32 without a header, as KITTI and nuScenes keep them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from apsnet_core.cloud import PointCloud
from apsnet_core.files.columns import cloud_from_columns
from apsnet_core.files.errors import ReadError
from apsnet_core.files.format import Format

_FARTHEST = 1e6  # metres; other bytes taken for float32 lie beyond it soon


def read(path: Path, fields: tuple[str, ...], whose: str) -> PointCloud:
    """A cloud of ``fields``, x y z among them; ReadError for a file whose bytes are no such rows."""
    data = path.read_bytes()
    size = 4 * len(fields)
    if len(data) % size:
        raise ReadError(
            path, f"its {len(data)} bytes are no rows of {len(fields)} float32, as {whose} scans are"
        )
    rows = np.frombuffer(data, "<f4").reshape(-1, len(fields))
    if not rows.any():
        raise ReadError(path, f"all its bytes are zero; a {whose} scan has points")
    finite = rows[np.isfinite(rows).all(axis=1)]
    if len(finite) and np.abs(finite[:, :3]).max() > _FARTHEST:
        raise ReadError(
            path,
            f"as {whose} scan it has coordinates up to {np.abs(finite[:, :3]).max():.1e}; it is another file",
        )
    columns = dict(zip(fields, np.ascontiguousarray(rows.T), strict=True))
    if "ring" in columns and np.isfinite(columns["ring"]).all():
        columns["ring"] = columns["ring"].astype(np.int32)
    return cloud_from_columns(columns, path)


def _row(name: str, whose: str, suffix: str, *fields: str) -> Format:
    reader: Callable[..., PointCloud] = partial(read, fields=("x", "y", "z", *fields), whose=whose)
    return Format(name, f"{whose} scan", (suffix,), ("Point clouds",), reader)


FORMATS = (
    _row("nuscenes", "nuScenes", ".pcd.bin", "intensity", "ring"),
    _row("kitti", "KITTI", ".bin", "intensity"),
)
