"""Every failure gives the user one sentence, and with --json one JSON object."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from apsnet_core.cli.app import run
from tests.core.cli.command import answer, apsnet, said, sentence, sentence_of
from tests.core.cli.shapes import cloud


def test_a_process_prints_the_same_as_the_command_in_this_process(tmp_path: Path) -> None:
    """The other tests of this file run the commands within the test process."""
    missing = ["info", str(tmp_path / "no.ply")]
    for line, code in ((missing, 1), ([*missing, "--json"], 1), (["dance"], 2), (["dance", "--json"], 2)):
        done, here = apsnet(*line), said(*line)
        assert (done.returncode, done.stdout, done.stderr) == (code, here.stdout, here.stderr)
    assert "there is no such file" in sentence_of(apsnet(*missing))


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    assert "there is no such file" in sentence("info", tmp_path / "no.ply")
    assert "there is no such file" in answer("info", tmp_path / "no.ply", code=1)["error"]


def test_a_file_with_other_contents_than_its_suffix_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "broken.ply"
    path.write_bytes(b"\x00\x01\x02 nothing of a ply")
    assert "broken.ply" in sentence("sample", path)
    assert set(answer("compare", path, code=1)) == {"error"}


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["sample", "c.xyz", "-m", "hexagonal"], "farthest_point"),
        (["sample", "c.xyz", "-m", "random:g"], "write 'random'"),
        (["sample", "c.xyz", "-n", "0"], "--size"),
        (["compare", "c.xyz", "-n", "8,many"], "8,32"),
        (["compare", "c.xyz", "-n", "8,-1"], "at least 1"),
        (["info"], "file"),
        (["info", "c.xyz", "--colour"], "--colour"),
        (["dance"], "dance"),
        (["compare", "c.xyz", "-m", "random", "-m", "voxel"], "--methods is given more than once"),
        (["sample", "c.xyz", "-n", "8", "--voxel-size", "0.1"], "--voxel-size and --size exclude each other"),
        (["compare", "c.xyz", "--all-sizes", "-n", "8"], "--all-sizes and --sizes exclude each other"),
        (["compare", "c.xyz", "--share", "area"], "--share has no effect without --by"),
        (["segment", "c.xyz", "-o", "d", "--crop-outside"], "--crop-outside has no effect without --crop"),
        (["picture", "c.xyz", "-o", "p.png", "--colour-log"], "--colour-log has no effect without"),
        (["picture", "c.xyz", "-o", "p.png", "--fps", "9"], "--fps needs a film"),
        (["picture", "c.xyz", "-o", "p.png", "--colour-by", "z", "-n", "9"], "-m names the methods"),
        (["sample", "c.xyz", "--by", "tiles", "--working", "99"], "--by and --working exclude each other"),
        (["sample", "c.xyz", "-o", "d.ply", "--format", "las"], "--format is for a folder"),
        (["sample", "c.xyz", "-o", "d/", "--to", "las"], "--to is for one file"),
        (["compare", "c.xyz", "--copy-noise", "0.1"], "--task registration"),
        (["compare", "c.xyz", "--net", "pointnet"], "--net has no effect without --task"),
        (["sample", "c.xyz", "--by", "rows"], "'--by': 'rows' is not one of 'tiles', 'cells', 'objects'"),
        (["convert", "c.xyz", "d.ply", "--up", "q"], "'--up': 'q' is not one of 'y', 'z'"),
    ],
)
def test_usage_errors_exit_2(tmp_path: Path, arguments: list[str], word: str) -> None:
    cloud(tmp_path / "c.xyz")
    assert word in sentence_of(said(*arguments, cwd=tmp_path), code=2)
    in_json = said(*arguments, "--json", cwd=tmp_path)
    assert in_json.returncode == 2
    assert in_json.stdout.startswith('{"error": ')


def test_a_request_beyond_the_memory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "c.obj").write_text("v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n")
    told = sentence("sample", tmp_path / "c.obj", "-n", "8", "--points", 10**17)
    assert "more memory than there is; ask for less" in told


def test_a_sample_larger_than_the_cloud_is_refused(tmp_path: Path) -> None:
    assert "at most all 5" in sentence("sample", cloud(tmp_path / "c.xyz", 5), "-n", "6")
    assert "at most all 5" in sentence("compare", tmp_path / "c.xyz", "-n", "6")


def test_a_learned_method_without_weights_is_refused(tmp_path: Path) -> None:
    assert "weights" in sentence("sample", cloud(tmp_path / "c.xyz"), "-m", "apsnet@nobody", "-n", "6")


def test_many_files_without_an_output_folder_are_refused(tmp_path: Path) -> None:
    cloud(tmp_path / "a.xyz")
    assert "-o FOLDER" in sentence("sample", tmp_path)
    assert "-o FOLDER" in sentence("sample", tmp_path / "a.xyz", tmp_path / "a.xyz")


def test_a_target_with_an_unknown_suffix_is_refused(tmp_path: Path) -> None:
    assert "possible are" in sentence("convert", cloud(tmp_path / "a.xyz"), tmp_path / "a.docx")
    assert not (tmp_path / "a.docx").exists()
    assert "its name has no extension" in sentence("convert", tmp_path / "a.xyz", tmp_path / "a")


@pytest.mark.parametrize("place", ["c.xyz", "c.xyz/deep"])
@pytest.mark.parametrize("command", ["picture --colour-by z", "segment"])
def test_a_file_in_the_place_of_a_folder_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, place: str
) -> None:
    file = cloud(tmp_path / "c.xyz")
    name, *options = command.split()
    more = "/a.png" if name == "picture" else ""
    assert run([name, str(file), *options, "-o", f"{tmp_path / place}{more}"]) == 1
    said = capsys.readouterr().err
    assert str(file) in said and ("a folder" in said)


def test_a_group_without_a_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["runs"]) == 2
    assert capsys.readouterr().err.startswith("apsnet: a command is missing (see ")
    for group in ("weights", "data", "runs"):
        assert run([group, "--json"]) == 2
        assert json.loads(capsys.readouterr().out) == {"error": "a command is missing"}


def test_missing_weights_are_reported_once_and_not_for_every_file(tmp_path: Path) -> None:
    for name in ("a", "b"):
        cloud(tmp_path / "in" / f"{name}.xyz")
    said = sentence("sample", tmp_path / "in", "-m", "samplenet", "-n", "20", "-o", tmp_path / "out")
    assert "samplenet has no weights for classification at 20 points; there are for 8, 16, 32" in said
    assert not (tmp_path / "out").exists()
