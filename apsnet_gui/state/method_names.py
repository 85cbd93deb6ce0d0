"""The methods as the window names them, and the command line that does what the window did."""

from __future__ import annotations

import shlex

from apsnet_gui.state.document import Choice
from apsnet_gui.state.open_shape import OpenShape


def title(choice: Choice) -> str:
    """For example ``APSNet-G``."""
    return choice.spec.label


def command(choice: Choice, entry: OpenShape) -> str:
    """The command line that gives the same sampling."""
    words = [
        "apsnet",
        "sample",
        entry.path,
        "-m",
        str(choice.spec),
        "-n",
        str(choice.m),
        "--seed",
        str(choice.seed),
    ]
    if choice.spec.row.learned:
        words += ["--task", choice.task, "--up", entry.up]
        words += ["--working", str(choice.working)] if choice.working else []
    if entry.is_mesh:
        words += ["--points", str(choice.surface)]
    if entry.columns is not None:
        words += ["--columns", entry.columns]
    if entry.dataset is not None:
        words += ["--dataset", entry.dataset]
    if entry.row is not None:
        words += ["--row", str(entry.row)]
    return shlex.join(words)
