"""An action of the program: what it runs, when it is enabled, and its QAction."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from operator import attrgetter

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from apsnet_core.cloud import PointCloud
from apsnet_core.extras import hdbscan_lacks
from apsnet_gui.colourings.colouring import Colouring
from apsnet_gui.state.session import Session
from apsnet_gui.widgets.empty_panel import OPEN_FIRST
from apsnet_gui.widgets.qt_types import Ignored

Condition = Callable[[Session], bool]


def always(session: Session) -> bool:
    """Return True: the action is enabled in every state."""
    return True


def has_shape(session: Session) -> bool:
    """Whether a shape is open."""
    return session.document.active is not None


def has_result(session: Session) -> bool:
    """Whether the current shape is sampled."""
    return session.result is not None


def has_attention(session: Session) -> bool:
    """Whether the method of the current result gives attention weights."""
    return session.result is not None and session.result.has_attention


def is_compared(session: Session) -> bool:
    """Whether methods are compared."""
    return session.document.active is not None and session.document.lineup.shown


def has_dataset(session: Session) -> bool:
    """Whether a dataset is open."""
    return session.document.dataset is not None


def has_columns(session: Session) -> bool:
    """Whether the current shape comes from a text file whose columns can be named."""
    entry = session.document.active
    return entry is not None and isinstance(entry.shape, PointCloud) and bool(entry.shape.roles)


def has_cloud(session: Session) -> bool:
    """Whether the current shape is a point cloud."""
    entry = session.document.active
    return entry is not None and isinstance(entry.shape, PointCloud)


def has_hdbscan(session: Session) -> bool:
    """Whether the current shape is a point cloud and the packages for HDBSCAN are installed."""
    return has_cloud(session) and hdbscan_lacks() is None


def has_selection(session: Session) -> bool:
    """Whether points of the current shape are selected."""
    return session.selected.of(session.document.current) is not None


def has_hidden(session: Session) -> bool:
    """Whether points or classes of the current shape are hidden."""
    entry = session.document.active
    return entry is not None and (entry.hidden_of_cloud is not None or entry.hides_classes)


def is_cut(session: Session) -> bool:
    """Whether points of the current shape's file were removed."""
    entry = session.document.active
    return entry is not None and entry.kept is not None


def has_mesh(session: Session) -> bool:
    """Whether the current shape has faces."""
    entry = session.document.active
    return entry is not None and entry.is_mesh


@dataclass(frozen=True)
class CanBePainted:
    """The condition that the current shape has the data that a colouring needs."""

    colouring: Colouring

    def __call__(self, session: Session) -> bool:
        return session.document.active is not None and not self.lacks(session)

    def lacks(self, session: Session) -> str:
        """A sentence that names the data that the current shape lacks; empty if nothing is missing."""
        entry = session.document.active
        return (entry and self.colouring.missing(entry.shape)) or ""


_LACKS: dict[Condition, str] = {
    has_shape: OPEN_FIRST,
    has_result: "There are no samples yet",
    has_attention: "Only APSNet pays attention to points",
    is_compared: "Compare methods first",
    has_dataset: "Open a dataset first",
    has_columns: "Only text files have columns to name",
    has_selection: "Select points first",
    has_hidden: "Nothing is hidden",
    is_cut: "No point of the file is left out",
    has_mesh: "This is for meshes",
}
_CUTS = (has_cloud, has_hdbscan, has_selection, has_hidden, is_cut)  # conditions that only clouds can meet


def why_not(condition: Condition, session: Session) -> str:
    """A sentence that says what an action waits for; empty if ``condition`` holds or has no explanation."""
    if condition(session):
        return ""
    if not has_shape(session):
        return _LACKS[has_dataset if condition is has_dataset else has_shape]
    if condition in _CUTS and not has_cloud(session):
        return "For point clouds only: this is a mesh"
    if isinstance(condition, CanBePainted):
        return condition.lacks(session)
    return _LACKS.get(condition, "")


@dataclass(frozen=True)
class Action:
    """One action of the program, with its texts, its shortcut and its place in the menus.

    ``run`` names a feature of `Commands` and one of its methods, which is called with ``argument`` if there
    is one. ``toolbar`` is the text in the toolbar, empty if the action is not in it; ``divider`` draws a line
    above the action in its menu. ``also`` holds further words for the search, ``second`` is a second
    shortcut, and ``tip`` is a sentence for the tooltip. If the action sets a setting to ``argument``,
    ``chooses`` is the name of that setting, and the menu marks the value that is set.
    """

    id: str
    text: str
    menu: str
    run: str
    argument: str | None = None
    icon: str | None = None
    shortcut: str = ""
    enabled: Condition = always
    checked: Condition | None = None
    toolbar: str = ""
    divider: bool = False
    also: str = ""
    second: str = ""
    tip: str = ""
    chooses: str = ""


def build(actions: Iterable[Action], commands: Callable[[], object], parent: QWidget) -> dict[str, QAction]:
    """Make a QAction for each action and return them by id.

    A QAction calls ``commands`` only when it runs. Shortcuts work while ``parent`` is active.
    """
    built: dict[str, QAction] = {}
    for action in actions:
        item = QAction(action.text, parent)
        item.setObjectName(action.id)
        item.setShortcuts([QKeySequence(text) for text in (action.shortcut, action.second) if text])
        item.setToolTip(_tip(action, ""))
        item.setCheckable(action.checked is not None or bool(action.chooses))
        item.triggered.connect(partial(_run, action, commands))
        parent.addAction(item)
        built[action.id] = item
    return built


def _tip(action: Action, lacks: str) -> str:
    name = plain(action.text) + (f"  ({keys(action)})" if action.shortcut else "")
    return "\n".join(filter(None, (name, action.tip, lacks)))


def _run(action: Action, commands: Callable[[], object], *_: Ignored) -> None:
    method = attrgetter(action.run)(commands())
    method() if action.argument is None else method(action.argument)


def refresh(actions: Iterable[Action], built: dict[str, QAction], session: Session) -> None:
    """Update which actions are enabled and checked; the tooltip of a disabled action says why."""
    for action in actions:
        item = built[action.id]
        item.setEnabled(action.enabled(session))
        lacks = why_not(action.enabled, session)
        if lacks != item.whatsThis():
            item.setWhatsThis(lacks)
            item.setToolTip(_tip(action, lacks))
        if action.checked is not None:
            item.setChecked(action.checked(session))
    built["undo"].setText(f"&Undo {session.undo_text.lower()}" if session.undo_text else "&Undo")
    built["redo"].setText(f"&Redo {session.redo_text.lower()}" if session.redo_text else "&Redo")


def plain(text: str) -> str:
    """A menu text without its mnemonic and its ellipsis."""
    return text.replace("&", "").rstrip("…")


def keys(action: Action) -> str:
    """The shortcut in the notation of the operating system."""
    return QKeySequence(action.shortcut).toString(QKeySequence.SequenceFormat.NativeText)
