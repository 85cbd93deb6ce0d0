"""Sample sizes: a number, a share of the cloud's points, or one point per voxel of a given edge length."""

from __future__ import annotations

import json
from pathlib import Path
from time import sleep
from typing import Any

import numpy as np
import pytest

from apsnet_core import compare
from apsnet_core.assets import asset
from apsnet_core.cli.app import run
from apsnet_core.cli.options import parse_methods, parse_size
from apsnet_core.ops.voxel import voxel_sample
from apsnet_core.weights import catalogue, load_metadata
from tests.core.cli.command import answer, said


def _cloud(path: Path, n: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savetxt(path, np.random.default_rng(n).uniform(size=(n, 3)))
    return path


@pytest.mark.parametrize(("text", "size"), [("32", (32, None)), ("10%", (1, 0.1)), (" 2.5% ", (1, 0.025))])
def test_sizes_are_parsed_as_numbers_or_shares(text: str, size: tuple[int, float | None]) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["0", "-3", "1.5", "0%", "101%", "ten", "", "nan", "inf", "1e400"])
def test_invalid_sizes_are_usage_errors(
    tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["sample", str(_cloud(tmp_path / "a.xyz", 40)), f"--size={text}"]) == 2
    assert "'--size': a whole number from 1, or a share such as 10%" in capsys.readouterr().err


def test_a_share_is_taken_of_each_files_own_points(tmp_path: Path) -> None:
    for n in (40, 210):
        _cloud(tmp_path / "in" / f"{n}.xyz", n)
    out = str(tmp_path / "out")
    assert run(["sample", str(tmp_path / "in"), "-n", "10%", "-o", out, "--format", "npy"]) == 0
    assert [len(np.load(tmp_path / "out" / f"{n}.npy")) for n in (40, 210)] == [4, 21]


def test_the_time_of_voxel_sampling_includes_the_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*given: Any) -> Any:
        sleep(0.05)
        return voxel_sample(*given)

    monkeypatch.setattr("apsnet_core.ops.voxel.voxel_sample", slow)
    found = answer("sample", _cloud(tmp_path / "a.xyz", 40), "--voxel-size", "0.3")
    assert 0.05 <= found["seconds"] < 5


