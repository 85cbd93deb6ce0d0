"""Which methods there are to stand side by side, as menus offer them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count

from PySide6.QtWidgets import QMenu

from apsnet_core.methods.colours import method_colour
from apsnet_core.methods.spec import CLASSICAL, LEARNED, MethodSpec
from apsnet_gui.jobs.weights_list import Trained
from apsnet_gui.state.document import Choice
from apsnet_gui.widgets.form_rows import dot

ANY_SIZE = ("apsnet", "apsnet_kd")


def offered(trained: Trained, choice: Choice) -> list[str]:
    """Every method and variant that has weights for the task, then those with weights of another name."""
    plain, named = list(CLASSICAL), []
    for name in LEARNED:
        fitting = trained.fitting(choice.with_method(name))
        for variant in ("g", "m") if fitting else ():
            plain.append(str(MethodSpec(name, variant)))
            others = [entry for entry in fitting if entry.origin != "shipped"]
            if name in ANY_SIZE and len(fitting) > 1:
                others = fitting
            named += [str(MethodSpec(name, variant, entry.name)) for entry in others]
    return plain + named


def next_seed(method: str, there: Sequence[str], seed: int) -> str:
    """The method once more, with the first seed after ``seed`` that it does not stand with yet."""
    spec = MethodSpec.parse(method)
    taken = {MethodSpec.parse(other) for other in there}
    again = (replace(spec, seed=further) for further in count(seed + 1))
    return str(next(other for other in again if other not in taken))


def fill(menu: QMenu, methods: Sequence[str], there: Sequence[str], choose: Callable[[str], None]) -> None:
    """An item for each method, those that are ``there`` already greyed."""
    for method in methods:
        spec = MethodSpec.parse(method)
        item = menu.addAction(dot(method_colour(spec.name)), spec.label)
        item.setEnabled(method not in there)
        item.triggered.connect(lambda _=False, method=method: choose(method))
