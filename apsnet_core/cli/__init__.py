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
            stream.reconfigure(errors="backslashreplace")  # file names can be invalid text
    if threading.current_thread() is threading.main_thread():
        # SIGTERM ends the command like Ctrl-C, so that no half-written file is left.
        signal.signal(signal.SIGTERM, _end)
    own_process.claim()
    logging.basicConfig(format="apsnet: %(message)s")  # to standard error; `run` sets the level
    threading.Thread(target=sweep, name="sweep").start()
    sys.exit(run(given))


def _replace_closed_streams() -> None:
    """Replace streams that were closed by `>&-`, so that no file that is opened later gets their number.

    Using a closed standard input or output then raises an error, and messages for a closed standard error are
    discarded.
    """
    unusable = os.O_WRONLY, os.O_RDONLY, os.O_WRONLY
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            try:
                os.fstat(number)
            except OSError:
                os.open(os.devnull, unusable[number])  # takes the lowest free number: the closed one
            plain = io.FileIO(number, "w" if number else "r")  # unbuffered: nothing is left to write at exit
            setattr(sys, name, io.TextIOWrapper(plain, "utf-8", write_through=True))


def _end(*_: object) -> None:
    """Handle SIGTERM like Ctrl-C, even if a shell started the command with SIGINT ignored ("&")."""
    if signal.getsignal(signal.SIGINT) in (signal.SIG_IGN, signal.SIG_DFL, None):
        raise KeyboardInterrupt
    signal.raise_signal(signal.SIGINT)
