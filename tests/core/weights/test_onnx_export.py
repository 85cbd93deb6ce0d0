"""APSNet in ONNX: onnxruntime gives what the network gives."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from apsnet_core import sample
from apsnet_core.networks import APSNet, APSNetPlus
from apsnet_core.weights.onnx_export import export_onnx
from tests.core.cli.command import answer, said
from tests.core.small_networks import clouds, randomised
from tests.core.weights.files import write


@pytest.mark.parametrize("kind", [APSNet, APSNetPlus])
@pytest.mark.parametrize("m", [1, 37])
def test_onnxruntime_samples_alike_for_any_number_of_clouds_and_points(
    tmp_path: Path, m: int, kind: type[APSNet]
) -> None:
    network = randomised(kind())
    export_onnx(network, m, tmp_path / "net.onnx")
    session = onnxruntime.InferenceSession(tmp_path / "net.onnx", providers=["CPUExecutionProvider"])
    for batch, n in ((1, 5), (3, 300)):
        points = clouds(batch, n, seed=n)
        generated, hidden = session.run(None, {"points": points.numpy()})
        with torch.no_grad():
            expected = network(points, m)
        np.testing.assert_allclose(generated, expected.points, atol=1e-5)
        np.testing.assert_allclose(hidden, expected.hidden, atol=1e-5)


def test_the_command_exports_shipped_weights_with_what_a_cloud_must_be_brought_to(tmp_path: Path) -> None:
    name = next(row["name"] for row in answer("weights", "list")["weights"] if row["method"] == "apsnet")
    out = tmp_path / "apsnet.onnx"
    told = answer("weights", "export", name, "-n", "16", "-o", out)
    assert told["m"] == 16 and told["notes"] == [], "it was trained for 16 points"
    session = onnxruntime.InferenceSession(out, providers=["CPUExecutionProvider"])
    facts = session.get_modelmeta().custom_metadata_map
    assert facts["m"] == "16" and {"normalisation", "up", "task", "points"} <= facts.keys()
    assert session.run(None, {"points": clouds(2, 50).numpy()})[0].shape == (2, 16, 3)


def test_a_model_for_more_points_than_the_net_was_trained_for_says_so(tmp_path: Path) -> None:
    weights = write(tmp_path / "mine.safetensors", "apsnet", sizes=[8])
    told = "mine was trained for up to 8 points: many of 9 generated points lie close together."
    done = said("weights", "export", weights, "-n", "9", "-o", tmp_path / "9.onnx")
    assert done.stdout.endswith(f"\nnote: {told}\n")
    cloud = np.random.default_rng(0).random((200, 3))
    notes = {m: sample(cloud, m, f"apsnet@{weights}").notes for m in (8, 9, 129)}
    assert notes[8] == () and "of 9 generated points lie close together. apsnet:m spreads" in notes[9][0]
    assert "--completion fps-after-128, spreads" in notes[129][0], "which begins there"
