"""The methods that the menus of the comparison offer."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count

from PySide6.QtWidgets import QMenu

from apsnet_core.methods.method import Variant
from apsnet_core.methods.registry import methods
from apsnet_core.methods.spec import MethodSpec
from apsnet_gui.jobs.weights_list import WeightsList
from apsnet_gui.state.document import Choice
from apsnet_gui.widgets.form_rows import dot


def offered(weights_list: WeightsList, choice: Choice) -> list[MethodSpec]:
    """All methods and variants, trained ones only if they have weights; then those with named weights."""
    plain: list[MethodSpec] = []
    named: list[MethodSpec] = []
    for row in methods():
        variants: list[Variant | None] = [*sorted(row.variants)] or [None]
        if not row.learned:
            plain += [MethodSpec(row.name, variant) for variant in variants]
            continue
        fitting = weights_list.fitting(replace(choice, spec=MethodSpec.of(row.name)))
        for variant in variants if fitting else ():
            plain.append(MethodSpec(row.name, variant))
            others = [entry for entry in fitting if entry.origin != "shipped"]
            if row.any_size and len(fitting) > 1:
                others = fitting
            names = sorted((entry.name for entry in others), key=_numbered)
            named += [MethodSpec(row.name, variant, name) for name in names]
    return plain + named


def _numbered(name: str) -> list[tuple[str, int]]:
    """A key that sorts names by the numbers in them: "net", "net-8", "net-16"."""
    return [(words, int(digits or -1)) for words, digits in re.findall(r"(\D*)(\d*)", name)]


def next_seed(method: MethodSpec, there: Sequence[MethodSpec], seed: int) -> MethodSpec:
    """The method with the first seed after ``seed`` for which it is not in ``there``."""
    again = (replace(method, seed=further) for further in count(seed + 1))
    return next(other for other in again if other not in there)


def fill(
    menu: QMenu,
    methods: Sequence[MethodSpec],
    there: Sequence[MethodSpec],
    choose: Callable[[MethodSpec], None],
) -> None:
    """Fill a menu with one item for each method; methods that are already ``there`` are disabled."""
    for at, method in enumerate(methods):
        if at and bool(method.weights) != bool(methods[at - 1].weights):
            menu.addSeparator()
        item = menu.addAction(dot(method.row.colour), method.label)
        item.setEnabled(method not in there)
        item.triggered.connect(lambda _=False, method=method: choose(method))
