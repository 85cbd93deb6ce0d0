"""Where trainings lie: one folder by default, whatever folder the program is started in."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from apsnet_core.atomic import write_text
from apsnet_core.own_folder import own_folder

_LIST = "run-folders.txt"
_NAMED = "APSNET_RUNS"
ORDER = "queue.json"
"""The file that makes a folder that of a queue: its rows are folders of runs."""


def run_folders() -> list[Path]:
    """The folders whose trainings are known: the `chosen_folders`, and the rows of the queues in them."""
    folders = chosen_folders()
    rows = [row for folder in folders for queue in queues_in(folder) for row in rows_of(queue)]
    return list(dict.fromkeys([*folders, *rows]))


def queues_in(folder: Path) -> list[Path]:
    """The folders of the queues in ``folder``, by name."""
    return sorted(path.parent for path in folder.glob(f"[!.]*/{ORDER}"))


def rows_of(queue: Path) -> list[Path]:
    """The folders of the rows of a queue that have begun."""
    return sorted({path.parent.parent for path in queue.glob("[!.]*/*/config.json")})


def chosen_folders() -> list[Path]:
    """The folders that a user has chosen for trainings; new ones go into the first.

    ``APSNET_RUNS`` names one for all purposes. Else they are ``runs`` in the program's own folder, or what
    the user has chosen in its place and added: `choose_run_folders`.
    """
    if named := os.environ.get(_NAMED):
        return [Path(named).expanduser()]
    try:
        listed = (own_folder() / _LIST).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        listed = []
    return [Path(line) for line in listed if line.strip()] or [own_folder() / "runs"]


def runs_folder() -> Path:
    """The folder of new trainings."""
    return chosen_folders()[0]


def choose_run_folders(first: Path | None = None, add: Path | None = None, drop: Path | None = None) -> None:
    """Put new trainings into ``first``; know those in ``add`` too; know those in ``drop`` no more.

    No file of a training is touched. OSError where the list cannot be written, or would say nothing.
    """
    if os.environ.get(_NAMED):
        raise PermissionError(errno.EPERM, f"{_NAMED} names the one folder of runs; it must not be set")
    for folder in (first, add):
        if folder is not None and folder.expanduser().is_file():
            raise NotADirectoryError(errno.ENOTDIR, f"{folder} is a file, and a folder is needed")
    dropped = (drop, drop.expanduser().resolve()) if drop else ()
    folders = [folder for folder in chosen_folders() if folder not in dropped]
    for folder, at in ((first, 0), (add, len(folders))):
        if folder is not None:
            whole = folder.expanduser().resolve()
            folders = [other for other in folders if other != whole]
            folders.insert(at, whole)
    own_folder().mkdir(parents=True, exist_ok=True)
    write_text(own_folder() / _LIST, "".join(f"{folder}\n" for folder in folders))
