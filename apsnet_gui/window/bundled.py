"""The bundled shapes, for the start page and the menu."""

from __future__ import annotations

from pathlib import Path

from apsnet_core.assets import asset

SIZE = (128, 104)  # size of their pictures in pixels


def bundled() -> list[Path]:
    """The files of the bundled shapes, sorted by name."""
    return sorted(path for path in asset("shapes").glob("*") if path.suffix.lower() == ".obj")
