"""The files in shared memory that pass pictures to the window."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from apsnet_gui.viewport.canvas import Image
from apsnet_gui.viewport.drawing import Drawing
from apsnet_gui.viewport.protocol import Array, Header, MappedPicture


class PictureFiles:
    """The files of the pictures: each view has one, which is replaced when its pictures become larger."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._made = folder, 0

    def store(self, drawing: Drawing, image: Image) -> MappedPicture:
        """Write a picture (h, w, 3) into the file of the drawing's view."""
        if drawing.output is None or len(drawing.output.pixels) < image.size:
            if drawing.output is not None:
                drawing.output.close()
            drawing.output = self._file(drawing, image.size)
        write(drawing.output, image)
        return drawing.output

    def once(self, drawing: Drawing, image: Image) -> Header:
        """Write a picture (h, w, channels) into a file of its own; return the header for the window."""
        output = self._file(drawing, image.size)
        write(output, image)
        output.close()
        return {**described(output, image), "once": True}

    def _file(self, drawing: Drawing, size: int) -> MappedPicture:
        self._made += 1
        return MappedPicture(self._folder / f"{drawing.view}-{self._made}", size)


def write(output: MappedPicture, image: Image) -> None:
    """Write a picture, (h, w, channels) with values from 0 to 1, into a file as bytes."""
    pixels: Array = np.frombuffer(output.pixels, np.uint8, image.size).reshape(image.shape)
    pixels[:] = (image * np.float32(255) + np.float32(0.5)).astype(np.uint8)


def described(output: MappedPicture, image: Image) -> Header:
    """The header that the window needs to read a picture."""
    height, width, channels = image.shape
    return {"file": output.path.name, "size": [width, height], "channels": channels}
