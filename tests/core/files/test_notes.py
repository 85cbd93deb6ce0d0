"""What a file announces or holds and the result does not is an error, or a note with a count."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from apsnet_core.files.columns import cloud_from_arrays


def test_normals_that_are_not_finite_are_counted() -> None:
    normals = np.array([[0, 0, 1], [np.nan, 0, 0], [0, np.inf, 0], [0, 1e300, 0], [0, 1, 0]])
    xyz = np.eye(5, 3)
    xyz[4] = np.nan
    cloud = cloud_from_arrays(xyz, Path("a.ply"), normals=normals)
    assert cloud.normals is not None and cloud.normals.tolist() == [[0, 0, 1], *[[0, 0, 0]] * 3]
    assert cloud.dropped == 1 and cloud.notes == ("3 normals not finite: (0, 0, 0) instead",)
