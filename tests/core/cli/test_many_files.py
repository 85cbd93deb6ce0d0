"""Folders: every file gives a result or a reason; stopped commands continue and leave only whole files."""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path, PurePath
from typing import Any

import numpy as np
import pytest

from apsnet_core.batch import sample_file
from apsnet_core.batch.item import Item, Outcome
from apsnet_core.batch.manifest import Manifest
from apsnet_core.batch.plan import plan
from apsnet_core.batch.sampling_settings import SamplingSettings
from tests.core.cli.command import APSNET, answer, environment, said, sentence, sentence_of
from tests.core.cli.shapes import cloud, cube


def test_results_keep_the_folder_structure_and_other_files_are_ignored(tmp_path: Path) -> None:
    data = tmp_path / "in"
    cube(data / "cube.obj")
    cloud(data / "deep/er/c.xyz")
    cloud(data / ".hidden/c.xyz")
    (data / "cube.mtl").write_text("newmtl m")
    found = answer("sample", data, "-n", "8", "-o", tmp_path / "out", "--format", "npy", "--workers", "1")
    assert (found["files"], found["done"], found["failed"]) == (2, 2, [])
    written = sorted(str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*.npy"))
    assert written == ["cube.npy", "deep/er/c.npy"]
    assert np.load(tmp_path / "out/cube.npy").shape[0] == 8


def test_a_file_gives_the_same_result_by_itself_and_in_a_folder(tmp_path: Path) -> None:
    source = cube(tmp_path / "in/cube.obj")
    answer("convert", source, tmp_path / "one.npy", "--points", "50", "--seed", "4")
    answer("convert", source.parent, tmp_path / "many", "--format", "npy", "--points", "50", "--seed", "4")
    assert (tmp_path / "many/cube.npy").read_bytes() == (tmp_path / "one.npy").read_bytes()


def test_same_stem_in_two_formats_gives_two_results(tmp_path: Path) -> None:
    cube(tmp_path / "in/a.obj")
    cloud(tmp_path / "in/a.xyz")
    found = answer("convert", tmp_path / "in", tmp_path / "out", "--format", "csv")
    assert found["done"] == 2
    assert {path.name for path in (tmp_path / "out").glob("*.csv")} == {"a.obj.csv", "a.xyz.csv"}


def test_broken_files_are_listed_with_reasons_and_the_others_are_done(tmp_path: Path) -> None:
    for index in range(3):
        cloud(tmp_path / f"in/good{index}.xyz")
    (tmp_path / "in/empty.ply").write_bytes(b"")
    (tmp_path / "in/words.off").write_text("OFF but then words")
    found = answer("convert", tmp_path / "in", tmp_path / "out", code=1)
    assert found["done"] == 3
    reasons = {Path(failure["file"]).name: failure["why"] for failure in found["failed"]}
    assert set(reasons) == {"empty.ply", "words.off"}
    assert "empty" in reasons["empty.ply"]
    human = said("convert", tmp_path / "in", tmp_path / "out")
    assert human.returncode == 1
    assert "3 done before" in human.stdout
    assert "2 failed" in human.stdout
    assert reasons["words.off"] in human.stdout


def test_notes_on_a_file_are_part_of_every_result(tmp_path: Path) -> None:
    lines = "OFF\n3 1 0\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n3 0 1 2\n"
    (tmp_path / "in").mkdir()
    for name in "ab":
        (tmp_path / f"in/{name}.off").write_text(lines)
    note = "1 line after the last that the header announces left out"
    assert answer("info", tmp_path / "in/a.off")["notes"] == [note]
    assert answer("convert", tmp_path / "in/a.off", tmp_path / "a.ply")["notes"] == [note]
    assert answer("sample", tmp_path / "in/a.off", "-n", 4)["notes"] == [note]
    source = tmp_path / "in/a.off"
    for rest in (["info", source], ["sample", source, "-n", 4], ["convert", source, tmp_path / "b.ply"]):
        assert note in said(*rest).stdout
    found = answer("convert", tmp_path / "in", tmp_path / "out")
    assert {(Path(entry["file"]).name, entry["note"]) for entry in found["notes"]} == {
        ("a.off", note),
        ("b.off", note),
    }
    assert note in said("convert", tmp_path / "in", tmp_path / "out2").stdout


def test_results_are_made_again_only_if_the_source_changed(tmp_path: Path) -> None:
    for name in ["a", "b", "c"]:
        cloud(tmp_path / f"in/{name}.xyz")
    run = ["convert", tmp_path / "in", tmp_path / "out"]
    answer(*run)
    before = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "out").glob("*.ply")}
    cloud(tmp_path / "in/b.xyz", n=300)
    (tmp_path / "out/c.ply").unlink()
    found = answer(*run)
    assert (found["done"], found["done_before"]) == (2, 1)
    after = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "out").glob("*.ply")}
    assert {name for name in after if after[name] != before[name]} == {"b.ply", "c.ply"}


