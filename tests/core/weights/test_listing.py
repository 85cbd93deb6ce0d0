"""Weights are found by method, task, size, name and path."""

from __future__ import annotations

from pathlib import Path

import pytest

from apsnet_core.weights import WeightsError, catalogue, find, find_task_net, listing
from apsnet_core.weights.metadata import Metadata, load_metadata
from tests.core.weights.files import write


def test_shipped_own_and_trained_weights_are_listed(shelves: Path) -> None:
    write(shelves / "shipped" / "joint.safetensors", "apsnet")
    write(shelves / "yours" / "bought.safetensors", "pcae")
    write(shelves / "runs" / "tuesday" / "best.safetensors", "snet")
    (shelves / "yours" / "half.safetensors").write_bytes(b"half")
    (shelves / "yours" / ".being_written.safetensors").write_bytes(b"ha")
    entries, damaged = catalogue()
    assert [(entry.name, entry.origin) for entry in entries] == [
        ("joint", "shipped"),
        ("bought", "yours"),
        ("tuesday", "run"),
    ]
    assert [error.path.name for error in damaged] == ["half.safetensors"]


def test_shipped_weights_for_most_sizes_come_first(shelves: Path) -> None:
    write(shelves / "yours" / "a.safetensors", "apsnet", sizes=[8, 16, 32])
    assert find("apsnet", "classification").name == "a"
    write(shelves / "shipped" / "b.safetensors", "apsnet", sizes=[8])
    write(shelves / "shipped" / "c.safetensors", "apsnet", sizes=[8, 16])
    assert find("apsnet", "classification", 500).name == "c"


def test_one_model_per_size_is_found_by_its_size(shelves: Path) -> None:
    for m in (8, 16):
        write(shelves / "shipped" / f"samplenet-{m}.safetensors", "samplenet", sizes=[m])
    assert find("samplenet", "classification", 16).name == "samplenet-16"
    with pytest.raises(
        WeightsError, match="for classification at 9 points; there are for 8, 16 points: train"
    ):
        find("samplenet", "classification", 9)
    with pytest.raises(WeightsError, match="for registration; there are for classification: train some"):
        find("samplenet", "registration", 8)
    with pytest.raises(WeightsError, match=r"there are none for any task: train .* `apsnet weights import`"):
        find("snet", "registration")


def test_weights_are_named_by_name_path_or_run(shelves: Path) -> None:
    write(shelves / "shipped" / "joint.safetensors", "apsnet")
    elsewhere = write(shelves / "elsewhere.safetensors", "apsnet", sizes=[4])
    run = write(shelves / "other_runs" / "monday" / "best.safetensors", "apsnet").parent
    assert find("apsnet", "classification", 8, "joint").origin == "shipped"
    assert find("apsnet", "classification", 8, str(elsewhere)).name == "elsewhere"
    assert find("apsnet_kd", "classification", 8, str(run), architecture="apsnet").name == "monday"


@pytest.mark.parametrize(
    ("method", "task", "m", "name", "why"),
    [
        (
            "apsnet",
            "classification",
            8,
            "nobody",
            "neither a file nor the name of weights; there are net, s8",
        ),
        ("apsnet", "classification", 8, __file__, "is neither a weights file, which ends in .safetensors"),
        ("apsnet", "classification", 8, "s8", "holds the sampler samplenet for classification, not apsnet"),
        ("samplenet", "registration", 8, "s8", "was trained for classification, not for registration"),
        ("samplenet", "classification", 9, "s8", "samples 8 points, not 9"),
        ("apsnet", "classification", 8, "net", "holds the task net pointnet for classification, not apsnet"),
        ("apsnet", "classification", 8, "half", "is not a readable safetensors file"),
        ("apsnet", "classification", 8, "no/such.safetensors", "does not exist"),
    ],
)
def test_named_weights_must_fit(shelves: Path, method: str, task: str, m: int, name: str, why: str) -> None:
    write(shelves / "shipped" / "s8.safetensors", "samplenet", sizes=[8])
    write(shelves / "shipped" / "net.safetensors", "pointnet")
    (shelves / "yours" / "half.safetensors").write_bytes(b"half")
    with pytest.raises(WeightsError, match=why):
        find(method, task, m, name)


def test_task_nets_are_found_by_task(shelves: Path) -> None:
    write(shelves / "shipped" / "net.safetensors", "pointnet")
    write(shelves / "shipped" / "joint.safetensors", "apsnet")
    assert find_task_net("classification").name == "net"
    assert find_task_net("classification", "net").name == "net"
    with pytest.raises(WeightsError, match="registration has no task net: train"):
        find_task_net("registration")
    with pytest.raises(WeightsError, match="holds the sampler apsnet for classification, not a network for"):
        find_task_net("classification", "joint")


def test_weights_files_are_read_again_only_after_a_change(
    shelves: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def load(path: Path) -> Metadata:
        read.append(path.name)
        return load_metadata(path)

    monkeypatch.setattr(listing, "load_metadata", load)
    a = write(shelves / "yours" / "a.safetensors", "apsnet", sizes=[8])
    write(shelves / "yours" / "b.safetensors", "apsnet", sizes=[8])
    for _ in range(3):
        assert [entry.metadata.sizes for entry in catalogue().entries] == [[8], [8]]
    assert read == ["a.safetensors", "b.safetensors"]
    write(a, "apsnet", sizes=[8, 16])
    assert [entry.metadata.sizes for entry in catalogue().entries] == [[8, 16], [8]]
    assert read == ["a.safetensors", "b.safetensors", "a.safetensors"]


def test_the_error_for_an_unknown_name_suggests_one_name() -> None:
    """There are dozens of shipped weights, whose names would fill the window."""
    for name, said in (
        ("classification-apsnet-33", "did you mean classification-apsnet"),
        ("x", "see `apsnet"),
    ):
        with pytest.raises(WeightsError, match=said) as why:
            listing.named(name)
        assert len(str(why.value)) < 150
