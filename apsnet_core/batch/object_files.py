"""Writes the objects of a scan as files to a folder, with a list of them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from apsnet_core.atomic import write_text
from apsnet_core.batch.errors import BatchError
from apsnet_core.cloud import PointCloud
from apsnet_core.editing.objects import Objects
from apsnet_core.types import Values

LIST = "objects.json"
_SCAN = "scan"


def check_folder(folder: Path, format: str, force: bool) -> None:
    """Raise `BatchError` for a ``format`` that cannot be written, or a used folder without ``force``."""
    from apsnet_core.files import writable

    if f".{format.lstrip('.')}" not in writable():
        kinds = ", ".join(kind.lstrip(".") for kind in writable())
        raise BatchError(f"--format {format.lstrip('.')} cannot be written; possible are {kinds}")
    if folder.exists() and not folder.is_dir():
        raise BatchError(f"{folder} is a file; the objects need a folder")
    if not force and folder.is_dir() and any(folder.iterdir()):
        raise BatchError(f"{folder} is not empty; choose another folder, or --force to write into it")


def write_objects(
    cloud: PointCloud,
    found: Objects,
    folder: Path,
    *,
    format: str,
    up: str,
    source: str,
    labels: bool = False,
) -> Values:
    """Write each object of ``cloud`` as a file, then the list of them; returns the list.

    Files that an earlier list names and this one does not are removed. With ``labels`` the whole cloud is
    written too, with the field "object": the number of the object of each point, or -1.
    """
    from apsnet_core.files import write

    suffix, before = f".{format.lstrip('.')}", _listed(folder)
    width = max(3, len(str(found.count - 1)))
    objects = []
    for number in range(found.count):
        rows = found.rows(number)
        own = cloud.take(rows)
        name = f"object_{number:0{width}}{suffix}"
        write(own, folder / name, force=True)
        low, high = own.xyz.min(0) + own.offset, own.xyz.max(0) + own.offset
        objects.append(
            {
                "file": name,
                "points": len(own),
                "size": (high - low).tolist(),
                "min": low.tolist(),
                "max": high.tolist(),
            }
        )
    files = [str(each["file"]) for each in objects]
    if labels:
        numbered = {**cloud.attributes, "object": found.labels.astype(np.int32)}
        write(replace(cloud, attributes=numbered), folder / f"{_SCAN}{suffix}", force=True)
        files.append(f"{_SCAN}{suffix}")
    listed = {
        "source": source,
        "points": len(cloud),
        "up": up,
        "reach": found.reach,
        "surroundings": _kinds(found),
        "objects": objects,
        "scan": f"{_SCAN}{suffix}" if labels else None,
        "notes": list(cloud.remarks),
    }
    write_text(folder / LIST, json.dumps(listed, indent=2) + "\n")
    for name in before - set(files):
        (folder / name).unlink(missing_ok=True)
    return listed


def _listed(folder: Path) -> set[str]:
    """The files that an earlier list in ``folder`` names; paths outside of the folder are ignored."""
    try:
        values = json.loads((folder / LIST).read_bytes())
        names = [each["file"] for each in values["objects"]] + [values["scan"]] * bool(values["scan"])
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    return {name for name in names if isinstance(name, str) and Path(name).name == name}


def _kinds(found: Objects) -> list[str]:
    """The kinds of the surroundings: that of each plane, or "ground" if that is not a plane."""
    kinds: list[str] = [plane.kind for plane in found.planes]
    return kinds or ["ground"] * bool(found.support.any())
