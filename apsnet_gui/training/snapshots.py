"""The attention of a sampler on a few fixed shapes after each epoch of its training (Fig. 5)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from safetensors import SafetensorError, safe_open

from apsnet_core.cloud import Float32
from apsnet_core.training.run_state import RunState
from apsnet_gui.style.theme import Theme
from apsnet_gui.viewport import colormap
from apsnet_gui.widgets.empty_panel import pages_in
from apsnet_gui.widgets.fields import Slider
from apsnet_gui.widgets.form_rows import GRID, faint, value
from apsnet_gui.widgets.qt_types import Ignored

NOTHING = "After each epoch the attention of an APSNet on a few fixed shapes is shown here."
TURN, TILT = np.radians(35), np.radians(20)
# The range of the colours: from a quarter of the average weight to 64 times the average.
FAINT, STRONG = 0.25, 64.0


@dataclass(frozen=True, eq=False)
class Snapshot:
    """``clouds`` (K, N, 3), ``samples`` (K, m, 3) and ``attention`` (K, N).

    The attention is the mean over the stored first sampling steps, scaled to an average of 1.
    """

    clouds: Float32
    samples: Float32
    attention: Float32


class TrainingSnapshots(QWidget):
    """Shows the snapshots of one run; a slider at its right end follows the newest epoch."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._files: list[Path] = []
        self.picture = SnapshotPicture(theme)
        self.slider = Slider()
        self.slider.setAccessibleName("Epoch of the attention")
        self.slider.valueChanged.connect(self._show)
        self.epoch = value("Epoch")
        foot = QHBoxLayout()
        foot.setSpacing(GRID)
        foot.addWidget(self.slider, 1)
        foot.addWidget(self.epoch)
        full = QWidget()
        column = QVBoxLayout(full)
        column.setContentsMargins(0, GRID // 2, 0, 0)
        column.addWidget(self.picture, 1)
        column.addLayout(foot)
        empty = faint(NOTHING)
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.pages = pages_in(self, empty, full)

    def show_run(self, run: RunState | None) -> None:
        """Show the snapshots of this run."""
        files = sorted((run.folder / "snapshots").glob("epoch-*.safetensors")) if run else []
        if files == self._files:
            return
        same = bool(self._files) and files[:1] == self._files[:1]
        at = self.slider.value() if same and self.slider.value() < len(self._files) - 1 else len(files) - 1
        self._files = files
        self.pages.setCurrentIndex(1 if files else 0)
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, max(len(files) - 1, 0))
            self.slider.setValue(at)
        self._show()

    def _show(self, *_: Ignored) -> None:
        if not self._files:
            return
        file = self._files[self.slider.value()]
        self.epoch.setText(f"epoch {int(file.stem.rpartition('-')[2]) + 1}")
        try:
            self.picture.show_snapshot(read_snapshot(file))
        except (OSError, KeyError, SafetensorError) as why:
            self.picture.show_snapshot(None)
            self.epoch.setText(f"{file.name} cannot be read: {why}")


class SnapshotPicture(QWidget):
    """Paints the shapes side by side: points with much attention are bright, samples are circles."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._snapshot: Snapshot | None = None
        self.setMinimumHeight(GRID * 12)
        self.setAccessibleName("Attention on a few shapes")
        theme.changed.connect(self.update)

    def show_snapshot(self, snapshot: Snapshot | None) -> None:
        """Show another snapshot."""
        self._snapshot = snapshot
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._snapshot is None:
            return
        snapshot, count = self._snapshot, len(self._snapshot.clouds)
        side = int(min(self.width() / count - GRID, self.height()))
        left = (self.width() - count * (side + GRID) + GRID) / 2
        top = (self.height() - side) / 2
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(self._theme.colours.accent), 1.6))
            for k in range(count):
                corner = QPointF(left + k * (side + GRID), top)
                place = _Placed(snapshot.clouds[k], side)
                image = place.image(snapshot.attention[k], self._theme.dark, self.devicePixelRatioF())
                painter.drawImage(QRectF(corner.x(), corner.y(), side, side), image)
                for x, y in place.on_page(snapshot.samples[k]):
                    painter.drawEllipse(corner + QPointF(x, y), 3.5, 3.5)


class _Placed:
    """A cloud viewed from the side and slightly from above, in a square of ``side`` pixels."""

    def __init__(self, cloud: Float32, side: float) -> None:
        self._cloud, self._side = cloud, side
        seen = _seen(cloud)
        self._middle = (seen.min(axis=0) + seen.max(axis=0)) / 2
        self._scale = 0.92 * side / max(float(np.ptp(seen, axis=0).max()), 1e-6)

    def on_page(self, points: Float32) -> Float32:
        """The pixel coordinates (n, 2) of points (n, 3), with the origin in the upper left corner."""
        seen = (_seen(points) - self._middle) * self._scale
        flipped: Float32 = (seen * np.array([1, -1]) + self._side / 2).astype(np.float32)
        return flipped

    def image(self, attention: Float32, dark: bool, ratio: float) -> QImage:
        """An image of the cloud coloured by attention; points with little attention are painted first."""
        pixels = max(round(self._side * ratio), 1)
        order = np.argsort(attention, kind="stable")
        places = (self.on_page(self._cloud)[order] * ratio).astype(int)
        colours = colormap.apply(attention[order], FAINT, STRONG, log=True, dark=dark)
        canvas = np.zeros((pixels, pixels, 4), np.uint8)
        reach = max(round(ratio), 1)
        for dx in range(-reach, reach + 1):
            for dy in range(-reach, reach + 1):
                x, y = np.clip(places + np.array([dx, dy]), 0, pixels - 1).T
                canvas[y, x, :3], canvas[y, x, 3] = colours, 255
        return QImage(canvas.data, pixels, pixels, 4 * pixels, QImage.Format.Format_RGBA8888).copy()


def _seen(points: Float32) -> Float32:
    """The points rotated about the up axis y, tilted and projected: (n, 2), to the right and up."""
    x, y, z = points.T
    right, near = np.cos(TURN) * x + np.sin(TURN) * z, np.cos(TURN) * z - np.sin(TURN) * x
    seen: Float32 = np.stack([right, np.cos(TILT) * y - np.sin(TILT) * near], axis=1)
    return seen


@lru_cache(maxsize=64)
def read_snapshot(path: Path) -> Snapshot:
    """Read a snapshot that the training wrote with `save_snapshot`; the y axis of the result is up."""
    with safe_open(path, framework="np") as file:
        clouds, samples, steps = (
            file.get_tensor(name).astype(np.float32) for name in ("clouds", "points", "attention")
        )
    attention = steps.mean(axis=1) * clouds.shape[1]
    if _up(path.parents[1]) == "z":
        clouds, samples = (points[..., [1, 2, 0]] for points in (clouds, samples))
    return Snapshot(clouds, samples, attention)


def _up(run: Path) -> str:
    from apsnet_core.weights.metadata import WeightsError, load_metadata

    try:
        return load_metadata(run / "best.safetensors").up
    except WeightsError:  # the run has no best weights before its first validation
        return "y"
