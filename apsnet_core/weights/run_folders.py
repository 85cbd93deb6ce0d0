"""The folders of training runs. The default does not depend on the current folder."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from apsnet_core.atomic import write_text
from apsnet_core.own_folder import own_folder

_LIST = "run-folders.txt"
_NAMED = "APSNET_RUNS"
ORDER = "queue.json"
"""The file that marks a folder as a queue, whose rows are folders of runs."""


def run_folders() -> list[Path]:
    """All folders searched for training runs: the `chosen_folders`, and the rows of the queues in them."""
    folders = chosen_folders()
    rows = [row for folder in folders for queue in queues_in(folder) for row in rows_of(queue)]
    return list(dict.fromkeys([*folders, *rows]))


def queues_in(folder: Path) -> list[Path]:
    """The folders of the queues in ``folder``, by name."""
    return sorted(path.parent for path in folder.glob(f"[!.]*/{ORDER}"))


def rows_of(queue: Path) -> list[Path]:
    """The folders of a queue's rows that have started."""
    return sorted({path.parent.parent for path in queue.glob("[!.]*/*/config.json")})


def chosen_folders() -> list[Path]:
    """The folders that the user has chosen for training runs. New runs are written to the first.

    If ``APSNET_RUNS`` is set, it is the only folder. Otherwise they are ``runs`` in the program's own folder,
    or the folders set with `choose_run_folders`.
    """
    if named := os.environ.get(_NAMED):
        return [Path(named).expanduser()]
    try:
        listed = (own_folder() / _LIST).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        listed = []
    return [Path(line) for line in listed if line.strip()] or [own_folder() / "runs"]


def runs_folder() -> Path:
    """The folder for new training runs."""
    return chosen_folders()[0]


def choose_run_folders(first: Path | None = None, add: Path | None = None, drop: Path | None = None) -> None:
    """Write new training runs to ``first``, also search ``add``, and no longer search ``drop``.

    No file of a run is touched. Raises OSError if the list cannot be written, if a folder is a file, or if
    ``APSNET_RUNS`` is set, which overrides the list.
    """
    if os.environ.get(_NAMED):
        raise PermissionError(errno.EPERM, f"{_NAMED} sets the only folder of runs; it must not be set")
    for folder in (first, add):
        if folder is not None and folder.expanduser().is_file():
            raise NotADirectoryError(errno.ENOTDIR, f"{folder} is a file, but a folder is needed")
    dropped = (drop, drop.expanduser().resolve()) if drop else ()
    folders = [folder for folder in chosen_folders() if folder not in dropped]
    for folder, at in ((first, 0), (add, len(folders))):
        if folder is not None:
            whole = folder.expanduser().resolve()
            folders = [other for other in folders if other != whole]
            folders.insert(at, whole)
    own_folder().mkdir(parents=True, exist_ok=True)
    write_text(own_folder() / _LIST, "".join(f"{folder}\n" for folder in folders))
