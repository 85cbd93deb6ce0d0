"""The user's defaults: the command line overrides environment variables, and these override the file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from apsnet_core.cli.app import run
from tests.core.cli.command import answer
from tests.core.cli.shapes import cloud


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "config.toml"
    file.write_text("")
    monkeypatch.setenv("APSNET_CONFIG", str(file))
    return file


def _points(*options: object, tmp_path: Path) -> int:
    source = cloud(tmp_path / "a.xyz")
    answer("sample", source, "-o", tmp_path / "s.npy", "--force", *options)
    return len(np.load(tmp_path / "s.npy"))


def test_the_command_line_overrides_the_environment_and_that_the_file(
    tmp_path: Path, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_text("[sample]\nsize = 5\nvoxel-size = 1e9\n")
    assert _points(tmp_path=tmp_path) == 1  # all points are in one voxel
    assert _points("-n", 7, tmp_path=tmp_path) == 7
    config.write_text("[sample]\nsize = 5\nmethod = 'random'\n")
    assert _points(tmp_path=tmp_path) == 5
    monkeypatch.setenv("APSNET_SAMPLE_SIZE", "6")
    assert _points(tmp_path=tmp_path) == 6
    assert _points("-n", 7, tmp_path=tmp_path) == 7
    assert answer("sample", tmp_path / "a.xyz")["method"] == "random"


def test_defaults_may_be_flags_lists_and_options_of_subcommands(
    tmp_path: Path, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = cloud(tmp_path / "a.xyz")
    config.write_text("[sample]\nforce = true\nadd = ['0,0,9', '0,0,8']\n[compare]\nsizes = [3, 5]\n")
    for _ in range(2):
        answer("sample", source, "-n", 4, "-o", tmp_path / "s.npy")
    assert len(np.load(tmp_path / "s.npy")) == 6
    assert [row["m"] for row in answer("compare", source, "-m", "random")["rows"]] == [3, 5]
    monkeypatch.setenv("APSNET_SAMPLE_FORCE", "no")
    assert "exists" in answer("sample", source, "-n", 4, "-o", tmp_path / "s.npy", code=1)["error"]
    config.write_text("[weights.import]\ntask = 'nonsense'\n")
    assert "[weights.import]" in answer("weights", "import", source, code=2)["error"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("SIZE", "ten"), ("SEED", "-3"), ("METHOD", "nope"), ("DEVICE", "tpu"), ("FORCE", "perhaps"),
     ("TASK", "nonsense"), ("UP", "down"), ("ROW", "third"), ("NOISE", "-1"), ("SHARD", "9/2")],
)  # fmt: skip
def test_the_error_for_a_wrong_default_names_its_source(
    tmp_path: Path, config: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    line = ["sample", cloud(tmp_path / "a.xyz"), "-o", tmp_path / "b.npy"]
    monkeypatch.setenv(f"APSNET_SAMPLE_{name}", value)
    assert f"APSNET_SAMPLE_{name}" in answer(*line, code=2)["error"]
    monkeypatch.delenv(f"APSNET_SAMPLE_{name}")
    config.write_text(f"[sample]\n{name.lower()} = '{value}'\n")
    assert f"{config}, [sample]" in answer(*line, code=2)["error"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[sample]\nsizee = 3", "sizee names no option of apsnet sample; the options are"),
        ("[sampel]\nsize = 3", "[sampel] names no command; the commands are"),
        ("size = 3", "[size] names no command"),
        ("[weights]\nsize = 3", "[weights.size] names no command"),
        ("[sample", "is not valid TOML"),
    ],
)
def test_defaults_for_unknown_commands_and_options_are_refused(
    tmp_path: Path, config: Path, text: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    config.write_text(text)
    assert why in answer("sample", cloud(tmp_path / "a.xyz"), code=2)["error"]


def test_variables_for_unknown_options_are_refused(
    tmp_path: Path, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APSNET_SAMPLE_SIZEE", "3")
    assert (
        "APSNET_SAMPLE_SIZEE names no option" in answer("sample", cloud(tmp_path / "a.xyz"), code=2)["error"]
    )
    monkeypatch.delenv("APSNET_SAMPLE_SIZEE")
    monkeypatch.setenv("APSNET_CONFIG", str(tmp_path / "none.toml"))
    assert "there is no such file" in answer("sample", cloud(tmp_path / "a.xyz"), code=2)["error"]


def test_the_doctor_and_the_help_show_the_defaults(
    config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("APSNET_SAMPLE_VOXEL_SIZE", "0.5")
    config.write_text("[evaluate]\nshapes = 10\n")
    monkeypatch.setattr("apsnet_core.doctor._ask", lambda probe: {"error": "not asked"})
    told = answer("doctor", code=1)["defaults"]
    assert [(each["command"], each["option"], each["value"]) for each in told] == [
        ("sample", "--voxel-size", "0.5"),
        ("evaluate", "--shapes", "10"),
    ]
    assert run(["sample", "--help"]) == 0
    assert "0.5, from APSNET_SAMPLE_VOXEL_SIZE" in " ".join(capsys.readouterr().out.split())
    config.write_text("[nonsense]\n")
    assert "[nonsense] names no command" in str(answer("doctor", code=1)["problems"])
