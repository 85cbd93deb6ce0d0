"""The file of steps that a shell command needs for a cut cloud."""

from __future__ import annotations

from pathlib import Path

from apsnet_core.atomic import write_text
from apsnet_core.editing.selection import kept_as_steps
from apsnet_gui.state.open_shape import OpenShape


def steps_words(entry: OpenShape, folder: Path) -> list[str]:
    """The command-line option that leaves of a file what is left of it here; none where all is.

    The file that it names is written into ``folder``, where it stays for later calls. Raises OSError.
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
