"""Builds the menu bar and the toolbar from the actions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction, QHelpEvent
from PySide6.QtWidgets import QMainWindow, QMenu, QSizePolicy, QToolBar, QToolButton, QToolTip, QWidget

from apsnet_gui.state.settings import Settings
from apsnet_gui.window.action import Action
from apsnet_gui.window.actions import all_actions
from apsnet_gui.window.bundled import bundled

OPEN_DATASET = "open-dataset", "furniture"  # also in the Dataset menu, where nothing else is enabled at first
SEARCH = "Search actions   Ctrl+Shift+P"


class _Menu(QMenu):
    """A menu with tooltips that say what an action is for, or why it cannot run now."""

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            action = self.actionAt(event.pos())
            QToolTip.showText(event.globalPos(), action.toolTip().partition("\n")[2] if action else "", self)
            return True
        return super().event(event)


def fill_menus(
    window: QMainWindow,
    actions: Mapping[str, QAction],
    panels: Iterable[QAction],
    settings: Settings,
    chosen: Mapping[str, Callable[[], str]],
    open_paths: Callable[[Sequence[str]], None],
    forget_recent: Callable[[], None],
) -> None:
    """Put every action into its menu; add the recent files, the bundled shapes and the ``panels``.

    ``chosen`` has a function for each setting that returns its current value.
    """
    menus = dict[str, QMenu]()
    for action in all_actions():
        path = ""
        for part in action.menu.split("/"):
            above, path = path, f"{path}/{part}"
            if path not in menus:
                outer = menus[above] if above else window.menuBar()
                menus[path] = made = _Menu(part, outer)
                outer.addMenu(made)
        if action.divider:
            menus[path].addSeparator()
        menus[path].addAction(actions[action.id])
        if action.chooses:
            # Each time the menu opens, because Qt moves the mark even if the choice was refused.
            mark = partial(_mark, actions[action.id], action, chosen[action.chooses])
            menus[path].aboutToShow.connect(mark)
    recent, shapes = QMenu("Open &recent", window), QMenu("&Bundled shapes", window)
    for menu in (recent, shapes):
        menus["/&File"].insertMenu(actions["open-project"], menu)
    recent.aboutToShow.connect(lambda: _fill_recent(recent, settings, open_paths, forget_recent))
    for file in bundled():
        item = shapes.addAction(file.stem.replace("_", " ").capitalize())
        item.triggered.connect(lambda _=False, file=file: open_paths([str(file)]))
    below = menus["/&Window"].insertSeparator(actions["reset-layout"])
    menus["/&Window"].insertSeparator(below)
    for panel in panels:
        menus["/&Window"].insertAction(below, panel)
    first = menus["/&Dataset"].insertSeparator(actions["shape-on"])
    menus["/&Dataset"].insertActions(first, [actions[id] for id in OPEN_DATASET])


def _mark(item: QAction, action: Action, now: Callable[[], str]) -> None:
    item.setChecked(action.argument == now())


def _fill_recent(
    menu: QMenu, settings: Settings, open_paths: Callable[[Sequence[str]], None], forget: Callable[[], None]
) -> None:
    menu.clear()
    for path in settings.recent():
        item = menu.addAction(path)
        item.triggered.connect(lambda _=False, path=path: open_paths([path]))
    menu.addSeparator()
    menu.addAction("Clear this list").triggered.connect(lambda: forget())


def toolbar(window: QMainWindow, actions: Mapping[str, QAction]) -> tuple[QToolBar, QToolButton]:
    """Build the toolbar; return it and its button for the search through all actions."""
    bar = QToolBar("Toolbar", window)
    bar.setObjectName("Toolbar")
    bar.setMovable(False)
    bar.setIconSize(QSize(18, 18))
    bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    for action in all_actions():
        if action.toolbar:
            item = actions[action.id]
            item.setIconText(action.toolbar)
            bar.addAction(item)
    gap = QWidget()
    gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    bar.addWidget(gap)
    search = QToolButton()
    search.setObjectName("search")
    search.setDefaultAction(actions["palette"])
    search.setText(SEARCH)
    search.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    bar.addWidget(search)
    return bar, search
