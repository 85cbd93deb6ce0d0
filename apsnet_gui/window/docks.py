"""The docks of the window, each addressed by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from apsnet_gui.state.settings import Settings
from apsnet_gui.style.stepping import polished
from apsnet_gui.style.theme import Theme
from apsnet_gui.widgets.form_rows import GRID

LAYOUT_VERSION = 4
CLOUDS_WIDE = 232  # initial width of the list of clouds in pixels
STEPS_HIGH = 168  # initial height of the docks below the picture in pixels
WIDE = 1300  # least width in pixels of a window that has room for the list of clouds beside compared methods
ROOMY = 320  # height in pixels that a table beside a plot needs
LEFT, RIGHT = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
BOTTOM = Qt.DockWidgetArea.BottomDockWidgetArea


@dataclass(frozen=True)
class DockSpec:
    """The place of a dock: at ``side``, or as a tab of the dock ``behind``.

    ``height`` is the least height in pixels that `Docks.show` gives the dock.
    """

    name: str
    side: Qt.DockWidgetArea
    behind: str | None = None
    height: int = 0
    hidden: bool = False


DOCKS = (
    DockSpec("Clouds", LEFT),
    DockSpec("Sampling", RIGHT),
    DockSpec("Attention", BOTTOM),
    DockSpec("Table", BOTTOM, behind="Attention"),
    DockSpec("Plot", BOTTOM, behind="Attention"),
    DockSpec("Training", BOTTOM, behind="Attention", height=ROOMY),
    DockSpec("What if", RIGHT, behind="Sampling"),
    DockSpec("Dataset", LEFT, behind="Clouds", hidden=True),  # until a dataset is open
    DockSpec("Evaluation", BOTTOM, behind="Attention", height=ROOMY),
    DockSpec("Messages", BOTTOM, behind="Attention"),
)


class Docks:
    """The docks around the central widget; ``panels`` has a function that makes the panel of each dock.

    A panel is made when its dock is first visible or asked for. `the_rest` makes the others once the window
    is open.
    """

    def __init__(
        self, window: QMainWindow, theme: Theme, panels: Mapping[str, Callable[[], QWidget]]
    ) -> None:
        self._window = window
        self._specs = {spec.name: spec for spec in DOCKS}
        self._to_make = dict(panels)
        self._made: dict[str, QWidget] = {}  # panels that are not in their docks yet
        self._docks = {spec.name: self._make(spec, theme) for spec in DOCKS}
        self._hidden_for_comparison = False
        self._before: tuple[QDockWidget, int] | None = None
        window.setCorner(Qt.Corner.BottomLeftCorner, BOTTOM)
        window.setCorner(Qt.Corner.BottomRightCorner, RIGHT)
        for spec in DOCKS:
            self._place(spec)
        for spec in DOCKS:
            if spec.behind is None:
                self[spec.name].raise_()
            self._docks[spec.name].setHidden(spec.hidden)

    def __getitem__(self, name: str) -> QDockWidget:
        """The dock with this name, with its panel inside."""
        panel = self._panel(name)
        if panel is not None:
            del self._made[name]
            self._docks[name].setWidget(panel)
        return self._docks[name]

    def _panel(self, name: str) -> QWidget | None:
        """The hidden panel of this dock, made here if needed; None if the dock contains it already."""
        if (make := self._to_make.pop(name, None)) is not None:
            panel = self._made[name] = make()
            panel.setParent(self._docks[name])
        return self._made.get(name)

    def __iter__(self) -> Iterator[QDockWidget]:
        return iter(self._docks.values())

    @property
    def are_whole(self) -> bool:
        """Whether all panels are made and in their docks."""
        return not self._to_make and not self._made

    def the_rest(self) -> Iterator[None]:
        """Make the panels that were never visible, step by step."""
        for name in list(self._docks):
            panel = self._panel(name)
            yield
            if panel is not None:
                yield from polished(panel)
            self[name]
            yield

    def show(self, name: str) -> None:
        """Bring a dock to the front and give it the height that it needs."""
        dock, height = self[name], self._specs[name].height
        dock.show()
        dock.raise_()
        if dock.height() < height:
            self._set_height(dock, height)

    def make_room(self, comparing: bool, table_height: int) -> None:
        """Make room for a comparison and its table, or restore the previous layout if not ``comparing``."""
        clouds, table = self["Clouds"], self["Table"]
        if comparing:
            self._before = next(((dock, dock.height()) for dock in self if self._is_in_front(dock)), None)
            self.show("Table")
            self._set_height(table, table_height)
            self._hidden_for_comparison = not clouds.isHidden() and self._window.width() < WIDE
            if self._hidden_for_comparison:
                clouds.hide()
            return
        if self._hidden_for_comparison:
            self._hidden_for_comparison = False
            clouds.show()
        if self._before is not None and self._is_in_front(table):
            dock, height = self._before
            dock.raise_()
            self._set_height(dock, height)
        self._before = None

    def _is_in_front(self, dock: QDockWidget) -> bool:
        """Whether the dock is the visible one of the tabbed docks below the picture."""
        below = self._window.dockWidgetArea(dock) == BOTTOM and not dock.isFloating()
        return below and dock.isVisible() and not dock.visibleRegion().isEmpty()

    def restore(self, settings: Settings) -> None:
        """Restore the layout of the last session. Call it once, when the window is complete."""
        self._set_height(self["Attention"], STEPS_HIGH)
        self._window.resizeDocks([self["Clouds"]], [CLOUDS_WIDE], Qt.Orientation.Horizontal)
        self._default = self._window.saveState(LAYOUT_VERSION)
        self._window.restoreGeometry(settings.state("geometry"))
        self._window.restoreState(settings.state("layout"), LAYOUT_VERSION)

    def save(self, settings: Settings) -> None:
        """Store the layout for the next start."""
        settings.put("geometry", self._window.saveGeometry())
        settings.put("layout", self._window.saveState(LAYOUT_VERSION))

    def reset(self) -> None:
        """Restore the default layout."""
        self._window.restoreState(self._default, LAYOUT_VERSION)

    def _make(self, spec: DockSpec, theme: Theme) -> QDockWidget:
        dock = QDockWidget(spec.name, self._window)
        dock.setObjectName(spec.name)
        dock.setTitleBarWidget(DockTitle(dock, theme))
        dock.visibilityChanged.connect(lambda seen: self[spec.name] if seen else None)
        return dock

    def _place(self, spec: DockSpec) -> None:
        if spec.behind is None:
            self._window.addDockWidget(spec.side, self._docks[spec.name])
        else:
            self._window.tabifyDockWidget(self._docks[spec.behind], self._docks[spec.name])
        if (layout := self._window.layout()) is not None:
            layout.activate()  # after each dock: otherwise Qt leaves a second tab bar visible

    def _set_height(self, dock: QDockWidget, height: int) -> None:
        self._window.resizeDocks([dock], [height], Qt.Orientation.Vertical)


class DockTitle(QWidget):
    """The title bar of a dock. A drag moves the dock, a double click makes it float."""

    def __init__(self, dock: QDockWidget, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("dockTitle")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._close = QToolButton()
        self._close.setAccessibleName(f"Close the panel {dock.windowTitle()}")
        self._close.setToolTip("Close this panel; the menu Window brings it back")
        self._close.clicked.connect(dock.close)
        row = QHBoxLayout(self)
        row.setContentsMargins(GRID + 4, GRID, GRID, GRID // 2)
        row.addWidget(QLabel(dock.windowTitle()), 1)
        row.addWidget(self._close)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._tint)
        self._tint()

    def _tint(self) -> None:
        self._close.setIcon(self._theme.icon("x", self._theme.colours.faint))
