"""Clouds of every kind for property tests, and assertions that a cloud was read back unchanged."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from apsnet_core.cloud import PointCloud

_TYPES = ("u1", "i1", "u2", "i2", "u4", "i4", "i8", "f4", "f8", "?")
# Names as in users' files: some have a meaning in one of the formats, others in none.
_NAMES = st.sampled_from(
    [
        *("intensity", "classification", "return_number", "gps_time", "point_source_id", "scan_angle_rank"),
        *("user_data", "order", "index", "Reflectance", "scan angle", "nearest_neighbour_distance_in_metres"),
    ]
)


@st.composite
def clouds(draw: st.DrawFn, wide: bool = True) -> PointCloud:
    """1 to 60 points, some with colours, normals and attributes; if ``wide``, also far from the origin."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    count = draw(st.integers(1, 60))
    size = draw(st.sampled_from([1e-3, 1.0, 100.0, 3000.0]))
    far = draw(st.sampled_from([0.0, 637000.0, -4.2e6])) if wide else 0.0
    rgb: npt.NDArray[np.uint8] | npt.NDArray[np.uint16] | None = None
    if draw(st.booleans()):
        rgb = rng.integers(0, 256, (count, 3)).astype(np.uint8)
        if draw(st.booleans()):
            rgb = rng.integers(0, 65536, (count, 3)).astype(np.uint16)
            rgb[0] = 65535  # makes sure that the colours are recognised as 16 bits
    normals = None
    if draw(st.booleans()):
        directions = rng.normal(size=(count, 3))
        normals = (directions / np.linalg.norm(directions, axis=1, keepdims=True)).astype(np.float32)
    return PointCloud(
        (rng.normal(size=(count, 3)) * size).astype(np.float32),
        np.array([far, 2 * far, far / 8]) + 0.0,
        rgb=rgb,
        normals=normals,
        attributes={name: _values(draw, rng, count) for name in draw(st.sets(_NAMES, max_size=4))},
    )


def _values(draw: st.DrawFn, rng: np.random.Generator, count: int) -> npt.NDArray[np.generic]:
    kind = np.dtype(draw(st.sampled_from(_TYPES)))
    shape = draw(st.sampled_from([(count,), (count,), (count, 2), (count, 5)]))
    if kind.kind == "f":
        return (rng.normal(size=shape) * 10.0 ** draw(st.integers(-6, 6))).astype(kind)
    if kind.kind == "b":
        return rng.integers(0, 2, shape).astype(kind)
    limits = np.iinfo(kind.name)
    return rng.integers(max(limits.min, -(2**50)), min(limits.max, 2**50), shape, endpoint=True).astype(kind)


def assert_same_points(got: PointCloud, cloud: PointCloud) -> None:
    """Assert that the positions are as exact as float32 relative to the cloud's own box allows."""
    assert got.xyz.shape == cloud.xyz.shape
    if not cloud.offset.any() and not got.offset.any():
        assert np.array_equal(got.xyz, cloud.xyz)
    assert_near(got, cloud)


def assert_near(got: PointCloud, cloud: PointCloud) -> None:
    """Assert that positions differ by one unit in the last place of float32 in the box, plus of float64."""
    reach = max(np.abs(cloud.xyz).max(), np.abs(got.xyz).max())
    step = np.spacing(reach) + np.spacing(np.abs(cloud.absolute).max())
    assert np.abs(got.absolute - cloud.absolute).max() <= step


def assert_same_fields(got: PointCloud, cloud: PointCloud) -> None:
    """Compare colours, normals and attributes; a format may widen types and replace blanks in names."""
    for ours, theirs in [(got.rgb, cloud.rgb), (got.normals, cloud.normals)]:
        assert (ours is None) == (theirs is None)
        if ours is not None and theirs is not None:
            assert ours.dtype == theirs.dtype and np.array_equal(ours, theirs)
    found = {name.replace(" ", "_"): values for name, values in got.attributes.items()}
    for name, values in cloud.attributes.items():
        back = found.pop(name.replace(" ", "_"))
        assert back.shape == values.shape, name
        # A float32 that is written in decimals is read back as the same float32.
        assert np.array_equal(back.astype(values.dtype), values), name
    assert not found
