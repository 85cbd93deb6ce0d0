"""The options --crop, --clean, --segment, --select and --steps, and the command `apsnet segment`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from apsnet_core.batch.cuts import Cuts
from apsnet_core.batch.errors import BatchError
from apsnet_core.cloud import PointCloud
from apsnet_core.editing.crop import Box
from apsnet_core.editing.selection import Selection
from apsnet_core.editing.steps import Choose, Crop, edited_cloud, steps_json
from apsnet_core.files import read, write
from tests.core.cli.command import answer
from tests.narrow import of_kind

OFFSET = np.array([4000.0, 7000.0, 100.0])


def ball(centre: tuple[float, float, float], seed: int) -> np.ndarray:
    away = np.random.default_rng(seed).normal(size=(900, 3))
    found: np.ndarray = np.asarray(centre) + 0.4 * away / np.linalg.norm(away, axis=1, keepdims=True)
    return found


@pytest.fixture(scope="module")
def scan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three balls above a floor of 6 by 6, the first with twice the points, and a stray point far above."""
    rng = np.random.default_rng(0)
    floor = np.column_stack([rng.uniform(0, 6, (9000, 2)), rng.normal(0, 0.003, 9000)])
    balls = [ball((1, 1, 0.6), 1), ball((1, 1, 0.6), 2), ball((4, 2, 0.6), 3), ball((2, 5, 0.6), 4)]
    xyz = np.concatenate([floor, *balls, [[3, 3, 5.0]]]) + OFFSET
    path = tmp_path_factory.mktemp("scan") / "scan.ply"
    write(PointCloud.from_array(xyz, attributes={"row": np.arange(len(xyz))}), path)
    return path


def converted(scan: Path, out: Path, *options: object) -> PointCloud:
    answer("convert", scan, out, "--force", *options)
    return of_kind(PointCloud, read(out))


def test_a_crop_keeps_the_points_within_its_ranges(scan: Path, tmp_path: Path) -> None:
    whole = of_kind(PointCloud, read(scan)).absolute
    within = (whole[:, 0] >= 4001) & (whole[:, 0] <= 4003) & (whole[:, 1] <= 7002)
    left = converted(scan, tmp_path / "a.ply", "--crop", "4001:4003,:7002,:")
    assert left.attributes["row"].tolist() == np.flatnonzero(within).tolist()
    outside = converted(scan, tmp_path / "a.ply", "--crop", "4001:4003,:7002,:", "--crop-outside")
    assert outside.attributes["row"].tolist() == np.flatnonzero(~within).tolist()


@pytest.mark.parametrize(("up", "across"), [("z", (0, 1)), ("-z", (0, 1)), ("y", (0, 2))])
@pytest.mark.parametrize("outside", [False, True])
def test_a_crop_is_rotated_about_the_up_axis_as_in_the_window(
    scan: Path, up: str, across: tuple[int, int], outside: bool
) -> None:
    cloud = of_kind(PointCloud, read(scan))
    ends = [["4001:4004", "7002:7003", "99:101"][axis] if axis in across else ":" for axis in range(3)]
    left = Cuts((f"{','.join(ends)}@30",), outside).done(cloud, up)
    kept = np.zeros(len(cloud), np.bool_)
    kept[left.attributes["row"]] = True

    middle, size = np.array([4002.5, 7002.5, 100]), np.array([3.0, 1.0, 2.0])
    up_at = ({0, 1, 2} - set(across)).pop()
    size[up_at] = 1e4
    x, y, z = middle.tolist()
    wide, deep, tall = size[[*across, up_at]].tolist()
    keep: Literal["inside", "outside"] = "outside" if outside else "inside"
    step = Crop(box=Box((x, y, z), (wide, deep, tall), 30.0, up), keep=keep)
    assert edited_cloud(cloud, [step], up).attributes["row"].tolist() == left.attributes["row"].tolist()
    away = (cloud.absolute - middle)[:, across]
    turned = away @ np.array([[np.cos(np.pi / 6), -0.5], [0.5, np.cos(np.pi / 6)]])
    mirrored = turned if up == "z" else away @ np.array([[np.cos(np.pi / 6), 0.5], [-0.5, np.cos(np.pi / 6)]])
    within = [(np.abs(each) <= size[list(across)] / 2).all(axis=1) != outside for each in (turned, mirrored)]
    assert 50 < kept.sum() < len(cloud) - 50
    assert any((kept != each).sum() < 5 for each in within), "differs from a plain rotation in the plane"


