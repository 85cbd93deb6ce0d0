"""The combo box for the task net that judges samples."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox

from apsnet_gui.jobs.weights_list import WeightsList
from apsnet_gui.state.session import Session
from apsnet_gui.widgets.fields import ComboBox
from apsnet_gui.widgets.qt_types import Ignored


class TaskNetChoice(ComboBox):
    """Shows and sets ``session.document.choice.net``, the same value in every panel with this box."""

    def __init__(self, session: Session, weights_list: WeightsList) -> None:
        super().__init__()
        self._session, self._weights_list = session, weights_list
        self._offered: list[str] | None = None
        self.setAccessibleName("Task net")
        self.setToolTip(
            "The network that judges the samples. Automatic: the network that the sampler was trained"
            " for, or the shipped one"
        )
        self.setMinimumContentsLength(10)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.activated.connect(lambda: session.choose(net=self.currentData()))
        session.changed.connect(self._show)
        weights_list.changed.connect(self._show)
        self._show()

    def _show(self, *_: Ignored) -> None:
        choice = self._session.document.choice
        names = [net.name for net in self._weights_list.task_nets() if net.metadata.task == choice.task]
        names += [choice.net] if choice.net is not None and choice.net not in names else []
        with QSignalBlocker(self):
            if names != self._offered:
                self._offered = names
                self.clear()
                self.addItem("automatic", None)
                for name in names:
                    self.addItem(name, name)
            self.setCurrentIndex(self.findData(choice.net))
