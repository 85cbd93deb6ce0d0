"""The task nets that ship say of a shape that it is like those of their training, or unlike all of them."""

from __future__ import annotations

import numpy as np
import pytest

from apsnet_core.assets import asset
from apsnet_core.cloud import PointCloud
from apsnet_core.evaluation.answers import strangeness, task_net
from apsnet_core.shapes import open_cloud
from apsnet_core.weights import TaskName


def of(task: TaskName, shape: str) -> str | None:
    cloud, _ = open_cloud(asset("shapes", shape + ".obj"))
    return strangeness(task_net(task), cloud, "y")


@pytest.mark.parametrize(
    ("task", "known", "foreign"),
    [
        ("classification", ("chair", "swivel_chair", "toilet", "bed"), ("piano", "motorbike", "umbrella")),
        ("reconstruction", ("chair", "table"), ("desk_lamp", "motorbike")),
        ("registration", (), ("chair", "horse")),
    ],
)
def test_shapes_of_the_training_are_told_from_others(
    task: TaskName, known: tuple[str, ...], foreign: tuple[str, ...]
) -> None:
    assert [shape for shape in known if of(task, shape)] == []
    assert [shape for shape in foreign if not of(task, shape)] == []


@pytest.mark.parametrize("task", ["classification", "registration"])
def test_a_cloud_of_no_shape_is_like_nothing(task: TaskName) -> None:
    xyz = np.random.default_rng(0).normal(size=(2000, 3)).astype(np.float32)
    warning = strangeness(task_net(task), PointCloud(xyz), "y")
    assert warning is not None
    assert warning.startswith("This shape is unlike all that the task net was trained on, farther off than ")
    assert warning.endswith(" of that kind: do not trust the answer.")