def test_voxel_size_gives_one_point_per_occupied_voxel(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = _cloud(tmp_path / "a.xyz", 400)
    assert run(["sample", str(source), "--voxel-size", "0.3", "-o", str(tmp_path / "s.npy")]) == 0
    assert " by voxel" in capsys.readouterr().out
    xyz = np.loadtxt(source)
    cells = np.floor((xyz - xyz.min(axis=0)) / 0.3)
    sampled = np.load(tmp_path / "s.npy")
    found = np.floor((sampled - xyz.min(axis=0)) / 0.3 + 1e-9)
    assert len(sampled) == len(np.unique(cells, axis=0)) == len(np.unique(found, axis=0))
    assert run(["sample", str(source), "--voxel-size", "0.3", "-m", "random"]) == 2
    assert "for the method voxel" in capsys.readouterr().err
    for size in ("0", "-1", "nan", "inf", "-0.0"):
        assert run(["sample", str(source), "--voxel-size", size]) == 2
        assert "'--voxel-size': a positive number is needed, not " in capsys.readouterr().err
    assert run(["sample", str(source), "--voxel-size", "0.3", "--by", "tiles"]) == 2
    assert "leave one out" in capsys.readouterr().err


def test_methods_and_sizes_given_twice_are_used_once_with_a_note(tmp_path: Path) -> None:
    """Otherwise a row would occur twice and could be mistaken for two independent draws."""
    source = _cloud(tmp_path / "a.xyz", 40)
    done = said("compare", source, "-m", "random, random,random", "-n", "8,9,8", "--json")
    rows = [(row["method"], row["m"]) for row in json.loads(done.stdout)["rows"]]
    assert rows == [("random", 8), ("random", 9)]
    told = ["random is named 3 times and taken once", "8 is named twice and taken once"]
    assert done.stderr.splitlines() == [f"apsnet: {each}" for each in told]
    assert [method.name for method in parse_methods("apsnet,apsnet:g,apsnet#1")] == ["apsnet", "apsnet"]
    assert [(row.label, row.m) for row in compare(source, ["random"] * 2, [8, 8]).rows] == [("Random", 8)]


@pytest.mark.parametrize("option", ["--reach", "--thickness"])
def test_lengths_for_segmentation_must_be_positive(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    source = _cloud(tmp_path / "a.xyz", 40)
    for size in ("0", "-1", "nan", "inf"):
        assert run(["segment", str(source), "-o", str(tmp_path / "o"), option, size]) == 2
        assert f"'{option}': a positive number is needed, not " in capsys.readouterr().err


def test_a_note_says_that_generated_points_lack_the_files_fields(tmp_path: Path) -> None:
    rows = np.random.default_rng(0).uniform(size=(200, 7))
    rows[:, 3] *= 255
    (tmp_path / "a.csv").write_text(
        "x,y,z,intensity,a,b,c\n" + "\n".join(",".join(map(str, row)) for row in rows)
    )
    said = "Points that APSNet-G generates have nothing of the file's fields (intensity, a, b, 1 more)"
    assert answer("sample", tmp_path / "a.csv", "-m", "apsnet", "-n", 8)["notes"] == [
        f"{said}: apsnet:m keeps them."
    ]
    assert answer("sample", tmp_path / "a.csv", "-m", "apsnet:m", "-n", 8)["notes"] == []
    assert answer("sample", _cloud(tmp_path / "b.xyz", 90), "-m", "apsnet", "-n", 8)["notes"] == []


def test_all_sizes_uses_the_sizes_of_the_weights(tmp_path: Path) -> None:
    source = _cloud(tmp_path / "in" / "a.xyz", 200)
    trained = load_metadata(asset("weights") / "classification-apsnet.safetensors").sizes
    assert len(trained) > 2
    found = answer("sample", source, "-m", "apsnet:m", "--all-sizes", "-o", tmp_path / "s.npy")
    assert list(found["sizes"]) == [str(m) for m in sorted(trained)]
    for m in trained:
        assert len(np.load(tmp_path / f"s_{m}.npy")) == m
    folder = ("sample", source.parent, "-m", "apsnet:m", "--format", "npy")
    answer(*folder, "--all-sizes", "-o", tmp_path / "out", "--workers", 1)
    for m in trained:
        assert np.array_equal(np.load(tmp_path / "out" / str(m) / "a.npy"), np.load(tmp_path / f"s_{m}.npy"))
    again = answer(*folder, "-n", trained[0], "-o", tmp_path / "out" / str(trained[0]))
    assert again["done_before"] == 1  # --all-sizes writes the same folders as -n does
    told = [entry.metadata for entry in catalogue().entries if entry.metadata.method == "samplenet"]
    of_nets = sorted({m for each in told for m in each.sizes if each.task == "classification"})
    rows = answer("compare", source, "-m", "random,samplenet:g", "--all-sizes")["rows"]
    assert sorted({row["m"] for row in rows}) == of_nets and len(of_nets) > 1
    assert "takes any size" in answer("compare", source, "-m", "random", "--all-sizes", code=2)["error"]
    assert "leave -" in answer("sample", source, "-m", "apsnet", "--all-sizes", "-o", "-", code=2)["error"]


@pytest.mark.parametrize("more", [(), ("--all-sizes",)])
def test_an_output_name_without_suffix_is_refused_before_reading(
    tmp_path: Path, more: tuple[str, ...]
) -> None:
    line = ("sample", tmp_path / "missing.xyz", "-m", "apsnet:m", *more, "-o", tmp_path / "plain")
    assert "its name has no extension" in answer(*line, code=1)["error"]
