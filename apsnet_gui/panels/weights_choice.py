"""The combo box for the weights of a learned method: the best for the task, named ones, or an import."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QComboBox

from apsnet_gui.jobs.weights_list import WeightsList
from apsnet_gui.state.document import Choice
from apsnet_gui.widgets.fields import ComboBox


class WeightsChoice(ComboBox):
    """Calls ``choose`` with a name, or None for the best weights; the last item calls ``import_file``."""

    def __init__(
        self,
        weights_list: WeightsList,
        choose: Callable[[str | None], None],
        import_file: Callable[[], None],
    ) -> None:
        super().__init__()
        self._weights_list, self._choose, self._import_file = weights_list, choose, import_file
        self._offered: tuple[bool, list[str], list[str]] | None = None
        self._own: str | None = None
        self.setAccessibleName("Weights")
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.activated.connect(self._take)

    def show_choice(self, choice: Choice, fields: Sequence[str] = ()) -> None:
        """Offer the weights for the method and task of ``choice``, and select those that it names.

        For a method that is weighted by a field, offer the ``fields`` of the cloud instead.
        """
        by_field = choice.spec.row.by_field
        fitting = list(fields) if by_field else [e.name for e in self._weights_list.fitting(choice)]
        self._own = choice.spec.weights
        others = [] if self._own is None or self._own in fitting else [self._own]
        if (by_field, fitting, others) != self._offered:
            self._offered = by_field, fitting, others
            self.clear()
            best, none = ("first field", "no field") if by_field else ("best there are", "none for this task")
            self.addItem(best if fitting else none, None)
            for name in fitting + others:
                self.addItem(name, name)
            if not by_field:
                self.insertSeparator(self.count())
                self.addItem("Import…", self._import_file)
        self._select_own()

    def _select_own(self) -> None:
        self.setCurrentIndex(max(self.findData(self._own), 0))

    def _take(self) -> None:
        chosen: str | Callable[[], None] | None = self.currentData()
        if callable(chosen):
            self._select_own()
            chosen()
        else:
            self._choose(chosen)
