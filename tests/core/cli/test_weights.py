"""`apsnet weights`, and learned methods with weights that are given by name."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from apsnet_core.assets import asset
from apsnet_core.cli.app import run
from tests.core.weights import published
from tests.core.weights.files import write


@pytest.fixture(autouse=True)
def own_weights(shelves: Path) -> Path:
    """The user's own weights of an APSNet and a SampleNet; the current folder is empty."""
    write(shelves / "yours" / "of-mine.safetensors", "apsnet", scores={"accuracy_8": 0.75})
    write(shelves / "yours" / "of-mine-8.safetensors", "samplenet")
    return shelves / "yours"


@pytest.fixture
def apsnet(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """A function that runs a command and returns its printed text, or its error of one line."""

    def call(*arguments: str | Path) -> str:
        failed = run([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        if failed:
            assert printed.out == "" and printed.err.count("\n") == 1
        return printed.err if failed else printed.out

    return call


@pytest.fixture
def answer(apsnet: Callable[..., str]) -> Callable[..., Any]:
    """A function that runs a command with --json and returns its answer."""
    return lambda *arguments: json.loads(apsnet(*arguments, "--json"))


Call = Callable[..., Any]


def test_weights_are_listed_and_shown(own_weights: Path, apsnet: Call, answer: Call) -> None:
    (own_weights / "half.safetensors").write_bytes(b"half")
    said = answer("weights", "list")
    mine = {row["name"]: row for row in said["weights"] if row["origin"] == "yours"}
    assert mine.keys() == {"of-mine", "of-mine-8"}
    assert (mine["of-mine"]["method"], mine["of-mine"]["sizes"]) == ("apsnet", [8])
    assert [Path(row["path"]).name for row in said["damaged"]] == ["half.safetensors"]
    listing = apsnet("weights", "list")
    assert "samplenet for classification, 8 points" in listing and "half.safetensors is not" in listing
    shown = answer("weights", "show", "of-mine")
    assert (shown["parameters"], shown["scores"], shown["up"]) == (234_496, {"accuracy_8": 0.75}, "z")
    assert "accuracy_8 0.75" in apsnet("weights", "show", "of-mine")
    assert "neither a file nor the name" in apsnet("weights", "show", "nobody")
    assert "half.safetensors is not a readable" in apsnet("weights", "show", "half")


def test_a_published_checkpoint_is_imported_and_used_by_name(
    tmp_path: Path, own_weights: Path, apsnet: Call, answer: Call
) -> None:
    torch.save({"model_state_dict": published.apsnet()}, tmp_path / "public.pth")
    said = answer("weights", "import", tmp_path / "public.pth", "--task", "registration", "--sizes", "8,16")
    assert Path(said["output"]) == own_weights / "public.safetensors"
    assert (said["task"], said["sizes"]) == ("registration", [8, 16])
    out = tmp_path / "out.npy"
    answer("sample", asset("shapes", "chair.obj"), "-m", "apsnet@public", "-n", "20", "-o", out)
    assert np.load(out).shape == (20, 3)
    again = ["weights", "import", tmp_path / "public.pth", "--task", "registration"]
    assert "exists; --force overwrites it" in apsnet(*again)
    assert answer(*again, "--force")["sizes"] == []
    named = (tmp_path / "public.pth").rename(tmp_path / "registration-apsnet.pth")
    said = apsnet("weights", "import", named, "--task", "registration", "--force")
    assert "registration-apsnet is the name of weights that ship" in said
    assert not (own_weights / "registration-apsnet.safetensors").exists()


@pytest.mark.parametrize(
    ("state", "options", "why"),
    [
        (published.apsnet(), [], "name the task with --task"),
        (published.pointnet(40, channels=6), [], "reads 6 values per point (trained with normals)"),
        ({"weight": torch.zeros(1)}, [], "none of the networks that can be imported"),
        (published.pcae(), ["-o", "a.pth"], "written as .safetensors"),
    ],
)
def test_checkpoints_that_cannot_be_imported_are_refused(
    tmp_path: Path, apsnet: Call, state: Any, options: list[str], why: str
) -> None:
    torch.save(state, tmp_path / "public.pth")
    assert why in apsnet("weights", "import", tmp_path / "public.pth", *options)


def test_learned_methods_can_be_compared_by_name(own_weights: Path, answer: Call) -> None:
    write(own_weights / "net.safetensors", "pointnet")
    methods = "random,apsnet@of-mine,apsnet:m@of-mine,samplenet@of-mine-8"
    said = answer(
        "compare", asset("shapes", "chair.obj"), "-m", methods, "-n", "8", "--task", "classification"
    )
    assert [(row["method"], row["variant"], row["weights"]) for row in said["rows"]] == [
        ("random", None, None), ("apsnet", "g", "of-mine"), ("apsnet", "m", "of-mine"),
        ("samplenet", "m", "of-mine-8"),
    ]  # fmt: skip
    assert all(row["chamfer"] > 0 for row in said["rows"])


def test_the_options_working_and_completion_change_the_sample(
    tmp_path: Path, answer: Call, apsnet: Call
) -> None:
    chair = asset("shapes", "chair.obj")
    common = ["sample", chair, "-m", "apsnet@of-mine", "-n", "140", "--force", "-o", tmp_path / "out.npy"]
    results = []
    for options in [[], ["--working", "300"], ["--completion", "fps-after-128"]]:
        answer(*common, *options)
        results.append(np.load(tmp_path / "out.npy"))
    assert not np.allclose(results[0], results[1])
    np.testing.assert_array_equal(results[0][:128], results[2][:128])
    assert not np.allclose(results[0][128:], results[2][128:])
    assert "voxel has no network" in apsnet("sample", chair, "-m", "voxel", "--working", "5")


@pytest.mark.parametrize(
    ("method", "options", "why"),
    [
        ("snet@of-mine-8", [], "holds the sampler samplenet for classification, not snet"),
        ("samplenet@of-mine-8", ["-n", "9"], "samples 8 points, not 9"),
        (
            "apsnet@of-mine",
            ["--task", "registration"],
            "was trained for classification, not for registration",
        ),
        ("apsnet@nobody", [], "neither a file nor the name of weights; there are"),
    ],
)
def test_weights_that_do_not_fit_are_refused_in_one_sentence(
    apsnet: Call, method: str, options: list[str], why: str
) -> None:
    assert why in apsnet("sample", asset("shapes", "chair.obj"), "-m", method, *options)
