"""Text files with one point per line, with any usual separator, with or without a header."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from apsnet_core.cloud import PointCloud
from apsnet_core.files.column_names import places_points
from apsnet_core.files.columns import cloud_from_columns, listed
from apsnet_core.files.errors import ReadError
from apsnet_core.files.format import Format, Writer
from apsnet_core.files.guess_columns import name_columns
from apsnet_core.files.text.layout import look
from apsnet_core.files.text.preview import preview
from apsnet_core.files.text.table import read_table
from apsnet_core.files.text.writing import write_csv, write_txt, write_xyz


def read(path: Path, kind: str = "txt", columns: Sequence[str] | None = None) -> PointCloud:
    """Read a cloud; the roles of the columns follow from ``columns``, the header, ``kind``, or the values."""
    layout = look(path)
    if layout.width < 3:
        raise ReadError(
            path,
            f"its lines have {layout.width} column{'s' * (layout.width > 1)}; at least three numbers, x y z, "
            "are needed",
        )
    if layout.names is not None and len(layout.names) != layout.width:
        raise ReadError(
            path,
            f"its header names {len(layout.names)} columns and its lines have {layout.width}; they must "
            "agree",
        )
    table, notes = read_table(path, layout)
    if layout.numbered:
        notes += ("its first line numbers the columns: left out",)
    numbers = [k for k, values in enumerate(table) if values is not None]
    if columns is not None and len(columns) == len(table):
        columns = [columns[k] for k in numbers]
    names = None if layout.names is None else [layout.names[k] for k in numbers]
    if columns is None and names is not None and not places_points(names):
        raise ReadError(
            path,
            f"its header names the columns {listed(name or 'without a name' for name in names)}, but x, y "
            "and z are needed to place the points; --columns says which they are",
        )
    named, roles = name_columns([v for v in table if v is not None], kind, path, names=names, told=columns)
    roles = tuple(replace(role, number=k + 1) for role, k in zip(roles, numbers, strict=True))
    return cloud_from_columns(named, path, notes=notes, roles=roles)


def _row(name: str, title: str, *more: str, write: Writer | None = None) -> Format:
    suffixes = (f".{name}", *more)
    reader, first = partial(read, kind=name), partial(preview, kind=name)
    return Format(
        *(name, title, suffixes, ("Point clouds",), reader, write),
        choices=("columns",),
        preview=first,
        places_alone=name == "xyz",
    )


FORMATS = (
    _row("xyz", "Text: x y z", write=write_xyz),
    _row("xyzn", "Text: x y z, normals"),
    _row("xyzrgb", "Text: x y z, colours"),
    _row("pts", "Leica scan as text"),
    _row("txt", "Text", ".asc", ".neu", ".dat", write=write_txt),
    _row("csv", "Comma-separated values", write=write_csv),
)
