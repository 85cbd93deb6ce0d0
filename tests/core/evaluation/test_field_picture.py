"""`apsnet picture --colour-by` draws the colours of the classes, and its answer has their legend."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from apsnet_core import files
from apsnet_core.cloud import PointCloud
from tests.core.cli.command import answer


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """A floor of class ground, and in front of it, nearer to the camera, a wall of class building."""
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


def test_hidden_classes_are_not_drawn(scan: Path, tmp_path: Path) -> None:
    said = answer(
        "picture", scan, "--up", "z", "--colour-by", "classification", "--hide-classes", "6", "-o",
        tmp_path / "a.png",
    )  # fmt: skip
    ground, building = said["legend"]["classes"]
    assert (ground["hidden"], building["hidden"]) == (False, True)
    assert pixels(tmp_path / "a.png", building["rgb"]) == 0
    assert pixels(tmp_path / "a.png", ground["rgb"]) > 9000


def test_a_report_has_the_colours_of_a_field(scan: Path, tmp_path: Path) -> None:
    options = ["-m", "random,voxel", "-n", "4", "--up", "z", "--colour-by", "classification"]
    answer("compare", scan, *options, "--hide-classes", "6", "-o", tmp_path / "report")
    ground, building = [161, 113, 63], [213, 94, 0]
    assert pixels(tmp_path / "report" / "random.png", ground) > 5000
    assert pixels(tmp_path / "report" / "random.png", building) == 0
    page = (tmp_path / "report" / "index.html").read_text()
    assert "hidden: Building" in page and "Ground" in page
    scene = json.loads(page.split('id="scene">')[1].split("</script>")[0])
    colours = base64.b64decode(scene["clouds"][0]["colours"])
    assert colours == bytes(ground) * 4000
    assert "-o FOLDER" in answer("compare", scan, *options, code=1)["error"]


def test_samples_are_drawn_over_a_cloud_coloured_by_a_field(scan: Path, tmp_path: Path) -> None:
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
        (["--colour-by", "z", "--hide-classes", "2,x"], 2, "whole numbers like 7,18"),
        (["--colour-by", "z", "--hide-classes", "2"], 1, "no classes"),
        (["--colour-by", "classification", "--hide-classes", "2,9"], 1, "no class 9: its classes are 2, 6"),
        (["--colour-by", "classification", "--hide-classes", "2,6"], 1, "nothing to draw"),
    ],
)
def test_impossible_colour_options_are_refused(
    scan: Path, tmp_path: Path, options: list[str], code: int, why: str
) -> None:
    assert why in answer("picture", scan, *options, "-o", tmp_path / "a.png", code=code)["error"]
    assert not (tmp_path / "a.png").exists()


def test_edges_of_a_dense_cloud_are_dark(tmp_path: Path) -> None:
    """Two walls face the camera, one behind the other; the far one is dark along the edge of the near one."""
    across, up = (each.ravel() for each in np.meshgrid(np.linspace(0, 1, 300), np.linspace(0, 1, 300)))
    walls = [np.column_stack([across / 2, 0 * up, up]), np.column_stack([across, 0.4 + 0 * up, up])]
    cloud = PointCloud.from_array(np.concatenate(walls), attributes={"label": np.zeros(180_000, np.uint8)})
    files.write(cloud, tmp_path / "walls.ply")
    options = ["--up", "z", "--camera", "front", "--colour-by", "label", "-o", tmp_path / "a.png"]
    rgb = answer("picture", tmp_path / "walls.ply", *options)["legend"]["classes"][0]["rgb"]
    image = np.asarray(Image.open(tmp_path / "a.png").convert("RGB")).astype(int)
    row = image[image.shape[0] // 3]
    own = (np.abs(row - rgb).max(axis=1) < 4).mean()
    dark = np.flatnonzero((row < 0.75 * np.array(rgb) + 1).all(axis=1))
    assert own > 0.5 and 0.4 < np.median(dark) / len(row) < 0.7
