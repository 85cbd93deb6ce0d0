"""Standard input and output: a cloud is read in one format and written in another, with no other output."""

from __future__ import annotations

import io
import os
import shlex
import subprocess
from pathlib import Path

import numpy as np
import pytest

from tests.core.cli.command import APSNET, environment, sentence

XYZ = np.random.default_rng(0).normal(size=(200, 3)).round(3)


def _piped(data: bytes, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[bytes]:
    done = subprocess.run(
        [*APSNET, *arguments], input=data, capture_output=True, env=environment(), timeout=300
    )
    assert done.returncode == code, done.stderr
    return done


def _text() -> bytes:
    stream = io.StringIO()
    np.savetxt(stream, XYZ, fmt="%.3f")
    return stream.getvalue().encode()


def test_convert_works_in_a_pipe() -> None:
    done = _piped(_text(), "convert", "-", "-", "--from", "xyz", "--to", "npy")
    assert np.allclose(np.load(io.BytesIO(done.stdout)), XYZ, atol=1e-6)
    assert b"200 points" in done.stderr


def test_sample_works_in_a_pipe() -> None:
    done = _piped(_text(), "sample", "-", "-n", "20", "-o", "-", "--from", "txt", "--to", "csv")
    lines = [line for line in done.stdout.decode().splitlines() if not line.startswith("#")]
    assert lines[0].split(",")[:3] == ["x", "y", "z"] and len(lines) == 21
    index = lines[0].split(",").index("index")
    for line in lines[1:]:
        cells = line.split(",")
        assert np.allclose([float(cell) for cell in cells[:3]], XYZ[int(cells[index])], atol=1e-6)


def test_info_reads_from_a_pipe() -> None:
    assert b"200 points" in _piped(_text(), "info", "-", "--from", "xyz").stdout


def test_missing_formats_of_a_pipe_are_reported(tmp_path: Path) -> None:
    (tmp_path / "a.xyz").write_bytes(_text())
    assert b"needs --from" in _piped(_text(), "info", "-", code=1).stderr
    assert "needs --to" in sentence("convert", tmp_path / "a.xyz", "-")
    assert "no format 'docx'" in sentence("convert", tmp_path / "a.xyz", "-", "--to", "docx")
    both = _piped(b"", "convert", str(tmp_path / "a.xyz"), "-", "--to", "npy", "--json", code=2)
    assert b"--json" in both.stdout


def test_the_given_columns_are_read(tmp_path: Path) -> None:
    np.savetxt(tmp_path / "a.txt", np.column_stack([np.arange(200), XYZ]), fmt="%.3f")
    done = _piped(b"", "convert", str(tmp_path / "a.txt"), "-", "--to", "npy", "--columns", "-,x,y,z")
    assert np.allclose(np.load(io.BytesIO(done.stdout)), XYZ, atol=1e-6)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a system without /dev/full")
@pytest.mark.parametrize("line", [["--version"], ["weights", "list", "--json"], ["info", "--help"]])
def test_an_answer_that_cannot_be_written_gives_an_error(line: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [*APSNET, *line], stdout=full, stderr=subprocess.PIPE, text=True, env=environment(), timeout=300
        )
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1].startswith("apsnet: ") and "No space left" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a shell that closes streams")
def test_closed_streams_are_reported_and_not_replaced_by_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.xyz").write_bytes(_text())

    def shell(words: str) -> subprocess.CompletedProcess[str]:
        line = f"{shlex.join(APSNET)} {words}"
        return subprocess.run(
            ["sh", "-c", line], cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=300
        )

    done = shell("--help >&-")
    assert (done.returncode, done.stderr) == (1, "apsnet: Bad file descriptor\n")
    done = shell("convert a.xyz b.npy <&- >&- 2>&-")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")
    assert np.allclose(np.load(tmp_path / "b.npy"), XYZ, atol=1e-6), "printed text got into the file"
    assert shell("info nothing.xyz 2>&-").stdout == "", "an error must not go to standard output"
