"""Networks with one ordered output: MOPS-Net, and S-NET and SampleNet trained progressively."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from apsnet_core.methods.registry import method
from apsnet_core.networks.mops import MOPSNet
from apsnet_core.networks.registry import sampler_network
from apsnet_core.training.objectives import make_objective
from apsnet_core.training.preparation import prepare
from apsnet_core.training.run_training import start
from apsnet_core.training.runs import Run
from apsnet_core.weights import load_metadata
from apsnet_core.weights.listing import named
from tests.core.small_networks import randomised
from tests.core.training.small import config, losses

ORDERED = ("mops", "snet_progressive", "samplenet_progressive")


def test_a_sample_of_mops_is_the_product_of_its_matrix() -> None:
    network = randomised(MOPSNet(6)).eval()
    points = torch.rand(2, 40, 3)
    with torch.no_grad():
        matrix, sample = network.matrix(points).double().numpy(), network(points)
    assert matrix.shape == (2, 40, 6)
    np.testing.assert_allclose(matrix.sum(axis=1), 1, atol=1e-6)
    expected = np.einsum("bnm,bnc->bmc", matrix, points.double().numpy())
    np.testing.assert_allclose(sample.numpy(), expected, atol=1e-6)


def test_mops_does_not_depend_on_the_order_of_the_points() -> None:
    network = randomised(MOPSNet(5)).eval()
    points = torch.rand(1, 30, 3)
    with torch.no_grad():
        assert torch.allclose(network(points), network(points[:, torch.randperm(30)]), atol=1e-5)


@pytest.mark.parametrize("name", ORDERED)
def test_smaller_samples_are_prefixes_and_larger_ones_are_refused(name: str) -> None:
    row = sampler_network(name)
    assert row is not None and row.gives(5, [4, 8]) and not row.gives(9, [4, 8])
    network = randomised(row.build(8, **row.options)).eval()
    points = torch.rand(2, 30, 3)
    with torch.no_grad():
        assert torch.equal(row.generate(network, points, 3), row.generate(network, points, 8)[:, :3])
    with pytest.raises(ValueError, match="at most 8 points, not 9"):
        row.generate(network, points, 9)
    assert method(name).many_sizes and not method(name).any_size


@pytest.mark.parametrize("name", ORDERED)
def test_one_training_serves_all_sizes(home: Path, tmp_path: Path, name: str) -> None:
    how = config(home, model=name, sizes=[4, 8], optimisation__epochs=3)
    start(how, tmp_path / "run")
    told = losses(tmp_path / "run")
    assert {"task@4", "task@8", "sampling@4", "sampling@8"} <= told[0].keys()
    assert told[max(told)]["loss"] < told[0]["loss"]
    entry = named(str(Run(tmp_path / "run").best))
    assert load_metadata(entry.path).sizes == [4, 8] and entry.gives(6) and not entry.gives(16)


def test_the_loss_is_the_sum_over_the_prefixes(home: Path) -> None:
    how = config(home, model="mops", sizes=[4, 8], loss__weight=3.0, loss__projection=0.5)
    prepared = prepare(how, torch.device("cpu"))
    objective = make_objective(how, prepared).eval()
    with torch.no_grad():
        terms = objective(prepared.data["train"].batch(torch.arange(4)))
    parts = sum(float(terms[f"task@{m}"] + 3 * terms[f"sampling@{m}"]) for m in (4, 8))
    assert float(terms["loss"]) == pytest.approx(parts + 0.5 * float(terms["projection"]), rel=1e-5)
