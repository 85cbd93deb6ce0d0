"""Plug-ins: files that any command accepts, and faulty plug-ins, which do not affect anything else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import apsnet_core
from apsnet_core.cloud import PointCloud
from apsnet_core.methods import Context, Method, MethodSpec, create
from apsnet_core.methods.registry import methods, register, unregister
from apsnet_core.sampling import Sampling
from tests.core.cli.command import ROOT, apsnet

EXAMPLES = ROOT / "docs" / "examples"


@pytest.fixture
def cloud(tmp_path: Path) -> Path:
    np.save(tmp_path / "cloud.npy", np.random.default_rng(0).normal(size=(100, 3)).astype(np.float32))
    return tmp_path / "cloud.npy"


def call(*words: str | Path, cwd: Path) -> dict[str, Any]:
    """The --json answer of a command, with its warnings as ``warned``."""
    done = apsnet(*words, "--json", cwd=cwd)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found | {"warned": done.stderr}


def test_a_plugin_file_is_loaded_by_a_command_and_its_child_processes(cloud: Path, tmp_path: Path) -> None:
    plugin = EXAMPLES / "apsnet_examples" / "stride.py"
    for i in range(2):
        (tmp_path / "many").mkdir(exist_ok=True)
        np.save(tmp_path / "many" / f"{i}.npy", np.load(cloud))
    done = call("sample", "many", "-m", "stride", "-n", "4", "-o", "out", "--workers", "2",
                "--plugin", plugin, cwd=tmp_path)  # fmt: skip
    assert done["warned"].count("plug-in") == 0
    assert len(list((tmp_path / "out").glob("*.npy")) + list((tmp_path / "out").glob("*.ply"))) == 2


BROKEN = {
    "no_such_module.py": ("import nowhere_at_all", "nowhere_at_all"),
    "syntax.py": ("def (", "SyntaxError"),
    "exits.py": ("raise SystemExit(3)", "SystemExit"),
    "taken.py": (
        "from apsnet_core import Method\nA = Method('random', 'Other', choose=lambda p, m, s: None)",
        "there is a method named 'random' already",
    ),
    "two_ways.py": ("from apsnet_core import Method\nA = Method('two', 'Two')", "exactly one of choose"),
    "suffix.py": (
        "from apsnet_core.files.format import Format\nA = Format('x', 'X', ('.ply',), (), print)",
        "the suffix .ply of 'x' belongs to",
    ),
}


def test_faulty_plugins_are_named_in_one_sentence_each_and_left_out(cloud: Path, tmp_path: Path) -> None:
    words: list[str | Path] = ["sample", cloud, "-m", "random", "-n", "4", "-o", "s.npy"]
    for name, (code, _) in BROKEN.items():
        (tmp_path / name).write_text(code)
        words += ["--plugin", name]
    words += ["--plugin", "absent.py"]
    done = call(*words, cwd=tmp_path)
    assert len(done["index"]) == 4
    lines = done["warned"].splitlines()
    for name, (_, said) in BROKEN.items():
        [line] = [line for line in lines if name in line]
        assert said in line and "left out" in line
    assert any("absent.py" in line and "no such Python file" in line for line in lines)
    assert len(lines) == len(BROKEN) + 1


@pytest.fixture
def added() -> Iterator[Callable[[Method], None]]:
    before = {row.name for row in methods()}
    yield register
    for row in methods():
        if row.name not in before:
            unregister(row.name)


def a_sampling(points: np.ndarray) -> Sampling:
    return Sampling(points, None, "bad", len(points), 0, 0.0)


@pytest.mark.parametrize(
    ("way", "said"),
    [
        ({"choose": lambda points, m, seed: np.arange(m) + len(points)}, "row 107 of 100"),
        ({"choose": lambda points, m, seed: np.zeros(m, np.int64)}, "1 different points, not 8"),
        ({"choose": lambda points, m, seed: np.arange(m - 1)}, r"rows of shape \(7,\)"),
        ({"choose": lambda points, m, seed: np.linspace(0, 1, m)}, "type float64"),
        ({"choose": lambda points, m, seed: [1] * m}, "list"),
        ({"choose": lambda points, m, seed: 1 / 0}, "ZeroDivisionError"),
        ({"generate": lambda points, m: points[:, : m - 1]}, r"shape \(1, 7, 3\), not \(1, 8, 3\)"),
        ({"generate": lambda points, m: points[:, :m] * float("nan")}, "not finite"),
        ({"generate": lambda points, m: None}, "a NoneType, not a tensor"),
        ({"create": lambda context: _Other(np.full((8, 3), np.inf, np.float32))}, "not finite"),
        ({"create": lambda context: _Other(np.zeros((3, 8), np.float32))}, r"shape \(3, 8\)"),
    ],
)
def test_a_wrong_result_of_a_plugin_is_refused_in_a_sentence(
    added: Callable[[Method], None], way: dict[str, Any], said: str
) -> None:
    added(Method("bad", "Bad", **way))
    cloud = PointCloud(np.random.default_rng(0).normal(size=(100, 3)).astype(np.float32))
    with pytest.raises(ValueError, match=said) as error:
        create(MethodSpec.parse("bad")).sample(cloud, 8)
    assert "Bad" in str(error.value) and "\n" not in str(error.value)


class _Other:
    def __init__(self, points: np.ndarray) -> None:
        self._points = points

    def sample(self, cloud: PointCloud, m: int, seed: int = 0) -> Sampling:
        return a_sampling(self._points)


def test_a_method_needs_only_one_of_choose_generate_and_create(added: Callable[[Method], None]) -> None:
    """The guide promises that any one of choose, generate and create suffices."""
    told: list[Context] = []

    def make(context: Context) -> _Other:
        told.append(context)
        return _Other(np.eye(3, dtype=np.float32))

    added(Method("own_rows", "Own rows", choose=lambda points, m, seed: np.arange(m)[::-1]))
    added(Method("own_points", "Own points", generate=lambda points, m: torch.rand(1, m, 3)))
    added(Method("own_sampler", "Own sampler", create=make, variants=("m",)))
    cloud = PointCloud(np.random.default_rng(0).normal(size=(100, 3)).astype(np.float32))
    rows = apsnet_core.sample(cloud, 3, "own_rows")
    assert rows.indices.tolist() == [2, 1, 0]
    first, again, other = (apsnet_core.sample(cloud, 3, "own_points", seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.points, again.points)
    assert not np.array_equal(first.points, other.points)
    matched = apsnet_core.sample(cloud, 3, "own_points:m", seed=1)
    nearest = np.square(cloud.xyz[None] - first.points[:, None]).sum(-1).argmin(1)
    assert len(set(nearest)) < 3 or matched.indices.tolist() == nearest.tolist()
    apsnet_core.sample(cloud, 3, "own_sampler", up="z")
    assert told == [Context("m", None, "classification", "z")]
