"""The child's side of `apsnet_core.child`: it answers calls, and ends with the parent."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO

from apsnet_core import freed_memory, messages
from apsnet_core.messages import Message

Tell = Callable[..., None]

LIFELINE = "APSNET_LIFELINE"
"""The environment variable with the pipe on which nothing is sent: it closes when the parent dies."""

BESIDE = "APSNET_BESIDE"
"""The environment variable with the socket beside the pipes, for large arrays."""

_LOOK_SECONDS = 1.0  # between checks whether the parent is alive, on systems without such a pipe


def serve(answer: Callable[[Message, Tell], Message], explain: Callable[[BaseException], str]) -> None:
    """Answer calls until the parent closes the pipe.

    ``answer(request, tell)`` may report its progress with ``tell``; ``explain`` turns an exception of it into
    a sentence.
    """
    source, target = connect()
    beside = socket_beside()

    def tell(*values: Message) -> None:
        messages.send(target, ["told", list(values)])

    with suppress(BrokenPipeError):  # the parent has gone and needs no answer
        while True:
            try:
                request = messages.receive(source, beside)
            except EOFError:
                return
            try:
                outcome = ["done", [answer(request, tell)]]
            except (BrokenPipeError, SystemExit):
                raise
            except BaseException as error:  # a panic in Rust is not an Exception
                outcome = ["failed", [type(error).__name__, explain(error)]]
            message = messages.pack(outcome, beside)
            del request, outcome  # otherwise all arrays would be held twice while they are sent
            was_large = message.is_large
            messages.send_packed(target, message, beside)
            if was_large:
                freed_memory.give_back()


def connect(tidy: Callable[[], None] | None = None) -> tuple[BinaryIO, BinaryIO]:
    """Return the pipes from and to the parent; output of native code goes to stderr from now on.

    This process ends when its parent dies, see `end_with_parent`.
    """
    source, target = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent handles Ctrl-C
    end_with_parent(tidy)
    return source, target


def socket_beside() -> socket.socket | None:
    """The socket beside the pipes, None if the parent gave none."""
    number = os.environ.pop(BESIDE, None)
    return None if number is None else socket.socket(fileno=int(number))


def end_with_parent(tidy: Callable[[], None] | None = None) -> None:
    """End this process when its parent dies: after calling ``tidy``, or at once if that is None.

    Python code calls ``tidy``, so native code that holds the interpreter lock delays it.
    """
    lifeline = os.environ.pop(LIFELINE, None)
    if lifeline is not None:
        if tidy is None:
            _end_by_signal(int(lifeline))
        wait: Callable[[], object] = lambda: os.read(int(lifeline), 1)  # noqa: E731
    else:
        wait = _wait_for_parent
    threading.Thread(target=_end_after, args=(wait, tidy), name="life line", daemon=True).start()


def _end_by_signal(lifeline: int) -> None:
    """Let the system end this process with its parent, even while native code holds the interpreter lock."""
    import fcntl

    if hasattr(os, "O_ASYNC"):
        fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)


def _end_after(wait: Callable[[], object], tidy: Callable[[], None] | None) -> None:
    wait()
    if tidy is not None:
        tidy()
    os._exit(1)


def _wait_for_parent() -> None:
    import psutil

    parent = psutil.Process(os.getppid())
    while parent.is_running():
        time.sleep(_LOOK_SECONDS)
