"""A format: three whole numbers of millimetres on each line."""

from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

import numpy as np

from apsnet_core.cloud import PointCloud
from apsnet_core.files.errors import ReadError
from apsnet_core.files.format import Format


def read(path: Path) -> PointCloud:
    """The cloud in metres; ReadError says what is wrong with the file."""
    try:
        rows = np.loadtxt(path, np.int64, ndmin=2)
    except ValueError as why:
        raise ReadError(path, f"is not three whole numbers a line ({why})") from why
    if rows.size == 0 or rows.shape[1] != 3:
        raise ReadError(path, "has no lines of three whole numbers")
    return PointCloud((rows / 1000).astype(np.float32))


def write(cloud: PointCloud, stream: BinaryIO, notes: Mapping[str, str]) -> None:
    """The points in their own coordinates, to the millimetre."""
    np.savetxt(stream, np.rint(cloud.absolute * 1000), "%d")


FORMAT = Format("mm", "Millimetres", (".mm",), ("Point clouds",), read, write)
