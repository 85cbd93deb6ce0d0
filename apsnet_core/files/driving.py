"""Scans of driving data sets: rows of float32 without a header, as KITTI and nuScenes keep them."""

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

_HINT = "; --columns x,y,z,intensity,ring, or whatever they are, says what stands in a row"
_FARTHEST = 1e6  # metres; other bytes taken for float32 lie beyond it soon


def read(path: Path, fields: tuple[str, ...], whose: str, columns: Sequence[str] | None = None) -> PointCloud:
    """A cloud of ``fields``, x y z among them, or of the ``columns`` told; ReadError for other bytes."""
    data = path.read_bytes()
    width = len(columns or fields)
    if len(data) % (4 * width):
        raise ReadError(
            path, f"its {len(data)} bytes are no rows of {width} float32, as {whose} scans are{_HINT}"
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
            path, f"as {whose} scan it has coordinates up to {farthest:.1e}; it is another file{_HINT}"
        )
    if least < 0:
        raise ReadError(path, f"as {whose} scan its intensity goes down to {least:.3g}, below 0{_HINT}")
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
