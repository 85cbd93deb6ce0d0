"""The edits of the compared methods: add, swap, move or remove a method, or unlink its camera."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QMenu

from apsnet_core.methods.spec import MethodSpec
from apsnet_gui.comparison.methods import fill, next_seed, offered
from apsnet_gui.jobs.weights_list import WeightsList
from apsnet_gui.state.document import Lineup, MethodAtSize
from apsnet_gui.state.session import Session


class LineupEdits:
    """Changes the document's line-up, each change as one undo step, and fills the menus for the changes."""

    def __init__(self, session: Session, weights_list: WeightsList) -> None:
        self._session, self._weights_list = session, weights_list

    @property
    def _lineup(self) -> Lineup:
        return self._session.document.lineup

    def select(self, place: MethodAtSize) -> None:
        """Select the method at ``place``."""
        self._session.line_up(
            f"Select {place.method.label}", selected=self.index(place.method), row=place.row
        )

    def add(self, method: MethodSpec, after: MethodSpec | None = None) -> None:
        """Add a method at the end, or directly ``after`` another one."""
        methods = list(self._lineup.methods)
        at = len(methods) if after is None else methods.index(after) + 1
        methods.insert(at, method)
        self._session.line_up("Add a method", methods=tuple(methods), selected=at)

    def swap(self, method: MethodSpec, other: MethodSpec) -> None:
        """Replace a method by another one."""
        methods = tuple(other if each == method else each for each in self._lineup.methods)
        self._session.line_up("Swap a method", methods=methods, selected=self.index(method))

    def remove(self, method: MethodSpec) -> None:
        """Remove a method, unless it is the last one."""
        methods = tuple(each for each in self._lineup.methods if each != method)
        if methods:
            self._session.line_up("Remove a method", methods=methods, selected=self._lineup.selected)

    def place_at(self, method: MethodSpec, to: int) -> None:
        """Move a method to the position ``to`` in the order."""
        methods = [each for each in self._lineup.methods if each != method]
        methods.insert(max(to, 0), method)
        self._session.line_up("Reorder methods", methods=tuple(methods), selected=methods.index(method))

    def set_apart(self, method: MethodSpec, apart: bool) -> None:
        """Give the views of a method their own camera, or link them to the others again."""
        others = tuple(each for each in self._lineup.apart if each != method)
        text = "Unlink a camera" if apart else "Link a camera"
        self._session.line_up(text, apart=(*others, method) if apart else others)

    def fill_add(self, menu: QMenu) -> None:
        """Fill the menu of methods that can be added."""
        fill(menu, self._offered(), self._lineup.methods, self.add)

    def fill_menu(self, method: MethodSpec, menu: QMenu) -> None:
        """Fill the menu of one method."""
        swaps = menu.addMenu("Swap for")
        fill(swaps, self._offered(), self._lineup.methods, lambda other: self.swap(method, other))
        at, last = self.index(method), len(self._lineup.methods) - 1
        again = next_seed(method, self._lineup.methods, self._session.document.choice.seed)
        items: tuple[tuple[str, bool, Callable[[], None]], ...] = (
            ("Add with another seed", True, lambda: self.add(again, after=method)),
            ("Move back", at > 0, lambda: self.place_at(method, at - 1)),
            ("Move on", at < last, lambda: self.place_at(method, at + 1)),
            ("Remove", last > 0, lambda: self.remove(method)),
        )
        for text, possible, act in items:
            item = menu.addAction(text)
            item.setEnabled(possible)
            item.triggered.connect(act)
        apart = menu.addAction("Camera of its own")
        apart.setCheckable(True)
        apart.setChecked(not self._lineup.linked or method in self._lineup.apart)
        apart.setEnabled(self._lineup.linked)
        apart.triggered.connect(lambda on: self.set_apart(method, on))

    def _offered(self) -> list[MethodSpec]:
        return offered(self._weights_list, self._session.document.choice)

    def index(self, method: MethodSpec) -> int:
        """The position of a method in the order."""
        return self._lineup.methods.index(method)