def test_other_settings_need_another_folder_or_force(tmp_path: Path) -> None:
    cloud(tmp_path / "in/a.xyz")
    run = ["convert", tmp_path / "in", tmp_path / "out", "--format"]
    answer(*run, "ply")
    assert "other settings" in sentence(*run, "csv")
    assert answer(*run, "csv", "--force")["done"] == 1


def test_a_file_of_the_user_is_not_overwritten(tmp_path: Path) -> None:
    cloud(tmp_path / "in/a.xyz")
    cloud(tmp_path / "in/b.xyz")
    (tmp_path / "out").mkdir()
    (tmp_path / "out/a.ply").write_text("precious")
    found = answer("convert", tmp_path / "in", tmp_path / "out", code=1)
    assert found["done"] == 1
    assert "not from this command" in found["failed"][0]["why"]
    assert (tmp_path / "out/a.ply").read_text() == "precious"


def test_a_manifest_with_a_torn_last_line_still_continues(tmp_path: Path) -> None:
    for name in ["a", "b"]:
        cloud(tmp_path / f"in/{name}.xyz")
    run = ["convert", tmp_path / "in", tmp_path / "out", "--workers", "1"]
    manifest = Path(answer(*run)["manifest"])
    *whole, last = manifest.read_text().splitlines(keepends=True)
    begun = {**json.loads(last), "status": "begun"}  # this line precedes it until the command ends
    manifest.write_text("".join([*whole, json.dumps(begun) + "\n", last[:-20]]))
    found = answer(*run)
    assert (found["done"], found["done_before"]) == (1, 1)
    assert answer(*run)["done_before"] == 2


def test_an_error_for_all_files_is_reported_once(tmp_path: Path) -> None:
    cloud(tmp_path / "in/a.xyz")
    assert "possible are" in sentence("convert", tmp_path / "in", tmp_path / "out", "--format", "docx")
    (tmp_path / "file").write_text("in the way")
    assert "file" in sentence("convert", tmp_path / "in", f"{tmp_path}/file/out/")
    assert {path.name for path in tmp_path.iterdir()} == {"in", "file"}


