"""The commands that hide points of the current cloud from the views, and bring them back."""

from __future__ import annotations

from dataclasses import replace

from apsnet_core.editing.selection import Selection
from apsnet_core.types import Changed
from apsnet_gui.jobs.background import Background, JobProgress
from apsnet_gui.state.session import Session
from apsnet_gui.widgets.form_rows import counted, grouped


class HideCommands:
    """Hides and shows points. They belong to the document, so hiding can be undone and is saved."""

    def __init__(self, session: Session, background: Background) -> None:
        self._session, self._background = session, background

    def hide(self) -> None:
        """Hide the selected points; they leave the selection until they are shown again."""
        entry, mask = self._session.document.active, self._session.selected.of(self._session.document.current)
        if entry is None or mask is None:
            return

        def work(progress: JobProgress) -> tuple[Selection, int]:
            before = entry.hidden_mask
            hidden = mask if before is None else before | mask
            return Selection.of(hidden), int(hidden.sum())

        def put(found: tuple[Selection, int]) -> None:
            now = self._session.document.entry(entry.id)
            if now is None or now.hidden != entry.hidden:
                return  # the shape was closed, or its hidden points have changed
            hidden, count = found
            self._set(entry.id, "Hide points", hidden=hidden)
            self._session.notice.emit(
                "info",
                f"Hidden: {counted(count, 'point')} of {grouped(hidden.count)}. They are still sampled and "
                "exported; Shift+H shows them again.",
            )

        job = self._background.start("Hide points", work, lane="hide")
        job.done.connect(put)
        job.failed.connect(lambda why: self._session.notice.emit("warning", f"Nothing was hidden: {why}"))

    def show(self) -> None:
        """Show the hidden points and classes of the current cloud again."""
        entry = self._session.document.active
        if entry is not None and (entry.hidden is not None or entry.hides_classes):
            scale = entry.scale and replace(entry.scale, hidden=())
            self._set(entry.id, "Show hidden points", hidden=None, scale=scale)
            self._session.standing.emit("hidden classes", f"All points of {entry.name} are shown")

    def _set(self, id: str, text: str, **changes: Changed) -> None:
        """Change an entry as a separate undo step: two steps in quick succession are undone one by one."""
        self._session.change(text, self._session.document.with_entry(id, **changes))
