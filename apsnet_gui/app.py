"""The command `apsnet-gui`: reads the arguments, then opens the window or saves a screenshot of it."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from apsnet_core import __version__, worker
from apsnet_core.extras import install, window_lacks


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window, or with ``--screenshot`` save a picture of it once everything is drawn, and quit.

    Returns the exit status.
    """
    given = sys.argv[1:] if arguments is None else arguments
    if given[:1] == [worker.FLAG]:
        return worker.main(given[1:])
    options = _parser().parse_args(given)
    if lacks := window_lacks():
        sys.exit(f"apsnet-gui: the window needs more packages ({', '.join(lacks)}): {install('gui')}")
    _choose_platform(options.screenshot is not None)
    gc.disable()  # until the window is open: there is nothing to collect yet, and a collection takes 0.1 s
    from apsnet_gui.start.run import run

    return run(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="apsnet-gui", description="Open, sample and compare point clouds.")
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help="meshes, point clouds, or a project (.apsnet)"
    )
    parser.add_argument(
        "-n", "--sizes", metavar="M,M", help="number of points to sample; for --compare also several"
    )
    parser.add_argument(
        "-m", "--method", metavar="METHOD", help="name[:g|:m][@weights], as for apsnet sample"
    )
    parser.add_argument(
        "--compare", metavar="METHODS", help="METHOD,METHOD,... side by side, as for apsnet compare"
    )
    parser.add_argument("--task", type=_task, metavar="TASK")
    parser.add_argument("--theme", choices=("system", "light", "dark"), help="for this start")
    parser.add_argument("--text-size", type=int, metavar="PERCENT", help="for this start")
    parser.add_argument(
        "--plugin",
        action="append",
        metavar="FILE.py",
        help="methods, tasks and formats of a file",
    )
    parser.add_argument(
        "--screenshot", type=Path, metavar="OUT.png", help="save a picture of the window and end"
    )
    parser.add_argument("--version", action="version", version=f"apsnet-studio {__version__}")
    return parser


def _task(text: str) -> str:
    """The name of the task on the command line. Raises `argparse.ArgumentTypeError` if it is unknown."""
    from apsnet_core.tasks.registry import task

    try:
        return task(text).name
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _choose_platform(screenshot: bool) -> None:
    """If there is no display, draw off screen for a screenshot, or exit with a message for a window."""
    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM"):
        return
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return
    if not screenshot:
        sys.exit(
            "apsnet-gui: there is no display to open a window on; --screenshot OUT.png works without one"
        )
    os.environ["QT_QPA_PLATFORM"] = "offscreen"


if __name__ == "__main__":
    sys.exit(main())