def test_the_error_for_an_empty_folder_lists_readable_formats(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/notes.md").write_text("nothing here")
    assert "ply" in sentence("convert", tmp_path / "in", tmp_path / "out")


def test_results_within_the_folder_of_sources_are_refused(tmp_path: Path) -> None:
    cloud(tmp_path / "in/deep/a.xyz")
    for out, where in (("in", "is"), (".", "is inside")):
        told = sentence_of(said("convert", "in", out, cwd=tmp_path))
        assert told.startswith(f"in {where} the folder for the results"), told


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
def test_a_stopped_command_leaves_whole_files_and_continues(tmp_path: Path, end: signal.Signals) -> None:
    total, points = 80, 20_000
    original = cloud(tmp_path / "in/00.xyz", n=points)
    for index in range(1, total):
        os.link(original, tmp_path / f"in/{index:02}.xyz")
    run = ["convert", tmp_path / "in", tmp_path / "out", "--format", "npy"]
    process = _begun(run)
    manifest = tmp_path / "out/manifest.jsonl"
    _until(lambda: manifest.exists() and manifest.read_text().count('"done"') >= 4, process)
    os.killpg(process.pid, end)
    stdout, stderr = process.communicate(timeout=60)
    done = [json.loads(line) for line in manifest.read_text().splitlines() if '"done"' in line]
    assert 4 <= len(done) < total
    if end == signal.SIGINT:
        assert process.returncode == 130, stderr
        assert json.loads(stdout)["interrupted"] is True
        assert "Traceback" not in stderr
        left = {path.name for path in (tmp_path / "out").iterdir()}
        assert left == {"manifest.jsonl", *(Path(line["target"]).name for line in done)}
    for path in (tmp_path / "out").glob("[0-9]*.npy"):
        assert len(np.load(path)) == points
    found = answer(*run)
    assert (found["done_before"], found["done"]) == (len(done), total - len(done))


def test_ctrl_c_in_the_first_of_all_sizes_ends_the_command(tmp_path: Path) -> None:
    original = cloud(tmp_path / "in/00.xyz", n=2000)
    for index in range(1, 40):
        os.link(original, tmp_path / f"in/{index:02}.xyz")
    process = _begun(["sample", tmp_path / "in", "-m", "apsnet", "--all-sizes", "-o", tmp_path / "out"])
    _until(lambda: any(tmp_path.glob("out/*/manifest.jsonl")), process)
    os.killpg(process.pid, signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 130, stderr
    (only,) = json.loads(stdout)["sizes"].values()
    assert only["interrupted"] is True
    assert [path.name for path in (tmp_path / "out").iterdir()] == [Path(only["out"]).name]


def _begun(line: Sequence[object]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*APSNET, *map(str, line), "--json"],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # a process group of its own, so that signals reach only these processes
    )


def _until(condition: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    while not condition():
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)


def test_planning_and_resuming_take_time_linear_in_the_number_of_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Comparisons of paths and items are counted: a linear search for each file would be quadratic.

    The garbage collector, which visits all existing objects, would be quadratic too and must be paused.
    """
    compared, collected = 0, 0
    equal_paths, equal_items = PurePath.__eq__, Item.__eq__

    def count(equal: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
        def counted(a: object, b: object) -> bool:
            nonlocal compared
            compared += 1
            return equal(a, b)

        return counted

    def work(files: int) -> int:
        folder, out = tmp_path / f"{files}", tmp_path / f"{files} out"
        folder.mkdir()
        for i in range(files):
            (folder / f"{i}.xyz").touch()
        items = plan([folder], out, ".ply")
        manifest = Manifest(out, {})
        manifest.resume()
        for item in items[: files // 2]:
            item.target.touch()
            manifest.record(Outcome(item, {}, None))
        before, collected_before = compared, collected
        items = plan([folder], out, ".ply")
        again = Manifest(out, {})
        assert collected - collected_before <= 4, "the garbage collector was not paused"
        again.resume()
        claimed, refused = again.claim([item for item in items if not again.has(item)], force=False)
        assert (len(claimed), len(refused)) == (files - files // 2, 0)
        return compared - before

    def collects(phase: str, _told: dict[str, int]) -> None:
        nonlocal collected
        collected += phase == "start"

    monkeypatch.setattr(PurePath, "__eq__", count(equal_paths))
    monkeypatch.setattr(PurePath, "__lt__", count(PurePath.__lt__))
    monkeypatch.setattr(Item, "__eq__", count(equal_items))
    gc.callbacks.append(collects)
    often = gc.get_threshold()
    gc.set_threshold(200)
    try:
        assert work(400) <= 2.5 * work(200)
    finally:
        gc.set_threshold(*often)
        gc.callbacks.remove(collects)
    assert collected > 0


def test_the_up_axis_is_guessed_only_for_methods_that_need_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(sample_file, "guess_up", lambda *_: asked.append("up") or "z")
    np.save(tmp_path / "a.npy", np.random.default_rng(0).random((50, 3), dtype=np.float32))
    for method in ("farthest_point", "random", "voxel"):
        recipe = SamplingSettings(method, 4, None, "auto", None, "lstm", 0, 2048, None, None, None, None)
        sample_file.sample_file(Item(tmp_path / "a.npy", tmp_path / "b.ply"), recipe, force=True)
    assert not asked


@pytest.mark.parametrize("turned", [False, True])
def test_row_each_gives_a_result_for_each_cloud_of_an_array(tmp_path: Path, turned: bool) -> None:
    stack = np.random.default_rng(0).normal(size=(12, 60, 3)).astype(np.float32)
    np.savez(tmp_path / "a.npz", data=stack.swapaxes(1, 2) if turned else stack, label=np.arange(12))
    (tmp_path / "b.npy").write_bytes(b"no array")
    for alone in (("convert", tmp_path / "a.npz", "b.ply"), ("info", tmp_path / "a.npz")):
        assert "into a folder, as OUT/" in said(*alone, "--row", "each").stderr
    line = ("convert", tmp_path / "a.npz", tmp_path / "b.npy", f"{tmp_path / 'out'}/", "--row", "each")
    found = answer(*line, "--format", "npy", code=1)
    assert found["done"] == 12 and [Path(one["file"]).name for one in found["failed"]] == ["b.npy"]
    for row in range(12):
        assert np.array_equal(np.load(tmp_path / "out" / f"a_{row:02}.npy"), stack[row])
    sampled = answer("sample", tmp_path / "a.npz", "-o", f"{tmp_path / 's'}/", "--row", "each", "-n", "4")
    assert sampled["done"] == 12 and len(list((tmp_path / "s").glob("a_*.ply"))) == 12
    again = answer("sample", tmp_path / "a.npz", "-o", f"{tmp_path / 's'}/", "--row", "each", "-n", "4")
    assert (again["done"], again["done_before"]) == (0, 12)
