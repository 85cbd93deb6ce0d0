"""`apsnet segment`: write each object of a scan to a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from apsnet_core.cli.answer import CommandResult, Failure, JsonOption
from apsnet_core.cli.cuts import ScanCuts
from apsnet_core.cli.groups import spread
from apsnet_core.cli.options import ForceOption, FormatOption, UpOption, on_this_machine, positive, up_axis
from apsnet_core.cli.reading import Reading
from apsnet_core.placing import counted
from apsnet_core.types import Values
from apsnet_core.units import readable

if TYPE_CHECKING:
    from apsnet_core.cloud import PointCloud
    from apsnet_core.editing.objects import Objects, Segmentation


@spread
def segment(
    scan: Annotated[Path, typer.Argument(help="A point cloud of a room, a street or a landscape.")],
    out: Annotated[
        Path, typer.Option("-o", "--out", callback=on_this_machine, help="The folder for the objects.")
    ],
    *,
    format: FormatOption = "ply",
    reach: Annotated[
        float | None,
        typer.Option(
            callback=positive,
            help="The largest gap within an object, in the file's units; by default chosen from the scan.",
        ),
    ] = None,
    thickness: Annotated[
        float | None,
        typer.Option(
            callback=positive,
            help="The largest distance of a point from its floor or wall; by default chosen from the scan.",
        ),
    ] = None,
    least: Annotated[
        float, typer.Option(min=0, max=100, help="The smallest object, in percent of all points.")
    ] = 0.2,
    clusters: Annotated[
        Literal["dbscan", "hdbscan"],
        typer.Option(
            help="Separate objects by gaps of --reach (dbscan), or by density, for uneven scans (hdbscan)."
        ),
    ] = "dbscan",
    labels: Annotated[
        bool,
        typer.Option("--labels", help="Also write the whole scan with a field that numbers the objects."),
    ] = False,
    up: UpOption = "auto",
    cutting: ScanCuts,
    reading: Reading,
    force: ForceOption = False,
    json: JsonOption = False,
) -> CommandResult:
    """Split a scan into objects: remove floor, walls and ground, and write each object to a file.

    Coordinates, fields and the up axis stay as in the scan. OUT also receives objects.json with the size and
    the box of each object, the largest first.
    """
    from apsnet_core.batch.object_files import check_folder, write_objects
    from apsnet_core.cloud import PointCloud
    from apsnet_core.editing.objects import Segmentation
    from apsnet_core.files import read

    cuts = cutting.cuts
    check_folder(out, format, force)
    shape = read(scan, **reading.selected())
    if not isinstance(shape, PointCloud):
        raise Failure(f"{scan}: it is a mesh; a cloud of points, such as a laser scan, can be segmented")
    axis = up_axis(up, shape)
    cloud = cuts.done(shape, axis) if cuts else shape
    how = Segmentation(reach, least / 100, thickness, clusters=clusters)
    found = _found(cloud, axis, how)
    if not found.count:
        raise Failure(
            f"{scan}: no object was found; a smaller --least, or another --reach than {found.reach:.4g}, "
            "may find some"
        )
    data = write_objects(cloud, found, out, format=format, up=axis, source=str(scan), labels=labels)
    return CommandResult(data, lambda: _show(data, out))


def _found(cloud: PointCloud, up: str, how: Segmentation) -> Objects:
    from apsnet_core.cli.progress import progress
    from apsnet_core.editing.objects import split_objects

    with progress("Objects") as way:
        try:
            return split_objects(cloud, up, how, lambda share: way.update(round(100 * share), 100))
        except ValueError as error:
            raise Failure(str(error)) from error


def _show(data: Values, out: Path) -> None:
    for each in data["objects"]:
        size = " x ".join(readable(side, ".4g") for side in each["size"])
        print(f"{each['file']}: {each['points']:,} points, {size}")
    for note in data["notes"]:
        print(f"note: {note}")
    around = data["points"] - sum(each["points"] for each in data["objects"])
    objects = counted(len(data["objects"]), "object")
    print(f"{objects}; {around:,} points of their surroundings and of none: {out}")