def test_the_command_rotates_a_crop_about_the_given_up_axis(scan: Path, tmp_path: Path) -> None:
    left = converted(scan, tmp_path / "a.ply", "--up", "z:y", "--crop", "4001:4004,7002:7003,:@30")
    cloud = of_kind(PointCloud, read(scan))
    expected = Cuts(("4001:4004,7002:7003,:@30",)).done(cloud, "z")
    assert left.attributes["row"].tolist() == expected.attributes["row"].tolist()
    with pytest.raises(BatchError, match="about an axis that points up"):
        Cuts((":,:,:@30",)).done(cloud, "1,1,0")


def test_clean_and_segment_keep_the_object(scan: Path, tmp_path: Path) -> None:
    left = converted(scan, tmp_path / "a.ply", "--clean", "lonely:0.5,floor")
    assert len(left) == pytest.approx(3600, abs=30) and left.attributes["row"].max() < 12600
    one = converted(scan, tmp_path / "a.ply", "--up", "z:y", "--segment", "4004,7002,101")
    assert np.abs(one.attributes["row"] - 11250).max() <= 450 and len(one) > 880


def test_a_connected_component_is_selected_by_a_position(scan: Path, tmp_path: Path) -> None:
    """The oracle is a connected component of the graph of neighbours, then grown, then inverted."""
    cloud = of_kind(PointCloud, read(scan))
    tree = cKDTree(cloud.absolute)
    _, component = connected_components(tree.sparse_distance_matrix(tree, 0.14), directed=False)
    ball = np.flatnonzero(component == component[tree.query([4004, 7002, 101])[1]])
    assert ball.tolist() == list(range(10800, 11700))
    text = "at 4004,7002,101 | connected 0.14"
    left = converted(scan, tmp_path / "a.ply", "--select", text)
    assert left.attributes["row"].tolist() == ball.tolist()
    near = np.asarray(cKDTree(cloud.absolute[ball]).query(cloud.absolute)[0]) <= 0.7
    assert near.sum() > len(ball) + 50
    for grown, rows in ((f"{text} | grow 0.7", near), (f"{text} | grow 0.7 | invert", ~near)):
        done = Cuts(select=grown).done(cloud, "z")
        assert done.attributes["row"].tolist() == np.flatnonzero(rows).tolist()


def test_a_selection_is_intersected_extended_and_reduced(scan: Path) -> None:
    cloud = of_kind(PointCloud, read(scan))
    row, z = cloud.attributes["row"], cloud.absolute[:, 2]
    left = Cuts(select="row=9000:10800 | z=100.6: | + row=3,5 | - z=100.8:100.9").done(cloud, "z")
    expected = (row >= 9000) & (row <= 10800) & (z >= 100.6) | np.isin(row, (3, 5))
    expected &= ~((z >= 100.8) & (z <= 100.9))
    assert left.attributes["row"].tolist() == np.flatnonzero(expected).tolist() and expected.sum() > 500


def test_a_sample_is_taken_from_the_remaining_points(scan: Path) -> None:
    data = answer("sample", scan, "-n", "20", "--up", "z", "--segment", "4002,7005,101")
    assert data["points"] == pytest.approx(900, abs=20)
    assert all(11700 <= row < 12600 for row in data["index"])


def test_steps_of_a_file_are_applied_before_other_options(scan: Path, tmp_path: Path) -> None:
    chosen = np.arange(12601) % 2 == 0
    (tmp_path / "steps.json").write_text(steps_json([Choose(selection=Selection.of(chosen), keep=True)]))
    left = converted(scan, tmp_path / "a.ply", "--steps", tmp_path / "steps.json", "--crop", ":,:,:104")
    assert left.attributes["row"].tolist() == list(range(0, 12600, 2))


def test_many_files_are_cleaned_with_the_same_options(scan: Path, tmp_path: Path) -> None:
    answer("convert", scan, scan.parent, f"{tmp_path}/out/", "--clean", "floor", "--workers", "1")
    (one,) = (tmp_path / "out").glob("*.ply")
    assert len(of_kind(PointCloud, read(one))) < 4000


