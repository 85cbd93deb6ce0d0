"""A file per shape: many of them into one array, and the broken ones by name."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from apsnet_core.cloud import Float32, TriangleMesh
from apsnet_core.datasets.dataset import DatasetError, Tell, silent

POINTS = 2048
"""Points per shape, as in the published releases."""


def read_shapes(paths: Sequence[Path], *, normalise: bool, tell: Tell = silent) -> Float32:
    """One cloud (2048, 3) per file: (S, 2048, 3), scaled to the unit sphere if ``normalise``.

    Reads all of them before it raises DatasetError, so that one message knows every broken file.
    """
    points = np.empty((len(paths), POINTS, 3), dtype=np.float32)
    broken: list[DatasetError] = []
    for row, path in enumerate(paths):
        tell(row / len(paths), path.name)
        try:
            cloud = read_shape(path)
            points[row] = to_unit_sphere(cloud, path) if normalise else cloud
        except DatasetError as error:
            broken.append(error)
    if broken:
        raise DatasetError(broken[0].path, broken[0].why, broken[1:])
    return points


def read_shape(path: Path, points: int = POINTS) -> Float32:
    """``points`` points (points, 3) of the mesh or cloud in a file, the same ones every time.

    A mesh gives random points of its surface. Of a cloud with more points some are drawn at random, in one
    with fewer some are repeated. Raises DatasetError.
    """
    from apsnet_core.files import ReadError, read
    from apsnet_core.ops.surface import sample_surface

    seed = zlib.crc32(path.name.encode())
    try:
        shape = read(path)
        if isinstance(shape, TriangleMesh):
            return sample_surface(shape, points, seed).xyz
    except ReadError as error:
        raise DatasetError(path, error.why) from error
    except ValueError as error:
        raise DatasetError(path, str(error)) from error
    if len(shape) == points:
        return shape.xyz
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(shape))
    repeated = rng.integers(len(shape), size=max(0, points - len(shape)))
    return shape.take(np.concatenate([order, repeated])[:points]).xyz


def to_unit_sphere(cloud: Float32, path: Path) -> Float32:
    """``cloud`` (n, 3) with its mean at the origin and its farthest point at distance 1."""
    centred = cloud.astype(np.float64) - cloud.mean(axis=0, dtype=np.float64)
    radius = np.linalg.norm(centred, axis=1).max()
    if not radius > 0:
        raise DatasetError(path, "all its points are the same; a shape needs an extent")
    unit: Float32 = (centred / radius).astype(np.float32)
    return unit
