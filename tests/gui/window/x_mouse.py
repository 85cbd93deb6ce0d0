"""A mouse on an X server of the tests; the server's XTEST extension moves it like a real one."""

from __future__ import annotations

import os
import shutil
import socket
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

PRESS, RELEASE, MOVE = 4, 5, 6  # event codes of the X protocol
XVFB = shutil.which("Xvfb")


@contextmanager
def display(size: str = "800x600x24") -> Iterator[str]:
    """A virtual X server; yields its name in the form of DISPLAY."""
    assert XVFB is not None
    read, write = os.pipe()
    server = subprocess.Popen(
        [XVFB, "-displayfd", str(write), "-screen", "0", size, "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        with os.fdopen(read) as told:
            yield f":{told.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


class XMouse:
    """A mouse with its own connection to the X server ``name``."""

    def __init__(self, name: str) -> None:
        self._server = socket.socket(socket.AF_UNIX)
        self._server.connect(f"/tmp/.X11-unix/X{name.removeprefix(':')}")
        self._server.sendall(struct.pack("<cxHHHHxx", b"l", 11, 0, 0, 0))
        _, _, _, _, words = struct.unpack("<BBHHH", self._take(8))
        self._take(4 * words)
        self._server.sendall(struct.pack("<BxHHxx8s", 98, 4, 5, b"XTEST"))
        self._extension = self._take(32)[9]

    def fake(self, kind: int, detail: int = 0, at: tuple[int, int] = (0, 0)) -> None:
        """Press or release the button ``detail``, or move the pointer to a place on the screen."""
        x, y = at
        event = struct.pack("<BB18xhh8x", kind, detail, x, y)
        self._server.sendall(struct.pack("<BBH", self._extension, 2, 9) + event)

    def wait(self) -> None:
        """Wait until the server has processed all requests."""
        self._server.sendall(struct.pack("<BxH", 43, 1))
        self._take(32)

    def _take(self, count: int) -> bytes:
        found = b""
        while len(found) < count:
            found += self._server.recv(count - len(found))
        return found
