"""Starting of the process of a training, which runs the `apsnet` command line in a new session."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

from apsnet_core import worker
from apsnet_core.training.run_log import OUTPUT

Process = subprocess.Popen[bytes]


def launch(folder: Path, *arguments: str, variables: Mapping[str, str] | None = None) -> Process:
    """Start `apsnet` with ``arguments`` for the run ``folder``, which exists and gets the printed output.

    The process outlives its parent and its terminal. ``variables`` are added to its environment.
    """
    with (folder / OUTPUT).open("ab") as output:
        return subprocess.Popen(
            worker.command("apsnet_core.cli:main", *arguments),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=worker.environment() | dict(variables or {}),
        )
