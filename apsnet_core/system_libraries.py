"""System libraries that the Python packages load but do not bring, and the command that installs them.

This module uses only the standard library, since the set-up imports it before any package is installed.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Need:
    """A library: its ``name`` for the loader, its Debian ``package``, and the component that ``uses`` it.

    ``fedora`` is the package there; it is empty for shared libraries, which dnf finds by their name.
    """

    name: str
    package: str
    uses: str
    fedora: str = ""


SHARED_LIBRARIES = [
    Need("libusb-1.0.so.0", "libusb-1.0-0", "Open3D"),
    Need("libEGL.so.1", "libegl1", "rendering"),
    Need("libGL.so.1", "libgl1", "rendering"),
    Need("libX11.so.6", "libx11-6", "rendering"),
    Need("libglib-2.0.so.0", "libglib2.0-0", "Qt"),
    Need("libfontconfig.so.1", "libfontconfig1", "Qt"),
    Need("libdbus-1.so.3", "libdbus-1-3", "Qt"),
    Need("libxkbcommon.so.0", "libxkbcommon0", "Qt"),
    Need("libxkbcommon-x11.so.0", "libxkbcommon-x11-0", "Qt on X11"),
    Need("libX11-xcb.so.1", "libx11-xcb1", "Qt on X11"),
    Need("libxcb-cursor.so.0", "libxcb-cursor0", "Qt on X11"),
    Need("libxcb-icccm.so.4", "libxcb-icccm4", "Qt on X11"),
    Need("libxcb-image.so.0", "libxcb-image0", "Qt on X11"),
    Need("libxcb-keysyms.so.1", "libxcb-keysyms1", "Qt on X11"),
    Need("libxcb-randr.so.0", "libxcb-randr0", "Qt on X11"),
    Need("libxcb-render-util.so.0", "libxcb-render-util0", "Qt on X11"),
    Need("libxcb-shape.so.0", "libxcb-shape0", "Qt on X11"),
    Need("libxcb-xkb.so.1", "libxcb-xkb1", "Qt on X11"),
]
FONT = Need("a TrueType font", "fonts-dejavu-core", "Qt", "dejavu-sans-fonts")
DRIVERS = Need("the Mesa drivers", "libgl1-mesa-dri", "rendering", "mesa-dri-drivers")
XVFB = Need("Xvfb", "xvfb", "the tests of real windows", "xorg-x11-server-Xvfb")
BROWSER = [
    Need("chromium", "chromium", "the tests of reports", "chromium"),
    Need("chromedriver", "chromium-driver", "the tests of reports", "chromedriver"),
]


def missing(*, tests: bool = False) -> list[Need]:
    """The missing libraries; always empty outside Linux. ``tests`` adds those that only the tests need."""
    if sys.platform != "linux":
        return []
    lacking = [need for need in SHARED_LIBRARIES if not _loads(need.name)]
    if not _has_font():
        lacking.append(FONT)
    if tests and shutil.which("Xvfb") is None:
        lacking.append(XVFB)
    return lacking


def missing_browser() -> list[Need]:
    """The missing programs for the tests of reports; always empty outside Linux."""
    return [need for need in BROWSER if sys.platform == "linux" and shutil.which(need.name) is None]


def remedy(needs: Sequence[Need]) -> str:
    """The command that installs ``needs``; on systems without apt-get and dnf, a sentence that lists them."""
    sudo = "" if is_root() else "sudo "
    if shutil.which("apt-get"):
        return f"{sudo}apt-get install -y {' '.join(sorted({need.package for need in needs}))}"
    if shutil.which("dnf"):
        wanted = [need.fedora or f"'{need.name}()(64bit)'" for need in needs]
        return f"{sudo}dnf install -y {' '.join(wanted)}"
    return "install the packages of your system that hold " + ", ".join(need.name for need in needs)


def is_root() -> bool:
    """Whether this process runs as root, and so may install packages."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _has_font() -> bool:
    folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts"]
    return any(next(folder.rglob("*.[to]t[fc]"), None) for folder in folders if folder.is_dir())
