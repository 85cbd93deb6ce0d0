"""Shipped task nets warn of shapes that are unlike all shapes of their training, and of no others."""

from __future__ import annotations

import numpy as np
import pytest

from apsnet_core.assets import asset
from apsnet_core.cloud import PointCloud
from apsnet_core.evaluation.answers import answer, register, task_net
from apsnet_core.files.open_cloud import open_cloud
from apsnet_core.sampling import Sampling
from apsnet_core.weights import TaskName


def warning(task: TaskName, cloud: PointCloud) -> str | None:
    net = task_net(task)
    return (
        register(net, cloud, cloud, up="y") if task == "registration" else answer(net, cloud, up="y")
    ).warning


def of(task: TaskName, shape: str) -> str | None:
    return warning(task, open_cloud(asset("shapes", shape + ".obj"))[0])


@pytest.mark.parametrize(
    ("task", "known", "foreign"),
    [
        ("classification", ("chair", "swivel_chair", "toilet", "bed"), ("piano", "motorbike", "umbrella")),
        ("reconstruction", ("chair", "table"), ("desk_lamp", "motorbike")),
        ("registration", (), ("chair", "horse")),
    ],
)
def test_shapes_like_the_training_get_no_warning_and_others_do(
    task: TaskName, known: tuple[str, ...], foreign: tuple[str, ...]
) -> None:
    assert [shape for shape in known if of(task, shape)] == []
    assert [shape for shape in foreign if not of(task, shape)] == []


@pytest.mark.parametrize("task", ["classification", "registration"])
def test_random_points_are_unlike_all_training_shapes(task: TaskName) -> None:
    xyz = np.random.default_rng(0).normal(size=(2000, 3)).astype(np.float32)
    said = warning(task, PointCloud(xyz))
    assert said is not None
    assert said.startswith(
        "This shape is unlike the shapes that the task net was trained on, farther away than "
    )
    assert said.endswith(" of that kind: do not trust the answer.")


def test_samples_of_a_shape_get_no_warning_of_their_own() -> None:
    cloud, _ = open_cloud(asset("shapes", "piano.obj"))
    few = Sampling(cloud.xyz[:4], np.arange(4), "random", 4, 0, 0.0)
    assert answer(task_net("classification"), cloud, few, "y").warning is None
