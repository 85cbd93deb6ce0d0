"""`apsnet compare --task`: the task net's number beside each sample, equal to the net's own answer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from apsnet_core.ops.normalise import frame_of
from apsnet_core.tasks.classification import PointNet
from apsnet_core.weights import Metadata, save
from tests.core.cli.command import answer, apsnet, sentence
from tests.core.cli.shapes import cloud
from tests.core.networks import randomised

CLASSES = ["cup", "plate", "spoon"]


@pytest.fixture
def net(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PointNet:
    """A random classifier, installed where the user's own weights lie."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    network = randomised(PointNet(len(CLASSES)))
    metadata = Metadata(
        architecture="pointnet",
        task="classification",
        classes=CLASSES,
        points=200,
        normalisation="unit_sphere",
        up="z",
        data="none",
    )
    save(tmp_path / "data/apsnet-studio/weights/random-pointnet.safetensors", network.state_dict(), metadata)
    return network


def test_the_number_is_the_nets_own(tmp_path: Path, net: PointNet) -> None:
    path = cloud(tmp_path / "c.xyz")
    run = ["compare", path, "-m", "voxel", "-n", "200", "--task", "classification", "--up", "z"]
    (row,) = answer(*run)["rows"]
    points = np.loadtxt(path).astype(np.float32)
    with torch.no_grad():
        logits = net(torch.from_numpy(frame_of(points, "unit_sphere").apply(points))[None])[0]
    probabilities = logits.double().softmax(-1).numpy()
    # All the points are a sample too, so the net says the same of it as of the whole cloud.
    assert row["metric"] == "probability"
    assert row["answer"] == row["whole"] == CLASSES[int(probabilities.argmax())]
    assert row["value"] == pytest.approx(probabilities.max(), abs=1e-4)
    assert f"As {row['whole']}" in apsnet(*run).stdout


def test_without_a_net_it_says_how_to_get_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "nothing"))
    path = cloud(tmp_path / "c.xyz")
    said = sentence("compare", path, "-m", "voxel", "-n", "4", "--task", "reconstruction")
    assert "has no task net" in said
