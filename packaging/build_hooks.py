"""Hooks of hatchling: the documentation in a wheel, and the wheel's description on a package index."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

PICTURES = re.compile(r"!\[[^\]]*\]\((?!https?:)[^)]*\)")
LINKS = re.compile(r"\[([^\]]+)\]\((?!https?:)[^)]*\)")
EMPTY_TABLE = re.compile(r"^(\|[ |]*\n)(\|[-|]*\n)(\|[ |]*\n)+", re.MULTILINE)
PLACE = "The pictures, and the pages that are named here, come with the program: Help > Guide."


class Documentation(BuildHookInterface[Any]):
    """Adds the documentation to a wheel; an editable install uses that of its checkout."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "standard":
            files = documentation(Path(self.root))
            build_data["force_include"] |= {
                str(file): f"apsnet_core/_docs/{name}" for name, file in files.items()
            }


class Description(MetadataHookInterface):
    """Uses README as the description, without pictures and links to files of the repository."""

    def update(self, metadata: dict[str, Any]) -> None:
        text = description((Path(self.root) / "README.md").read_text(encoding="utf-8"))
        metadata["readme"] = {"content-type": "text/markdown", "text": text}


def documentation(root: Path) -> dict[str, Path]:
    """The path of each page and picture by its name: the texts, and the site if `make docs` has built it."""
    found = {"CHANGELOG.md": root / "CHANGELOG.md"}
    for folder in (root / "docs", root / "site"):
        for file in sorted(folder.rglob("*")):
            name = file.relative_to(folder)
            hidden = "__pycache__" in name.parts or (folder.name == "docs" and name.parts[0] == "_site")
            if file.is_file() and not hidden:
                found[name.as_posix()] = file
    return found


def description(readme: str) -> str:
    """The text of README for places without its pictures and without the files that it links to."""
    text = EMPTY_TABLE.sub("", LINKS.sub(r"\1", PICTURES.sub("", readme)))
    title, first, rest = text.split("\n\n", 2)
    return "\n\n".join([title, first, PLACE, re.sub(r"\n{3,}", "\n\n", rest).lstrip("\n")])
