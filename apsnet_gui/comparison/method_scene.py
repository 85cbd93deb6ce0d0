"""The picture of one method in a comparison: its samples on the current shape, or the task net's answer."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

from apsnet_gui.colourings.registry import compared
from apsnet_gui.comparison.answer_scenes import answer_scene
from apsnet_gui.comparison.colour_range import same_range
from apsnet_gui.comparison.results import MethodResult, WholeCloud
from apsnet_gui.state.document import Document, Look
from apsnet_gui.state.open_shape import OpenShape
from apsnet_gui.state.result import Result
from apsnet_gui.state.selected import Mark
from apsnet_gui.views.document_scene import ViewContents, build, scene_parts

LARGER = 1.7  # the factor for the size of samples in a small view


@dataclass(frozen=True, eq=False)
class MethodScene:
    """The input of the picture, which is collected on the GUI thread; any thread can make the scene of it.

    ``result`` is the result of ``part``. ``attended`` are all compared results with attention, which share
    one range of colours. A ``small`` view draws smaller points and larger samples. ``mark`` are selected
    points.
    """

    document: Document
    entry: OpenShape
    part: MethodResult
    result: Result
    whole: WholeCloud | None
    attended: Sequence[Result]
    dark: bool
    small: bool
    mark: Mark | None = None

    @property
    def parts(self) -> tuple[Hashable, ...]:
        """The values on which the picture depends, except the step: equal parts give equal pictures."""
        document = self.document
        answer = (self.part, self.whole) if document.lineup.show != "samples" else ()
        colouring = compared(self.entry.colouring)
        attended = self.attended if colouring.shows_attention(len(self.result.cloud)) else ()
        own = document.lineup.show, self.result, *answer, *attended, self.dark, self.small, self.mark
        return *scene_parts(document), *own

    def at(self, step: int) -> ViewContents:
        """The scene with the samples up to ``step``, or all samples for 0."""
        colouring = compared(self.entry.colouring)
        look = self._look()
        if colouring.shows_attention(len(self.result.cloud)):
            look = same_range(look, self.attended, step)
        document = replace(self.document, look=look)
        show, answer = document.lineup.show, self.part.answer
        if show != "samples" and self.whole is not None and answer is not None and answer.drawn is not None:
            return answer_scene(document, answer, self.whole, self.part, show == "before", self.dark)
        entry = replace(self.entry, visible=True, colouring=colouring.name)
        document = replace(document, entries=(entry,), choice=self.result.choice)
        m = self.result.sampling.m
        return build(document, self.result, min(step or m, m), self.dark, self.mark)

    def _look(self) -> Look:
        look = self.document.look
        if not self.small:
            return look
        return replace(look, point_size=max(look.point_size - 1, 1), sphere=round(look.sphere * LARGER))
