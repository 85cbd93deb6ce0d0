"""Locks open projects, so that two windows with the same project do not overwrite each other's work."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QLockFile

Stamp = tuple[int, int, int]


def stamp(file: Path) -> Stamp | None:
    """The inode, size and modification time of a file in nanoseconds; None if there is no file."""
    try:
        info = file.stat()
    except OSError:
        return None
    return info.st_ino, info.st_size, info.st_mtime_ns


class ProjectClaim:
    """The project file of this window, and its state when this window last read or saved it.

    The lock files of all windows of a user are below ``folder``; locks of processes that have ended do not
    count.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "open projects"
        self._file: Path | None = None
        self._stamp: Stamp | None = None
        self._lock: QLockFile | None = None

    def take(self, file: Path, seen: Stamp | None) -> bool:
        """Claim ``file``, which was last ``seen`` in this state; False if another window has claimed it."""
        if file.absolute() != self._file or self._lock is None:
            self.drop()
            self._lock = self._claim(file)
        self._file, self._stamp = file.absolute(), seen
        return self._lock is not None

    def drop(self) -> None:
        """Release the claim."""
        if self._lock is not None:
            self._lock.unlock()
        self._file = self._stamp = self._lock = None

    def in_the_way(self, file: Path) -> str | None:
        """A sentence why ``file`` should not be overwritten without asking, None if there is no reason."""
        there = stamp(file)
        if file.absolute() == self._file:
            if there not in (None, self._stamp):
                return f"{file.name} was saved by someone else since it was opened here."
            return None
        lock = self._claim(file)
        if lock is None:
            return f"{file.name} is open in another window."
        lock.unlock()
        return None

    def _claim(self, file: Path) -> QLockFile | None:
        self._folder.mkdir(parents=True, exist_ok=True)
        import hashlib

        name = hashlib.sha256(str(file.resolve()).encode()).hexdigest()[:32]
        lock = QLockFile(str(self._folder / name))
        lock.setStaleLockTime(0)  # no age makes it stale, only the end of its process
        return lock if lock.tryLock(0) or lock.error() != QLockFile.LockError.LockFailedError else None
