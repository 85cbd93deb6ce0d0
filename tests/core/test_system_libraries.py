from __future__ import annotations

import ctypes
import shutil
import sys

import pytest

from apsnet_core import system_libraries
from apsnet_core.system_libraries import (
    BROWSER,
    DRIVERS,
    FONT,
    SHARED_LIBRARIES,
    XVFB,
    missing,
    remedy,
)

USB = SHARED_LIBRARIES[0]


def test_a_library_that_cannot_be_loaded_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    absent = {USB.name}

    def load(name: str) -> None:
        if name in absent:
            raise OSError(f"{name}: cannot open shared object file")

    monkeypatch.setattr(ctypes, "CDLL", load)
    assert USB in missing()
    absent.clear()
    assert USB not in missing()


@pytest.mark.parametrize(
    ("tool", "root", "line"),
    [
        ("apt-get", True, "apt-get install -y fonts-dejavu-core libusb-1.0-0 xvfb"),
        ("apt-get", False, "sudo apt-get install -y fonts-dejavu-core libusb-1.0-0 xvfb"),
        (
            "dnf",
            False,
            "sudo dnf install -y 'libusb-1.0.so.0()(64bit)' dejavu-sans-fonts xorg-x11-server-Xvfb",
        ),
        (
            "none",
            False,
            "install the packages of your system that hold libusb-1.0.so.0, a TrueType font, Xvfb",
        ),
    ],
)
def test_the_remedy_is_an_install_command_for_the_system(
    monkeypatch: pytest.MonkeyPatch, tool: str, root: bool, line: str
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: name if name == tool else None)
    monkeypatch.setattr(system_libraries, "is_root", lambda: root)
    assert remedy([USB, FONT, XVFB]) == line


def test_dnf_installs_the_drivers_and_the_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: name if name == "dnf" else None)
    monkeypatch.setattr(system_libraries, "is_root", lambda: True)
    assert remedy([DRIVERS, *BROWSER]) == "dnf install -y mesa-dri-drivers chromium chromedriver"
