"""Conversion of one file to another format, in any process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from apsnet_core.batch.cuts import WHOLE, Cuts
from apsnet_core.batch.item import Item
from apsnet_core.batch.selection import Selection
from apsnet_core.types import Values

if TYPE_CHECKING:
    from apsnet_core.cloud import PointCloud, TriangleMesh

Turn = Literal["y", "z", "y:z", "z:y"]


def convert_file(
    item: Item,
    *,
    up: Turn | None,
    points: int,
    seed: int,
    chosen: Selection,
    force: bool,
    to: str | None = None,
    cuts: Cuts = WHOLE,
) -> Values:
    """Convert one file: apply ``cuts``, then turn it to the axis ``up``.

    A mesh is sampled to ``points`` points if the target's format holds no mesh, or if there are cuts.
    """
    from apsnet_core.cloud import PointCloud, TriangleMesh
    from apsnet_core.files import read, write
    from apsnet_core.files.formats import format_of
    from apsnet_core.files.urls import url_of
    from apsnet_core.ops.orientation import guess_up
    from apsnet_core.ops.surface import sample_surface

    shape = read(item.source, **(chosen if item.row is None else chosen | {"row": item.row}))
    target = format_of(f"a.{to}") if to else format_of(item.target)
    upward = guess_up(shape) if cuts else "z"
    if isinstance(shape, TriangleMesh) and (cuts or not (target and target.write_mesh)):
        shape = sample_surface(shape, points, seed)
    if cuts and isinstance(shape, PointCloud):
        now = {"y:z": "y", "z:y": "z"}.get(up or "", upward)
        shape = cuts.done(shape, now)
    if up is not None:
        shape = _turned(shape, up)
    write(shape, item.target, force=force, format=to)
    count = f"{len(shape.faces)} triangles" if isinstance(shape, TriangleMesh) else f"{len(shape)} points"
    data = {"source": str(item.source), "output": url_of(item.target) or str(item.target), "wrote": count}
    lost = target.leaves_out(shape) if target else ()
    return data | {"notes": [*shape.remarks, *lost]}


def _turned(shape: PointCloud | TriangleMesh, up: Turn) -> PointCloud | TriangleMesh:
    from apsnet_core.ops.orientation import guess_up, turn_up

    if up == "y" or up == "z":
        return turn_up(shape, guess_up(shape), up)
    return turn_up(shape, "y", "z") if up == "y:z" else turn_up(shape, "z", "y")
