"""Results computed from a cloud are cached, and freed together with the cloud."""

from __future__ import annotations

import gc
from collections.abc import Callable
from weakref import ref

import numpy as np
import pytest

from apsnet_core.cloud import PointCloud
from apsnet_core.remembered import remembered


def cloud() -> PointCloud:
    return PointCloud(np.zeros((3, 3), np.float32))


@remembered(2)
def lifted(cloud: PointCloud, by: float) -> PointCloud:
    return PointCloud(cloud.xyz + np.float32(by))


@remembered(2)
def itself(cloud: PointCloud, name: str = "") -> PointCloud:
    return cloud


def test_equal_arguments_give_the_same_object() -> None:
    first, second = cloud(), cloud()
    assert lifted(first, 1) is lifted(first, 1.0)
    assert lifted(first, 1) is not lifted(second, 1)
    assert itself(first, name="a") is first


def test_the_most_recent_results_are_kept() -> None:
    one = cloud()
    first, second = lifted(one, 1), lifted(one, 2)
    assert lifted(one, 1) is first
    lifted(one, 3)
    assert lifted(one, 1) is first
    assert lifted(one, 2) is not second


@pytest.mark.parametrize("made", [lambda it: lifted(it, 1), itself, lambda it: lifted(itself(it, "b"), 2)])
def test_cached_results_are_freed_with_their_cloud(made: Callable[[PointCloud], PointCloud]) -> None:
    one = cloud()
    seen = ref(one), ref(made(one))
    assert made(one) is seen[1]()
    del one
    gc.collect()
    assert [each() for each in seen] == [None, None]
