"""An evaluation as the shell and the library ask for it: opened, shared among machines, measured."""

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
"""What is measured where neither it nor a table of the paper is named."""

_CHOICES = {
    "split": ("test", "validation", "train", "all"),
    "pairs": ("exact", "resampled"),
    "facing": ("stored", "known"),
}

OnPiece = Callable[[int, int], None]
"""Told how many parts of the work are done, and how many there are."""


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """``methods`` at several ``sizes`` on the test part of a dataset; the names are those of the options.

    ``data`` is a folder or a name that `apsnet data list` knows. ``table`` is a table of the paper, "1", "2",
    "3" or "5", or "fig3": its task, methods and sizes stand where these are None. ``net`` is the task net, by
    name or path, ``seeds`` the runs of methods that start at random, ``shapes`` the most test shapes to take,
    ``split`` the part of the data, ``classes`` the only ones to take. ``paired`` are tests of one method
    against another, "apsnet,samplenet:m", or "all". Of registration, ``pairs`` hold the same points twice or
    not, and ``turns`` are fixed rotations of each shape. ``up`` is what points up in the data, measured where
    it is None; ``fold`` "2/5" the second of five parts of a cross-validation; ``facing`` "known" turns each
    class about the vertical as the task net knows it. ``separate`` adds APSNet trained for each size alone
    (Fig. 3), ``ablation`` APSNet without parts of Eq. 7 (Table 3).
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
        """The data and the methods, ready to be measured; ValueError where they cannot be."""
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
        """The command line lets nothing else through; who calls it from Python gets a sentence too."""
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

        # Each pair once, whichever stands first: p is adjusted for as many tests as there are.
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
    """An evaluation whose data and weights are there."""

    asked: Evaluation
    task: str
    net: TaskNet
    held_out: HeldOut
    methods: tuple[Contender, ...]
    notes: tuple[str, ...]
    tests: tuple[tuple[str, str], ...]

    def share(self, memory: Path, where: Where, progress: OnPiece) -> int:
        """Do what falls to this machine, and keep it in the folder ``memory``; what others have yet to do."""
        from apsnet_core.batch.scores import fill_scores
        from apsnet_core.evaluation.table.table import sources_of

        sources = list(sources_of(self.methods, self.asked.seeds).values())
        return fill_scores(self.held_out, self.net, sources, memory, where, progress)

    def measure(self, memory: Path | None = None, progress: OnPiece = lambda done, total: None) -> Table:
        """The table; what the folder ``memory`` keeps is not done again. ValueError as of `evaluate`."""
        from apsnet_core.evaluation.table.contenders import untrained
        from apsnet_core.evaluation.table.table import evaluate

        return evaluate(
            self.held_out, self.net, self.methods, seeds=self.asked.seeds, paired=self.tests,
            notes=self.notes, untrained=untrained(self.task) if self.asked.table in ("1", "2", "5") else {},
            memory=memory, progress=progress,
        )  # fmt: skip
