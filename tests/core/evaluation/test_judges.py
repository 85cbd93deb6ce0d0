"""The choice of the task net: the one asked for, else that of the samplers, else the shipped one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from apsnet_core.cloud import PointCloud
from apsnet_core.evaluation.comparison.compare import compare
from apsnet_core.evaluation.judges import judge_of
from apsnet_core.methods.find_weights import known_sizes
from apsnet_core.methods.spec import MethodSpec
from tests.core.weights.files import write


@pytest.fixture
def nets(shelves: Path) -> Path:
    """A shipped net and two more, and samplers trained with each of them and with a missing net."""
    for folder, name in (("shipped", "ours"), ("yours", "mine"), ("yours", "other")):
        write(shelves / folder / f"{name}.safetensors", "pointnet", seed=len(name))
    for name, net in (("a", "mine"), ("b", "other"), ("gone", "lost"), ("plain", "ours"), ("old", None)):
        write(shelves / "yours" / f"{name}.safetensors", "apsnet", task_weights=net)
    return shelves


def judge(*methods: str, asked: str | None = None) -> tuple[str, str]:
    found = judge_of("classification", [MethodSpec.parse(text) for text in methods], asked)
    return found.net.name, found.note


def test_the_task_net_of_the_samplers_is_used_if_none_is_asked_for(nets: Path) -> None:
    assert judge() == ("ours", "") == judge("random", "voxel") == judge("apsnet@plain")
    assert judge("apsnet@a", "random", "apsnet:m@a") == ("mine", "")
    assert judge("apsnet@a", asked="other") == ("other", "")
    assert judge("apsnet@a", asked=str(nets / "yours/other.safetensors")) == ("other", "")


def test_samplers_trained_for_another_task_net_are_noted(nets: Path) -> None:
    assert judge("apsnet@a", "apsnet@b") == ("ours", "a, b were trained for another task net.")
    assert judge("apsnet@a", "apsnet@plain") == ("ours", "a was trained for another task net.")
    assert judge("apsnet@gone") == ("ours", "gone was trained for another task net.")
    assert judge("apsnet@old") == ("ours", "old was trained for another task net.")


def test_the_users_task_net_is_taken_from_the_run_of_the_sampler(nets: Path) -> None:
    run = nets / "runs/first"
    write(run / "best.safetensors", "apsnet", task_net="mine:make")
    write(run / "task_net.safetensors", "pointnet", seed=9)
    assert judge("apsnet@first", "random") == ("first/task_net", "")


def test_the_task_net_of_a_folder_of_runs_is_the_one_they_all_share(nets: Path) -> None:
    for name, net in (("one/8-0", "mine"), ("one/8-1", "mine"), ("two/8-0", "mine"), ("two/8-1", "other")):
        write(nets / "queue" / name / "best.safetensors", "apsnet", sizes=[8], task_weights=net)
    assert judge(f"apsnet@{nets / 'queue/one'}", "random") == ("mine", "")
    note = "8-0, 8-1 were trained for another task net."
    assert judge(f"apsnet@{nets / 'queue/two'}") == ("ours", note)
    assert known_sizes(MethodSpec.parse(f"apsnet@{nets / 'queue/one'}"), "classification") == [8]


def test_a_comparison_names_its_task_net(nets: Path) -> None:
    cloud = PointCloud(np.random.default_rng(0).normal(size=(70, 3)).astype(np.float32))
    specs = [MethodSpec.parse("apsnet@a"), MethodSpec.parse("random")]
    for asked, name in ((None, "mine"), ("ours", "ours")):
        found = compare(cloud, specs, [8], task="classification", net=asked)
        assert found.net == name and f"The net is {name}, trained on nothing." in str(found.remark)
