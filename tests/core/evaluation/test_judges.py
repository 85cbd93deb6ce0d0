"""Which net judges: the one asked for, else the one behind the samplers, else the one that ships."""

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
    """A net that ships and two more; samplers in front of each, and of one that is not here."""
    for folder, name in (("shipped", "ours"), ("yours", "mine"), ("yours", "other")):
        write(shelves / folder / f"{name}.safetensors", "pointnet", seed=len(name))
    for name, net in (("a", "mine"), ("b", "other"), ("gone", "lost"), ("plain", "ours"), ("old", None)):
        write(shelves / "yours" / f"{name}.safetensors", "apsnet", task_weights=net)
    return shelves


def judge(*methods: str, asked: str | None = None) -> tuple[str, str]:
    found = judge_of("classification", [MethodSpec.parse(text) for text in methods], asked)
    return found.net.name, found.note


def test_the_net_of_the_samplers_judges_unless_another_is_asked_for(nets: Path) -> None:
    assert judge() == ("ours", "") == judge("random", "voxel") == judge("apsnet@plain")
    assert judge("apsnet@a", "random", "apsnet:m@a") == ("mine", "")
    assert judge("apsnet@a", asked="other") == ("other", "")
    assert judge("apsnet@a", asked=str(nets / "yours/other.safetensors")) == ("other", "")


def test_where_that_cannot_be_it_is_said(nets: Path) -> None:
    assert judge("apsnet@a", "apsnet@b") == ("ours", "a, b were trained for another task net.")
    assert judge("apsnet@a", "apsnet@plain") == ("ours", "a was trained for another task net.")
    assert judge("apsnet@gone") == ("ours", "gone was trained for another task net.")
    assert judge("apsnet@old") == ("ours", "old was trained for another task net.")


def test_a_net_of_the_users_own_is_the_one_that_the_run_kept(nets: Path) -> None:
    run = nets / "runs/first"
    write(run / "best.safetensors", "apsnet", task_net="mine:make")
    write(run / "task_net.safetensors", "pointnet", seed=9)
    assert judge("apsnet@first", "random") == ("first/task_net", "")


def test_the_net_of_a_folder_of_runs_is_the_one_behind_all_of_them(nets: Path) -> None:
    for name, net in (("one/8-0", "mine"), ("one/8-1", "mine"), ("two/8-0", "mine"), ("two/8-1", "other")):
        write(nets / "queue" / name / "best.safetensors", "apsnet", sizes=[8], task_weights=net)
    assert judge(f"apsnet@{nets / 'queue/one'}", "random") == ("mine", "")
    note = "8-0, 8-1 were trained for another task net."
    assert judge(f"apsnet@{nets / 'queue/two'}") == ("ours", note)
    assert known_sizes(MethodSpec.parse(f"apsnet@{nets / 'queue/one'}"), "classification") == [8]


def test_a_comparison_says_which_net_has_judged(nets: Path) -> None:
    cloud = PointCloud(np.random.default_rng(0).normal(size=(70, 3)).astype(np.float32))
    specs = [MethodSpec.parse("apsnet@a"), MethodSpec.parse("random")]
    for asked, name in ((None, "mine"), ("ours", "ours")):
        found = compare(cloud, specs, [8], task="classification", net=asked)
        assert found.net == name and f"The net is {name}, trained on nothing." in str(found.remark)
