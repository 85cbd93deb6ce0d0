"""The bars of the tools, placed over the picture; each is made when it is first asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from apsnet_gui.window.central import CentralView
from apsnet_gui.window.later_parts import LaterParts
from apsnet_gui.window.toasts import Toasts

if TYPE_CHECKING:
    from apsnet_gui.window.clean_bar import CleanBar
    from apsnet_gui.window.crop_bar import CropBar
    from apsnet_gui.window.select_bar import SelectBar


class Bars(LaterParts):
    """The bars over the picture while a tool is held; `WindowParts` sets the attributes declared here."""

    central: CentralView
    toasts: Toasts
    actions_by_id: dict[str, QAction]

    @cached_property
    def select_bar(self) -> SelectBar:
        """The bar that is shown while points are selected."""
        from apsnet_gui.window.select_bar import SelectBar

        return SelectBar(
            self.central, self.session, self.background, self.selecting, self.select, self.actions_by_id
        )

    @cached_property
    def crop_bar(self) -> CropBar:
        """The bar that is shown while the crop box is used."""
        from apsnet_gui.window.crop_bar import CropBar

        return CropBar(self.central, self.crop)

    @cached_property
    def clean_bar(self) -> CleanBar:
        """The bar that is shown while a cloud is cleaned."""
        from apsnet_gui.window.clean_bar import CleanBar

        return CleanBar(self.central, self.clean)

    @cached_property
    def bars(self) -> tuple[QWidget, ...]:
        """All bars over the picture; messages do not cover them."""
        made = self.select_bar, self.crop_bar, self.clean_bar
        self.toasts.keep_off(made)
        return made
