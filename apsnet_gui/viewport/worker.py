"""The renderer: a process that draws the pictures that the window requests, and ends with the window.

Open3D holds the global interpreter lock while it draws, and it can crash. In a process of its own it can
neither block nor crash the window.
"""

from __future__ import annotations

import os
import shutil
import socket
import sys
import time
import types
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from apsnet_core import freed_memory, messages, system_libraries
from apsnet_core.serving import connect, socket_beside
from apsnet_core.types import Foreign
from apsnet_gui.viewport.protocol import Array, Header

if TYPE_CHECKING:
    from apsnet_gui.viewport.drawing import Drawing
    from apsnet_gui.viewport.painter import Painter


def _import_open3d() -> Foreign:
    """Import Open3D without its browser part (Dash, IPython), which would double the import time."""
    plotly = types.ModuleType("open3d.visualization.draw_plotly")
    for name in ("get_plotly_fig", "draw_plotly", "draw_plotly_server"):
        setattr(plotly, name, None)
    sys.modules[plotly.__name__] = plotly
    import open3d

    return open3d


def _connect_to_graphics(open3d: Foreign) -> bool:
    """Find out how Open3D can draw; True if it draws off screen (EGL), where depth can be read as well.

    Raises NoWindow where there is no OpenGL. On Linux drawing off screen is tried first even if there is a
    display, because the windows of a display wait for its refresh.
    """
    open3d.utility.set_verbosity_level(open3d.utility.VerbosityLevel.Warning)
    displays = {name: os.environ.pop(name, None) for name in ("DISPLAY", "WAYLAND_DISPLAY")}
    if _draws():
        return sys.platform == "linux"
    os.environ.update({name: value for name, value in displays.items() if value})
    if any(displays.values()) and _draws():
        return False
    from apsnet_gui.viewport.canvas import NoWindow

    raise NoWindow("Open3D could not create an OpenGL window")


def _draws() -> bool:
    """Whether a window can be opened. A failed attempt must leave no object, or the next attempt fails."""
    from apsnet_gui.viewport.canvas import CanvasPool, NoWindow

    try:
        CanvasPool().take((64, 64)).picture()
    except NoWindow:
        return False
    return True


def serve(source: BinaryIO, target: BinaryIO, beside: socket.socket | None, folder: Path) -> None:
    """Answer the window's orders until it closes the pipe; large arrays arrive on the socket ``beside``."""
    try:
        off_screen = _connect_to_graphics(_import_open3d())
    except Exception as error:
        messages.send(target, {"say": "unavailable", "why": _why(error)})
        return
    from apsnet_gui.viewport.canvas import CanvasPool
    from apsnet_gui.viewport.painter import Painter

    painter = Painter(CanvasPool(), folder, off_screen)
    drawings: dict[int, Drawing] = {}
    messages.send(target, {"say": "ready", "depth": off_screen})
    while True:
        header, arrays = messages.receive(source, beside)
        answer = _obey(painter, drawings, header, arrays)
        if answer is not None:
            messages.send(target, answer)


def _why(error: Exception) -> str:
    """The text of an error; for a missing system library, with the command that installs it."""
    said = str(error)
    lacking = [need for need in system_libraries.SHARED_LIBRARIES if said.startswith(f"{need.name}:")]
    if not lacking:
        return said
    return f"{lacking[0].name} is missing on this system, and comes by {system_libraries.remedy(lacking)}"


def _obey(
    painter: Painter, drawings: dict[int, Drawing], header: Header, arrays: list[Array]
) -> Header | None:
    view, order = header["view"], header["do"]
    if order == "close":
        if view in drawings:
            painter.forget(drawings.pop(view))
        return {"say": "closed", "view": view}
    if view not in drawings:
        drawings[view] = painter.begin(view)
    drawing = drawings[view]
    if order == "scene":
        painter.set_scene(drawing, header, arrays)
        return None
    if order == "rehearse":
        painter.rehearse(drawing, header)
        freed_memory.give_back()  # a rehearsal is only requested while the views are at rest
        return None
    start = time.perf_counter()
    if order == "draw":
        answer = painter.draw(drawing, header)
    elif order == "refine":
        answer = painter.refine(drawing)
    else:
        answer = painter.snapshot(drawing, header)
    seconds = time.perf_counter() - start
    return {"say": "frame", "view": view, "seq": header["seq"], "seconds": seconds, **answer}


def main() -> None:
    """Run the child process: draw until the window has ended, then remove the folder of pictures."""
    folder = Path(sys.argv[1])
    tidy = partial(shutil.rmtree, folder, ignore_errors=True)
    source, target = connect(tidy)
    with suppress(EOFError, BrokenPipeError):
        serve(source, target, socket_beside(), folder)
    tidy()
