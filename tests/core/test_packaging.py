"""What systems are told of the program is true: file types, versions, the menu entry."""

from __future__ import annotations

import configparser
import re
from pathlib import Path
from xml.etree import ElementTree

from apsnet_core import __version__
from apsnet_core.files import readable

ROOT = Path(__file__).parents[2]
LINUX = ROOT / "packaging/linux"
MIME = "{http://www.freedesktop.org/standards/shared-mime-info}"


def test_the_file_types_are_those_that_open() -> None:
    kinds = ElementTree.parse(LINUX / "apsnet-studio.xml").getroot()
    patterns = [each.get("pattern", "") for each in kinds.iter(f"{MIME}glob")]
    assert {pattern.removeprefix("*") for pattern in patterns} <= {*readable(), ".apsnet"}
    ours = {each.get("type") for each in kinds.iter(f"{MIME}mime-type")}
    menu = configparser.ConfigParser(interpolation=None)
    menu.read(LINUX / "apsnet-studio.desktop", encoding="utf-8")
    entry = menu["Desktop Entry"]
    assert ours <= set(entry["MimeType"].split(";"))
    assert entry["Icon"] == entry["StartupWMClass"] == "apsnet-studio"  # what the window says it is
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
