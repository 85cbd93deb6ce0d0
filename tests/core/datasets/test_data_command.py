"""The command `apsnet data`: list, import and check."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from apsnet_core.cli.app import run
from apsnet_core.datasets import open_dataset, twins
from tests.core.datasets.conftest import ellipsoid, write_part


def ask(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, Any]]:
    code = run(["data", *arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_an_imported_folder_is_known_by_its_name(
    hdf5_release: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, answer = ask(capsys, "import", str(hdf5_release), "--name", "tiny")
    assert (code, answer["name"], answer["shapes"]) == (0, "tiny", 42)
    assert len(open_dataset("tiny").test) == 6
    _, listed = ask(capsys, "list")
    assert [(row["name"], row["shapes"]) for row in listed["datasets"]] == [("furniture", 298), ("tiny", 42)]
    assert [one["name"] for one in listed["downloads"]] == ["modelnet40"]


def test_check_counts_classes_parts_and_twins(hdf5_release: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # Two test shapes also occur in the training part, one of them in another class.
    clouds = [ellipsoid(2, 256), ellipsoid(3, 256), *(ellipsoid(300 + i, 256) for i in range(4))]
    write_part(hdf5_release / "ply_data_test0.h5", clouds, [1, 1, 3, 3, 3, 3])
    code, answer = ask(capsys, "check", str(hdf5_release))
    assert code == 0
    assert answer["classes"] == {"chair": 14, "table": 28}
    assert answer["parts"] == {"train": 33, "validation": 3, "test": 6}
    data = open_dataset(hdf5_release)
    seen = twins(data.test, data.train) | twins(data.test, data.validation)
    assert seen[0] and not seen[1]
    assert answer["test_twins"] == seen.sum()


def test_import_leaves_broken_files_out_and_lists_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "set" / "egg").mkdir(parents=True)
    for k in range(9):
        np.savetxt(tmp_path / "set" / "egg" / f"{k}.xyz", ellipsoid(k, 50))
    (tmp_path / "set" / "egg" / "4.xyz").write_text("one two three\n")
    code, answer = ask(capsys, "import", str(tmp_path / "set"), "--name", "eggs")
    assert code == 0 and answer["shapes"] == 8
    assert [Path(one["file"]).name for one in answer["broken"]] == ["4.xyz"]
    assert run(["data", "import", str(tmp_path / "set"), "--name", "eggs"]) == 0
    said = capsys.readouterr().out
    assert "1 file left out:" in said and "4.xyz: " in said and "8 shapes" in said
    assert run(["data", "list"]) == 0
    assert "8 shapes (7/0/1) of  1 classes; 1 broken file: apsnet data check eggs" in capsys.readouterr().out


def test_check_lists_every_broken_file_and_import_refuses_where_most_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "set" / "egg").mkdir(parents=True)
    for name in ("a", "b", "c"):
        np.savetxt(tmp_path / "set" / "egg" / f"{name}.xyz", ellipsoid(1, 50))
    for name in ("b", "c"):
        (tmp_path / "set" / "egg" / f"{name}.xyz").write_text("one two three\n")
    code, answer = ask(capsys, "check", str(tmp_path / "set"))
    assert code == 1
    assert [Path(one["file"]).name for one in answer["broken"]] == ["b.xyz", "c.xyz"]
    code, answer = ask(capsys, "import", str(tmp_path / "set"), "--name", "eggs")
    assert code == 1 and "nothing was imported" in answer["error"]
    assert [row["name"] for row in ask(capsys, "list")[1]["datasets"]] == ["furniture"]


def test_a_missing_folder_is_listed_with_an_error(
    hdf5_release: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ask(capsys, "import", str(hdf5_release), "--name", "tiny")
    hdf5_release.rename(hdf5_release.with_name("elsewhere"))
    code, answer = ask(capsys, "list")
    assert code == 0 and "is not a folder" in answer["datasets"][1]["error"]


def test_importing_a_bundled_dataset_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    code, answer = ask(capsys, "import", "furniture")
    assert code == 1 and answer["error"].startswith("furniture is bundled: every command knows it")


@pytest.mark.parametrize("name", ["furniture", "a/b", ""])
def test_invalid_names_of_datasets_are_refused(
    hdf5_release: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    code, answer = ask(capsys, "import", str(hdf5_release), "--name", name)
    assert code == 1 and "cannot be the name of a dataset" in answer["error"]


def test_check_prints_the_counts_as_text(hdf5_release: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["data", "check", str(hdf5_release)]) == 0
    shown = capsys.readouterr().out
    assert "chair     15" in shown and "42 shapes of 256 points: 33 train, 3 validation, 6 test" in shown
