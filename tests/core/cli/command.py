"""The real `apsnet`: in a process of its own, as a shell runs it, or for its answer alone in this one."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from unittest.mock import patch

import apsnet_core
from apsnet_core.cli.app import run

APSNET = [sys.executable, "-m", "apsnet_core.cli"]
ROOT = Path(apsnet_core.__file__).parent.parent


def environment() -> dict[str, str]:
    """As it is now, and with this checkout importable from any folder."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def apsnet(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*APSNET, *map(str, arguments)],
        cwd=cwd,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )


def answer(*arguments: object, code: int = 0) -> dict[str, Any]:
    """What the command says with --json: one object, and nothing else on standard output.

    Carried out in this process: starting Python and torch takes longer than most commands.
    """
    words, out, errors = [*map(str, arguments), "--json"], io.StringIO(), io.StringIO()
    with patch.object(sys, "argv", ["apsnet", *words]), redirect_stdout(out), redirect_stderr(errors):
        status = run(words)
    assert status == code, (status, out.getvalue(), errors.getvalue())
    lines = out.getvalue().splitlines()
    assert len(lines) == 1, lines
    found: dict[str, Any] = json.loads(lines[0])
    return found


def sentence(*arguments: object, code: int = 1) -> str:
    """What a failing command tells a person: one line, no traceback, nothing on standard output."""
    done = apsnet(*arguments)
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("apsnet: ")
    return lines[0].removeprefix("apsnet: ")
