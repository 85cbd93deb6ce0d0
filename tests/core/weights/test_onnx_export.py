"""APSNet exported to ONNX: onnxruntime computes the same as the network."""

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
def test_onnxruntime_gives_the_same_samples_for_any_number_of_clouds(
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


def test_the_exported_model_states_how_clouds_must_be_normalised(tmp_path: Path) -> None:
    name = next(row["name"] for row in answer("weights", "list")["weights"] if row["method"] == "apsnet")
    out = tmp_path / "apsnet.onnx"
    told = answer("weights", "export", name, "-n", "16", "-o", out)
    assert told["m"] == 16 and told["notes"] == [], "no note is needed for a size of the training"
    session = onnxruntime.InferenceSession(out, providers=["CPUExecutionProvider"])
    facts = session.get_modelmeta().custom_metadata_map
    assert facts["m"] == "16" and {"normalisation", "up", "task", "points"} <= facts.keys()
    assert session.run(None, {"points": clouds(2, 50).numpy()})[0].shape == (2, 16, 3)


def test_exporting_or_sampling_more_points_than_trained_gives_a_note(tmp_path: Path) -> None:
    weights = write(tmp_path / "mine.safetensors", "apsnet", sizes=[8])
    told = "mine was trained for up to 8 points: many of 9 generated points lie close together."
    done = said("weights", "export", weights, "-n", "9", "-o", tmp_path / "9.onnx")
    assert done.stdout.endswith(f"\nnote: {told}\n")
    cloud = np.random.default_rng(0).random((200, 3))
    notes = {m: sample(cloud, m, f"apsnet@{weights}").notes for m in (8, 9, 129)}
    assert notes[8] == () and "of 9 generated points lie close together. apsnet:m spreads" in notes[9][0]
    assert "--completion fps-after-128, spreads" in notes[129][0], "this option takes effect from 129 points"
