"""The licences of the packages in the packed program, from the metadata of each package."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

HERE = Path(__file__).parent
TEXT = re.compile(r"(licen[sc]e|copying|notice)[^/]*$", re.IGNORECASE)
QT = """
Qt and PySide6 are used under the GNU Lesser General Public License, version 3 ([its
text](licences/LGPL-3.0.txt) adds to the [GPL](licences/GPL-3.0.txt)). Their libraries are files of their
own in `_internal/PySide6` and are loaded from there: you may replace them by other builds of the same
interface. Their source is that of the release named below, as its makers publish it. Nothing in them was
changed, and you may take apart this program to find faults in such a change.
"""


def licence_of(package: Distribution) -> str:
    """The licence from the package's metadata: expression, classifiers, or the first line of its text."""
    about = package.metadata
    if "License-Expression" in about:
        return str(about["License-Expression"])
    classified = [each.split(" :: ")[-1] for each in about.get_all("Classifier", []) if "License ::" in each]
    lines = [line for text in about.get_all("License", []) for line in text.strip().splitlines()]
    return " / ".join(classified) or (lines[0][:80] if lines else "see its text")


def texts_of(package: Distribution) -> Iterator[Path]:
    """The files with the package's licence and notices."""
    for file in package.files or []:
        if TEXT.search(str(file)) and ".dist-info" in str(file):
            path = Path(str(package.locate_file(file)))
            if path.is_file():
                yield path


def packed(internal: Path) -> list[Distribution]:
    """The packages in the program's folder ``internal``, by name."""
    found = {each.metadata["Name"]: each for each in distributions(path=[str(internal)])}
    return [found[name] for name in sorted(found, key=str.lower) if name != "apsnet-studio"]


def from_the_system(internal: Path, to: Path) -> list[str]:
    """The Debian packages whose libraries were packed; their copyright files are copied into ``to``."""
    if shutil.which("dpkg") is None:
        return []
    found = set()
    for library in sorted(internal.glob("lib*.so*")):
        told = subprocess.run(["dpkg", "-S", f"*/{library.name}"], capture_output=True, text=True).stdout
        for name in {line.split(":")[0] for line in told.splitlines()}:
            text = Path(f"/usr/share/doc/{name}/copyright")
            if text.is_file():
                (to / name).mkdir(parents=True, exist_ok=True)
                shutil.copy(text, to / name)
                found.add(name)
    return sorted(found)


def write(internal: Path, folder: Path) -> None:
    """Write THIRD_PARTY.md, a list of the packages in ``internal``, and the licence texts into ``folder``."""
    rows = []
    for package in packed(internal):
        name = package.metadata["Name"]
        texts = list(texts_of(package))
        for text in texts:
            to = folder / "licences" / name / text.name
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(text, to)
        shown = f"[text](licences/{name})" if texts else ""
        rows.append(f"| {name} | {package.version} | {licence_of(package)} | {shown} |")
    python = Path(sys.base_prefix) / f"lib/python{sys.version_info[0]}.{sys.version_info[1]}/LICENSE.txt"
    if python.is_file():
        (folder / "licences/Python").mkdir(parents=True, exist_ok=True)
        shutil.copy(python, folder / "licences/Python/LICENSE.txt")
    rows.append(f"| Python | {sys.version.split()[0]} | PSF-2.0 | [text](licences/Python) |")
    shutil.copytree(HERE / "texts", folder / "licences", dirs_exist_ok=True)
    for name in from_the_system(internal, folder / "licences"):
        rows.append(f"| {name} | of the system | [its copyright](licences/{name}/copyright) | |")
    head = "# What APSNet Studio brings along\n\nAPSNet Studio itself is under the MIT licence.\n" + QT
    table = "\n| Package | Version | Licence | |\n|---|---|---|---|\n" + "\n".join(rows) + "\n"
    (folder / "THIRD_PARTY.md").write_text(head + table, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1], "_internal"), Path(sys.argv[1]))
