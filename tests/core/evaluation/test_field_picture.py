"""`apsnet picture --colour-by`: the picture has the colours of the classes, and the answer their legend."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from apsnet_core import files
from apsnet_core.cloud import PointCloud
from tests.core.cli.command import answer


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """A floor that is ground, and a wall before it, nearer to the eye, that is a building."""
    rng = np.random.default_rng(0)
    floor = np.column_stack([rng.uniform(0, 2, (4000, 2)), np.zeros(4000)])
    wall = np.column_stack([rng.uniform(0, 2, 4000), np.zeros(4000), rng.uniform(0, 1, 4000)])
    kind = np.repeat(np.array([2, 6], np.uint8), 4000)
    cloud = PointCloud.from_array(
        np.concatenate([floor, wall]), attributes={"classification": kind, "depth": np.arange(8000.0)}
    )
    files.write(cloud, tmp_path / "scan.ply")
    return tmp_path / "scan.ply"


def pixels(picture: Path, rgb: list[int]) -> int:
    image = np.asarray(Image.open(picture).convert("RGB")).astype(int)
    return int((np.abs(image - rgb).max(axis=2) < 12).sum())


def test_classes_are_drawn_in_their_colours(scan: Path, tmp_path: Path) -> None:
    said = answer("picture", scan, "--up", "z", "--colour-by", "classification", "-o", tmp_path / "a.png")
    assert [(each["name"], each["count"]) for each in said["legend"]["classes"]] == [
        ("Ground", 4000), ("Building", 4000),
    ]  # fmt: skip
    assert all(pixels(tmp_path / "a.png", each["rgb"]) > 5000 for each in said["legend"]["classes"])
    assert said["rows"] == []


def test_samples_stand_before_the_field(scan: Path, tmp_path: Path) -> None:
    said = answer(
        "picture", scan, "--up", "z", "--colour-by", "depth", "--colour-range", "0%,100%", "--colour-map",
        "grey", "-m", "random", "-n", "5,9", "-o", tmp_path / "a.png",
    )  # fmt: skip
    assert [(row["method"], row["m"]) for row in said["rows"]] == [("random", 5), ("random", 9)]
    assert (said["legend"]["low"], said["legend"]["high"]) == (0, 7999)


@pytest.mark.parametrize(
    ("options", "code", "why"),
    [
        (["--colour-by", "colour"], 1, "the fields are"),
        (["--colour-by", "z", "--colour-range", "a,b"], 2, "two values like 0,255"),
        (["--colour-by", "z", "--colour-range", "9,1"], 2, "lower to a higher"),
        (["--colour-by", "z", "--colour-map", "jet"], 2, "jet"),
    ],
)
def test_what_cannot_be_drawn_is_refused(
    scan: Path, tmp_path: Path, options: list[str], code: int, why: str
) -> None:
    assert why in answer("picture", scan, *options, "-o", tmp_path / "a.png", code=code)["error"]
    assert not (tmp_path / "a.png").exists()
