"""The methods and tasks as the window names them, and the command line that does what the window did."""

from __future__ import annotations

import shlex

from apsnet_core.methods.spec import LEARNED, METHODS, MethodSpec
from apsnet_gui.state.document import Choice, Entry

NAMES = {name: MethodSpec(name).label for name in METHODS}
TASKS = {
    "classification": "Classification",
    "reconstruction": "Reconstruction",
    "registration": "Registration",
}


def learned(method: str) -> bool:
    """Whether a method needs weights, and so has a task and the variants G and M."""
    return method in LEARNED


def title(choice: Choice) -> str:
    """For example ``APSNet-G``."""
    return MethodSpec.parse(choice.spec).label


def command(choice: Choice, entry: Entry) -> str:
    """The command line that gives the same sampling."""
    words = [
        "apsnet",
        "sample",
        entry.path,
        "-m",
        choice.spec,
        "-n",
        str(choice.m),
        "--seed",
        str(choice.seed),
    ]
    if learned(choice.method):
        words += ["--task", choice.task, "--up", entry.up]
        words += ["--working", str(choice.working)] if choice.working else []
    if entry.is_mesh:
        words += ["--points", str(choice.surface)]
    if entry.dataset is not None:
        words += ["--dataset", entry.dataset]
    if entry.row is not None:
        words += ["--row", str(entry.row)]
    return shlex.join(words)
