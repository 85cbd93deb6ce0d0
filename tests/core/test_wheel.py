"""The wheel in an environment with only its requirements: library and command line, no Qt or Open3D."""

from __future__ import annotations

import email
import importlib.metadata
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from apsnet_core import __version__

ROOT = Path(__file__).parents[2]
PROGRAMS = sorted(path.stem for path in (ROOT / "docs/examples/programs").glob("*.py"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def python(wheel: Path) -> Path:
    """The Python of an environment with the wheel and the closure of its required packages."""
    folder = wheel.parent
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    (site,) = (folder / "venv").glob("lib/python*/site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    (described,) = importlib.metadata.distributions(name="apsnet-studio", path=[str(site)])
    for package in closure(described.requires or []):
        for top in {path.parts[0] for path in package.files or []} - {"..", "__pycache__"}:
            if not (site / top).exists():
                (site / top).symlink_to(str(package.locate_file(top)))
    return folder / "venv/bin/python"


def closure(requirements: list[str]) -> list[importlib.metadata.Distribution]:
    """The installed packages that ``requirements`` name, and all packages that these require in turn."""
    found: dict[tuple[str, frozenset[str]], importlib.metadata.Distribution] = {}
    waiting = [(text, frozenset[str]()) for text in requirements]
    while waiting:
        text, of_extras = waiting.pop()
        wanted = Requirement(text)
        marker, extras = wanted.marker, frozenset(wanted.extras)
        if marker is not None and not any(marker.evaluate({"extra": extra}) for extra in ("", *of_extras)):
            continue
        key = canonicalize_name(wanted.name), extras
        if key not in found:
            found[key] = importlib.metadata.distribution(wanted.name)
            waiting += [(each, extras) for each in found[key].requires or []]
    return list(found.values())


def run(python: Path, folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    shared = python.parents[2] / "cache"  # shared, so that the kernels are compiled once
    own = {"APSNET_HOME": str(folder / "home"), "APSNET_CACHE": str(shared), "XDG_CACHE_HOME": str(shared)}
    command = [str(python), *map(str, arguments)]
    return subprocess.run(command, cwd=folder, env=kept | own, capture_output=True, text=True)


def test_the_description_has_no_pictures_and_only_absolute_links(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [each for each in archive.namelist() if each.endswith(".dist-info/METADATA")]
        about = email.message_from_bytes(archive.read(name))
    description = about.get_payload()
    assert isinstance(description, str) and "## In Python" in description and "|---|---|" in description
    assert "![" not in description
    assert [url for url in re.findall(r"\]\((.*?)\)", description) if not url.startswith("https://")] == []
    assert about.get_all("Project-URL") and about["Author"] and about["Keywords"]


def test_the_wheel_has_each_page_once_and_no_tests_or_caches(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        pictures = [archive.read(each) for each in names if "_docs" in each and each.endswith(".png")]
    assert len(names) == len(set(names)) and len(pictures) == len(set(pictures))
    assert {"apsnet_core/_docs/index.md", "apsnet_core/_docs/CHANGELOG.md"} <= set(names)
    assert [name for name in names if re.match(r"tests/|packaging/|.*(__pycache__|\.pyc$)", name)] == []


def test_the_wheel_has_its_assets_and_needs_neither_qt_nor_open3d(python: Path, tmp_path: Path) -> None:
    program = (
        "import apsnet_core, importlib.util as u; from apsnet_core.assets import asset;"
        "print(apsnet_core.__file__, *sorted(p.name for p in asset('shapes').iterdir()), sep='\\n');"
        "assert not u.find_spec('PySide6') and not u.find_spec('open3d')"
    )
    done = run(python, tmp_path, "-c", program)
    assert done.returncode == 0, done.stderr
    where, *shapes = done.stdout.splitlines()
    assert Path(where).is_relative_to(python.parents[1])
    assert shapes == sorted(path.name for path in (ROOT / "assets/shapes").iterdir())


def test_the_command_line_works_from_the_wheel(python: Path, tmp_path: Path) -> None:
    shape = ROOT / "assets/shapes/chair.obj"
    sample = ["sample", shape, "-m", "apsnet", "-n", "8", "-o", "s.ply", "--json"]
    done = run(python, tmp_path, "-m", "apsnet_core", *sample)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["m"] == 8
    doctor = run(python, tmp_path, "-m", "apsnet_core", "doctor")
    assert doctor.returncode == 0, doctor.stdout
    assert "not installed; optional, for the window: pip install 'apsnet-studio[gui]'" in doctor.stdout


def test_the_window_names_its_missing_packages(python: Path, tmp_path: Path) -> None:
    done = run(python, tmp_path, "-m", "apsnet_gui")
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "apsnet-gui: the window needs more packages (PySide6, open3d, pyqtgraph, qtawesome, rapidfuzz): "
        "pip install 'apsnet-studio[gui]'"
    ]


@pytest.mark.parametrize("package", ["apsnet_core", "apsnet_gui"])
def test_both_programs_print_their_version(python: Path, tmp_path: Path, package: str) -> None:
    done = run(python, tmp_path, "-m", package, "--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"apsnet-studio {__version__}\n", "")


@pytest.mark.parametrize("program", PROGRAMS)
def test_an_example_program_runs(python: Path, tmp_path: Path, program: str) -> None:
    done = run(python, tmp_path, ROOT / "docs/examples/programs" / f"{program}.py")
    assert done.returncode == 0, done.stderr
    assert done.stdout
    assert "Warning" not in done.stderr
