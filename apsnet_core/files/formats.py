"""The table of all file formats: their suffixes, their groups in dialogs, and the lookup by name."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike

from apsnet_core.files import (
    arrays,
    dae,
    draco,
    driving,
    e57,
    gltf,
    h5,
    las,
    obj,
    off,
    pcd,
    ply,
    ptx,
    stl,
    text,
    threemf,
    vtk,
)
from apsnet_core.files.format import Format, Kind
from apsnet_core.files.sources import packing_of
from apsnet_core.files.urls import name_of
from apsnet_core.table import Table


def _check(row: Format, others: Iterable[Format]) -> None:
    for other in others:
        for suffix in row.suffixes:
            if suffix in other.suffixes:
                raise ValueError(f"the suffix {suffix} of {row.name!r} belongs to {other.title} already")


_table = Table(
    Format,
    "apsnet.formats",
    "format",
    [
        ply.FORMAT,
        pcd.FORMAT,
        *text.FORMATS,
        *las.FORMATS,
        e57.FORMAT,
        ptx.FORMAT,
        *driving.FORMATS,
        *arrays.FORMATS,
        h5.FORMAT,
        obj.FORMAT,
        off.FORMAT,
        stl.FORMAT,
        *gltf.FORMATS,
        draco.FORMAT,
        dae.FORMAT,
        threemf.FORMAT,
        vtk.FORMAT,
    ],
    _check,
)


def formats() -> tuple[Format, ...]:
    """All formats; those of plug-ins and registered formats come last."""
    return _table.rows()


def register(format: Format) -> None:
    """Add a format. Raises ValueError if its name or one of its suffixes is taken."""
    _table.register(format)


def unregister(name: str) -> None:
    """Remove the registered format ``name``. Raises ValueError if there is none."""
    _table.unregister(named(name).name)


def named(name: str) -> Format:
    """The format with this name or suffix. Raises ValueError, which lists the names, if there is none."""
    wanted = name.lower().lstrip(".")
    for format in formats():
        if wanted == format.name or f".{wanted}" in format.suffixes:
            return format
    raise ValueError(
        f"there is no format {name!r}; possible are {', '.join(format.name for format in formats())}"
    )


def format_of(path: str | PathLike[str]) -> Format | None:
    """The format of a file by the suffix of its name, ignoring case; None if no suffix matches."""
    return _fitting(path)[1]


def suffix_of(path: str | PathLike[str]) -> str | None:
    """The longest known suffix that a file's name ends with, in lower case; None if no suffix matches."""
    return _fitting(path)[0]


def _fitting(path: str | PathLike[str]) -> tuple[str, Format] | tuple[None, None]:
    name = name_of(path).lower()
    name = name.removesuffix(packing_of(name))
    some = [format for format in formats() if name.endswith(format.suffixes)]
    fitting = [(suffix, format) for format in some for suffix in format.suffixes if name.endswith(suffix)]
    return max(fitting, key=lambda pair: len(pair[0])) if fitting else (None, None)


def readable() -> tuple[str, ...]:
    """The suffixes of all formats."""
    return tuple(suffix for format in formats() for suffix in format.suffixes)


def writable() -> tuple[str, ...]:
    """The suffixes under which clouds are written."""
    return tuple(format.suffixes[0] for format in formats() if format.write)


def writable_meshes() -> tuple[str, ...]:
    """The suffixes under which meshes are written."""
    return tuple(format.suffixes[0] for format in formats() if format.write_mesh)


def kinds() -> dict[Kind, tuple[str, ...]]:
    """The suffixes of each kind of file, for the groups in file dialogs."""
    groups: dict[Kind, tuple[str, ...]] = {}
    for format in formats():
        for kind in format.kinds:
            groups[kind] = groups.get(kind, ()) + format.suffixes
    return groups


def listed(suffixes: tuple[str, ...]) -> str:
    """Suffixes without their dots, separated by commas, for a sentence."""
    return ", ".join(suffix.lstrip(".") for suffix in suffixes)
