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
    """The first ``rows`` of a text file as cells, and the column ``names`` in its header, empty without one.

    ``layout`` is equal for files with the same extension, header and number of columns.
    """

    rows: tuple[tuple[str, ...], ...]
    names: tuple[str, ...]
    layout: str


@dataclass(frozen=True)
class Format:
    """How files of one format are recognised, read and written.

    - ``name`` is used in the shell, ``title`` in dialogs.
    - ``suffixes``: a file belongs to the format whose suffix (".ply") its name ends with; if several match,
      the longest wins. New files get the first suffix.
    - ``read(path, **choice)`` receives the ``choices`` that the format offers: dataset and row if a file
      can hold several clouds, which ``describe(path)`` lists; columns if the user may name them, for which
      ``preview(path)`` returns the first lines.
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
        """Notes on the parts of ``shape`` that a file in this format cannot store; empty if it stores all."""
        has = {"colours": shape.rgb is not None, "normals": shape.normals is not None}
        if isinstance(shape, PointCloud):
            has["fields"] = bool(shape.attributes)
        lost = [name for name, there in has.items() if there]
        if not self.places_alone or not lost:
            return ()
        return (f"{', '.join(lost)} left out: a file of the format {self.name} stores positions only",)
