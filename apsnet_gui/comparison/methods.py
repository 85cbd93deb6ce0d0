"""Which methods there are to stand side by side, as menus offer them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QMenu

from apsnet_core.palette import method_colour
from apsnet_core.samplers.registry import CLASSICAL, LEARNED, MethodSpec
from apsnet_gui.document import Choice
from apsnet_gui.panels.rows import dot
from apsnet_gui.trained import Trained

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


def fill(menu: QMenu, methods: Sequence[str], there: Sequence[str], choose: Callable[[str], None]) -> None:
    """An item for each method, those that are ``there`` already greyed."""
    for method in methods:
        spec = MethodSpec.parse(method)
        item = menu.addAction(dot(method_colour(spec.name)), spec.label)
        item.setEnabled(method not in there)
        item.triggered.connect(lambda _=False, method=method: choose(method))
