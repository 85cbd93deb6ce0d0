"""Trainings learn: a task net memorises a few shapes, and an APSNet learns to sample for that task net."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import torch
from lightning_fabric import Fabric
from safetensors.torch import load_file

from apsnet_core.checked_parts import FAR
from apsnet_core.networks.familiarity import Familiarity, features_of
from apsnet_core.training.batches import DeviceData, augment, epoch_order
from apsnet_core.training.config import Augmentation, ConfigError
from apsnet_core.training.failures import TrainingFailed
from apsnet_core.training.find_runs import state_of
from apsnet_core.training.objectives import make_objective
from apsnet_core.training.preparation import prepare
from apsnet_core.training.run_training import start
from apsnet_core.training.runs import Run
from apsnet_core.weights import load_metadata, load_with_familiarity
from tests.core.small_networks import clouds
from tests.core.training.small import config, events, losses

STILL: dict[str, Any] = {"augmentation__scale": [1.0, 1.0], "augmentation__redraw": False}


def test_a_task_net_memorises_a_small_set_and_a_sampler_learns_for_it(home: Path, tmp_path: Path) -> None:
    task = config(
        home, model="task", sizes=[], task_weights=None, optimisation__epochs=30, validate_every=30,
        optimisation__learning_rate=1e-3, **STILL,
    )  # fmt: skip
    start(task, tmp_path / "net")
    told = losses(tmp_path / "net")
    assert told[29]["loss"] < 0.1 * told[0]["loss"]
    prepared = prepare(task, torch.device("cpu"))
    objective = make_objective(task, prepared).eval()
    before = objective.validate(prepared.data["train"])["accuracy"]
    last = load_file(tmp_path / "net/last.safetensors")
    objective.trained.load_state_dict({k[6:]: v for k, v in last.items() if k.startswith("model.")})
    after = objective.validate(prepared.data["train"])["accuracy"]
    assert after >= 0.95 > before

    network, _, familiar = load_with_familiarity(tmp_path / "net/best.safetensors")
    assert familiar is not None
    train, validation = (features_of(network, data.clouds[:, :32]) for data in prepared.data.values())
    expected = Familiarity.fit(train, prepared.data["train"].labels, validation).state_dict()
    torch.testing.assert_close(familiar.state_dict(), expected, rtol=1e-4, atol=1e-5)
    assert (familiar.farther_than(train) < FAR).float().mean() > 0.9
    flat = clouds(1, 32) * torch.tensor([2.0, 0.0, 0.5])
    assert int(familiar.farther_than(features_of(network, flat))) >= FAR

    sampler = config(
        home, task_weights=str(tmp_path / "net"), sizes=[8], optimisation__epochs=40,
        optimisation__learning_rate=3e-3, loss__weight=0.5, **STILL,
    )  # fmt: skip
    start(sampler, tmp_path / "sampler")
    told = losses(tmp_path / "sampler")
    # The slowest of five seeds ends at 0.40 and 0.38 of the first losses.
    assert told[39]["loss"] < 0.6 * told[0]["loss"] and told[39]["task@8"] < 0.6 * told[0]["task@8"]
    # An untrained APSNet generates nearly equal points for about 7 epochs; the seeds end at 4 to 6.5 points.
    distinct = [event["metrics"]["distinct@8"] for event in events(tmp_path / "sampler", "validation")]
    assert max(distinct) >= 3 and distinct[0] < 1.5
    assert len(list((tmp_path / "sampler/snapshots").glob("epoch-*.safetensors"))) == 40
    shot = load_file(tmp_path / "sampler/snapshots/epoch-0039.safetensors")
    assert shot["attention"].shape == (1, 8, 32) and shot["points"].shape == (1, 8, 3)
    torch.testing.assert_close(shot["attention"].float().sum(2), torch.ones(1, 8), atol=1e-2, rtol=0)


def test_a_training_leaves_the_precision_of_products_as_it_was(home: Path, tmp_path: Path) -> None:
    """A training on a GPU lowers it; later samples on that GPU must equal those of the CPU again."""
    start(config(home, optimisation__epochs=1), tmp_path / "first")
    assert torch.get_float32_matmul_precision() == "highest"
    with pytest.MonkeyPatch.context() as patch:
        seen: list[str] = []
        patch.setattr(torch, "set_float32_matmul_precision", seen.append)
        patch.setattr(Fabric, "device", torch.device("cuda"))
        with pytest.raises(TrainingFailed):
            start(config(home, optimisation__epochs=1), tmp_path / "second")
    assert seen == ["high", "highest"]


def test_every_epoch_visits_every_row_once_in_an_order_of_its_own() -> None:
    orders = [epoch_order(50, seed, epoch) for seed, epoch in ((0, 0), (0, 1), (1, 0), (0, 0))]
    for order in orders:
        assert torch.equal(order.sort().values, torch.arange(50))
    assert torch.equal(orders[0], orders[3])
    assert not torch.equal(orders[0], orders[1]) and not torch.equal(orders[0], orders[2])


def test_augmentation_stays_within_its_settings() -> None:
    torch.manual_seed(0)
    points = clouds(200, 40)
    data = DeviceData(points, torch.zeros(200, dtype=torch.int64), 40)
    batch = data.batch(torch.arange(200))
    dropped = augment(batch, Augmentation(dropout=0.875)).clouds
    same, first = (dropped == points).all(2), (dropped == points[:, :1]).all(2)
    assert (same | first).all()
    share = (~same).float().mean(1)
    assert share.max() <= 0.975 and 0.3 < share.mean() < 0.57  # uniform in 0 .. 0.875
    moved = augment(batch, Augmentation(scale=(0.8, 1.25), per_axis=True, shift=0.1)).clouds
    scale = moved.std(1) / points.std(1)
    assert scale.min() > 0.799 and scale.max() < 1.251 and (scale[:, 0] - scale[:, 1]).abs().max() > 0.2
    shift = moved[:, 0] - points[:, 0] * scale
    assert shift.abs().max() <= 0.101
    whole = augment(batch, Augmentation(scale=(0.8, 1.25))).clouds
    torch.testing.assert_close((whole.std(1) / points.std(1)).std(1), torch.zeros(200), atol=1e-6, rtol=0)


def test_redrawn_points_are_other_points_of_the_same_cloud() -> None:
    torch.manual_seed(0)
    points = clouds(3, 30)
    data = DeviceData(points, torch.zeros(3, dtype=torch.int64), 10)
    batch = data.batch(torch.tensor([2, 0]), redraw=True).clouds
    assert batch.shape == (2, 10, 3)
    for drawn, cloud in zip(batch, points[[2, 0]], strict=True):
        rows = (drawn[:, None] == cloud).all(2).nonzero()[:, 1]
        assert len(rows.unique()) == 10
    assert torch.equal(data.batch(torch.tensor([1])).clouds[0], points[1, :10])


def test_tensorboard_gets_the_metrics_or_its_absence_is_reported(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    how = config(home, tensorboard=True, optimisation__epochs=1)
    monkeypatch.setitem(__import__("sys").modules, "torch.utils.tensorboard", None)
    with pytest.raises(ConfigError, match=r"pip install 'apsnet-studio\[tensorboard\]', or set it to false"):
        start(how, tmp_path / "without")
    assert not (tmp_path / "without").exists(), "the refused training must not leave a folder"

    told: list[tuple[str, float, int]] = []

    def writer(folder: str) -> SimpleNamespace:
        assert Path(folder) == tmp_path / "with/tensorboard"
        return SimpleNamespace(add_scalar=lambda *what: told.append(what), flush=lambda: None)

    module = ModuleType("torch.utils.tensorboard")
    module.SummaryWriter = writer  # type: ignore[attr-defined]
    monkeypatch.setitem(__import__("sys").modules, "torch.utils.tensorboard", module)
    start(how, tmp_path / "with")
    epoch = losses(tmp_path / "with")[0]
    assert ("epoch/loss", epoch["loss"], 3) in told
    assert {"validation/accuracy@4:g", "step/loss"} <= {name for name, _, _ in told}


def test_keep_decides_between_the_best_and_the_last_epoch(home: Path, tmp_path: Path) -> None:
    # With so small a learning rate no answer changes, so no epoch is better than the first.
    still = {"optimisation__epochs": 2, "optimisation__learning_rate": 1e-12}
    for keep, epoch in (("best", 0), ("last", 1)):
        folder = tmp_path / keep
        start(config(home, keep=keep, **still), folder)
        assert state_of(Run(folder)).best_epoch == epoch
        assert load_metadata(Run(folder).best).training["best_epoch"] == epoch
