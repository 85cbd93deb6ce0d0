"""The messages between the window and the renderer: headers, arrays, and pictures in memory-mapped files."""

from __future__ import annotations

import mmap
from pathlib import Path
from typing import Any

from apsnet_core.types import Array as Array

Header = dict[str, Any]


class MappedPicture:
    """A file of pixels that both processes map into memory.

    The renderer creates the file. The window opens it by name and removes it, because only the window knows
    which files it has read.
    """

    def __init__(self, path: Path, size: int | None = None) -> None:
        self.path = path
        if size is not None:
            with path.open("wb") as file:
                file.truncate(size)
        with path.open("r+b") as file:
            self.pixels = mmap.mmap(file.fileno(), 0)

    def close(self) -> None:
        """Close the memory map."""
        self.pixels.close()

    def remove(self) -> None:
        """Close the memory map and delete the file."""
        self.close()
        self.path.unlink(missing_ok=True)
