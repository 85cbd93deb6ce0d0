"""The real `apsnet`, run in a process of its own, as by a shell, or in this process, which is faster."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from unittest.mock import patch

import apsnet_core
from apsnet_core.cli.app import run

LOG_FORMAT = "apsnet: %(message)s"  # the format that the process sets
APSNET = [sys.executable, "-m", "apsnet_core.cli"]
ROOT = Path(apsnet_core.__file__).parent.parent


def environment() -> dict[str, str]:
    """The current environment, with this checkout importable from any folder."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def apsnet(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    return subprocess.run(
        [*APSNET, *map(str, arguments)],
        cwd=cwd,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )


def said(*arguments: object, cwd: Path = Path()) -> subprocess.CompletedProcess[str]:
    """Run the command in this process, since starting one takes longer than most commands."""
    words, out, errors = [*map(str, arguments)], io.StringIO(), io.StringIO()
    log = logging.StreamHandler(errors)
    log.setFormatter(logging.Formatter(LOG_FORMAT))
    logging.getLogger().addHandler(log)
    try:
        with (
            patch.object(sys, "argv", ["apsnet", *words]), chdir(cwd),
            redirect_stdout(out), redirect_stderr(errors),
        ):  # fmt: skip
            status = run(words)
    finally:
        logging.getLogger().removeHandler(log)
    return subprocess.CompletedProcess(words, status, out.getvalue(), errors.getvalue())


def answer(*arguments: object, code: int = 0) -> dict[str, Any]:
    """Return the --json answer of the command, and assert that nothing else is on standard output."""
    done = said(*arguments, "--json")
    assert done.returncode == code, done
    lines = done.stdout.splitlines()
    assert len(lines) == 1, lines
    found: dict[str, Any] = json.loads(lines[0])
    return found


def sentence(*arguments: object, code: int = 1) -> str:
    """Return the error of a failing command: one line, no traceback, nothing on standard output."""
    return sentence_of(said(*arguments), code)


def sentence_of(done: subprocess.CompletedProcess[str], code: int = 1) -> str:
    """Return the one line of error of a command that failed."""
    assert done.returncode == code, done
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("apsnet: ")
    return lines[0].removeprefix("apsnet: ")
