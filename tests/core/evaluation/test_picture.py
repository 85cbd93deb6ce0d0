"""`apsnet picture` draws Fig. 4: its numbers come from the task net, and attention is drawn yellow."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from apsnet_core.assets import asset
from apsnet_core.cli.app import run
from apsnet_core.evaluation.answers import answer as ask
from apsnet_core.evaluation.answers import task_net
from apsnet_core.files.open_cloud import open_cloud
from apsnet_core.methods.creating import create
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.tasks.reconstruction import Reconstruction
from tests.narrow import of_kind

CHAIR = asset("shapes", "swivel_chair.obj")


def drawn(out: Path, method: str, capsys: pytest.CaptureFixture[str]) -> tuple[dict[str, Any], int]:
    """The answer of the command, and the number of yellow pixels of the picture."""
    assert run(["picture", str(CHAIR), "-m", method, "-n", "8", "-o", str(out), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    red, green, blue = np.asarray(Image.open(out).convert("RGB")).astype(int).transpose(2, 0, 1)
    return said, int(((red > 200) & (green > 170) & (blue < 120)).sum())


def test_the_nre_of_a_picture_is_that_of_the_task_net(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said, yellow = drawn(tmp_path / "a.png", "apsnet", capsys)
    cloud, _ = open_cloud(CHAIR)
    sampling = create(MethodSpec.parse("apsnet"), "reconstruction", "y").sample(cloud, 8)
    net = task_net("reconstruction")
    answer = of_kind(Reconstruction, ask(net, cloud, sampling, "y"))
    assert said["warning"] == ask(net, cloud, up="y").warning
    assert said["rows"][0] == {
        "method": "apsnet", "variant": "g", "m": 8, "metric": "nre", "value": pytest.approx(answer.nre),
    }  # fmt: skip
    assert yellow > 500


def test_without_attention_nothing_is_yellow(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert drawn(tmp_path / "f.png", "farthest_point", capsys)[1] == 0


def test_a_picture_is_never_overwritten_unasked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "kept.png"
    out.write_bytes(b"mine")
    assert run(["picture", str(CHAIR), "-o", str(out)]) == 1
    assert "--force" in capsys.readouterr().err
    assert out.read_bytes() == b"mine"


def test_a_picture_shows_the_difference_of_two_methods(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "d.png"
    words = ["picture", str(CHAIR), "-n", "8", "-o", str(out), "--force", "--json"]
    assert run([*words, "-m", "farthest_point#1", "--difference", "farthest_point"]) == 0
    [row] = json.loads(capsys.readouterr().out)["rows"]
    cloud, _ = open_cloud(CHAIR)
    first, second = (
        {tuple(xyz) for xyz in create(MethodSpec.parse(name), None, "y").sample(cloud, 8).points.tolist()}
        for name in ("farthest_point", "farthest_point#1")
    )
    counts = (row["kept"], row["lost"], row["gained"])
    assert counts == (len(first & second), len(first - second), len(second - first))
    red, _, blue = np.asarray(Image.open(out).convert("RGB")).astype(int).transpose(2, 0, 1)
    dots = [int(mask.sum()) for mask in ((blue - red) > 120, (red - blue) > 120)]
    assert all(count > 100 * row["lost"] for count in dots)
    film = tmp_path / "d.gif"
    assert run([*words[:4], "-o", str(film), "-m", "voxel", "--difference", "random", "--frames", "3"]) == 0
    assert getattr(Image.open(film), "n_frames", 1) == 3
    capsys.readouterr()
    for wrong, why in (
        (["-m", "apsnet", "--difference", "apsnet"], "needs another method"),
        (["-m", "voxel", "--difference", "apsnet", "--grid"], "--difference accepts"),
    ):
        assert run([*words, *wrong]) == 1
        assert why in capsys.readouterr().out
