"""Options that every command accepts anywhere in its line, names of methods, progress, cache, completion."""

from __future__ import annotations

import json
import logging
import os
import shlex
import subprocess
from pathlib import Path

import pytest

from apsnet_core import __version__
from apsnet_core.cli import progress
from apsnet_core.cli.anywhere import taken
from apsnet_core.cli.app import run
from apsnet_core.methods.spec import MethodSpec
from tests.core.cli.command import APSNET, environment
from tests.core.cli.shapes import cloud


def test_options_for_every_command_are_taken_from_the_line() -> None:
    line = taken(["--json", "-v", "info", "a.ply", "--plugin=b.py", "--plugin", "c.py", "-q", "-vv"])
    assert (line.rest, line.plugins) == (["info", "a.ply", "--json"], ["b.py", "c.py"])
    assert (line.as_json, line.verbose, line.quiet, line.version) == (True, 3, True, False)
    assert taken(["info", "--", "--json", "-v"]).rest == ["info", "--", "--json", "-v"]
    assert taken(["info", "--json", "--", "-v"]).rest == ["info", "--json", "--", "-v"]
    assert taken(["data", "list", "--version"]).version and taken(["--plugin"]).rest == ["--plugin"]


@pytest.mark.parametrize("line", ["--version", "info --version", "--version data list", "-q --version"])
def test_the_option_version_works_anywhere_in_the_line(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(line.split()) == 0
    assert capsys.readouterr().out == f"apsnet-studio {__version__}\n"
    assert run([*line.split(), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"version": __version__}


def test_json_quiet_and_verbose_work_anywhere_in_the_line(tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                               caplog: pytest.LogCaptureFixture) -> None:  # fmt: skip
    source = str(cloud(tmp_path / "c.xyz"))
    assert run(["--json", "info", source]) == 0
    assert json.loads(capsys.readouterr().out)["points"] > 0
    assert run(["info", "-q", source]) == 0
    assert capsys.readouterr() == ("", "")
    assert run(["-q", "info", source + "x"]) == 1
    assert "there is no such file" in capsys.readouterr().err
    caplog.clear()
    assert run(["info", source, "-v"]) == 0
    assert "info took" in caplog.text
    caplog.clear()
    assert run(["info", source]) == 0
    assert not caplog.text and logging.getLogger("apsnet_core").level == logging.NOTSET


@pytest.mark.parametrize("line", [["convert", "-q"], ["-q", "convert"]])
def test_a_quiet_command_for_a_folder_prints_nothing(
    tmp_path: Path, line: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    cloud(tmp_path / "in" / "c.xyz")
    assert run([*line, str(tmp_path / "in"), str(tmp_path / "out")]) == 0
    assert capsys.readouterr() == ("", "") and (tmp_path / "out" / "c.ply").is_file()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("fps", "farthest_point"),
        ("Farthest-Point", "farthest_point"),
        ("FPS#3", "farthest_point#3"),
        ("APSNet:m", "apsnet:m"),
        ("apsnet-kd", "apsnet_kd"),
        ("voxel grid", "voxel"),
        ("SampleNet", "samplenet"),
    ],
)
def test_methods_are_known_by_common_other_names(text: str, name: str) -> None:
    assert str(MethodSpec.parse(text)) == name


def test_the_error_for_a_misspelt_method_suggests_the_right_name() -> None:
    with pytest.raises(ValueError, match=r"no method 'farthest_pint'; did you mean farthest_point\?"):
        MethodSpec.parse("farthest_pint")
    with pytest.raises(ValueError, match="no method 'xyzzy'; the methods are random, "):
        MethodSpec.parse("xyzzy")


def test_progress_in_a_log_is_one_line_per_minute(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = 0.0
    monkeypatch.setattr("apsnet_core.cli.progress.time.monotonic", lambda: now)
    lines = progress.Lines("Files")
    lines.update(10, 100)
    for done in range(11, 31):  # one file every ten seconds
        now += 10
        lines.update(done, 100, "a.ply")
    said = capsys.readouterr().err.splitlines()
    assert said == ["Files: 16 of 100, 14:00 min left", "Files: 22 of 100, 13:00 min left",
                    "Files: 28 of 100, 12:00 min left"]  # fmt: skip


def test_the_cache_is_shown_and_cleared(tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                        monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    own, named = tmp_path / "cache" / "apsnet-studio", tmp_path / "named"
    monkeypatch.setenv("APSNET_CACHE", str(named))
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_, **__: own)
    (own / "compiled").mkdir(parents=True)
    (own / "compiled" / "a.bin").write_bytes(bytes(3000))
    named.mkdir()
    (named / "0123456789abcdef-0.npz").write_bytes(bytes(500))
    (named / "mine.txt").write_text("mine")
    assert run(["doctor", "--clear-cache", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"freed": {str(own): 3000, str(named): 500}}
    assert not own.exists() and [path.name for path in named.iterdir()] == ["mine.txt"]


def test_a_shell_completes_commands_and_options() -> None:
    for words, expected in (("apsnet sam", "sample"), ("apsnet sample --meth", "--method")):
        done = subprocess.run(
            APSNET,
            env=environment() | {"_APSNET_COMPLETE": "complete_bash", "COMP_WORDS": words,
                                 "COMP_CWORD": str(words.count(" "))},
            capture_output=True, text=True, timeout=100,
        )  # fmt: skip
        assert expected in done.stdout.split(), done.stderr
    if os.name == "nt":
        return
    shown = subprocess.run(  # the completion is for the shell that runs the command
        ["bash", "-c", f"{shlex.join(APSNET)} --show-completion; exit $?"], env=environment(),
        capture_output=True, text=True, timeout=100,
    )  # fmt: skip
    assert "_APSNET_COMPLETE=complete_bash" in shown.stdout, shown.stderr
