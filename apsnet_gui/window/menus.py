"""Menu bar and toolbar of the window, made of its actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

from apsnet_gui.window.actions import ACTIONS
from apsnet_gui.window.thumbnails import bundled

if TYPE_CHECKING:
    from apsnet_gui.window.window import Window

SEARCH = "Search actions   Ctrl+Shift+P"


def fill_menus(window: Window) -> None:
    """Every action in its menu, with the recent files, the bundled shapes and the docks among them."""
    actions, menus = window.actions_by_id, dict[str, QMenu]()
    for action in ACTIONS:
        path = ""
        for part in action.menu.split("/"):
            above, path = path, f"{path}/{part}"
            if path not in menus:
                menus[path] = menus[above].addMenu(part) if above else window.menuBar().addMenu(part)
        if action.divider:
            menus[path].addSeparator()
        menus[path].addAction(actions[action.id])
    recent, shapes = QMenu("Open &recent", window), QMenu("&Bundled shapes", window)
    for menu in (recent, shapes):
        menus["/&File"].insertMenu(actions["open-project"], menu)
    recent.aboutToShow.connect(lambda: _fill_recent(recent, window))
    for file in bundled():
        item = shapes.addAction(file.stem.replace("_", " ").capitalize())
        item.triggered.connect(lambda _=False, file=file: window.opening.open_paths([str(file)]))
    for dock in window.docks:
        menus["/&Window"].insertAction(actions["reset-layout"], dock.toggleViewAction())


def _fill_recent(menu: QMenu, window: Window) -> None:
    menu.clear()
    for path in window.settings.recent():
        item = menu.addAction(path)
        item.triggered.connect(lambda _=False, path=path: window.opening.open_paths([path]))
    menu.addSeparator()
    clear = menu.addAction("Clear this list")
    clear.triggered.connect(window.settings.forget_recent)
    clear.triggered.connect(lambda: window.start_page.show_recent([]))


def toolbar(window: Window) -> tuple[QToolBar, QToolButton]:
    """The toolbar, and its button that searches all actions."""
    bar = QToolBar("Toolbar", window)
    bar.setObjectName("Toolbar")
    bar.setMovable(False)
    bar.setIconSize(QSize(18, 18))
    bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    for action in ACTIONS:
        if action.toolbar:
            item = window.actions_by_id[action.id]
            item.setIconText(action.toolbar)
            bar.addAction(item)
    gap = QWidget()
    gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    bar.addWidget(gap)
    search = QToolButton()
    search.setObjectName("search")
    search.setDefaultAction(window.actions_by_id["palette"])
    search.setText(SEARCH)
    search.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    bar.addWidget(search)
    return bar, search
