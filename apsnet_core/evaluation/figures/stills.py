"""Parts of a figure as small pictures for a page."""

from __future__ import annotations

from io import BytesIO

from matplotlib.figure import Figure
from PIL import Image

from apsnet_core.evaluation.figures.samples import DPI, png

_QUALITY = 82


def stills(figure: Figure, columns: int, title: float) -> list[bytes]:
    """The columns of a figure as transparent WebP pictures, without the ``title`` inches above them."""
    whole = Image.open(BytesIO(png(figure, transparent=True)))
    top, width = round(title * DPI), whole.width / columns
    found = []
    for column in range(columns):
        part = whole.crop((round(column * width), top, round((column + 1) * width), whole.height))
        stream = BytesIO()
        part.save(stream, "WEBP", quality=_QUALITY)
        found.append(stream.getvalue())
    return found
