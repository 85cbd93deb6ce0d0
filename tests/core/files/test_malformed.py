"""Every malformed file gives a one-sentence error or a valid cloud, in a process with little memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from apsnet_core import files
from tests.core.files import corpus

_MEMORY = 3 << 30  # address space: enough for the libraries, but not for the counts that headers announce

_READ_ALL = """
import json, sys, warnings
from pathlib import Path
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]), int(sys.argv[2])))
except ImportError:
    pass
warnings.simplefilter("error")
import numpy as np
from apsnet_core import files
outcomes = {}
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        result = files.read(path)
    except files.ReadError as error:
        outcomes[path.name] = error.why
    except BaseException as error:
        outcomes[path.name] = ["escaped", repr(error)]
    else:
        points = getattr(result, "xyz", getattr(result, "vertices", None))
        fine = len(points) > 0 and bool(np.isfinite(points).all())
        outcomes[path.name] = ["read", len(points), fine]
print(json.dumps(outcomes))
"""


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """The outcome for each file of the corpus, by name: the sentence of an error, or a list."""
    folder = tmp_path_factory.mktemp("corpus")
    corpus.write_all(folder)
    run = subprocess.run(
        [sys.executable, "-c", _READ_ALL, str(folder), str(_MEMORY)],
        capture_output=True,
        text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        cwd=Path(__file__).parents[3],
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)  # type: ignore[no-any-return]


# Further suffixes of formats that the corpus covers with another suffix.
SAME = {".hdf5", ".asc", ".neu", ".dat", ".pcd.bin"}


def test_corpus_is_large_and_covers_every_format(outcomes: dict[str, object]) -> None:
    assert len(outcomes) >= 120
    assert {Path(name).suffix for name in outcomes} >= set(files.readable()) - SAME


def test_no_other_exception_than_read_error_escapes(outcomes: dict[str, object]) -> None:
    escaped = {
        name: what for name, what in outcomes.items() if isinstance(what, list) and what[0] == "escaped"
    }
    assert not escaped


def test_whole_files_are_read(outcomes: dict[str, object]) -> None:
    for name, outcome in outcomes.items():
        if name.startswith("whole."):
            assert isinstance(outcome, list), (name, outcome)


def test_clouds_that_are_read_are_finite_and_not_empty(outcomes: dict[str, object]) -> None:
    for name, outcome in outcomes.items():
        if isinstance(outcome, list):
            assert outcome[2], (name, outcome)


# A text file that is cut at the end of a line, or within its last number, looks like one of fewer points.
_CUT_UNSEEN = {"xyz", "xyzn", "xyzrgb", "txt", "csv", "pts", "obj", "off", "bin"}
# These files are odd, but their points are valid.
_FINE = {"zeros.bin", "cut_last.ptx", "lengths.npz", "circle.glb", "utf16.csv", "text_column.csv"}


def test_damaged_files_are_refused(outcomes: dict[str, object]) -> None:
    for name, outcome in outcomes.items():
        stem, _, suffix = name.rpartition(".")
        # Flipped or overwritten bits within the numbers may give other valid numbers.
        doubtful = stem in ("whole", "flipped", "garbage_tail")
        doubtful = doubtful or (stem.startswith("cut") and suffix in _CUT_UNSEEN)
        if not doubtful and name not in _FINE:
            assert isinstance(outcome, str), (name, outcome)


def test_error_sentences_are_short_and_readable(outcomes: dict[str, object]) -> None:
    for name, outcome in outcomes.items():
        if isinstance(outcome, str):
            assert 10 < len(outcome) < 400, (name, outcome)
            assert "\n" not in outcome and "Traceback" not in outcome, (name, outcome)


def test_a_file_without_read_permission_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret.xyz"
    path.write_text("1 2 3\n")
    path.chmod(0)
    if os.access(path, os.R_OK):  # root reads everything
        path = Path("/proc/self/mem.xyz")
    with pytest.raises(files.ReadError):
        files.read(path)


@pytest.mark.parametrize("name", ["missing.ply", "a\0b.ply", "x" * 5000 + ".ply"])
def test_names_of_missing_files_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(files.ReadError):
        files.read(tmp_path / name)


@pytest.mark.parametrize("name", ["cloud.docx", "cloud", "cloud.ply.bak"])
def test_the_error_for_an_unknown_suffix_lists_the_accepted_ones(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("1 2 3\n")
    with pytest.raises(files.ReadError, match=r"accepted are ply, pcd, xyz"):
        files.read(path)


def test_a_row_cannot_be_chosen_in_a_file_of_one_cloud(tmp_path: Path) -> None:
    path = tmp_path / "a.xyz"
    path.write_text("1 2 3\n")
    with pytest.raises(files.ReadError, match="one cloud"):
        files.read(path, row=3)
    assert files.describe(path) == []
