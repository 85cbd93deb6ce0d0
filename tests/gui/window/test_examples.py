"""The example package is built, installed into a folder, and driven through shell and window."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.core.cli.command import ROOT
from tests.core.training.small import write_release, write_task_net

EXAMPLES = ROOT / "docs" / "examples"
SHELL = """
import json, sys
from apsnet_core.cli.app import run
for words in json.loads(sys.argv[1]):
    assert run([*words, "--json"]) == 0, words
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the example package is built for and installed into."""
    made, target = tmp_path_factory.mktemp("wheel"), tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(made)]
    subprocess.run(build, cwd=EXAMPLES, check=True, capture_output=True)
    (wheel,) = made.glob("*.whl")
    install = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--no-deps",
        "--no-index",
        "-q",
        "--target",
        str(target),
    ]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True)
    return target


def test_an_installed_package_is_driven_through_shell_and_window(site: Path, tmp_path: Path) -> None:
    own = {"APSNET_RUNS": str(tmp_path / "runs"), "APSNET_HOME": str(tmp_path)}
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{site}", **own}

    def call(code: list[str], *words: str) -> str:
        done = subprocess.run(
            [sys.executable, *code, *words],
            cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr + done.stdout
        assert "plug-in" not in done.stderr
        return done.stdout

    cloud = np.random.default_rng(0).normal(size=(100, 3)).astype(np.float32)
    np.save(tmp_path / "cloud.npy", cloud)
    write_release(tmp_path / "release")
    net = write_task_net(tmp_path / "net.safetensors")
    fast = "--set data=release --set points=32 --set optimisation.epochs=1 --set optimisation.batch_size=8"
    commands = [
        "sample cloud.npy -m stride -n 8 -o s.mm",
        "info s.mm",
        f"train {EXAMPLES}/anchors.toml {fast} --set sizes=[8] --set task_weights={net} -o runs/mine",
        "weights show mine",
        "compare cloud.npy -m stride,anchors,anchors:m -n 8 -o report",
        f"train {EXAMPLES}/span.toml {fast} -o runs/spans",
        "compare cloud.npy -m stride -n 100 --task span",
        f"evaluate --data release --net {net} -m stride,anchors -n 8 --up y -o table",
    ]
    said = call(["-c", SHELL], json.dumps([words.split() for words in commands]))
    sampled, info, _, shown, compared, _, judged, table = map(json.loads, said.splitlines())

    assert sampled["index"] == [12 * i for i in range(8)]
    lines = np.loadtxt(tmp_path / "s.mm", np.int64)
    np.testing.assert_array_equal(lines, np.rint(1000 * cloud[::12][:8].astype(np.float64)))
    assert info["points"] == 8
    assert (shown["method"], shown["architecture"], shown["sizes"]) == ("anchors", "anchors", [8])
    assert [(row["method"], row["variant"]) for row in compared["rows"]] == [
        ("stride", None), ("anchors", "g"), ("anchors", "m"),
    ]  # fmt: skip
    page = (tmp_path / "report/index.html").read_text(encoding="utf-8")
    assert "Every k-th" in page and "Anchors-M" in page
    [row] = judged["rows"]
    assert (judged["task_net"], row["metric"], row["value"]) == ("spans", "span_error", 0)  # m is all points
    assert [row["method"] for row in table["rows"]] == ["stride", "anchors"]
    assert "Every k-th" in (tmp_path / "table/index.html").read_text(encoding="utf-8")

    (tmp_path / "own.py").write_text(
        "from apsnet_core import Method\nOWN = Method('own', 'Own', generate=lambda points, m: points[:, :m])"
    )
    words = ["s.mm", "--compare", "stride,anchors,own", "--plugin", "own.py", "-n", "8"]
    call(["-m", "apsnet_gui.app"], *words, "--task", "classification", "--screenshot", "window.png")
    assert (tmp_path / "window.png").stat().st_size > 10_000
