"""The bundled shapes: furniture, figures and vehicles of the free Sweet Home 3D libraries, y up."""

from __future__ import annotations

import numpy as np

from apsnet_core.assets import asset
from apsnet_core.datasets.dataset import DatasetError, Shapes

SHAPES = asset("furniture", "furniture.npz")
ATTRIBUTION = asset("furniture", "ATTRIBUTION.csv")
LICENCE = "CC0 1.0 and CC BY 3.0: authors and licences of all models in assets/furniture/ATTRIBUTION.csv"


def read_furniture() -> Shapes:
    """The bundled dataset with its own test part. Raises DatasetError if the program's file is damaged."""
    try:
        with np.load(SHAPES, allow_pickle=False) as stored:
            return Shapes(
                points=stored["points"].astype(np.float32),
                labels=stored["labels"].astype(np.int64),
                names=tuple(stored["names"].tolist()),
                classes=tuple(stored["classes"].tolist()),
                test=stored["test"],
                licence=LICENCE,
                groups=stored["groups"].astype(np.int64),
            )
    except Exception as error:
        raise DatasetError(SHAPES, f"cannot be read ({error}); install the program again") from error
