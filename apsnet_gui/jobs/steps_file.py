"""The file with editing steps that a command line needs for a cut cloud."""

from __future__ import annotations

from pathlib import Path

from apsnet_core.atomic import write_text
from apsnet_core.editing.selection import kept_as_steps
from apsnet_gui.state.open_shape import OpenShape


def steps_words(entry: OpenShape, folder: Path) -> list[str]:
    """The command-line option that cuts the file of ``entry`` in the same way; empty for an uncut shape.

    It names a file that is written into ``folder`` and kept there for later calls. Raises OSError.
    """
    if entry.kept is None:
        return []
    import hashlib

    text = kept_as_steps(entry.kept)
    name = hashlib.sha256(text.encode()).hexdigest()[:12]
    file = folder / "steps" / f"{name}.json"
    if not file.exists():
        file.parent.mkdir(exist_ok=True)
        write_text(file, text)
    return ["--steps", str(file)]
