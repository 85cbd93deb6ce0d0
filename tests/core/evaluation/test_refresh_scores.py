"""The tool that writes scores into weights keeps the tensors, and its scores are measured on the data."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from apsnet_core.weights import build, catalogue, load_metadata, save
from apsnet_core.weights.listing import named
from tests.core.small_networks import randomised
from tests.core.weights.files import metadata
from tests.scores.refresh import TABLES, measure, scores_by_weights, write_scores


def test_writing_new_scores_does_not_change_the_tensors(tmp_path: Path) -> None:
    about = metadata(
        "apsnet", scores={"validation accuracy@8:g": 0.9, "test accuracy@8:g": 0.1, "test shapes": 3}
    )
    path = tmp_path / "mine.safetensors"
    save(path, randomised(build(about)).state_dict(), about, half=True)
    before = load_file(path)
    write_scores(named(str(path)), {"test accuracy@8:g": 0.87654, "test chamfer": 0.00075512})
    after = load_file(path)
    assert before.keys() == after.keys()
    assert all(before[name].dtype == after[name].dtype for name in before)
    assert all(torch.equal(before[name], after[name]) for name in before)
    assert load_metadata(path).scores == {
        "validation accuracy@8:g": 0.9, "test accuracy@8:g": 0.8765, "test chamfer": 0.0007551,
    }  # fmt: skip


@pytest.mark.data
def test_registration_weights_have_the_scores_measured_on_the_test_pairs(tmp_path: Path) -> None:
    (registration,) = (what for what in TABLES if what.task == "registration")
    shipped = [entry for entry in catalogue().entries if entry.origin == "shipped"]
    table = measure(registration, Path(os.environ["APSNET_DATA"]), shipped, tmp_path, {"entries": []})
    found = scores_by_weights([table])
    for entry in shipped:
        if entry.metadata.task == "registration":
            told = {key: value for key, value in entry.metadata.scores.items() if key.startswith("test ")}
            assert found[entry.name] == pytest.approx(told, rel=0.01)
