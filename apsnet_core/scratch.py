"""Temporary folders, named after the process that uses them.

Each process removes its own folders. The next start of the program recognises the folders of a killed process
by their names and removes them.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import zlib
from contextlib import suppress
from pathlib import Path

MEMORY = Path("/dev/shm")  # a folder in memory, on systems that have one


def prefix(purpose: str) -> str:
    """The prefix of the names of this process's folders, for `tempfile.TemporaryDirectory`."""
    return f"apsnet-{purpose}-{_machine()}-{os.getpid()}-{_born(os.getpid())}-"


def adopt(folder: Path, purpose: str) -> Path:
    """Rename the folder of another process to one of this process; return its new path."""
    own = folder.with_name(prefix(purpose) + folder.name.rpartition("-")[2])
    return folder.rename(own)


def sweep() -> list[Path]:
    """Remove this user's folders whose processes have ended; returns their paths. Safe in any thread."""
    name = re.compile(rf"apsnet-[a-z]+-{_machine()}-(\d+)-(\d+)-\w+")
    swept = []
    for place in {Path(tempfile.gettempdir()), MEMORY}:
        with suppress(OSError):  # the place is missing, or another process removes entries at the same time
            for entry in os.scandir(place):
                owner = name.fullmatch(entry.name)
                if owner is None or not entry.is_dir(follow_symlinks=False) or not _is_mine(entry):
                    continue
                if _born(int(owner[1])) != int(owner[2]):
                    shutil.rmtree(entry.path, ignore_errors=True)
                    swept.append(Path(entry.path))
    return swept


def _machine() -> str:
    """A hash of the host name and the PID namespace: process IDs are unique only within these."""
    from socket import gethostname  # imported here, since the window starts without it

    numbers = ""
    with suppress(OSError):
        numbers = str(Path("/proc/self/ns/pid").readlink())
    return f"{zlib.crc32(f'{gethostname()} {numbers}'.encode()):08x}"


def _born(pid: int) -> int:
    """The start time of a process, in whole clock ticks or seconds; 0 if no process has that ID."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[19])
    except OSError:
        if Path("/proc/self/stat").exists():
            return 0
    import psutil

    try:
        return int(psutil.Process(pid).create_time())
    except psutil.Error:
        return 0


def _is_mine(entry: os.DirEntry[str]) -> bool:
    return not hasattr(os, "getuid") or entry.stat(follow_symlinks=False).st_uid == os.getuid()
