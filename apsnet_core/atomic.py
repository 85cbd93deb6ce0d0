"""Files that are whole or not there: written beside their target, then moved onto it.

Until then their names are short and hold the number of their process. So the next process that writes there
finds what a killed one left behind, and removes it.
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
_WAIT_AT_ONCE = 8  # a disk does them together
_HOST = f"{zlib.crc32(socket.gethostname().encode()):08x}"  # a folder may be shared by several machines
_PREFIX = f".apsnet-{_HOST}-"
_swept: set[Path] = set()
_asking = threading.Lock()
_postponed: ContextVar[Postponed | None] = ContextVar("postponed", default=None)


class Postponed:
    """Files at ``targets`` that are written, while others wait for the disk and move them to their places."""

    def __init__(self, targets: Iterable[Path]) -> None:
        self._targets = set(targets)
        self._moves: dict[Path, Future[None]] = {}
        self._threads = ThreadPoolExecutor(_WAIT_AT_ONCE, "waits for the disk")

    def take(self, beside: Path, target: Path) -> bool:
        """Take over a file written ``beside`` its target, if that is one of these."""
        if target not in self._targets or target in self._moves:
            return False
        self._moves[target] = self._threads.submit(_moved, beside, target)
        return True

    def errors(self) -> dict[Path, BaseException]:
        """Of the targets that did not get their file, when all that was taken is done with."""
        ended = {target: move.exception() for target, move in self._moves.items()}
        return {target: error for target, error in ended.items() if error is not None}

    def end(self) -> None:
        """Wait for what was taken."""
        self._threads.shutdown()


@contextmanager
def postponing(targets: Iterable[Path]) -> Iterator[Postponed]:
    """Inside the block `atomic_path` of one of ``targets`` does not wait for the disk; its end does."""
    postponed = Postponed(targets)
    token = _postponed.set(postponed)
    try:
        yield postponed
    finally:
        _postponed.reset(token)
        postponed.end()


@contextmanager
def atomic_path(target: Path) -> Iterator[Path]:
    """A path beside ``target`` to write to. It is moved at the end, and deleted after an error.

    A link stays one: the file that it names is written. An OSError names ``target``; what is there and no
    file, as a device or a pipe, ends in one.
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
    """Where a file of the name ``target`` is; OSError where something is there that is none."""
    place = Path(os.path.realpath(target)) if target.is_symlink() else target
    if place.exists() and not place.is_file() and not place.is_dir():
        raise OSError(errno.EINVAL, "it is a device or a pipe, and no file", str(target))
    return place


def write_text(target: Path, text: str) -> None:
    """Replace the text of ``target`` atomically."""
    with atomic_path(target) as beside:
        beside.write_text(text, encoding="utf-8")


def write_all(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write ``files`` by name into ``folder``: all of them or, if one cannot be written, none."""
    with ExitStack() as together:  # each is moved to its place when all are written
        for name, content in files.items():
            beside = together.enter_context(atomic_path(folder / name))
            with _naming(folder / name):
                beside.write_bytes(content)
    return [folder / name for name in files]


def write_folder(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write ``files`` by name into ``folder``, all or none; one that was not there appears whole.

    It is written beside and renamed. Folders made on the way are removed after an error.
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
                    folder.rmdir()  # it is empty; not everywhere does a rename replace it
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
    """Remove the half-written files of processes of this machine that have ended; once per folder."""
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
    # It is asked for by setting it: two threads at once would find each other's, and leave none behind.
    with _asking:
        mask = os.umask(0)
        os.umask(mask)
    return mask
