"""A few thousand damaged files, the same in every run; `make fuzz` tests others for an hour."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from apsnet_core import files
from apsnet_core.cloud import PointCloud
from tests.fuzz.run import damaged, judged


@pytest.mark.parametrize("seed", [0, 1])
def test_damaged_files_are_refused_in_a_sentence_or_read_as_others_read_them(
    tmp_path: Path, seed: int
) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", "--files", "1500", "--seed", str(seed), "--keep", str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[3],
    )
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-300:]
    assert "1500 damaged files" in run.stdout


def test_the_same_seed_gives_the_same_damaged_files(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
    one, two = ([p.read_bytes() for p in islice(damaged(tmp_path / name, 3), 60)] for name in "ab")
    # E57 files are left out because they contain a random identifier and the time of writing.
    assert [data for data in one if b"E57" not in data] == [data for data in two if b"E57" not in data]


def test_the_judge_of_the_fuzzer_finds_wrong_results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.ply"
    files.write(PointCloud(np.random.default_rng(0).normal(size=(9, 3)).astype(np.float32)), path)
    right = files.read(path)
    assert isinstance(right, PointCloud)
    outcomes: Counter[str] = Counter()
    assert judged(path, outcomes) is None and outcomes == {"compared": 1}
    wrongs: list[tuple[object, str]] = [
        (replace(right, xyz=right.xyz + np.float32(0.001)), "the points differ from those"),
        (right.take(np.arange(8)), "8 points, another reader sees 9"),
        (IndexError("list index out of range"), "escaped"),
        (files.ReadError(path, "two\nlines of reasons"), "an odd sentence"),
    ]
    for wrong, why in wrongs:

        def read(path: Path, wrong: object = wrong) -> object:
            if isinstance(wrong, BaseException):
                raise wrong
            return wrong

        monkeypatch.setattr(files, "read", read)
        assert why in (judged(path, outcomes) or "")
