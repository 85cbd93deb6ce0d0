"""The data and weights of a config are opened and normalised for the task net, or refused if they do not fit.

The oracles are the stored clouds, normalised here in float64.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from apsnet_core.datasets import open_dataset
from apsnet_core.datasets.imported import remember
from apsnet_core.training.config import ConfigError
from apsnet_core.training.preparation import pinned, prepare
from apsnet_core.training.run_training import start
from apsnet_core.weights import WeightsError, load_metadata
from tests.core.training.small import CLASSES, config, write_task_net
from tests.narrow import present

CPU = torch.device("cpu")


def test_data_with_the_up_axis_and_scale_of_the_task_net_are_not_changed(home: Path) -> None:
    prepared = prepare(config(home), CPU)
    stored = open_dataset(home / "release")
    assert (stored.up, stored.normalisation) == ("y", "unit_sphere")
    assert torch.equal(prepared.data["train"].clouds, torch.from_numpy(stored.train.points))
    rows = torch.arange(2)
    assert torch.equal(
        prepared.data["validation"].batch(rows[:1]).clouds[0],
        torch.from_numpy(stored.validation.points[0, :32]),
    )
    assert len(prepared.data["train"].batch(rows).clouds[0]) == 32


def test_data_with_another_up_axis_or_scale_are_normalised(home: Path, tmp_path: Path) -> None:
    net = write_task_net(tmp_path / "cube.safetensors", normalisation="unit_cube", up="z")
    prepared = prepare(config(home, task_weights=str(net)), CPU)
    stored = open_dataset(home / "release").train.points.astype(np.float64)
    x, y, z = np.moveaxis(stored, -1, 0)
    turned = np.stack([x, -z, y], axis=-1)
    turned -= turned.mean(axis=1, keepdims=True)
    wanted = turned / np.ptp(turned, axis=1).max(axis=1)[:, None, None]
    np.testing.assert_allclose(prepared.data["train"].clouds.numpy(), wanted, atol=1e-6)
    assert (prepared.metadata.normalisation, prepared.metadata.up) == ("unit_cube", "z")


def test_labels_follow_the_order_of_the_task_nets_classes(home: Path, tmp_path: Path) -> None:
    net = write_task_net(tmp_path / "swapped.safetensors", classes=CLASSES[::-1])
    swapped = prepare(config(home, task_weights=str(net)), CPU)
    straight = prepare(config(home), CPU)
    assert torch.equal(swapped.data["train"].labels, 1 - straight.data["train"].labels)


def test_weights_record_the_weights_and_settings_they_were_trained_with(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("APSNET_RUNS", str(tmp_path / "runs"))
    start(config(home, model="task", sizes=[], task_weights=None, optimisation__epochs=1), Path("runs/net"))
    start(config(home, task_weights="net", optimisation__epochs=1), Path("runs/first"))
    how = config(home, task_weights="net", initial_weights="first", sizes=[4], optimisation__epochs=1)
    start(how, Path("runs/second"))
    metadata = load_metadata(Path("runs/second/best.safetensors"))
    assert metadata.task_weights == "net" and metadata.training["initial_weights"] == "first"
    assert (metadata.method, metadata.sizes, metadata.points) == ("apsnet", [4], 32)
    assert metadata.training["best_epoch"] == 0 and metadata.training["steps"] == 3
    assert {"validation accuracy@4:g", "validation distinct@4"} <= metadata.scores.keys()
    fewer = prepare(config(home, task_weights="net", points=16), CPU).metadata
    assert (fewer.points, fewer.training["points"]) == (32, 16), "a sampler samples clouds of its task net"
    # Paths of weights become absolute, so that a run finds them from any folder; shipped weights keep names.
    there = str(tmp_path / "runs/net/best.safetensors")
    assert pinned(how).task_weights == there
    shipped = config(home, task_weights="classification-pointnet")
    assert pinned(shipped).task_weights == "classification-pointnet"


def test_a_run_finds_its_data_from_any_folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home)
    assert pinned(config(home, data="release")).data == str(home / "release")
    assert pinned(config(home, data="furniture")).data == "furniture"
    remember("mine", home / "release")
    assert pinned(config(home, data="mine")).data == "mine"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"task_weights": "registration-pcrnet"}, "is for registration, not for classification"),
        ({"task_weights": "classification-apsnet"}, "is the sampler apsnet, not a task net"),
        ({"task_weights": "classification-pointnet"}, "has no class 'bathtub'"),
        ({"task_weights": "nowhere"}, "neither a file nor the name of weights"),
        ({"normalisation": "unit_cube"}, "expects clouds as unit_sphere, not unit_cube"),
        ({"classes": ["box"]}, "has the classes ball, box"),
        ({"points": 65}, "has 64 points per shape, not 65"),
        ({"initial_weights": "classification-pointnet"}, "has architecture pointnet, this training apsnet"),
        ({"model": "samplenet", "sizes": [4], "initial_weights": "classification-samplenet-8"}, "up z"),
    ],
)
def test_data_and_weights_that_do_not_fit_are_refused(changes: dict[str, Any], why: str, home: Path) -> None:
    with pytest.raises((ConfigError, WeightsError), match=why):
        prepare(config(home, **changes), CPU)


@pytest.mark.parametrize(
    ("changes", "recipe"),
    [
        ({"initial_weights": "classification-apsnet-first"}, "classification-apsnet-first"),
        ({"task_weights": "paper-classification-pointnet"}, "paper/classification-pointnet"),
    ],
)
def test_missing_weights_of_a_recipe_are_reported_with_its_train_command(
    changes: dict[str, Any], recipe: str, home: Path
) -> None:
    with pytest.raises(WeightsError, match=f"is not trained yet: `apsnet train {recipe}` does that"):
        pinned(config(home, **changes))


def registration(home: Path, tmp_path: Path, **changes: Any) -> Any:
    net = write_task_net(tmp_path / "pcrnet.safetensors", "registration")
    return config(home, task="registration", task_weights=str(net), pairs_per_shape=3, **changes)


@pytest.mark.parametrize("pairs", ["exact", "resampled"])
def test_the_rotation_of_a_pair_maps_its_source_to_its_template(
    pairs: str, home: Path, tmp_path: Path
) -> None:
    how = registration(home, tmp_path, pairs=pairs, augmentation__redraw=False)
    data = prepare(how, CPU).data
    assert len(data["train"]) == 3 * len(open_dataset(home / "release").train.points)
    for part in data.values():
        batch = part.batch(torch.tensor([0, len(part) - 1]))
        assert batch.source is not None and batch.rotation is not None
        laid = batch.source @ batch.rotation.transpose(1, 2)
        nearest = torch.cdist(laid, batch.clouds).amin(2)
        if pairs == "exact":
            torch.testing.assert_close(laid, batch.clouds, atol=1e-6, rtol=0)
        else:
            assert 0.2 < (nearest < 1e-5).float().mean() < 0.8  # the two clouds share some of their points
        assert (batch.rotation - torch.eye(3)).abs().amax() > 0.1


def test_validation_pairs_do_not_depend_on_the_seed(home: Path, tmp_path: Path) -> None:
    first = prepare(registration(home, tmp_path, pairs="resampled", seed=1), CPU).data
    second = prepare(registration(home, tmp_path, pairs="resampled", seed=2), CPU).data
    rows = torch.arange(4)
    for ours, theirs in zip(first["validation"].batch(rows), second["validation"].batch(rows), strict=True):
        assert ours is not None and theirs is not None and torch.equal(ours, theirs)
    assert not torch.equal(present(first["train"].rotation), present(second["train"].rotation))
    assert not torch.equal(first["train"].batch(rows).clouds, first["train"].batch(rows).clouds)


@pytest.mark.parametrize("task", ["reconstruction", "registration"])
def test_samplers_for_the_other_tasks_are_trained_too(task: str, home: Path, tmp_path: Path) -> None:
    net = write_task_net(tmp_path / "net.safetensors", task)
    how = config(home, task=task, task_weights=str(net), pairs_per_shape=1, optimisation__epochs=1)
    progress = start(how, tmp_path / "run")
    name = {"reconstruction": "nre", "registration": "rotation_error"}[task]
    assert progress.scores[f"{name}@4:g"] > 0 and progress.best_score == -progress.scores["score"]
