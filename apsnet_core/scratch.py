"""Folders that are needed for a while, named after the process that needs them.

Each process removes its own. What a killed one left behind is known by its name, and swept away by the next
start.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import zlib
from contextlib import suppress
from pathlib import Path

MEMORY = Path("/dev/shm")  # a folder in memory, where the system has one


def prefix(purpose: str) -> str:
    """The beginning of the names of this process's folders, for `tempfile.TemporaryDirectory`."""
    return f"apsnet-{purpose}-{_machine()}-{os.getpid()}-{_born(os.getpid())}-"


def sweep() -> list[Path]:
    """Remove this user's folders whose processes have ended; returns them. Safe in any thread."""
    name = re.compile(rf"apsnet-[a-z]+-{_machine()}-(\d+)-(\d+)-\w+")
    swept = []
    for place in {Path(tempfile.gettempdir()), MEMORY}:
        with suppress(OSError):  # a place that is not there, or that others tidy up at the same time
            for entry in os.scandir(place):
                owner = name.fullmatch(entry.name)
                if owner is None or not entry.is_dir(follow_symlinks=False) or not _is_mine(entry):
                    continue
                if _born(int(owner[1])) != int(owner[2]):
                    shutil.rmtree(entry.path, ignore_errors=True)
                    swept.append(Path(entry.path))
    return swept


def _machine() -> str:
    """Of those that may share a folder, in which the same number means the same process."""
    from socket import gethostname  # the window appears without it

    numbers = ""
    with suppress(OSError):
        numbers = str(Path("/proc/self/ns/pid").readlink())
    return f"{zlib.crc32(f'{gethostname()} {numbers}'.encode()):08x}"


def _born(pid: int) -> int:
    """When the process was started, in whole units of the system's; 0 if there is none of that number."""
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
