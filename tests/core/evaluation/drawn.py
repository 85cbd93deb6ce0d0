"""Pixels of a figure's file, rendered by other programs: PDF by PDFium, SVG by resvg, PNG by Pillow."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import numpy as np
import pypdfium2
import resvg_py
from matplotlib.colors import to_rgb
from PIL import Image

from apsnet_core.evaluation.figures.chart import ChartFigure, Kind
from apsnet_core.evaluation.figures.look import Look, drawing
from apsnet_core.types import Array

PIXELS = 200  # per inch


def pixels(file: bytes, kind: Kind, look: Look) -> Array:
    """Return the image (height, width, 3) as uint8, with `PIXELS` per inch."""
    width = round(look.width * PIXELS)
    if kind == "pdf":
        [page] = pypdfium2.PdfDocument(file)
        image = page.render(scale=PIXELS / 72).to_pil()
    elif kind == "svg":
        drawn = resvg_py.svg_to_bytes(svg_string=file.decode(), width=width, dpi=96)
        image = Image.open(BytesIO(bytes(drawn)))
    else:
        image = Image.open(BytesIO(file))
        image = image.resize((width, round(image.height * width / image.width)), Image.Resampling.LANCZOS)
    return np.asarray(image.convert("RGB"))


def placing(figure: ChartFigure, look: Look) -> Callable[[Array], Array]:
    """Return the map from points (k, 2) of the first chart to columns and rows (k, 2) of `pixels`."""
    with drawing(look):
        drawn = figure.draw(look)
        drawn.canvas.draw()

    def places(points: Array) -> Array:
        at = drawn.axes[0].transData.transform(points) / drawn.dpi
        return np.stack([at[:, 0] * PIXELS, (drawn.get_figheight() - at[:, 1]) * PIXELS], axis=1)

    return places


def is_there(image: Array, place: Array, colour: str) -> bool:
    """Whether ``colour`` is at ``place`` or a pixel beside it."""
    column, row = np.round(place).astype(int)
    around = image[row - 1 : row + 2, column - 1 : column + 2].reshape(-1, 3)
    wanted = 255 * np.array(to_rgb(colour))
    return bool((np.abs(around - wanted).max(axis=1) < 12).any())


def outside(image: Array, paper: str) -> int:
    """The number of pixels on the edge of the image that are not ``paper``: above 0, something is cut off."""
    frame = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]]).astype(int)
    return int((np.abs(frame - 255 * np.array(to_rgb(paper))).max(axis=1) > 24).sum())
