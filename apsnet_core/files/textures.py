"""Sample the colours of a texture image at the texture coordinates of a mesh."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import numpy.typing as npt

from apsnet_core.files.columns import Column

_KINDS = ("PNG", "JPEG", "WEBP", "BMP", "TGA", "TIFF", "GIF")
_MOST_PIXELS = 1 << 26


def texels(picture: Path | bytes, uv: Column) -> npt.NDArray[np.uint8]:
    """The colours (n, 3) of a picture at ``uv`` (n, 2), measured from the upper left; the picture repeats.

    Raises ValueError if the picture cannot be read or has too many pixels.
    """
    from PIL import Image

    try:
        with Image.open(
            picture if isinstance(picture, Path) else io.BytesIO(picture), formats=_KINDS
        ) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise ValueError(f"it has {image.width} x {image.height} pixels, which is too many")
            pixels = np.asarray(image.convert("RGB"))
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError(str(error) or type(error).__name__) from error
    height, width = pixels.shape[:2]
    place = np.nan_to_num(uv, posinf=0, neginf=0) % 1.0
    column = np.minimum((place[:, 0] * width).astype(np.int64), width - 1)
    row = np.minimum((place[:, 1] * height).astype(np.int64), height - 1)
    colours: npt.NDArray[np.uint8] = pixels[row, column]
    return colours


def beside(path: Path, name: str) -> Path | None:
    """The file ``name`` that ``path`` refers to, in the same folder or below, or None if there is none."""
    words = [word for word in name.replace("\\", "/").split("/") if word not in ("", ".")]
    if not words or ".." in words or "\0" in name:
        return None
    found = path.parent.joinpath(*words)
    if not found.is_file():
        found = path.parent / words[-1]  # ``name`` may be an absolute path on another computer
    return found if found.is_file() else None
