"""Weights files are written and read without change, and each fault gives one clear sentence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from pydantic import ValidationError
from safetensors.torch import load_file, save_file

from apsnet_core.weights import (
    WeightsError,
    build,
    load,
    load_metadata,
    load_with_familiarity,
    rewrite_metadata,
    save,
)
from tests.core.small_networks import clouds, randomised
from tests.core.weights.files import metadata, write

ARCHITECTURES = ["apsnet", "samplenet", "snet", "pointnet", "pcae", "pcrnet"]


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_saved_weights_are_loaded_without_change(tmp_path: Path, architecture: str) -> None:
    about = metadata(architecture, scores={"accuracy": 0.5}, training={"seed": 3, "sizes": [8, 16]})
    network = randomised(build(about))
    save(tmp_path / "a.safetensors", network.state_dict(), about)
    loaded, said = load(tmp_path / "a.safetensors")
    assert said == about and not loaded.training
    for name, tensor in network.state_dict().items():
        assert torch.equal(loaded.state_dict()[name], tensor)
    assert [path.name for path in tmp_path.iterdir()] == ["a.safetensors"]


def test_half_precision_keeps_statistics_in_single_precision(tmp_path: Path) -> None:
    about = metadata("samplenet")
    network = randomised(build(about))
    save(tmp_path / "a.safetensors", network.state_dict(), about, half=True)
    stored = load_file(tmp_path / "a.safetensors")
    assert stored["generator.head.weight"].dtype == torch.float16
    assert stored["generator.norm.0.running_var"].dtype == torch.float32
    assert stored["temperature"].dtype == torch.float32
    loaded, _ = load(tmp_path / "a.safetensors")
    assert all(p.dtype == torch.float32 for p in loaded.parameters())
    with torch.no_grad():
        torch.testing.assert_close(loaded(clouds(1, 50)), network(clouds(1, 50)), atol=0.02, rtol=0.02)


def test_reading_metadata_does_not_import_torch(tmp_path: Path) -> None:
    path = write(tmp_path / "a.safetensors", "apsnet")
    code = (
        "import sys; from pathlib import Path; from apsnet_core.weights import load_metadata;"
        f"load_metadata(Path({str(path)!r})); sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def lacking(stored: dict[str, torch.Tensor]) -> None:
    del stored["lstm.weight_hh_l1"]


def extra(stored: dict[str, torch.Tensor]) -> None:
    stored["lstm.weight_hr_l0"] = torch.zeros(2)


def misshapen(stored: dict[str, torch.Tensor]) -> None:
    stored["lstm.weight_ih_l0"] = torch.zeros(512, 6)


def not_finite(stored: dict[str, torch.Tensor]) -> None:
    stored["features.linear.0.bias"][3] = torch.inf


@pytest.mark.parametrize(
    ("harm", "why"),
    [
        (lacking, "lacks 1 of the tensors of APSNet, among them lstm.weight_hh_l1"),
        (extra, "has 1 tensors that APSNet does not know, among them lstm.weight_hr_l0"),
        (misshapen, r"has lstm.weight_ih_l0 as \(512, 6\), not \(512, 3\)"),
        (not_finite, "has values in features.linear.0.bias that are not finite"),
    ],
)
def test_the_error_names_tensors_that_do_not_fit(tmp_path: Path, harm: Any, why: str) -> None:
    about = metadata("apsnet")
    stored = build(about).state_dict()
    harm(stored)
    save(tmp_path / "a.safetensors", stored, about)
    with pytest.raises(WeightsError, match=why):
        load(tmp_path / "a.safetensors")


def familiar_file(path: Path, **changes: torch.Tensor | None) -> Path:
    """Write a PointNet's file with familiarity data of three classes; ``changes`` of None are left out."""
    told = {"means": torch.rand(3, 1024), "spread": torch.rand(1024) + 0.1, "reach": torch.arange(101.0)}
    kept = {f"familiar.{name}": value for name, value in {**told, **changes}.items() if value is not None}
    about = metadata("pointnet")
    save(path, randomised(build(about)).state_dict() | kept, about)
    return path


