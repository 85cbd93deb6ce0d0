"""The `apsnet` command: one module per group of commands, each light to import."""

from __future__ import annotations

import io
import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence

from apsnet_core import own_process, worker


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point of `apsnet`; exits with 0, 1 (a sentence says what failed), 2 (usage) or 130 (Ctrl-C)."""
    _replace_closed_streams()
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == [worker.FLAG]:
        sys.exit(worker.main(given[1:]))
    from apsnet_core.cli.app import run
    from apsnet_core.scratch import sweep

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a file's name need not be text
    if threading.current_thread() is threading.main_thread():
        # SIGTERM ends as Ctrl-C does, so that no half-written file stays.
        signal.signal(signal.SIGTERM, _end)
    own_process.claim()
    logging.basicConfig(format="apsnet: %(message)s")  # to standard error; run sets what is said
    threading.Thread(target=sweep, name="sweep").start()
    sys.exit(run(given))


def _replace_closed_streams() -> None:
    """What was closed by `>&-` cannot be used, and says so: no file that is opened later takes its place.

    Warnings and sentences for a closed standard error go nowhere.
    """
    unusable = os.O_WRONLY, os.O_RDONLY, os.O_WRONLY
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            try:
                os.fstat(number)
            except OSError:
                os.open(os.devnull, unusable[number])  # the lowest number that is free: this one
            plain = io.FileIO(number, "w" if number else "r")  # nothing waits to be written at the end
            setattr(sys, name, io.TextIOWrapper(plain, "utf-8", write_through=True))


def _end(*_: object) -> None:
    """The handler of Ctrl-C. It is set even where a shell starts the command with SIGINT ignored ("&")."""
    if signal.getsignal(signal.SIGINT) in (signal.SIG_IGN, signal.SIG_DFL, None):
        raise KeyboardInterrupt
    signal.raise_signal(signal.SIGINT)
