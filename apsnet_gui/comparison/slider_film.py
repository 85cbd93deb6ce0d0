"""Pictures of all steps of both sides of the slider."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtGui import QImage

from apsnet_gui.comparison.slider_view import SliderView
from apsnet_gui.jobs.background import JobProgress
from apsnet_gui.views.document_scene import ViewContents
from apsnet_gui.views.steps_film import StepsFilm


class SliderFilm:
    """Pictures of steps 1..m joined at the present divider; ``scenes`` make the scenes of its two sides."""

    def __init__(self, slider: SliderView, scenes: Sequence[Callable[[int], ViewContents]], m: int) -> None:
        views = slider.left, slider.right
        self._sides = [StepsFilm(view, scene, m) for view, scene in zip(views, scenes, strict=True)]
        self._join = slider.joining()

    def frames(self, progress: JobProgress) -> Iterator[QImage]:
        """Yield the pictures; call this on a worker thread. Raises `Cancelled`, or the renderer's error."""
        left, right = (side.frames(progress) for side in self._sides)
        for one, other in zip(left, right, strict=True):
            yield self._join(one, other)

    def close(self) -> None:
        """Close the renderer's views; call this on the GUI thread."""
        for side in self._sides:
            side.close()
