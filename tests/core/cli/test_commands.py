from __future__ import annotations

import csv
import json
from pathlib import Path

import h5py
import numpy as np
import pytest

from apsnet_core.cloud import PointCloud
from apsnet_core.files import read
from apsnet_core.names import own_name
from tests.core.cli.command import answer, apsnet, said, sentence
from tests.core.cli.shapes import cloud, cube
from tests.naive.trees import nearest


def test_info_on_a_mesh(tmp_path: Path) -> None:
    found = answer("info", cube(tmp_path / "cube.obj"))
    assert found["kind"] == "mesh"
    assert (found["triangles"], found["vertices"]) == (12, 8)
    assert (found["min"], found["max"]) == ([0, 0, 0], [1, 1, 1])


def test_info_on_a_cloud_names_fields_and_what_was_left_out(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("x,y,z,red,green,blue,weight\n1,2,3,255,0,0,0.5\nnan,2,3,0,0,0,1\n2,4,3,0,255,0,2\n")
    found = answer("info", path)
    assert (found["kind"], found["points"], found["dropped"]) == ("cloud", 2, 1)
    assert found["size"] == [1, 2, 0]
    assert found["colours"] == "uint8"
    assert list(found["fields"]) == ["weight"]
    human = said("info", path).stdout
    assert "2 points" in human
    assert "weight" in human


def test_info_lists_the_clouds_of_an_h5_and_reads_the_chosen_one(tmp_path: Path) -> None:
    path = tmp_path / "many.h5"
    rows = np.random.default_rng(0).random((3, 10, 3), dtype=np.float32)
    with h5py.File(path, "w") as file:
        file["data"] = rows
        file["mean"] = rows.mean(axis=0)
    assert answer("info", path)["arrays"][0]["rows"] == 3
    assert answer("info", path, "--dataset", "mean")["points"] == 10
    assert "no dataset 'nix'" in sentence("info", path, "--dataset", "nix")
    assert answer("info", path, "--row", "2")["max"] == pytest.approx(rows[2].max(0).tolist())
    assert "row from 0 to 2" in sentence("sample", path, "-n", "4")


def test_info_names_fields_as_other_commands_accept_them(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    fields = {"lab": np.arange(9)[:, None], "vec": rng.random((9, 2)), "index": np.arange(9)}
    np.savez(tmp_path / "a.npz", xyz=rng.random((9, 3)), **fields)  # type: ignore[arg-type]
    found = answer("info", tmp_path / "a.npz")["fields"]
    assert found == {"lab": "int64", "vec": "float64, vec[0] to vec[1]", "index": "int64"}
    weighted = answer("sample", tmp_path / "a.npz", "-m", "weighted@lab", "-n", "4", "-o", tmp_path / "b.npz")
    assert weighted["notes"][-1].startswith("the file's index left out")


@pytest.mark.parametrize("method", ["random", "farthest_point", "voxel"])
def test_sample_writes_points_of_the_cloud(tmp_path: Path, method: str) -> None:
    source = cloud(tmp_path / "c.xyz")
    out = tmp_path / "out.csv"
    found = answer("sample", source, "-m", method, "-n", "16", "--seed", "3", "-o", out)
    with out.open() as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    given = np.loadtxt(source)
    taken = np.array([[float(row[axis]) for axis in "xyz"] for row in rows])
    assert len({int(row["index"]) for row in rows}) == 16
    np.testing.assert_allclose(taken, given[[int(row["index"]) for row in rows]], atol=1e-6)
    to_sample, _ = nearest(taken, given)
    assert found["chamfer"] == pytest.approx(
        np.mean(to_sample**2), rel=1e-4
    )  # each sample is a point of the cloud, so the distances back are 0
    assert found["hausdorff"] == pytest.approx(to_sample.max(), rel=1e-4)
    diagonal = np.linalg.norm(np.ptp(given, axis=0))
    assert found["coverage"] == pytest.approx(np.mean(to_sample <= 0.05 * diagonal), abs=0.006)


@pytest.mark.parametrize("kind", ["csv", "ply", "npz", "h5", "pcd", "las"])
@pytest.mark.parametrize("method", ["apsnet", "apsnet:m"])
def test_a_sample_of_apsnet_is_written_with_its_attention(tmp_path: Path, method: str, kind: str) -> None:
    source, out = cloud(tmp_path / "c.xyz"), tmp_path / f"out.{kind}"
    answer("sample", source, "-m", method, "-n", "16", "-o", out)
    written = read(out)
    assert isinstance(written, PointCloud)
    attention = written.attributes["attention"]
    assert attention.shape == (16,)
    assert (attention > 0).all() and attention.sum() <= 16
    assert ("index" in written.attributes) == (method == "apsnet:m")


def test_sample_gives_the_same_points_for_the_same_seed(tmp_path: Path) -> None:
    source = cube(tmp_path / "cube.obj")
    outs = [tmp_path / f"{i}.npy" for i in range(3)]
    for out, seed in zip(outs, ["1", "1", "2"], strict=True):
        answer("sample", source, "-m", "random", "-n", "9", "--seed", seed, "-o", out)
    first, second, third = (out.read_bytes() for out in outs)
    assert first == second
    assert first != third


def test_sample_draws_the_given_number_of_points_from_a_mesh(tmp_path: Path) -> None:
    source = cube(tmp_path / "cube.obj")
    found = answer("sample", source, "-n", "5", "--points", "77")
    assert (found["points"], found["m"], found["output"]) == (77, 5, None)


def test_sample_overwrites_only_with_force(tmp_path: Path) -> None:
    source = cloud(tmp_path / "c.xyz")
    out = tmp_path / "out.ply"
    out.write_text("precious")
    assert "exists already" in sentence("sample", source, "-o", out)
    assert out.read_text() == "precious"
    answer("sample", source, "-o", out, "--force")
    assert answer("info", out)["points"] == 32


@pytest.mark.parametrize("kind", ["off", "laz"])
def test_convert_turns_the_up_axis_as_given(tmp_path: Path, kind: str) -> None:
    source = tmp_path / "flag.obj"
    source.write_text("v 0 0 0\nv 3 0 0\nv 0 5 1\nf 1 2 3\n")
    flag = {name: tmp_path / f"{name}.{kind}" for name in ("as_it_is", "z", "y", "y_z")}
    for name, path in flag.items():
        answer("convert", source, path, *(() if name == "as_it_is" else ("--up", name.replace("_", ":"))))
    sizes = {name: answer("info", path)["size"] for name, path in flag.items()}
    # OBJ files have y up.
    assert sizes["as_it_is"] == sizes["y"] == pytest.approx([3, 5, 1], rel=0.1)
    assert sizes["z"] == sizes["y_z"] == pytest.approx([3, 1, 5], rel=0.1)


def test_convert_keeps_the_points_and_a_mesh_stays_a_mesh(tmp_path: Path) -> None:
    source = cloud(tmp_path / "c.xyz")
    for target in ["a.ply", "b.pcd", "c.npy", "d.h5", "e.csv"]:
        answer("convert", source, tmp_path / target)
        source = tmp_path / target
    answer("convert", source, tmp_path / "last.xyz")
    np.testing.assert_allclose(np.loadtxt(tmp_path / "last.xyz"), np.loadtxt(tmp_path / "c.xyz"), atol=1e-6)
    answer("convert", cube(tmp_path / "cube.obj"), tmp_path / "cube.off")
    assert answer("info", tmp_path / "cube.off")["triangles"] == 12


def test_compare_writes_a_report_that_agrees_with_its_table(tmp_path: Path) -> None:
    out = tmp_path / "report"
    methods = ["random", "farthest_point", "voxel"]
    found = answer("compare", cube(tmp_path / "cube.obj"), "-m", ",".join(methods), "-n", "8,32", "-o", out)
    assert [(row["method"], row["m"]) for row in found["rows"]] == [(x, m) for x in methods for m in (8, 32)]
    assert json.loads((out / "table.json").read_text())["rows"] == found["rows"]
    with (out / "table.csv").open() as file:
        table = list(csv.DictReader(file))
    units = found["units"]
    for row, line in zip(found["rows"], table, strict=True):
        named = {f"{key} [{units[key]}]" if key in units else key: value for key, value in row.items()}
        assert line == {name: "" if value is None else str(value) for name, value in named.items()}
    pictures = {path.name for path in out.glob("*.png")}
    assert pictures == {"plot.png", *(f"{method}.png" for method in methods)}
    page = (out / "index.html").read_text()
    assert page.count('src="data:image/webp;base64,') == len(found["rows"])
    assert "default-src 'none'" in page  # the page may load nothing from elsewhere
    assert "apsnet compare" in page


def test_a_report_replaces_only_a_report(tmp_path: Path) -> None:
    out, shape = tmp_path / "report", cube(tmp_path / "cube.obj")
    again = ("compare", shape, "-n", "8", "-o", out, "-m")
    answer(*again, "random,voxel")
    answer(*again, "random,farthest_point")
    assert {path.name for path in out.glob("*.png")} == {"plot.png", "random.png", "farthest_point.png"}
    (out / "my notes.txt").write_text("mine")
    assert "contains files other than a report" in sentence(*again, "random")
    answer(*again, "random", "--force")
    assert (out / "my notes.txt").read_text() == "mine"
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "table.json").write_text("{}")
    assert "contains files other than a report" in sentence("compare", shape, "-o", tmp_path / "work")


def test_each_method_of_a_report_has_its_own_picture(tmp_path: Path) -> None:
    xyz = np.random.default_rng(0).random((60, 3))
    np.savez(tmp_path / "c.npz", xyz=xyz, **{"a_b": xyz[:, 0], "a-b": xyz[:, 1]})  # type: ignore[arg-type]
    out = tmp_path / "report"
    answer("compare", tmp_path / "c.npz", "-n", "8", "-m", "weighted@a_b,weighted@a-b", "-o", out)
    first, second = (out / name for name in ("weighted_a_b.png", "weighted_a_b_2.png"))
    assert first.read_bytes() != second.read_bytes()
    assert own_name("Plot", ["plot.png"], suffix=".png") == "Plot_2.png", "case does not make names different"


def test_compare_prints_a_table_for_people(tmp_path: Path) -> None:
    done = said("compare", cube(tmp_path / "cube.obj"), "-m", "random,voxel", "-n", "8")
    assert done.returncode == 0, done.stderr
    for word in ["Random", "Voxel", "Chamfer", "Hausdorff", "Coverage"]:
        assert word in done.stdout


def test_doctor_names_versions_devices_and_rendering() -> None:
    done = apsnet("doctor", "--json")
    found = json.loads(done.stdout)
    assert done.returncode == (1 if found["problems"] else 0)
    assert found["versions"]["numpy"] == np.__version__
    assert found["devices"]["cpu_threads"] >= 1
    assert isinstance(found["rendering"]["works"], bool)
    assert all({"what", "mend"} == set(problem) for problem in found["problems"])


def test_commands_note_points_that_were_left_out(tmp_path: Path) -> None:
    """Otherwise a converted file would silently have fewer points."""
    xyz = np.random.default_rng(0).random((200, 3))
    xyz[::100] = np.nan
    np.savetxt(tmp_path / "a.xyz", xyz)
    for words in (
        ("sample", "a.xyz", "-n", "8"),
        ("convert", "a.xyz", "b.ply"),
        ("compare", "a.xyz", "-m", "random", "-n", "8"),
        ("segment", "a.xyz", "-o", "objects", "--reach", "1"),
    ):
        done = said(*words, cwd=tmp_path)
        assert "ote: 2 points were not finite and left out" in done.stdout, (words, done)
    (tmp_path / "e.obj").write_text("v 0 0 0\nv 1 0 0\nv 0 1 0\nv nan 0 0\nf 1 2 3\n")
    assert answer("convert", tmp_path / "e.obj", tmp_path / "e.ply")["notes"] == [
        "1 point was not finite and left out"
    ]
