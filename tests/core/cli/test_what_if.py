"""The options of `apsnet sample` that change the cloud, or move, add and remove samples."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from apsnet_core.cli.app import run
from apsnet_core.cloud import PointCloud
from apsnet_core.files import read, write

XYZ = np.random.default_rng(4).normal(size=(50, 3)).astype(np.float32)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "cloud.ply"
    write(PointCloud(XYZ), path)
    return path


def sampled(
    file: Path, *options: str, capsys: pytest.CaptureFixture[str]
) -> tuple[dict[str, object], np.ndarray]:
    out = file.parent / "out.ply"
    capsys.readouterr()
    assert (
        run(["sample", str(file), "-m", "random", "-n", "5", "-o", str(out), "--force", "--json", *options])
        == 0
    )
    return json.loads(capsys.readouterr().out), read(out).xyz  # type: ignore[union-attr]


def test_samples_are_moved_added_and_removed_by_options(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, points = sampled(file, capsys=capsys)
    there = ",".join(str(x) for x in XYZ[7].tolist())
    said, edited = sampled(
        file, "--move", f"2:{there}", "--add", "-9,9,9.5", "--add", there, "--remove", "1,4", capsys=capsys
    )
    np.testing.assert_array_equal(edited, [XYZ[7], points[2], points[4], [-9, 9, 9.5], XYZ[7]])
    assert said["m"] == 5 and said["index"] is None and said["edit"] == "1 moved, 2 removed, 2 added"
    said, edited = sampled(file, "--move", f"2:{there}", capsys=capsys)
    assert said["index"] == [before["index"][0], 7, *before["index"][2:]]  # type: ignore[index]


def test_a_rotated_cloud_gives_the_rotated_sample(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said, turned = sampled(file, "--rotate", "0,0,90", capsys=capsys)
    before, points = sampled(file, capsys=capsys)
    mean = XYZ.mean(0, dtype=np.float64)
    quarter = np.array([[0, -1, 0], [1, 0, 0], [0, 0, 1]])
    np.testing.assert_allclose(turned, (points - mean) @ quarter.T + mean, atol=1e-6)
    assert said["index"] == before["index"] and said["change"] == "turned by 0°, 0°, 90°"


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--move", "6:0,0,0"], "samples are counted from 1 to 5: there is no sample '6'"),
        (["--move", "0,0,0"], "there is no sample '0,0,0'"),
        (["--move", "1:0,0"], "a place is x,y,z in the coordinates of the file: not '0,0'"),
        (["--remove", "1,x"], "there is no sample 'x'"),
        (["--remove", "1,2,3,4,5"], "the last sample cannot be removed"),
        (["--rotate", "1,2"], "a rotation is three angles"),
        (["--rotate", "nan,0,0"], "rotations in degrees"),
        (["--add", "nan,0,0"], "a place is x,y,z in the coordinates of the file: not 'nan,0,0'"),
    ],
)
def test_invalid_changes_of_samples_are_refused(
    file: Path, options: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["sample", str(file), "-m", "random", "-n", "5", *options]) == 2
    assert why in " ".join(capsys.readouterr().err.split())


def test_changing_single_samples_of_many_files_is_refused(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["sample", str(file), str(file), "-o", str(tmp_path / "all"), "--remove", "1"]) == 1
    assert "for the samples of one file" in capsys.readouterr().err
