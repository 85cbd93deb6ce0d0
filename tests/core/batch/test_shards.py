"""Shards: each file belongs to one shard; shards may run at once in a folder and end with one manifest."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from apsnet_core.batch.errors import SettingsError
from apsnet_core.batch.item import Item, Outcome
from apsnet_core.batch.manifest import NAME, Manifest
from apsnet_core.batch.shard import Shard
from tests.core.cli.command import APSNET, answer, environment
from tests.core.cli.shapes import cloud


def timeless(manifest: Path) -> bytes:
    """The bytes of a manifest with the seconds of all samplings set to 0."""
    lines = [json.loads(line) for line in manifest.read_bytes().splitlines()]
    for line in lines:
        if "result" in line:
            line["result"]["seconds"] = 0
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


def test_shards_at_once_in_one_folder_give_the_results_of_one_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for index in range(12):
        cloud(tmp_path / f"in/{index % 3}/{index}.xyz", seed=index)
    (tmp_path / "in/broken.off").write_text("OFF but then words")
    line = ["sample", "in", "-m", "random", "-n", "8", "-o", "out", "--workers", "1", "--format", "npy"]
    shards = [
        subprocess.Popen(
            [*APSNET, *line, "--shard", f"{i}/2", "--json"],
            cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, text=True,
        )
        for i in (1, 2)
    ]  # fmt: skip
    said = [json.loads(shard.communicate(timeout=300)[0]) for shard in shards]
    assert sum(each["files"] for each in said) == 13 and sum(each["done"] for each in said) == 12
    assert min(each["files"] for each in said) > 0
    (tmp_path / "out").rename(tmp_path / "sharded")
    monkeypatch.chdir(tmp_path)
    assert answer(*line, code=1)["done"] == 12  # the broken file fails here too
    names = sorted(path.relative_to(tmp_path / "out") for path in (tmp_path / "out").rglob("*"))
    assert names == sorted(
        path.relative_to(tmp_path / "sharded") for path in (tmp_path / "sharded").rglob("*")
    )
    for name in names:
        if name.suffix == ".npy":
            assert np.array_equal(np.load(tmp_path / "out" / name), np.load(tmp_path / "sharded" / name))
    assert timeless(tmp_path / "out" / NAME) == timeless(tmp_path / "sharded" / NAME)


def test_the_shard_of_a_file_does_not_depend_on_other_files() -> None:
    shards = [Shard(i, 5) for i in range(1, 6)]
    names = [f"{i}.ply" for i in range(2000)]
    parts = [[name for name in names if shard.has(name)] for shard in shards]
    assert sorted(name for part in parts for name in part) == sorted(names)
    assert all(320 < len(part) < 480 for part in parts)  # within five standard deviations of 400


@pytest.mark.parametrize("text", ["0/4", "5/4", "1", "1/0", "-1/4", "a/b", "1/4/2", ""])
def test_invalid_shards_are_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="a shard is i/n with i from 1 to n"):
        Shard.parse(text)


def _manifest(folder: Path, shard: Shard | None) -> Manifest:
    manifest = Manifest(folder, {"how": [1, 2]}, shard)
    assert manifest.resume()
    return manifest


def _item(folder: Path, name: str) -> Item:
    source = folder / f"{name}.in"
    source.write_text(name)
    return Item(source, folder / name)


def _do(manifest: Manifest, *items: Item) -> None:
    manifest.claim(items, force=False)
    for item in items:
        item.target.write_text("done")
        manifest.record(Outcome(item, {}, None))


def _targets(path: Path) -> list[Any]:
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    return [Path(line["target"]).name for line in lines if line.get("status") == "done"]


def test_a_killed_shard_continues_and_the_last_shard_writes_the_manifest(tmp_path: Path) -> None:
    a, b, c = (_item(tmp_path, name) for name in "abc")
    killed, other = _manifest(tmp_path, Shard(1, 2)), _manifest(tmp_path, Shard(2, 2))
    _do(killed, b)
    _do(other, c)
    other.end()
    assert not (tmp_path / NAME).exists()
    again = _manifest(tmp_path, Shard(1, 2))
    assert again.has(b) and again.has(c) and not again.has(a)
    _do(again, a)
    again.end()
    assert _targets(tmp_path / NAME) == ["a", "b", "c"]
    assert [path.name for path in tmp_path.glob("manifest*")] == [NAME]
    assert _manifest(tmp_path, None).has(c)
    third = _manifest(tmp_path, Shard(2, 2))  # a second round, one shard after the other
    d = _item(tmp_path, "d")
    _do(third, d)
    third.end()
    assert _targets(tmp_path / NAME) == ["a", "b", "c", "d"]


def test_a_run_without_shards_keeps_the_records_of_running_shards(tmp_path: Path) -> None:
    a, b = _item(tmp_path, "a"), _item(tmp_path, "b")
    ended, running = _manifest(tmp_path, Shard(1, 2)), _manifest(tmp_path, Shard(2, 2))
    _do(ended, a)
    ended.end()
    whole = _manifest(tmp_path, None)
    assert whole.has(a)
    whole.end()
    _do(running, b)
    running.end()
    assert _targets(tmp_path / NAME) == ["a", "b"]


def test_other_settings_beside_a_shard_are_refused(tmp_path: Path) -> None:
    _manifest(tmp_path, Shard(1, 2))
    assert not Manifest(tmp_path, {"how": [2]}, Shard(2, 2)).resume()


def test_shards_are_refused_for_a_single_file(tmp_path: Path) -> None:
    source = cloud(tmp_path / "a.xyz")
    for line in (["sample", source, "-n", 4], ["convert", source, tmp_path / "b.ply"]):
        assert "many files" in answer(*line, "--shard", "1/2", code=2)["error"]
    assert "i/n" in answer("convert", tmp_path, f"{tmp_path}/o/", "--shard", "3/2", code=2)["error"]
