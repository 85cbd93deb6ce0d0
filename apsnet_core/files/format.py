"""A file format: one row of the table in `apsnet_core.files.formats`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from apsnet_core.cloud import PointCloud, TriangleMesh
from apsnet_core.files.many_clouds import StoredArray

Kind = Literal["Meshes", "Point clouds", "Arrays"]
Choice = Literal["dataset", "row", "columns"]
Writer = Callable[[PointCloud, BinaryIO, Mapping[str, str]], None]


@dataclass(frozen=True)
class Preview:
    """``rows`` of cells as they stand in the file, and the ``names`` its header gives the columns, or none.

    ``layout`` is equal for files whose columns are alike: of one extension, header and number of columns.
    """

    rows: tuple[tuple[str, ...], ...]
    names: tuple[str, ...]
    layout: str


@dataclass(frozen=True)
class Format:
    """A row: how files of this format are recognised, read and written.

    - ``name`` is for the shell, ``title`` for dialogs.
    - ``suffixes``: a file belongs to the format whose suffix (".ply") its name ends with, the longest if
      several fit. New files get the first suffix.
    - ``read(path, **choice)`` receives the ``choices`` that the format offers: a dataset and a row if a file
      holds several clouds, which ``describe(path)`` lists; columns if the user may name them, of which
      ``preview(path)`` shows the first lines.
    - ``contained``: the parser is native code, so files are read in a child process.
    - ``places_alone``: files are written without colours, normals and further fields.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    kinds: tuple[Kind, ...]
    read: Callable[..., PointCloud | TriangleMesh]
    write: Writer | None = None
    write_mesh: Callable[[TriangleMesh, BinaryIO], None] | None = None
    describe: Callable[..., list[StoredArray]] | None = None
    choices: tuple[Choice, ...] = ()
    preview: Callable[[Path], Preview] | None = None
    contained: bool = False
    places_alone: bool = False

    def leaves_out(self, shape: PointCloud | TriangleMesh) -> tuple[str, ...]:
        """Notes on what a file in this format lacks of ``shape``; none if it lacks nothing."""
        has = {"colours": shape.rgb is not None, "normals": shape.normals is not None}
        if isinstance(shape, PointCloud):
            has["fields"] = bool(shape.attributes)
        lost = [name for name, there in has.items() if there]
        if not self.places_alone or not lost:
            return ()
        return (f"{', '.join(lost)} left out: a file of the format {self.name} holds places alone",)