def test_each_object_becomes_a_file_with_its_fields(scan: Path, tmp_path: Path) -> None:
    out = tmp_path / "objects"
    data = answer("segment", scan, "-o", out, "--up", "z", "--labels")
    assert [each["points"] for each in data["objects"]] == pytest.approx([1800, 900, 900], abs=20)
    assert data["surroundings"] == ["ground"] and data["up"] == "z"
    assert json.loads((out / "objects.json").read_text()) == data
    labels = of_kind(PointCloud, read(out / "scan.ply")).attributes["object"]
    for number, each in enumerate(data["objects"]):
        own = of_kind(PointCloud, read(out / each["file"]))
        assert own.attributes["row"].tolist() == np.flatnonzero(labels == number).tolist()
        np.testing.assert_allclose(own.absolute.min(axis=0), each["min"], atol=1e-3)
        np.testing.assert_allclose(each["size"], [0.8] * 3, atol=0.05)
    assert answer("segment", scan, "-o", out, code=1)["error"].endswith("or --force to write into it")
    again = answer("segment", scan, "-o", out, "--up", "z", "--crop", "4003:,:,:", "--force")
    assert len(again["objects"]) == 1
    assert sorted(path.name for path in out.iterdir()) == ["object_000.ply", "objects.json"]


@pytest.mark.parametrize(
    ("options", "code", "why"),
    [
        (["--crop", "0:1,2:3"], 2, "three ranges"),
        (["--crop", "1:0,:,:"], 2, "three ranges"),
        (["--crop", ":,:,:@north"], 2, "@30 to turn"),
        (["--crop", "0:,0:1,:@30"], 2, "give both ends"),
        (["--clean", "dust"], 2, "outliers[:RATIO]"),
        (["--clean", "lonely"], 2, "lonely:RADIUS"),
        (["--segment", "here"], 2, "a place x,y,z"),
        (["--crop", "0:1,:,:"], 1, "no point is left of 12,601 points"),
        (["--segment", "4003,7003.5,100", "--up", "z"], 1, "no object there but the floor"),
        (["--steps", "none.json"], 1, "none.json"),
        (["--select", "row=a"], 2, "not 'row=a'"),
        (["--select", "row=1 | grow -1"], 2, "grow [LENGTH]"),
        (["--select", "row=1 |"], 2, "with | between"),
        (["--select", "invert 3"], 2, "not 'invert 3'"),
        (["--select", "rov=1"], 1, "there is no field 'rov'; the fields are row"),
        (["--select", "row=-1"], 1, "no point is left of 12,601 points after this: row -1: kept"),
    ],
)
def test_invalid_options_for_cuts_are_refused(scan: Path, options: list[str], code: int, why: str) -> None:
    assert why in answer("sample", scan, "-n", "5", *options, code=code)["error"]


def test_segment_refuses_a_mesh(tmp_path: Path) -> None:
    from tests.core.cli.shapes import cube

    said = answer("segment", cube(tmp_path / "c.obj"), "-o", tmp_path / "o", code=1)
    assert "it is a mesh" in said["error"]


def test_a_scan_is_sampled_by_its_objects(scan: Path) -> None:
    data = answer("sample", scan, "-m", "samplenet:m", "-n", "200", "--by", "objects", "--up", "z")
    balls = [sum(9000 <= row < 10800 for row in data["index"]), sum(row >= 10800 for row in data["index"])]
    assert balls == pytest.approx([100, 100], abs=2) and len(set(data["index"])) == 200
    assert any("were not sampled" in note for note in data["notes"])


def test_sample_reports_the_quality_of_a_scan(scan: Path) -> None:
    data = answer("sample", scan, "-m", "random", "-n", "900", "--up", "z", "--quality")
    (floor,) = data["quality"]["planes"]
    assert floor["name"] == "floor" and floor["before"] == pytest.approx(9000 / 12601, abs=0.02)
    assert floor["after"] == pytest.approx(floor["before"], abs=0.06)
    assert data["quality"]["field"] is None and 0.4 < data["quality"]["unevenness"] < 1.2
