"""Which methods there are to stand side by side, as menus offer them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count

from PySide6.QtWidgets import QMenu

from apsnet_core.methods.method import Variant
from apsnet_core.methods.registry import method_colour, methods
from apsnet_core.methods.spec import MethodSpec
from apsnet_gui.jobs.weights_list import Trained
from apsnet_gui.state.document import Choice
from apsnet_gui.widgets.form_rows import dot


def offered(trained: Trained, choice: Choice) -> list[str]:
    """Every method and variant that has weights for the task, then those with weights of another name."""
    plain, named = [], []
    for row in methods():
        variants: list[Variant | None] = [*sorted(row.variants)] or [None]
        if not row.learned:
            plain += [str(MethodSpec(row.name, variant)) for variant in variants]
            continue
        fitting = trained.fitting(choice.with_method(row.name))
        for variant in variants if fitting else ():
            plain.append(str(MethodSpec(row.name, variant)))
            others = [entry for entry in fitting if entry.origin != "shipped"]
            if row.any_size and len(fitting) > 1:
                others = fitting
            named += [str(MethodSpec(row.name, variant, entry.name)) for entry in others]
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
