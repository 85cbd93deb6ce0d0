"""Describes the point under the pointer in words."""

from __future__ import annotations

from apsnet_core.arrays import np
from apsnet_core.cloud import PointCloud
from apsnet_core.placing import coordinates_text
from apsnet_gui.state.open_shape import OpenShape
from apsnet_gui.state.result import shows_heat
from apsnet_gui.state.session import Session
from apsnet_gui.viewport.picking import Pick
from apsnet_gui.views.document_scene import heat


def describe(pick: Pick, session: Session) -> str:
    """A text with the name and the position of a picked point, and the attention to it if that is shown."""
    result = session.result
    entry = session.document.entry(pick.key)
    if entry is None and result is not None and pick.key in ("samples", "now"):
        t = session.step if pick.key == "now" else pick.index + 1
        at = coordinates_text(result.sampling.absolute[t - 1], result.extent)
        return f"sample {t} at {at} {result.cloud.unit}".rstrip()
    if entry is None:
        return ""
    shape, row = entry.shape, pick.index
    xyz = (session.document.active or entry).shape.offset + pick.xyz
    if isinstance(shape, PointCloud) and row < len(shape):
        xyz = shape.offset + shape.xyz[row]
        row = int(shape.source_rows(np.array([row]))[0])
    what = "surface" if pick.on_surface else f"point {row}"
    at = " ".join(filter(None, (coordinates_text(xyz, max(entry.extent)), shape.unit)))
    return f"{entry.name}, {what} at {at}{_weight(pick, entry, session)}"


def _weight(pick: Pick, entry: OpenShape, session: Session) -> str:
    """The text of the attention to a point, or to the nearest of the points drawn from the surface."""
    result = session.result
    if result is None or not shows_heat(entry, result):
        return ""
    values = heat(result, None if session.document.look.attention_mode == "sum" else session.step)
    row = pick.index
    if pick.on_surface:
        row = int(np.argmin(np.square(result.cloud.xyz - np.array(pick.xyz, np.float32)).sum(axis=1)))
    return f", attention {values[row]:.3g}" if row < len(values) else ""
