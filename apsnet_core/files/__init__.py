"""Read and write point clouds and meshes: one `read`, one `write`, one module per family of formats."""

from __future__ import annotations

from collections.abc import Sequence
from operator import index
from os import PathLike
from pathlib import Path

from apsnet_core.cloud import Float32, PointCloud, TriangleMesh
from apsnet_core.files.errors import ReadError, WriteError
from apsnet_core.files.format import Preview
from apsnet_core.files.many_clouds import Row, StoredArray
from apsnet_core.sampling import Sampling
from apsnet_core.shapes import SHAPES, shape_in_memory
from apsnet_core.types import Unchecked

__all__ = [
    "ReadError",
    "StoredArray",
    "WriteError",
    "can_be_read",
    "describe",
    "preview",
    "read",
    "readable",
    "writable",
    "writable_meshes",
    "write",
]


def can_be_read(path: str | PathLike[str]) -> bool:
    """Whether a file's name ends with the suffix of a readable format."""
    from apsnet_core.files.formats import format_of

    return format_of(path) is not None


def readable() -> tuple[str, ...]:
    """The suffixes of files that can be read: ".ply", ".pcd", ..."""
    from apsnet_core.files.formats import readable

    return readable()


def writable() -> tuple[str, ...]:
    """The suffixes under which a cloud can be written."""
    from apsnet_core.files.formats import writable

    return writable()


def writable_meshes() -> tuple[str, ...]:
    """The suffixes under which a mesh can be written."""
    from apsnet_core.files.formats import writable_meshes

    return writable_meshes()


def read(
    path: str | PathLike[str],
    *,
    dataset: str | None = None,
    row: Row | None = None,
    columns: Sequence[str] | None = None,
    format: str | None = None,
) -> PointCloud | TriangleMesh:
    """Read the cloud or mesh in a file.

    - ``path``: may end in .gz or .bz2, be a URL that fsspec knows, or "-" for standard input.
    - ``format``: the format ("ply"), by default from the extension; see `readable`.
    - ``dataset``, ``row``: the array in an h5 or npz file, and the cloud in an array (N, n, 3); the row "all"
      reads all clouds as one.
    - ``columns``: the meaning of each column of a table: x, y, z, nx, ny, nz, red, green, blue, the name of
      another field, or - to skip the column.

    Raises ReadError with one sentence for the user if the file cannot be read, and ValueError for a choice of
    the wrong type.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp(), "points.xyz")
    >>> _ = path.write_text("0 0 0 7\\n1 2 3 9\\n")
    >>> cloud = read(path, columns=["x", "y", "z", "intensity"])
    >>> cloud.xyz.tolist(), cloud.attributes["intensity"].tolist()
    ([[0.0, 0.0, 0.0], [1.0, 2.0, 3.0]], [7, 9])
    """
    from apsnet_core.files.reading import read_any

    try:
        row = row if row is None or row == "all" else index(row)
    except TypeError:
        raise ValueError(f"a row is a whole number or 'all', not {row!r}") from None
    if isinstance(columns, str):
        raise ValueError(f"columns are several names, as ['x', 'y', 'z'], not the text {columns!r}")
    return read_any(Path(path), format, dataset=dataset, row=row, columns=columns)


def describe(path: str | PathLike[str], *, format: str | None = None) -> list[StoredArray]:
    """The arrays in an h5, npz or npy file that can be read as points; an empty list for other formats."""
    from apsnet_core.files.reading import describe_any

    return describe_any(Path(path), format)


def preview(path: str | PathLike[str]) -> Preview | None:
    """The first lines of a text file, to choose its ``columns``; None for formats with fixed columns."""
    from apsnet_core.files.reading import preview_any

    return preview_any(Path(path))


def write(
    cloud: Unchecked,
    path: str | PathLike[str],
    *,
    force: bool = False,
    sampling: Sampling | None = None,
    attention: Float32 | None = None,
    format: str | None = None,
) -> None:
    """Write a cloud (formats: `writable`) or a mesh (`writable_meshes`), either completely or not at all.

    - ``cloud``: a `PointCloud`, a `TriangleMesh`, another shape in memory that `apsnet_core.sample` accepts,
      or a `Sampling`, which is written like its cloud with the argument ``sampling``.
    - ``path``: may end in .gz or .bz2, be a URL that fsspec knows, or "-" for standard output.
    - ``format``: the format ("ply"), by default from the extension.
    - ``sampling``: write only these points of ``cloud``, with their fields, their index and order, the method
      and the seed. ``attention`` (m,) is written too if given.
    - ``force``: overwrite an existing file.

    Raises WriteError if ``path`` exists (without ``force``), cannot be written, or has no such format.

    >>> import tempfile
    >>> import numpy as np
    >>> path = Path(tempfile.mkdtemp(), "points.ply")
    >>> write(PointCloud.from_array(np.eye(3)), path)
    >>> read(path).xyz.tolist()
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    """
    from apsnet_core.files.sampling_columns import as_cloud, notes_of
    from apsnet_core.files.writing import write_any

    if isinstance(cloud, Sampling) and sampling is None:
        sampling = cloud if cloud.cloud is not None else None
    try:
        shape = shape_in_memory(cloud.cloud if isinstance(cloud, Sampling) and sampling else cloud)
    except TypeError as error:
        raise TypeError(f"{error}: write accepts a Sampling, {SHAPES}") from None
    if sampling is None:
        write_any(shape, Path(path), force, {}, format)
    elif isinstance(shape, PointCloud):
        write_any(as_cloud(shape, sampling, attention), Path(path), force, notes_of(sampling), format)
    else:
        raise TypeError("a sampling belongs to a PointCloud, not to a mesh")
