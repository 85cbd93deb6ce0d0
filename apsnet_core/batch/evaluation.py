"""An evaluation by the options of the shell and the library: opened, shared among machines, measured."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from apsnet_core.batch.run import Where
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.tasks.registry import DEFAULT

if TYPE_CHECKING:
    from apsnet_core.datasets.pairs import PairMode
    from apsnet_core.datasets.parts import Part
    from apsnet_core.evaluation.answers import TaskNet
    from apsnet_core.evaluation.table.contenders import Contender
    from apsnet_core.evaluation.table.facing import Facing
    from apsnet_core.evaluation.table.held_out import HeldOut
    from apsnet_core.evaluation.table.table import Table
    from apsnet_core.ops.orientation import Up

METHODS = "random,farthest_point,samplenet:g,samplenet:m,apsnet,apsnet:m,apsnet_kd"
SIZES = (8, 16, 32, 64)
"""The methods and sizes that are measured if neither they nor a table of the paper are given."""

_CHOICES = {
    "split": ("test", "validation", "train", "all"),
    "pairs": ("exact", "resampled"),
    "facing": ("stored", "known"),
}

OnPiece = Callable[[int, int], None]
"""A callback with the number of finished parts of the work, and of all parts."""


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """``methods`` at several ``sizes`` on the test part of a dataset; the fields have the options' names.

    ``data`` is a folder or a name from `apsnet data list`. ``table`` is a table of the paper, "1", "2", "3"
    or "5", or "fig3": its task, methods and sizes are used if these fields are None. ``net`` is the task net,
    by name or path, ``seeds`` the number of runs of methods with a random start, ``shapes`` the largest
    number of test shapes, ``split`` the part of the data, ``classes`` the only classes. ``paired`` are tests
    of one method against another, "apsnet,samplenet:m", or "all". For registration, ``pairs`` says whether
    both clouds have the same points, and ``turns`` is the number of fixed rotations of each shape. ``up`` is
    the up axis of the data, measured if it is None. ``fold`` "2/5" is the second of five parts of a
    cross-validation. ``facing`` "known" turns each class about the vertical to the direction that the task
    net recognises. ``separate`` adds APSNet trained for each single size (Fig. 3), ``ablation`` APSNet
    trained without parts of Eq. 7 (Table 3).
    """

    data: str | Path
    table: str | None = None
    methods: Sequence[MethodSpec] | None = None
    sizes: Sequence[int] | None = None
    task: str | None = None
    net: str | None = None
    seeds: int = 3
    shapes: int | None = None
    split: Part | Literal["all"] = "test"
    classes: Sequence[str] | None = None
    paired: Sequence[str] = ()
    pairs: PairMode = "exact"
    turns: int = 1
    up: Up | None = None
    fold: str | None = None
    facing: Facing = "stored"
    separate: bool = False
    ablation: bool = False

    def open(self) -> Opened:
        """Load the data and the weights, ready to be measured; ValueError if that is not possible."""
        from apsnet_core.datasets.split import Fold
        from apsnet_core.evaluation.judges import judge_of
        from apsnet_core.evaluation.table.contenders import contenders
        from apsnet_core.evaluation.table.held_out import open_held_out
        from apsnet_core.evaluation.table.of_paper import Measurement, of_paper

        self._check()
        usual = Measurement(DEFAULT, tuple(map(MethodSpec.parse, METHODS.split(","))), SIZES)
        wanted = of_paper(self.table) if self.table else usual
        task, methods = self.task or wanted.task, self.methods or wanted.methods
        judge = judge_of(task, methods, self.net)
        chosen, notes = contenders(
            methods, task, self.sizes or wanted.sizes,
            separate=self.separate or wanted.separate, ablation=self.ablation or wanted.ablation,
        )  # fmt: skip
        tests = self._tests([each.text for each in chosen])
        held_out = open_held_out(
            self.data, judge.net, classes=self.classes, up=self.up, pairs=self.pairs, turns=self.turns,
            most=self.shapes, part=self.split, facing=self.facing,
            fold=Fold.parse(self.fold) if self.fold else None,
        )  # fmt: skip
        notes += [judge.note] if judge.note else []
        return Opened(self, task, judge.net, held_out, tuple(chosen), tuple(notes), tuple(tests))

    def _check(self) -> None:
        """Raise ValueError for values that the command line refuses, but that a Python caller may pass."""
        for name in ("seeds", "shapes", "turns"):
            number = getattr(self, name)
            if number is not None and number < 1:
                raise ValueError(f"{name} is a whole number from 1, not {number!r}")
        for name, possible in _CHOICES.items():
            if getattr(self, name) not in possible:
                raise ValueError(f"{name} is one of {', '.join(possible)}, not {getattr(self, name)!r}")

    def _tests(self, methods: Sequence[str]) -> list[tuple[str, str]]:
        from apsnet_core.evaluation.table.contenders import spelled
        from apsnet_core.evaluation.table.leaders import every_pair

        # Each pair is tested once, in either order, since p is adjusted for the number of tests.
        tests: dict[frozenset[str], tuple[str, str]] = {}
        for text in self.paired:
            if text == "all":
                return every_pair(methods)
            both = [spelled(MethodSpec.parse(part)) for part in text.split(",")]
            if not len(both) == len(set(both)) == 2:
                how = f"like apsnet,samplenet:m, or all: not {text!r}"
                raise ValueError(f"a paired test is of two different methods, {how}")
            if unknown := [each for each in both if each not in methods]:
                raise ValueError(f"{unknown[0]} is to be tested but is not one of the methods")
            tests.setdefault(frozenset(both), (both[0], both[1]))
        return list(tests.values())


@dataclass(frozen=True, eq=False)
class Opened:
    """An evaluation with its data and weights, ready to be measured."""

    asked: Evaluation
    task: str
    net: TaskNet
    held_out: HeldOut
    methods: tuple[Contender, ...]
    notes: tuple[str, ...]
    tests: tuple[tuple[str, str], ...]

    def share(self, memory: Path, where: Where, progress: OnPiece) -> int:
        """Do this machine's share, stored in the folder ``memory``; returns how many pieces are left."""
        from apsnet_core.batch.scores import fill_scores
        from apsnet_core.evaluation.table.table import sources_of

        sources = list(sources_of(self.methods, self.asked.seeds).values())
        return fill_scores(self.held_out, self.net, sources, memory, where, progress)

    def measure(self, memory: Path | None = None, progress: OnPiece = lambda done, total: None) -> Table:
        """Measure the table; results in the folder ``memory`` are reused. ValueError as in `evaluate`."""
        from apsnet_core.evaluation.table.contenders import untrained
        from apsnet_core.evaluation.table.table import evaluate

        return evaluate(
            self.held_out, self.net, self.methods, seeds=self.asked.seeds, paired=self.tests,
            notes=self.notes, untrained=untrained(self.task) if self.asked.table in ("1", "2", "5") else {},
            memory=memory, progress=progress,
        )  # fmt: skip
