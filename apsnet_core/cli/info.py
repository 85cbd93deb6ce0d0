"""`apsnet info`: print what a file contains."""

from __future__ import annotations

import math
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from apsnet_core.cli.answer import CommandResult, JsonOption
from apsnet_core.cli.groups import spread
from apsnet_core.cli.options import up_axis
from apsnet_core.cli.reading import Reading
from apsnet_core.placing import corners, counted
from apsnet_core.types import Array, Float32, Float64, Values

if TYPE_CHECKING:
    from apsnet_core.cloud import PointCloud, TriangleMesh
    from apsnet_core.files import StoredArray

_KNOWN = {"told": "as told", "header": "by name", "format": "by format", "guess": "guessed"}


@spread
def info(
    file: Annotated[Path, typer.Argument(help="A mesh or point cloud in any readable format.")],
    *,
    reading: Reading,
    json: JsonOption = False,
) -> CommandResult:
    """Print what a file contains: points or triangles, extent, fields, coordinate system."""
    from apsnet_core.cloud import PointCloud
    from apsnet_core.files import describe, read
    from apsnet_core.files.sources import STANDARD
    from apsnet_core.files.urls import url_of

    data: Values = {"file": url_of(file) or str(file)}
    arrays = [] if str(file) == STANDARD else describe(file, format=reading.from_)  # a pipe is read once only
    if reading.dataset is not None:
        arrays = [array for array in arrays if array.name == reading.dataset.strip("/")]
    if reading.row is None and any(array.rows > 1 for array in arrays):
        data |= {"kind": "clouds", "arrays": [vars(array) for array in arrays]}
        return CommandResult(data, lambda: _show_arrays(file, arrays))
    shape = read(file, **reading.selected())
    data |= {"bytes": file.stat().st_size if file.is_file() else None, "up": up_axis("auto", shape)}
    data |= _cloud(shape) if isinstance(shape, PointCloud) else _mesh(shape)
    return CommandResult(data, lambda: _show(data))


def _cloud(cloud: PointCloud) -> Values:
    fields = {name: _described(name, values) for name, values in cloud.attributes.items()}
    return {
        "kind": "cloud",
        "points": len(cloud),
        "dropped": cloud.dropped,
        "notes": list(cloud.notes),
        **_extent(cloud.xyz, cloud.offset),
        "colours": None if cloud.rgb is None else str(cloud.rgb.dtype),
        "normals": cloud.normals is not None,
        "fields": fields,
        "columns": [vars(role) for role in cloud.roles],
        "label": None if cloud.label is None else str(cloud.label),
        "coordinate_system": cloud.crs,
    }


def _described(name: str, values: Array) -> str:
    """The type of a field; for a field with several values per point, also the names of its parts."""
    each = values.shape[1] if values.ndim == 2 else 1
    return f"{values.dtype}, {name}[0] to {name}[{each - 1}]" if each > 1 else f"{values.dtype}"


def _mesh(mesh: TriangleMesh) -> Values:
    return {
        "kind": "mesh",
        "triangles": len(mesh.faces),
        "vertices": len(mesh.vertices),
        "dropped": mesh.dropped,
        "notes": list(mesh.notes),
        **_extent(mesh.vertices, mesh.offset),
        "colours": None if mesh.rgb is None else str(mesh.rgb.dtype),
        "normals": mesh.normals is not None,
    }


def _extent(xyz: Float64 | Float32, offset: Float64) -> Values:
    low, high = (corner.astype(float) + offset for corner in corners(xyz))
    return {"min": low.tolist(), "max": high.tolist(), "size": (high - low).tolist()}


def _show(data: Values) -> None:
    from apsnet_core.files.errors import printable

    width = max([22, *(len(name) + 8 for name in data.get("fields", []))])

    def line(name: str, value: object) -> None:
        print(f"  {name:<{width}}{value}")

    print(printable(data["file"]))
    if data["kind"] == "cloud":
        line("point cloud", counted(data["points"], "point"))
    else:
        line("triangle mesh", f"{counted(data['triangles'], 'triangle')}, {data['vertices']:,} vertices")
    if data["dropped"]:
        line("left out", f"{data['dropped']:,} that are not finite")
    for note in data["notes"]:
        line("note", note)
    line("size", " x ".join(f"{length:.6g}" for length in data["size"]))
    decimals = max(0, 5 - math.floor(math.log10(max(data["size"]) or 1.0)))
    for axis, low, high in zip("xyz", data["min"], data["max"], strict=True):
        line(f"  {axis}", f"{low:.{decimals}f} to {high:.{decimals}f}")
    line("up", f"{data['up']} (a guess)")
    if data.get("colours"):
        line("colours", "8 bits a channel" if data["colours"] == "uint8" else "16 bits a channel")
    if data.get("normals"):
        line("normals", "yes")
    for known, group in groupby(data.get("columns", []), key=lambda column: column["known"]):
        numbered = [f"{column['number']} {_shown(column)}" for column in group]
        line(f"columns {_KNOWN[known]}", ", ".join(numbered))
    if any(column["known"] == "guess" for column in data.get("columns", [])):
        line("", "--columns x,y,z,... says what they are where the guess is wrong")
    for name, kind in data.get("fields", {}).items():
        line(f"field {name}", kind)
    if data.get("label") is not None:
        line("label", data["label"])
    if data.get("coordinate_system"):
        line("coordinates", data["coordinate_system"].split("\n")[0][:80])


def _shown(column: Values) -> str:
    role, name = column["role"], column["name"]
    if role == "-":
        return f"{name} (left out)".strip()
    return role if name in ("", role) else f"{role} ({name})"


def _show_arrays(file: Path, arrays: list[StoredArray]) -> None:
    from apsnet_core.files.errors import printable

    print(f"{printable(file)}\n  several clouds; --dataset and --row choose one, --row all takes them as one")
    for array in arrays:
        print(f"  {array.name:<18}{array.rows:,} clouds of {array.points:,} points ({array.type})")
