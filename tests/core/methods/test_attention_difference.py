"""The difference between the attention of two weights on one cloud."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from apsnet_core.library import sample
from apsnet_core.methods.attention import attention_difference
from tests.core.clouds import some_cloud
from tests.core.weights.files import write


def test_attention_difference_is_the_difference_of_the_attention_averaged_over_steps(shelves: Path) -> None:
    files = [str(write(shelves / f"{seed}.safetensors", "apsnet", seed=seed)) for seed in (1, 2)]
    cloud = some_cloud()
    first, second = (
        sample(cloud, m, "apsnet", weights=w, up="z") for m, w in zip((6, 9), files, strict=True)
    )
    found = attention_difference(first, second, cloud)
    expected = first.attention().mean(axis=0) - second.attention().mean(axis=0)
    np.testing.assert_allclose(found, expected, atol=1e-6)
    assert abs(found.sum()) < 1e-5 and np.abs(found).max() > 1e-4
