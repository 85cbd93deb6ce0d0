"""The text about the point under the pointer: its number, its position, and its fields."""

from __future__ import annotations

from apsnet_core.arrays import np
from apsnet_core.cloud import Float64, PointCloud
from apsnet_core.colours.point_values import values_at
from apsnet_gui.state.result import Result
from apsnet_gui.state.session import Session
from apsnet_gui.viewport import overlay
from apsnet_gui.viewport.picking import Pick
from apsnet_gui.viewport.scene import Scene

_LONGEST = 64  # characters of a line


def read_out(pick: Pick, scene: Scene, session: Session, result: Result | None = None) -> str:
    """Lines with the position, the part of the sampling in ``result``, and each field of the file.

    The view shows as many lines as there is room for.
    """
    lines = [overlay.describe(pick, scene)]
    cloud = picked_cloud(pick, scene, session)
    if cloud is not None:
        lines += part_words(cloud, pick.index, result)
        lines += [value.words for value in values_at(cloud, pick.index)]
    return "\n".join(line if len(line) <= _LONGEST else line[:_LONGEST] + "…" for line in lines)


def part_words(cloud: PointCloud, row: int, result: Result | None) -> list[str]:
    """The part of the sampling with point ``row`` of ``cloud``, and how far the part is from the training."""
    if result is None or result.cloud is not cloud or result.sampling.parts is None:
        return []
    sampling, part = result.sampling, int(result.sampling.parts[row])
    if part < 0:
        return ["in no part: not sampled"]
    checked = sampling.checked
    return [f"part {part}", *([checked.of_part(part)] if checked is not None else [])]


def picked_cloud(pick: Pick, scene: Scene, session: Session) -> PointCloud | None:
    """The cloud in which ``pick`` is the point number ``pick.index``; None for surfaces and samples.

    A what-if change may drop points; then the drawn cloud is that of the result, and has other row numbers.
    """
    entry, result = session.document.entry(pick.key), session.result
    if entry is None or pick.on_surface:
        return None
    sampled = [result.cloud] if result is not None and result.entry == entry.id else []
    for shape in (*sampled, entry.shape):
        if isinstance(shape, PointCloud) and pick.index < len(shape):
            place = _place(shape, pick.index) - scene.offset
            if np.allclose(place, pick.xyz, rtol=1e-5, atol=1e-6 * max(shape.longest_side, 1e-12)):
                return shape
    return None


def place_of(pick: Pick, scene: Scene, session: Session) -> Float64:
    """The position (3,) float64 in the file's coordinates; for points of a cloud as exact as in the file."""
    cloud = picked_cloud(pick, scene, session)
    if cloud is not None:
        return _place(cloud, pick.index)
    return np.asarray(scene.offset) + np.asarray(pick.xyz, np.float64)


def _place(cloud: PointCloud, row: int) -> Float64:
    place: Float64 = cloud.xyz[row].astype(np.float64) + cloud.offset
    return place
