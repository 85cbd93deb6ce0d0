"""The functions that child processes of the tests run."""

from __future__ import annotations

import json
import os
import re
import socket
import sys
from pathlib import Path
from typing import Any

import numpy as np

from apsnet_core import messages
from apsnet_core.child import Child
from apsnet_core.cloud import PointCloud
from apsnet_core.serving import BESIDE, Tell, connect, serve

MANY = 1 << 20  # for a request of at least as many bytes, the child makes them in eight arrays


def echo() -> None:
    """Answer each request with itself, or do what the word of the request says."""
    serve(_answer, lambda error: f"the child says {error}")


def _answer(request: Any, tell: Tell) -> Any:
    if request == "fail":
        raise KeyError("no")
    if request == "print":
        print("what a library prints")
        os.write(1, b"and native code")
    if isinstance(request, int) and request >= MANY:
        return [np.full(request // 8, k, np.uint8) for k in range(8)]
    if request == "progress":
        for k in range(3):
            tell(k / 3, f"part {k}")
    if isinstance(request, PointCloud):
        assert request.xyz.dtype == np.float32
    return request


def announce() -> None:
    """Announce an array in shared memory, and end before passing it, or pass other memory."""
    source, target = connect()
    request = messages.receive(source)
    beside = socket.socket(fileno=int(os.environ[BESIDE]))
    if request != "nothing":
        memory = os.memfd_create("apsnet")
        os.truncate(memory, MANY if request == "unsealed" else 1)
        socket.send_fds(beside, [b"\0"], [memory])
    target.write(json.dumps({"list": ["done", {"list": [{"shared": ["|u1", [MANY]]}]}]}).encode() + b"\n")


def die() -> None:
    """End during a request."""
    serve(lambda request, tell: os._exit(3), str)


def loop() -> None:
    """Never answer, and hold Python's global lock, so that no other Python code can run."""
    pipes = connect()  # held open: the process is alive but does not answer
    Path(sys.argv[1]).touch() if len(sys.argv) > 1 else None
    re.match(r"(a+)+$", "a" * 60 + "b")
    del pipes


def parent() -> None:
    """A program whose child loops forever; it prints the child's process ID when the loop has begun."""
    mark = Path(sys.argv[1])
    child = Child("tests.core.children:loop", str(mark)).start()
    while not mark.exists():
        pass
    print(child.pid, flush=True)
    sys.stdin.read()


def holder() -> None:
    """A program that holds arrays made by its child until it is killed; it prints the child's process ID."""
    child = Child("tests.core.children:echo")
    arrays = child.call(64 * MANY)
    print(child.process_id, sum(map(len, arrays)), flush=True)
    sys.stdin.read()
