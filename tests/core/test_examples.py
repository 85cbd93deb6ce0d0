"""The doctest examples in the docstrings of the public modules run."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest

MODULES = [
    "apsnet_core",
    "apsnet_core.cloud",
    "apsnet_core.conversions",
    "apsnet_core.files",
    "apsnet_core.files.column_names",
    "apsnet_core.files.many_clouds",
    "apsnet_core.files.urls",
    "apsnet_core.library",
    "apsnet_core.losses",
    "apsnet_core.methods.creating",
    "apsnet_core.methods.spec",
    "apsnet_core.networks.apsnet",
    "apsnet_core.ops.distances",
    "apsnet_core.ops.farthest_point",
    "apsnet_core.ops.matching",
    "apsnet_core.ops.normalise",
    "apsnet_core.ops.surface",
    "apsnet_core.ops.voxel",
    "apsnet_core.sampling",
    "apsnet_core.training.config",
    "apsnet_core.training.recipes",
    "apsnet_core.triangle_mesh",
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_run(name: str) -> None:
    result = doctest.testmod(import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.attempted > 0 and result.failed == 0
