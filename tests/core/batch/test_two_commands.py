"""Two commands at once in one folder process all files and lose no line of the manifest."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from apsnet_core.batch.manifest import NAME
from apsnet_core.cli.options import on_this_machine
from tests.core.cli.command import APSNET, answer, environment
from tests.core.cli.shapes import cloud

_RECORDS = """
import sys
from pathlib import Path
from typing import Any
from apsnet_core.batch.item import Item, Outcome
from apsnet_core.batch.manifest import Manifest

folder, name = Path(sys.argv[1]), sys.argv[2]
manifest = Manifest(folder, {"how": 1})
assert manifest.resume()
for number in range(30):
    item = Item(folder / "source", folder / f"{name}{number}")
    manifest.claim([item], force=False)
    manifest.record(Outcome(item, {}, None))
    manifest.end()
"""


def _lines(manifest: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in manifest.read_text().splitlines()]


def test_a_manifest_written_by_two_processes_loses_no_line(tmp_path: Path) -> None:
    (tmp_path / "source").touch()
    both = [
        subprocess.Popen([sys.executable, "-c", _RECORDS, str(tmp_path), name], env=environment())
        for name in "ab"
    ]
    assert [process.wait(timeout=300) for process in both] == [0, 0]
    settings, *lines = _lines(tmp_path / NAME)
    assert settings == {"settings": {"how": 1}}
    assert {Path(line["target"]).name for line in lines} == {f"{a}{i}" for a in "ab" for i in range(30)}
    assert all(line["status"] == "done" for line in lines)
    assert {path.name for path in tmp_path.iterdir()} == {"source", NAME}, "a lock file was left behind"


def test_the_same_command_twice_at_once_succeeds(tmp_path: Path) -> None:
    for index in range(30):
        cloud(tmp_path / f"in/{index}.xyz", seed=index)
    line = ["sample", "in", "-m", "random", "-n", "8", "-o", "out", "--workers", "1"]
    both = [
        subprocess.Popen([*APSNET, *line, "--json"], cwd=tmp_path, env=environment(), stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    for process in both:
        said = json.loads(process.communicate(timeout=300)[0])
        assert said["failed"] == [] and said["done"] + said["done_before"] == 30
    lines = _lines(tmp_path / "out" / NAME)[1:]
    assert len(lines) == 30 and {line["status"] for line in lines} == {"done"}


_SHELF = """
import os
import fsspec
from fsspec.implementations.dirfs import DirFileSystem

class Shelf(DirFileSystem):
    protocol = "shelf"

    def __init__(self, **options):
        super().__init__(path=os.environ["SHELF"], fs=fsspec.filesystem("file", auto_mkdir=True), **options)

fsspec.register_implementation("shelf", Shelf)
"""


def test_a_folder_behind_a_url_is_filled_and_continued(tmp_path: Path) -> None:
    cloud(tmp_path / "in/a.xyz")
    cloud(tmp_path / "in/deep/b.xyz", seed=1)
    (tmp_path / "shelf.py").write_text(_SHELF)
    line = [*APSNET, "sample", "in", "-n", "8", "-o", "shelf://out/", "--plugin", "shelf.py", "--json"]
    variables = environment() | {"SHELF": str(tmp_path / "shelf"), "APSNET_HOME": str(tmp_path / "own")}

    def said() -> tuple[int, int]:
        done = subprocess.run(line, cwd=tmp_path, env=variables, capture_output=True, timeout=300, check=True)
        told = json.loads(done.stdout)
        assert Path(told["manifest"]).is_file() and told["out"] == "shelf://out"
        return told["done"], told["done_before"]

    assert said() == (2, 0)
    assert said() == (0, 2)
    (tmp_path / "shelf/out/deep/b.ply").unlink()
    assert said() == (1, 1)
    written = {path.relative_to(tmp_path).as_posix() for path in (tmp_path / "shelf").rglob("*.ply")}
    assert written == {"shelf/out/a.ply", "shelf/out/deep/b.ply"}
    there = {path.name for path in tmp_path.iterdir()} - {"__pycache__"}  # Python's cache of the plug-in
    assert there == {"in", "shelf.py", "shelf", "own"}


def test_a_file_url_is_a_local_folder_and_other_urls_are_refused(tmp_path: Path) -> None:
    cloud(tmp_path / "in/a.xyz")
    there = f"file://{tmp_path}/out/"
    for _ in range(2):
        found = answer("sample", tmp_path / "in", "-n", "8", "-o", there)
        assert (tmp_path / "out/a.ply").is_file() and (tmp_path / "out" / NAME).is_file()
    assert found["done_before"] == 1
    assert on_this_machine(Path(f"file://{tmp_path}/r")) == tmp_path / "r"
    source = tmp_path / "in/a.xyz"
    assert "memory" in answer("convert", tmp_path / "in", "memory://x/", code=1)["error"]
    for line in (
        ["compare", source, "-m", "random"],
        ["segment", source],
        ["picture", source, "-m", "random"],
    ):
        assert "on this machine" in answer(*line, "-o", "memory://x/a.png", code=2)["error"]
