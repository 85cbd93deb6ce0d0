"""Read datasets with a file per shape into one array, with notes on broken, repeated or left-out parts."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from apsnet_core.cloud import Float32, TriangleMesh
from apsnet_core.datasets.dataset import DatasetError, Shapes, Tell, silent
from apsnet_core.datasets.parts import Part
from apsnet_core.placing import counted

POINTS = 2048
"""The number of points per shape, as in the published releases."""


@dataclass(frozen=True)
class ShapeFile:
    """The file of a shape, its class, and its part if the source names one."""

    path: Path
    label: str
    part: Part | None = None


def read_files(
    files: Sequence[ShapeFile],
    *,
    normalise: bool,
    licence: str | None = None,
    titles: dict[str, str] | None = None,
    tell: Tell = silent,
) -> Shapes:
    """Read 2048 points of each file, scaled to the unit sphere if ``normalise``; ``titles`` rename classes.

    Broken files are left out and listed if they are fewer than half of the files; otherwise DatasetError is
    raised with all of them. Shapes with other numbers of points are counted in the notes.
    """
    classes = sorted({file.label for file in files})
    clouds: list[Float32] = []
    kept: list[int] = []
    broken: list[DatasetError] = []
    fewer = more = 0
    for row, file in enumerate(files):
        tell(row / len(files), file.path.name)
        try:
            cloud, count = _read_shape(file.path)
            clouds.append(to_unit_sphere(cloud, file.path) if normalise else cloud)
        except DatasetError as error:
            broken.append(error)
            continue
        kept.append(row)
        fewer, more = fewer + (0 < count < POINTS), more + (count > POINTS)
    if 2 * len(broken) >= len(files):
        raise DatasetError(broken[0].path, broken[0].why, broken[1:])
    chosen = [files[row] for row in kept]
    stated = any(file.part for file in chosen)
    validation = np.array([file.part == "validation" for file in chosen])
    unlisted = sum(file.part is None for file in chosen) if stated else 0
    return Shapes(
        points=np.stack(clouds),
        labels=np.array([classes.index(file.label) for file in chosen], dtype=np.int64),
        names=tuple(file.path.name.partition(".")[0] for file in chosen),
        classes=tuple((titles or {}).get(name, name) for name in classes),
        test=np.array([file.part == "test" for file in chosen]) if stated else None,
        validation=validation if validation.any() else None,
        licence=licence or "not stated by the source",
        broken=tuple((str(error.path), error.why) for error in broken),
        notes=_notes(fewer, more, unlisted),
        kept=np.array(kept, dtype=np.int64),
    )


def _notes(fewer: int, more: int, unlisted: int) -> tuple[str, ...]:
    """A note for each of these numbers of shapes that is not zero."""
    found = (
        (fewer, f"of fewer than {POINTS} points: some of theirs are repeated"),
        (more, f"of more than {POINTS} points: some of theirs are drawn at random"),
        (unlisted, "in no official part: trained on"),
    )
    return tuple(f"{counted(shapes, 'shape')} {what}" for shapes, what in found if shapes)


def read_shape(path: Path, points: int = POINTS) -> Float32:
    """Read ``points`` points (points, 3) of the mesh or cloud in a file; they are the same every time.

    A mesh gives random points on its surface. A cloud with more points is sampled at random; in a cloud with
    fewer points some are repeated. Raises DatasetError.
    """
    return _read_shape(path, points)[0]


def _read_shape(path: Path, points: int = POINTS) -> tuple[Float32, int]:
    """The points as from `read_shape`, and the number of points of the file's cloud, 0 for a mesh."""
    from apsnet_core.files import ReadError, read
    from apsnet_core.ops.surface import sample_surface

    seed = zlib.crc32(path.name.encode())
    try:
        shape = read(path)
        if isinstance(shape, TriangleMesh):
            return sample_surface(shape, points, seed).xyz, 0
    except ReadError as error:
        raise DatasetError(path, error.why) from error
    except ValueError as error:
        raise DatasetError(path, str(error)) from error
    if len(shape) == points:
        return shape.xyz, points
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(shape))
    repeated = rng.integers(len(shape), size=max(0, points - len(shape)))
    return shape.take(np.concatenate([order, repeated])[:points]).xyz, len(shape)


def to_unit_sphere(cloud: Float32, path: Path) -> Float32:
    """``cloud`` (n, 3) shifted and scaled so that its mean is the origin and its farthest point is at 1.

    Raises DatasetError if all points are the same.
    """
    centred = cloud.astype(np.float64) - cloud.mean(axis=0, dtype=np.float64)
    radius = np.linalg.norm(centred, axis=1).max()
    if not radius > 0:
        raise DatasetError(path, "all its points are the same; a shape needs an extent")
    unit: Float32 = (centred / radius).astype(np.float32)
    return unit
