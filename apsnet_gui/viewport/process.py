"""One process of the renderer, with the threads that write to it and read from it."""

from __future__ import annotations

import contextlib
import queue
import subprocess
import threading
from collections import deque
from pathlib import Path
from typing import BinaryIO, cast

from PySide6.QtCore import QSize, Qt, SignalInstance
from PySide6.QtGui import QImage

from apsnet_core import messages
from apsnet_core.child import ChildProcess
from apsnet_gui.viewport.last_words import why_it_ended
from apsnet_gui.viewport.protocol import Array, Header, MappedPicture


class RendererProcess:
    """One process of the renderer; one thread writes to it, one reads its answers, and one its stderr.

    ``heard(process, header, image)`` and ``ended(process, why)`` are emitted on the thread that reads the
    answers.
    """

    def __init__(self, folder: Path, heard: SignalInstance, ended: SignalInstance) -> None:
        self._folder = folder
        self._heard, self._ended = heard, ended
        self._orders: queue.SimpleQueue[tuple[Header, list[Array]] | None] = queue.SimpleQueue()
        self._pictures: dict[str, MappedPicture] = {}
        self._last_words: deque[str] = deque(maxlen=20)
        self.popen = ChildProcess(
            "apsnet_gui.viewport.worker:main", str(folder), errors=subprocess.PIPE, shares=True
        )
        self._threads = [
            threading.Thread(target=task, name=f"renderer {task.__name__}", daemon=True)
            for task in (self._write, self._read, self._listen)
        ]
        for thread in self._threads:
            thread.start()

    def post(self, header: Header, arrays: list[Array]) -> None:
        """Queue an order with its arrays."""
        self._orders.put((header, arrays))

    def stop(self) -> None:
        """End the process: close its input, and kill it if it does not end within two seconds."""
        self._orders.put(None)
        try:
            self.popen.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()
        for thread in self._threads:
            thread.join()

    def _write(self) -> None:
        stream = cast(BinaryIO, self.popen.stdin)
        with contextlib.suppress(OSError):  # if the process has died, the reading thread reports it
            while (order := self._orders.get()) is not None:
                messages.send(stream, order, self.popen.beside)
        with contextlib.suppress(OSError):
            stream.close()

    def _listen(self) -> None:
        for line in cast(BinaryIO, self.popen.stderr):
            self._last_words.append(line.decode(errors="replace").strip())

    def _read(self) -> None:
        stream = cast(BinaryIO, self.popen.stdout)
        try:
            while True:
                header = messages.receive(stream)
                if header["say"] == "closed":
                    if (picture := self._pictures.pop(str(header["view"]), None)) is not None:
                        picture.remove()
                else:
                    self._heard.emit(self, header, self._image(header))
        except EOFError:
            pass  # the process ended; stderr says why
        except (OSError, ValueError) as error:
            self._last_words.append(str(error))
        self._orders.put(None)
        self.popen.wait()
        self._threads[-1].join(timeout=2)  # wait until stderr is read to its end
        self.popen.let_go()
        for picture in self._pictures.values():
            picture.remove()
        self._ended.emit(self, why_it_ended(self.popen.returncode, self._last_words))

    def _image(self, header: Header) -> QImage | None:
        name = header.get("file")
        if name is None:
            return None
        if header.get("once"):
            picture = MappedPicture(self._folder / name)
            image = _copied(picture, header)
            picture.remove()
            return image
        view = name.split("-")[0]
        kept = self._pictures.get(view)
        if kept is None or kept.path.name != name:
            if kept is not None:
                kept.remove()
            kept = self._pictures[view] = MappedPicture(self._folder / name)
        return _copied(kept, header)


def _copied(picture: MappedPicture, header: Header) -> QImage:
    (width, height), channels = header["size"], header["channels"]
    data = picture.pixels[: width * height * channels]
    if channels == 4:
        return QImage(data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()
    image = QImage(data, width, height, 3 * width, QImage.Format.Format_RGB888)
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    if header["full"] != header["size"]:
        image = image.scaled(QSize(*header["full"]), mode=Qt.TransformationMode.SmoothTransformation)
    return image
