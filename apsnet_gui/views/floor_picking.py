"""Lets a user click the face of the current shape on which it should stand."""

from __future__ import annotations

from apsnet_core.cloud import Float64
from apsnet_gui.jobs.background import Background
from apsnet_gui.state.open_shape import OpenShape
from apsnet_gui.views.hand import Hand
from apsnet_gui.views.one_click import OneClick


class FloorPicking(OneClick):
    """A click chooses a face; the shape is then turned so that this face is on the floor."""

    def __init__(self, hand: Hand, background: Background) -> None:
        super().__init__(hand)
        self._background = background
        self.clicked.connect(self._turn)

    def _turn(self, entry: OpenShape, at: tuple[float, float, float]) -> None:
        job = self._background.start("Finding the plane", lambda _: _normal(entry, at), lane="floor")
        job.done.connect(lambda down: self._lay(entry, down))
        job.failed.connect(
            lambda why: self.hand.session.notice.emit("warning", f"{entry.name} was not turned: {why}")
        )

    def _lay(self, entry: OpenShape, down: Float64) -> None:
        from apsnet_core.ops.orientation import up_text

        if self.hand.session.document.entry(entry.id) is not None:
            self.hand.session.stand(entry.id, up_text(-down))


def _normal(entry: OpenShape, at: tuple[float, float, float]) -> Float64:
    from apsnet_core.ops.local_plane import outward_normal

    return outward_normal(entry.shape, at)
