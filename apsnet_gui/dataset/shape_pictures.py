"""A cache of pictures of a dataset's shapes, which a worker thread draws when they become visible."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage

from apsnet_gui.jobs.background import Background, Job, JobProgress
from apsnet_gui.style.theme import Theme

if TYPE_CHECKING:
    from apsnet_gui.dataset.collection import Collection

SIZE = QSize(96, 78)
FINENESS = 2  # the oversampling: drawn pixels per shown pixel, in each direction
KEPT = 1200
WAITING = 160  # the longest queue: after fast scrolling, only the last requests are drawn
HAND_OVER = 0.03  # seconds after which the worker passes on the finished pictures
NEAR, FAR = {True: "#d3ddea", False: "#3f4b5c"}, {True: "#454d58", False: "#c3c9d2"}


class ShapePictures(QObject):
    """The pictures of the shapes of a collection; ``ready`` is emitted when new ones are drawn."""

    ready = Signal()
    _drawn = Signal(object, object)

    def __init__(self, background: Background, theme: Theme) -> None:
        super().__init__(background)
        self._background, self._theme = background, theme
        self._collection: Collection | None = None
        self._kept: OrderedDict[int, QImage] = OrderedDict()
        self._wanted: OrderedDict[int, None] = OrderedDict()
        self._under_way: set[int] = set()
        self._job: Job | None = None
        self.ratio = 1.0
        self._drawn.connect(self._keep, Qt.ConnectionType.QueuedConnection)
        theme.changed.connect(self._forget)

    def show(self, collection: Collection | None) -> None:
        """Draw the shapes of this collection from now on."""
        self._collection = collection
        self._forget()

    def picture(self, i: int) -> QImage | None:
        """The picture of shape ``i``, or None until it is drawn; the last request is drawn first."""
        image = self._kept.get(i)
        if image is not None:
            self._kept.move_to_end(i)
            return image
        if i in self._under_way:
            return None
        self._wanted.pop(i, None)
        self._wanted[i] = None
        while len(self._wanted) > WAITING:
            self._wanted.popitem(last=False)
        if self._job is None and self._collection is not None:
            collection, wanted, under_way = self._collection, self._wanted, self._under_way
            dark, ratio = self._theme.dark, self.ratio
            self._job = self._background.start(
                "Drawing shapes",
                lambda progress: self._draw(collection, wanted, under_way, dark, ratio, progress),
            )
            self._job.ended.connect(self._end)
        return None

    def _forget(self) -> None:
        self._kept.clear()
        # Create new objects, because a job that still runs uses the old ones.
        self._wanted, self._under_way = OrderedDict(), set()
        if self._job is not None:
            self._job.cancel()
        self.ready.emit()

    def _end(self) -> None:
        self._job = None
        if self._wanted:
            self.ready.emit()  # the view repaints and requests the missing pictures again

    def _draw(
        self,
        collection: Collection,
        wanted: OrderedDict[int, None],
        under_way: set[int],
        dark: bool,
        ratio: float,
        progress: JobProgress,
    ) -> None:
        from apsnet_gui.dataset.splat import splat

        colours = _colours(dark)
        fine = (SIZE.width() * FINENESS, SIZE.height() * FINENESS)
        drawn: list[tuple[int, QImage]] = []
        since = time.monotonic()
        while wanted:
            progress.report()
            try:
                i, _ = wanted.popitem()
            except KeyError:  # the GUI thread has removed the last one in the meantime
                break
            under_way.add(i)
            shades = splat(collection.points(i), fine, collection.data.up)
            image = QImage(shades.data, *fine, fine[0], QImage.Format.Format_Indexed8)
            image.setColorTable(colours)
            image = image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
            image = image.scaled(
                SIZE * ratio,
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            image.setDevicePixelRatio(ratio)
            drawn.append((i, image))
            if time.monotonic() - since > HAND_OVER:
                self._drawn.emit((collection, dark), drawn)
                drawn, since = [], time.monotonic()
        self._drawn.emit((collection, dark), drawn)

    def _keep(self, of: tuple[Collection, bool], drawn: list[tuple[int, QImage]]) -> None:
        if of[0] is not self._collection or of[1] != self._theme.dark:
            return
        self._kept.update(drawn)
        self._under_way.difference_update(i for i, _ in drawn)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        self.ready.emit()


def _colours(dark: bool) -> list[int]:
    """The colours of the levels 0 to 255: 0 is the background, 1 the farthest point, 255 the nearest."""
    near, far = QColor(NEAR[dark]), QColor(FAR[dark])

    def between(t: float) -> int:
        red = far.red() + t * (near.red() - far.red())
        green = far.green() + t * (near.green() - far.green())
        blue = far.blue() + t * (near.blue() - far.blue())
        return QColor(round(red), round(green), round(blue)).rgba()

    return [0, *(between(i / 254) for i in range(255))]
