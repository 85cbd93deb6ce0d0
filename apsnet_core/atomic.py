"""Atomic writes: a file is written under a temporary name beside its target, then moved onto the target.

The temporary name is short and contains the process ID. The next process that writes to the same folder
therefore recognises the files that a killed process left behind, and removes them.
"""

from __future__ import annotations

import errno
import os
import shutil
import socket
import tempfile
import threading
import zlib
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path

_LONGEST_SUFFIX = 16
_WAIT_AT_ONCE = 8  # threads that call fsync; a disk handles several calls together
_HOST = f"{zlib.crc32(socket.gethostname().encode()):08x}"  # a folder may be shared by several machines
_PREFIX = f".apsnet-{_HOST}-"
_swept: set[Path] = set()
_asking = threading.Lock()
_postponed: ContextVar[Postponed | None] = ContextVar("postponed", default=None)


class Postponed:
    """Moves finished files to their ``targets`` in background threads, which wait for the disk."""

    def __init__(self, targets: Iterable[Path]) -> None:
        self._targets = set(targets)
        self._moves: dict[Path, Future[None]] = {}
        self._threads = ThreadPoolExecutor(_WAIT_AT_ONCE, "waits for the disk")

    def take(self, beside: Path, target: Path) -> bool:
        """Schedule the move of ``beside`` to ``target``; False if that is unknown or already scheduled."""
        if target not in self._targets or target in self._moves:
            return False
        self._moves[target] = self._threads.submit(_moved, beside, target)
        return True

    def errors(self) -> dict[Path, BaseException]:
        """Wait for all scheduled moves; return the error of each target whose move failed."""
        ended = {target: move.exception() for target, move in self._moves.items()}
        return {target: error for target, error in ended.items() if error is not None}

    def end(self) -> None:
        """Wait for all scheduled moves and stop the threads."""
        self._threads.shutdown()


@contextmanager
def postponing(targets: Iterable[Path]) -> Iterator[Postponed]:
    """Inside the block, `atomic_path` does not wait for the disk for ``targets``; the block's end waits."""
    postponed = Postponed(targets)
    token = _postponed.set(postponed)
    try:
        yield postponed
    finally:
        _postponed.reset(token)
        postponed.end()


@contextmanager
def atomic_path(target: Path) -> Iterator[Path]:
    """Yield a temporary path beside ``target``; the file is moved to ``target``, or deleted after an error.

    If ``target`` is a symbolic link, the link stays and the file it points to is replaced. An OSError names
    ``target``. Raises OSError if ``target`` is a device or a pipe.
    """
    with _naming(target):
        place = _place_of(target)
        place.parent.mkdir(parents=True, exist_ok=True)
        _sweep(place.parent)
        suffix = place.suffix if len(place.suffix) <= _LONGEST_SUFFIX else ""
        handle, name = tempfile.mkstemp(dir=place.parent, prefix=f"{_PREFIX}{os.getpid()}-", suffix=suffix)
        os.close(handle)
        beside = Path(name)
        postponed = _postponed.get()
        with _or_gone(beside):
            yield beside
            beside.chmod(0o666 & ~_umask())
            if postponed is None or place != target or not postponed.take(beside, target):
                _move(beside, place)


def _place_of(target: Path) -> Path:
    """The path of the file, with a symbolic link resolved; OSError if it is a device or a pipe."""
    place = Path(os.path.realpath(target)) if target.is_symlink() else target
    if place.exists() and not place.is_file() and not place.is_dir():
        raise OSError(errno.EINVAL, "it is a device or a pipe, not a file", str(target))
    return place


def write_text(target: Path, text: str) -> None:
    """Replace the text of ``target`` atomically."""
    with atomic_path(target) as beside:
        beside.write_text(text, encoding="utf-8")


def write_all(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write ``files``, contents by name, into ``folder``: all of them, or none if one cannot be written."""
    with ExitStack() as together:  # the files are moved to their targets after all of them are written
        for name, content in files.items():
            beside = together.enter_context(atomic_path(folder / name))
            with _naming(folder / name):
                beside.write_bytes(content)
    return [folder / name for name in files]


def write_folder(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write ``files``, contents by name, into ``folder``: all of them, or none if one cannot be written.

    A new or empty folder is written under a temporary name and then renamed, so that it appears with all
    files. Parent folders that were created are removed again after an error.
    """
    if folder.is_dir() and any(folder.iterdir()):
        return write_all(folder, files)
    absent = [above for above in (folder, *folder.parents) if not above.exists()]
    try:
        with _naming(folder):
            folder.parent.mkdir(parents=True, exist_ok=True)
            _sweep(folder.parent)
            beside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f"{_PREFIX}{os.getpid()}-"))
        try:
            with _naming(folder):
                write_all(beside, files)
                beside.chmod(0o777 & ~_umask())
                if folder.is_dir():
                    folder.rmdir()  # it is empty; on some systems a rename does not replace a folder
                beside.rename(folder)
        except BaseException:
            shutil.rmtree(beside, ignore_errors=True)
            raise
    except BaseException:
        for made in absent[1:]:
            with suppress(OSError):
                made.rmdir()
        raise
    return [folder / name for name in files]


def _moved(beside: Path, target: Path) -> None:
    with _naming(target), _or_gone(beside):
        _move(beside, target)


def _move(beside: Path, target: Path) -> None:
    with beside.open("rb+") as written:
        os.fsync(written.fileno())
    beside.replace(target)


@contextmanager
def _or_gone(beside: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


@contextmanager
def _naming(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.filename == str(target) or error.errno is None:
            raise
        raise OSError(error.errno, error.strerror, str(target)) from error


def _sweep(folder: Path) -> None:
    """Remove temporary files left by ended processes of this machine; runs once per folder and process."""
    if folder in _swept:
        return
    _swept.add(folder)
    with suppress(OSError):
        for leftover in folder.glob(f"{_PREFIX}*"):
            pid = leftover.name.removeprefix(_PREFIX).partition("-")[0]
            if pid.isdecimal() and int(pid) != os.getpid() and not _runs(int(pid)):
                if leftover.is_dir():
                    shutil.rmtree(leftover, ignore_errors=True)
                else:
                    leftover.unlink(missing_ok=True)


def _runs(pid: int) -> bool:
    import psutil

    return bool(psutil.pid_exists(pid))


def _umask() -> int:
    # The umask can only be read by setting it. The lock keeps a second thread from reading the temporary 0
    # and restoring that as the umask.
    with _asking:
        mask = os.umask(0)
        os.umask(mask)
    return mask
