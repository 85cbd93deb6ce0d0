"""The wheel, unpacked somewhere else, is the whole program with its assets."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_wheel_works_installed_elsewhere(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    site = tmp_path / "site"
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    shipped = {path.name for path in (ROOT / "assets/shapes").iterdir()}
    assert {path.name for path in (site / "apsnet_core/_assets/shapes").iterdir()} == shipped
    program = (
        "import apsnet_core, sys; from apsnet_core.assets import asset; from apsnet_core.cli import main;"
        "print(apsnet_core.__file__); main(['info', str(asset('shapes', 'chair.obj')), '--json'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=True,
    )
    where, answer = done.stdout.splitlines()
    assert Path(where).is_relative_to(site)
    found = json.loads(answer)
    assert found["kind"] == "mesh"
    assert Path(found["file"]).is_relative_to(site)
