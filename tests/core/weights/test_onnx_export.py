"""APSNet in ONNX: onnxruntime gives what the network gives."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from apsnet_core.networks import APSNet, APSNetPlus
from apsnet_core.weights.onnx_export import export_onnx
from tests.core.cli.command import answer
from tests.core.small_networks import clouds, randomised


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
    assert answer("weights", "export", name, "-n", "16", "-o", out)["m"] == 16
    session = onnxruntime.InferenceSession(out, providers=["CPUExecutionProvider"])
    facts = session.get_modelmeta().custom_metadata_map
    assert facts["m"] == "16" and {"normalisation", "up", "task", "points"} <= facts.keys()
    assert session.run(None, {"points": clouds(2, 50).numpy()})[0].shape == (2, 16, 3)
