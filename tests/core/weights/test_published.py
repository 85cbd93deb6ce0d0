"""Published checkpoints are recognised and converted, and compute the same as float64 numpy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from apsnet_core.networks.apsnet import APSNet
from apsnet_core.networks.pcae import PCAE
from apsnet_core.networks.pcrnet import PCRNet
from apsnet_core.networks.pointnet import PointNet
from apsnet_core.networks.samplenet import SampleNet
from apsnet_core.weights import WeightsError, import_published, load, load_published
from tests.core.small_networks import clouds
from tests.core.weights import published
from tests.core.weights.published import StateDict
from tests.naive import published as reference

CLOUDS = clouds(2, 60)


def as_is(state: StateDict) -> Any:
    return state


def of_many_gpus(state: StateDict) -> Any:
    return {f"module.{name}": value for name, value in state.items()}


def of_a_training(state: StateDict) -> Any:
    return {"epoch": 7, "instance_acc": np.float64(0.9), "model_state_dict": of_many_gpus(state)}


def of_an_old_pytorch(state: StateDict) -> Any:
    return {name: value for name, value in state.items() if not name.endswith("num_batches_tracked")}


def inside_a_task_net(state: StateDict) -> Any:
    return {"model": {**published.pcrnet(), **{f"sampler.{name}": value for name, value in state.items()}}}


every_wrapping = pytest.mark.parametrize("wrap", [as_is, of_many_gpus, of_a_training, of_an_old_pytorch])


def doubles(state: StateDict) -> dict[str, np.ndarray]:
    return {name: value.double().numpy() for name, value in state.items()}


@pytest.mark.parametrize("wrap", [as_is, of_many_gpus, of_a_training, of_an_old_pytorch, inside_a_task_net])
def test_apsnet(wrap: Callable[[StateDict], Any]) -> None:
    state = published.apsnet()
    network = load_published(wrap(state))
    assert isinstance(network, APSNet) and not network.training
    with torch.no_grad():
        points = network(CLOUDS, 20).points
    for b in range(2):
        expected = reference.apsnet(doubles(state), CLOUDS[b].double().numpy(), 20)
        np.testing.assert_allclose(points[b], expected, atol=1e-4)


@pytest.mark.parametrize("wrap", [as_is, of_many_gpus, of_a_training, of_an_old_pytorch, inside_a_task_net])
def test_samplenet(wrap: Callable[[StateDict], Any]) -> None:
    state = published.samplenet(11)
    network = load_published(wrap(state))
    assert isinstance(network, SampleNet) and network.m == 11
    assert network.temperature.item() == state["project._temperature"].item()
    with torch.no_grad():
        generated = network(CLOUDS)[0]
    for b in range(2):
        expected = reference.samplenet(doubles(state), CLOUDS[b].double().numpy())
        np.testing.assert_allclose(generated[b], expected, atol=1e-4)


@every_wrapping
def test_pointnet(wrap: Callable[[StateDict], Any]) -> None:
    state = published.pointnet(40)
    network = load_published(wrap(state))
    assert isinstance(network, PointNet)
    with torch.no_grad():
        logarithms = network(CLOUDS).log_softmax(-1)
    for b in range(2):
        expected = reference.pointnet(doubles(state), CLOUDS[b].double().numpy())
        np.testing.assert_allclose(logarithms[b], expected, atol=1e-4)


@every_wrapping
def test_pcae(wrap: Callable[[StateDict], Any]) -> None:
    state = published.pcae()
    network = load_published(wrap(state))
    assert isinstance(network, PCAE)
    with torch.no_grad():
        points = network(CLOUDS)
    for b in range(2):
        np.testing.assert_allclose(
            points[b], reference.pcae(doubles(state), CLOUDS[b].double().numpy()), atol=1e-4
        )


@every_wrapping
def test_pcrnet(wrap: Callable[[StateDict], Any]) -> None:
    state = published.pcrnet()
    network = load_published(wrap(state))
    assert isinstance(network, PCRNet)
    sources = clouds(2, 45, seed=9)
    with torch.no_grad():
        pose = network(CLOUDS, sources)
    found = torch.cat([pose.quaternion, pose.translation], dim=1)
    for b in range(2):
        both = [cloud[b].double().numpy() for cloud in (CLOUDS, sources)]
        np.testing.assert_allclose(found[b], reference.pcrnet(doubles(state), *both), atol=1e-4)


def test_the_sampler_or_the_task_net_of_a_joint_checkpoint_can_be_loaded() -> None:
    both = inside_a_task_net(published.samplenet(4))
    assert isinstance(load_published(both, part="sampler"), SampleNet)
    assert isinstance(load_published(both, part="task"), PCRNet)
    with pytest.raises(ValueError, match="none of the networks"):
        load_published(published.pcae(), part="sampler")


def test_layers_that_a_published_version_never_uses_are_left_out() -> None:
    extra = {**published.samplenet(4), **published.apsnet(), "conv6.weight": torch.zeros(128, 128, 1)}
    assert isinstance(load_published(extra), APSNet)


def with_a_nan(state: StateDict) -> StateDict:
    return {**state, "conv3.bias": torch.full((64,), torch.nan)}


def without(state: StateDict, name: str) -> StateDict:
    return {key: value for key, value in state.items() if key != name}


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (published.pointnet(40, channels=6), "6 values per point .* normals"),
        (
            without(published.apsnet(), "conv2.weight"),
            "published apsnet, but lacks .* features.linear.1.weight",
        ),
        (without(published.samplenet(4), "project._temperature"), "lacks .* temperature"),
        ({**published.pcae(), "more": torch.zeros(1)}, "published pcae, but has .* more"),
        ({**published.apsnet(), "conv5.weight": torch.zeros(99, 128, 1)}, r"\(99, 128\), not \(128, 128\)"),
        (with_a_nan(published.apsnet()), "not finite"),
        ({"layer.weight": torch.zeros(3)}, "none of the networks that can be imported"),
        ({}, "none of the networks that can be imported"),
    ],
)
def test_invalid_checkpoints_are_refused_in_one_sentence(state: StateDict, why: str) -> None:
    with pytest.raises(ValueError, match=why) as refusal:
        load_published(state)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("legacy", [False, True])
def test_an_imported_checkpoint_gets_complete_metadata(tmp_path: Path, legacy: bool) -> None:
    source, target = tmp_path / "best.pth", tmp_path / "mine.safetensors"
    state = published.samplenet(16)
    torch.save(of_a_training(state), source, _use_new_zipfile_serialization=not legacy)
    said = import_published(source, target, task="registration", neighbours=4, data="ModelNet40 cars")
    network, metadata = load(target)
    assert metadata == said
    assert (metadata.method, metadata.task, metadata.sizes) == ("samplenet", "registration", [16])
    assert (metadata.normalisation, metadata.up, metadata.points) == ("unit_cube", "y", 1024)
    assert isinstance(network, SampleNet) and network.k == 4
    ours = load_published(state)
    assert all(
        torch.equal(a, b)
        for a, b in zip(network.state_dict().values(), ours.state_dict().values(), strict=True)
    )


def test_a_checkpoint_of_40_classes_gets_the_classes_of_modelnet40(tmp_path: Path) -> None:
    torch.save(published.pointnet(40), tmp_path / "a.pth")
    metadata = import_published(tmp_path / "a.pth", tmp_path / "a.safetensors")
    assert metadata.task == "classification"
    assert (metadata.classes[0], metadata.classes[7], metadata.classes[39]) == ("airplane", "car", "xbox")
    assert metadata.classes == sorted(metadata.classes) and len(metadata.classes) == 40


@pytest.mark.parametrize(
    ("contents", "options", "why"),
    [
        (published.apsnet(), {}, "without its task: name the task with --task"),
        (published.pcae(), {"task": "classification"}, "for reconstruction, not for classification"),
        (published.pointnet(3), {"classes": ["a", "b"]}, "3 classes, but 2 names"),
        (published.samplenet(4), {"task": "registration", "sizes": [8]}, "samples 4 points"),
        ([1, 2], {}, "a list, not a state dict"),
        (torch.nn.Linear(1, 1), {}, "could run code"),
    ],
)
def test_a_failed_import_leaves_no_file(
    tmp_path: Path, contents: Any, options: dict[str, Any], why: str
) -> None:
    source, target = tmp_path / "a.pth", tmp_path / "a.safetensors"
    torch.save(contents, source)
    with pytest.raises(WeightsError, match=why):
        import_published(source, target, **options)
    assert [path.name for path in tmp_path.iterdir()] == ["a.pth"]


@pytest.mark.parametrize("damage", [b"", b"junk", b"not a checkpoint", b"PK\x03\x04 half"])
def test_a_file_that_is_no_checkpoint_is_refused(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "a.pth").write_bytes(damage)
    with pytest.raises(WeightsError, match="not a PyTorch checkpoint, or is damaged"):
        import_published(tmp_path / "a.pth", tmp_path / "a.safetensors")
    with pytest.raises(WeightsError, match="cannot be read"):
        import_published(tmp_path / "b.pth", tmp_path / "a.safetensors")


def test_a_truncated_checkpoint_is_called_damaged(tmp_path: Path) -> None:
    torch.save(published.apsnet(), tmp_path / "a.pth")
    whole = (tmp_path / "a.pth").read_bytes()
    for part in (0.1, 0.5, 0.99):
        (tmp_path / "a.pth").write_bytes(whole[: int(part * len(whole))])
        with pytest.raises(WeightsError, match="damaged"):
            import_published(tmp_path / "a.pth", tmp_path / "a.safetensors")
