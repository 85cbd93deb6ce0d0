"""The metadata for the system agree with the program: file types, versions, menu entry, licences."""

from __future__ import annotations

import configparser
import os
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from apsnet_core import __version__
from apsnet_core.files import readable

ROOT = Path(__file__).parents[2]
LINUX = ROOT / "packaging/linux"
MIME = "{http://www.freedesktop.org/standards/shared-mime-info}"


def test_the_registered_file_types_are_readable() -> None:
    kinds = ElementTree.parse(LINUX / "apsnet-studio.xml").getroot()
    patterns = [each.get("pattern", "") for each in kinds.iter(f"{MIME}glob")]
    assert {pattern.removeprefix("*") for pattern in patterns} <= {*readable(), ".apsnet"}
    ours = {each.get("type") for each in kinds.iter(f"{MIME}mime-type")}
    menu = configparser.ConfigParser(interpolation=None)
    menu.read(LINUX / "apsnet-studio.desktop", encoding="utf-8")
    entry = menu["Desktop Entry"]
    assert ours <= set(entry["MimeType"].split(";"))
    assert entry["Icon"] == entry["StartupWMClass"] == "apsnet-studio"  # the class name that the window sets
    assert (ROOT / "assets/icon/apsnet-studio.svg").is_file()


def test_the_version_is_the_same_everywhere() -> None:
    [about] = LINUX.glob("*.metainfo.xml")
    release = ElementTree.parse(about).getroot().find("releases/release")
    assert release is not None and release.get("version") == __version__
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f"version: {__version__}\n" in citation
    assert re.findall(r'^version = "(.+)"$', project, re.MULTILINE) == [__version__]
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform != "linux", reason="it installs on Linux")
def test_the_installer_for_linux_installs_and_removes_everything(tmp_path: Path) -> None:
    program, home = tmp_path / "it's 50 % & b|ar $x \\", tmp_path / "a home"
    home.mkdir()
    shutil.copytree(LINUX, program / "share")
    (program / "share/install.sh").replace(program / "install.sh")
    shutil.copy(ROOT / "assets/icon/apsnet-studio.svg", program / "share")
    install = ["sh", str(program / "install.sh")]
    subprocess.run(install, env={"HOME": str(home), "PATH": os.environ["PATH"]}, check=True)
    data = home / ".local/share"
    menu = configparser.ConfigParser(interpolation=None)
    menu.read(data / "applications/apsnet-studio.desktop", encoding="utf-8")
    line = menu["Desktop Entry"]["Exec"].replace("\\\\", "\\")  # a shell unquotes the rest like a menu
    words = subprocess.check_output(["sh", "-c", f"printf '%s\\n' {line}"], text=True).splitlines()
    assert [word.replace("%%", "%") for word in words] == [str(program / "apsnet-studio"), "%F"]
    assert (data / "icons/hicolor/scalable/apps/apsnet-studio.svg").is_file()
    assert (home / ".local/bin/apsnet").readlink() == program / "apsnet"
    if shutil.which("update-mime-database"):
        assert "*.apsnet" in (data / "mime/globs2").read_text(encoding="utf-8")
    subprocess.run([*install, "--remove"], env={"HOME": str(home), "PATH": os.environ["PATH"]}, check=True)
    ours = [path for path in home.rglob("*apsnet*") if not path.is_dir()]
    assert not [path for path in ours if "x-apsnet" not in path.name]
    if shutil.which("update-mime-database"):
        assert "*.apsnet" not in (data / "mime/globs2").read_text(encoding="utf-8")


def test_the_licences_of_all_packed_libraries_are_listed(tmp_path: Path) -> None:
    internal = tmp_path / "_internal"
    fields = {"told": "License-Expression: MIT", "classed": "Classifier: License :: BSD License"}
    for name, field in fields.items():
        about = internal / f"{name}-1.0.dist-info"
        (about / "licenses").mkdir(parents=True)
        (about / "METADATA").write_text(f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\n{field}\n")
        (about / "licenses/LICENSE").write_text(f"the terms of {name}")
        (about / "RECORD").write_text(f"{about.name}/METADATA,,\n{about.name}/licenses/LICENSE,,\n")
    runpy.run_path(str(ROOT / "packaging/licences.py"))["write"](internal, tmp_path)
    listed = (tmp_path / "THIRD_PARTY.md").read_text(encoding="utf-8")
    assert "| told | 1.0 | MIT | [text](licences/told) |" in listed
    assert "| classed | 1.0 | BSD License | [text](licences/classed) |" in listed
    assert (tmp_path / "licences/classed/LICENSE").read_text() == "the terms of classed"
