"""Hostile values and files that nobody would give by accident are refused in one sentence."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from apsnet_core.cloud import PointCloud
from apsnet_core.methods.creating import create
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.training.config import ConfigError, load_config, make_config
from apsnet_core.weights.importing import import_published
from apsnet_core.weights.metadata import WeightsError
from tests.core.cli.command import apsnet, sentence

HUGE = "12345678901234567890123456"


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    np.savetxt(tmp_path / "a.xyz", np.random.default_rng(0).normal(size=(50, 3)))
    return tmp_path / "a.xyz"


@pytest.mark.parametrize("seed", ["-1", HUGE])
def test_the_command_refuses_seeds_out_of_range(scan: Path, seed: str) -> None:
    assert "seed" in sentence("sample", scan, "--seed", seed, code=2)


@pytest.mark.parametrize("seed", [-1, int(HUGE)])
@pytest.mark.parametrize("method", ["random", "farthest_point", "voxel", "apsnet", "samplenet"])
def test_methods_refuse_seeds_out_of_range(seed: int, method: str) -> None:
    cloud = PointCloud(np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32))
    with pytest.raises(ValueError, match="a seed is a whole number"):
        create(MethodSpec.parse(method)).sample(cloud, 8, seed)


RECIPE = {"model": "task", "task": "classification"}


@pytest.mark.parametrize("seed", [-1, int(HUGE)])
def test_recipes_refuse_seeds_out_of_range(seed: int) -> None:
    with pytest.raises(ConfigError, match="seed"):
        make_config({**RECIPE, "seed": seed})


@pytest.mark.parametrize("name", ["../../escape", "a/b", "a\\b", ".hidden", "c:d"])
def test_the_name_of_a_recipe_cannot_lead_to_another_folder(name: str) -> None:
    with pytest.raises(ConfigError, match="cannot name a folder"):
        make_config({**RECIPE, "name": name})


def test_deeply_nested_toml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("a = " + "[" * 100_000 + "]" * 100_000)
    with pytest.raises(ConfigError, match="is not TOML"):
        load_config(tmp_path / "a.toml")


def test_a_checkpoint_that_contains_itself_is_refused(tmp_path: Path) -> None:
    loop: dict[str, object] = {}
    loop["state_dict"] = loop
    torch.save(loop, tmp_path / "a.pth")
    with pytest.raises(WeightsError):
        import_published(tmp_path / "a.pth", tmp_path / "a.safetensors")


@pytest.mark.skipif(sys.platform == "win32", reason="names are text there")
@pytest.mark.parametrize("name", [b"a\xff.xyz", b"a\x1b]0;title\x07.xyz"])
def test_file_names_that_are_not_utf_8_are_read_and_escaped(tmp_path: Path, name: bytes) -> None:
    path = os.path.join(os.fsencode(tmp_path), name)  # noqa: PTH118
    np.savetxt(os.fsdecode(path), np.eye(3))
    done = apsnet("info", os.fsdecode(path))
    assert done.returncode == 0 and "\x1b" not in done.stdout and "3 points" in done.stdout
