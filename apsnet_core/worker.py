"""The only place that makes commands to start the program again: a child process, a training or a window.

They work in a frozen application too, which has no interpreter that accepts a script: its entry points call
`main` if their first argument is `FLAG`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

FLAG = "--worker"


def command(target: str, *arguments: str) -> list[str]:
    """The command line that calls ``target``, "module:function", with ``arguments`` in ``sys.argv[1:]``."""
    if getattr(sys, "frozen", False):
        return [sys.executable, FLAG, target, *arguments]
    return [sys.executable, "-P", "-m", __name__, target, *arguments]


def environment() -> dict[str, str]:
    """The environment for `command`, in which the new process can import the same modules as this one."""
    own = [path or str(Path.cwd()) for path in sys.path]
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), *own]))}


def main(arguments: Sequence[str] | None = None) -> int:
    """Call the target named by the first argument; its result is the exit status."""
    if getattr(sys, "frozen", False):  # a frozen application does not read PYTHONPATH
        told = os.environ.get("PYTHONPATH", "").split(os.pathsep)
        sys.path += [path for path in told if path and path not in sys.path]
    target, *rest = sys.argv[1:] if arguments is None else arguments
    module, _, function = target.partition(":")
    sys.argv = [target, *rest]
    return getattr(import_module(module), function)() or 0


if __name__ == "__main__":
    sys.exit(main())
