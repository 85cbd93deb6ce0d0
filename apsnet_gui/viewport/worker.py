"""The renderer: a process that draws what the window asks for, and ends with the window.

Open3D holds the interpreter lock while it draws, and it can crash; the process keeps both from the window.
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
    """Import Open3D without its browser half (Dash, IPython), which would take as long again."""
    plotly = types.ModuleType("open3d.visualization.draw_plotly")
    for name in ("get_plotly_fig", "draw_plotly", "draw_plotly_server"):
        setattr(plotly, name, None)
    sys.modules[plotly.__name__] = plotly
    import open3d

    return open3d


def _connect_to_graphics(open3d: Foreign) -> bool:
    """Find out how Open3D can draw; True if off screen (EGL), where it can read depth too.

    NoWindow where there is no OpenGL. On Linux off screen is tried first even with a display, because
    windows of a display wait for its refresh.
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
    """Whether a window can be opened. A failed attempt must leave no object, or the next one fails too."""
    from apsnet_gui.viewport.canvas import CanvasPool, NoWindow

    try:
        CanvasPool().take((64, 64)).picture()
    except NoWindow:
        return False
    return True


def serve(source: BinaryIO, target: BinaryIO, beside: socket.socket | None, folder: Path) -> None:
    """Answer the window's orders until it closes the pipe; ``beside`` it large arrays come."""
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
    """What went wrong; where a library of the system is missing, with the command that brings it."""
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
        freed_memory.give_back()  # the views are at rest
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
    """The child process: draw until the window is gone, then remove its files if it was killed."""
    folder = Path(sys.argv[1])
    tidy = partial(shutil.rmtree, folder, ignore_errors=True)
    source, target = connect(tidy)
    with suppress(EOFError, BrokenPipeError):
        serve(source, target, socket_beside(), folder)
    tidy()
