"""The child's side of `apsnet_core.child`: answer calls, and end with the parent."""

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
"""The variable that names the pipe on which nothing is sent: its end is the parent's."""

BESIDE = "APSNET_BESIDE"
"""The variable that names the socket beside the pipes, for large arrays."""

_LOOK_SECONDS = 1.0  # for a dead parent, where no pipe can tell


def serve(answer: Callable[[Message, Tell], Message], explain: Callable[[BaseException], str]) -> None:
    """Answer calls until the parent has no more.

    ``answer(request, tell)`` may ``tell`` how far it is; ``explain`` puts what it raises into a sentence.
    """
    source, target = connect()
    beside = socket_beside()

    def tell(*values: Message) -> None:
        messages.send(target, ["told", list(values)])

    with suppress(BrokenPipeError):  # nobody waits for it any more
        while True:
            try:
                request = messages.receive(source, beside)
            except EOFError:
                return
            try:
                outcome = ["done", [answer(request, tell)]]
            except (BrokenPipeError, SystemExit):
                raise
            except BaseException as error:  # a panic in Rust is no Exception
                outcome = ["failed", [type(error).__name__, explain(error)]]
            message = messages.pack(outcome, beside)
            del request, outcome  # or all arrays would be held twice while they are sent
            was_large = message.is_large
            messages.send_packed(target, message, beside)
            if was_large:
                freed_memory.give_back()


def connect(tidy: Callable[[], None] | None = None) -> tuple[BinaryIO, BinaryIO]:
    """The pipes from and to the parent; what native code prints goes to the error output from now on.

    When the parent dies, so does this process, see `end_with_parent`.
    """
    source, target = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    end_with_parent(tidy)
    return source, target


def socket_beside() -> socket.socket | None:
    """The socket beside the pipes, where the parent gave one."""
    number = os.environ.pop(BESIDE, None)
    return None if number is None else socket.socket(fileno=int(number))


def end_with_parent(tidy: Callable[[], None] | None = None) -> None:
    """End this process when its parent dies: after ``tidy`` as soon as Python can, without it at once."""
    lifeline = os.environ.pop(LIFELINE, None)
    if lifeline is not None:
        if tidy is None:
            _end_by_signal(int(lifeline))
        wait: Callable[[], object] = lambda: os.read(int(lifeline), 1)  # noqa: E731
    else:
        wait = _wait_for_parent
    threading.Thread(target=_end_after, args=(wait, tidy), name="life line", daemon=True).start()


def _end_by_signal(lifeline: int) -> None:
    """Have the system end this process with its parent, even in native code that holds Python's lock."""
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