def test_familiarity_data_are_kept_with_the_tensors_of_a_task_net(tmp_path: Path) -> None:
    path = familiar_file(tmp_path / "a.safetensors")
    before, (network, about, familiar) = load_file(path), load_with_familiarity(path)
    assert familiar is not None and network.state_dict().keys() == build(about).state_dict().keys()
    for name, tensor in familiar.state_dict().items():
        assert torch.equal(tensor, before[f"familiar.{name}"])
    rewrite_metadata(path, tmp_path / "b.safetensors", about.model_copy(update={"note": "mine"}))
    again = load_file(tmp_path / "b.safetensors")
    assert again.keys() == before.keys() and all(torch.equal(again[name], before[name]) for name in before)
    assert load_metadata(tmp_path / "b.safetensors").note == "mine"
    assert load_with_familiarity(write(tmp_path / "c.safetensors", "pointnet"))[2] is None
    rewrite_metadata(tmp_path / "c.safetensors", tmp_path / "c.safetensors", about, familiar)
    assert load_with_familiarity(tmp_path / "c.safetensors")[2] is not None


@pytest.mark.parametrize(
    ("harm", "why"),
    [
        ({"means": None}, "lacks 1 of the tensors of Familiarity, among them means"),
        ({"more": torch.ones(1)}, "has 1 tensors that Familiarity does not know, among them more"),
        ({"means": torch.rand(3, 512)}, r"has means as \(3, 512\), not \(3, 1024\)"),
        ({"means": torch.rand(())}, r"has means as \(\), not \(0, 1024\)"),
        ({"means": torch.rand(0, 1024)}, "holds no features of its training shapes"),
        ({"spread": torch.zeros(1024)}, "holds no features of its training shapes"),
        ({"reach": torch.full((101,), torch.nan)}, "has values in reach that are not finite"),
        ({"reach": -torch.arange(101.0)}, "has distances in reach that do not increase"),
    ],
)
def test_damaged_familiarity_data_are_refused(tmp_path: Path, harm: Any, why: str) -> None:
    with pytest.raises(WeightsError, match=why):
        load(familiar_file(tmp_path / "a.safetensors", **harm))


def test_familiarity_data_in_a_sampler_are_refused(tmp_path: Path) -> None:
    about = metadata("snet")
    save(tmp_path / "a.safetensors", build(about).state_dict() | {"familiar.reach": torch.zeros(101)}, about)
    with pytest.raises(WeightsError, match=r"SNet does not know, among them familiar\.reach"):
        load(tmp_path / "a.safetensors")


def test_weights_of_another_architecture_are_refused(tmp_path: Path) -> None:
    save(tmp_path / "a.safetensors", build(metadata("pcae")).state_dict(), metadata("apsnet"))
    with pytest.raises(WeightsError, match="of the tensors of APSNet"):
        load(tmp_path / "a.safetensors")


def test_a_truncated_file_is_not_readable(tmp_path: Path) -> None:
    whole = write(tmp_path / "a.safetensors", "snet").read_bytes()
    for length in (0, 4, 100, len(whole) // 2, len(whole) - 1):
        (tmp_path / "b.safetensors").write_bytes(whole[:length])
        with pytest.raises(WeightsError, match="is not a readable safetensors file"):
            load(tmp_path / "b.safetensors")


def test_the_error_for_foreign_weights_names_the_import(tmp_path: Path) -> None:
    save_file({"a": torch.zeros(1)}, tmp_path / "a.safetensors")
    with pytest.raises(WeightsError, match="no APSNet metadata; import it"):
        load(tmp_path / "a.safetensors")
    with pytest.raises(WeightsError, match="does not exist"):
        load_metadata(tmp_path / "b.safetensors")


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"architecture": "resnet"}'])
def test_metadata_that_does_not_fit_is_refused(tmp_path: Path, text: str) -> None:
    save_file({"a": torch.zeros(1)}, tmp_path / "a.safetensors", metadata={"apsnet": text})
    with pytest.raises(WeightsError, match="metadata that does not fit this version") as refusal:
        load(tmp_path / "a.safetensors")
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("architecture", "facts"),
    [
        ("samplenet", {"sizes": [8, 16]}),
        ("snet", {"sizes": []}),
        ("snet", {"sizes": [10**9]}),
        ("apsnet", {"sizes": [0]}),
        ("apsnet", {"method": None}),
        ("pcae", {"method": "apsnet"}),
        ("pointnet", {"classes": []}),
    ],
)
def test_inconsistent_metadata_are_refused(architecture: str, facts: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        metadata(architecture, **facts)
