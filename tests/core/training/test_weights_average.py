"""The moving average of the weights against one computed by hand, in a training and after a stop."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file
from torch import nn

from apsnet_core.training.run_training import start
from apsnet_core.training.runs import Run
from apsnet_core.training.weights_average import WeightsAverage
from apsnet_core.weights import load_metadata
from tests.core.training.small import config, start_in, state


def test_the_average_of_the_weights_equals_one_computed_by_hand() -> None:
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4))
    average = WeightsAverage(network, 0.5)
    expected = {name: tensor.double().numpy() for name, tensor in state(network).items()}
    for step in range(1, 9):
        network(torch.randn(5, 3))
        with torch.no_grad():
            for parameter in network.parameters():
                parameter.add_(torch.randn_like(parameter))
        average.add(step)
        kept = min(0.5, (1 + step) / (10 + step))
        for name, tensor in state(network).items():
            now = tensor.double().numpy()
            whole = name.endswith("tracked")
            expected[name] = now if whole else kept * expected[name] + (1 - kept) * now
    own = state(network)
    with average.in_place():
        for name, tensor in state(network).items():
            np.testing.assert_allclose(tensor.double().numpy(), expected[name], atol=1e-6)
    assert all(torch.equal(tensor, own[name]) for name, tensor in state(network).items())


def test_the_weights_of_a_training_are_the_average_and_a_stop_changes_nothing(
    home: Path, tmp_path: Path
) -> None:
    how = config(home, model="snet", sizes=[4], keep="last", weights_average=0.9, optimisation__epochs=2)
    run = Run(tmp_path / "run")
    start_in(run.folder, how, stop_after=6)  # stops after 5 of 6 steps: the end of an epoch also counts
    before = load_file(run.checkpoint)
    start(how, run.folder, resume=True)
    after, best = load_file(run.checkpoint), load_file(run.best)
    start(how, tmp_path / "whole")
    whole = load_file(Run(tmp_path / "whole").best)
    for name, tensor in best.items():
        expected = after[f"average.{name}"]
        assert np.array_equal(tensor, expected) and np.array_equal(tensor, whole[name])
        if tensor.dtype == np.float32:
            by_hand = 7 / 16 * before[f"average.{name}"].astype(np.float64) + 9 / 16 * after[f"model.{name}"]
            assert tensor == pytest.approx(by_hand, abs=1e-6)
    assert not np.array_equal(best["head.bias"], after["model.head.bias"])
    assert load_metadata(run.best).training["weights_average"] == 0.9
