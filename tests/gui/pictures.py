"""Measure what pictures of the window show."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QColor, QImage

from apsnet_core.sampling import Sampling
from apsnet_gui.viewport.projection import project
from apsnet_gui.viewport.widget import ViewWidget

Pixels = npt.NDArray[np.uint8]


def pixels(image: QImage) -> Pixels:
    """(h, w, 3) uint8."""
    rgba = image.convertToFormat(QImage.Format.Format_RGBA8888)
    data = np.frombuffer(rgba.constBits(), np.uint8).reshape(rgba.height(), rgba.width(), 4)
    return data[..., :3].copy()


def contrast(a: str, b: str) -> float:
    """The WCAG ratio of two colours."""

    def luminance(colour: str) -> float:
        parts = [QColor(colour).redF(), QColor(colour).greenF(), QColor(colour).blueF()]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def samples_seen(view: ViewWidget, sampling: Sampling, colour: str) -> float:
    """The fraction of the samples that ``view`` shows in the ``colour`` (#rrggbb), in any light."""
    image, size = pixels(view.grab().toImage()), (view.width(), view.height())
    places, _ = project(view.camera, sampling.points.astype(np.float64), size)
    wanted = _hue(np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]))
    seen = 0
    for x, y in (places * image.shape[1] / size[0]).round().astype(int):
        patch = image[max(y - 2, 0) : y + 3, max(x - 2, 0) : x + 3]
        seen += bool((_hue(patch) @ wanted > 0.97).any())
    return seen / len(places)


def _hue(colour: np.ndarray) -> np.ndarray:
    """The direction of a colour without its brightness, which is all that shading changes."""
    centred = colour.astype(float)
    return np.asarray(centred / np.maximum(np.linalg.norm(centred, axis=-1, keepdims=True), 1.0))


def pixels_of(view: ViewWidget, rgb: tuple[int, int, int]) -> int:
    """The number of pixels of a colour in the drawn picture, without the overlay."""
    assert view.frame is not None
    away = np.abs(pixels(view.frame.image).astype(int) - rgb).max(axis=-1)
    return int((away <= 3).sum())
