"""Evaluate the compared methods on the open dataset in the background; can resume after a cancellation."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from apsnet_core.methods.spec import MethodSpec
from apsnet_gui.dataset.open_dataset import CurrentDataset
from apsnet_gui.jobs.background import Background, Job, JobProgress
from apsnet_gui.state.session import Session

if TYPE_CHECKING:
    from apsnet_core.datasets import Dataset
    from apsnet_core.evaluation.table.facing import Facing
    from apsnet_core.evaluation.table.table import Table

APART = 2.0  # methods disagree on a shape if the worst error is this many times the best


@dataclass(frozen=True)
class EvaluationRequest:
    """Evaluate ``methods`` at these sample ``sizes`` for a ``task``, on at most ``most`` shapes (None: all).

    ``net`` names the task net that judges; None chooses the one with which the methods were trained. Methods
    with a random start run with this number of ``seeds``; each pair of methods is tested. ``facing`` "known"
    turns each class about the vertical into the orientation that the net recognises.
    """

    methods: tuple[MethodSpec, ...]
    sizes: tuple[int, ...]
    task: str
    most: int | None
    net: str | None = None
    seeds: int = 3
    facing: Facing = "stored"

    def command(self, source: str) -> str:
        """The command line that computes the same table."""
        words = ["apsnet", "evaluate", "--data", source, "--task", self.task]
        words += ["-m", ",".join(map(str, self.methods)), "-n", ",".join(map(str, self.sizes))]
        words += ["--seeds", str(self.seeds), "--paired", "all"]
        words += ["--net", self.net] if self.net is not None else []
        words += ["--shapes", str(self.most)] if self.most else []
        words += ["--facing", self.facing] if self.facing != "stored" else []
        return shlex.join([*words, "-o", "table"])


class Evaluating(QObject):
    """Runs evaluations. ``table`` is the last result for the open dataset, None before the first.

    ``changed`` reports every change. ``memory`` is a folder that keeps finished scores, so that a cancelled
    evaluation can continue.
    """

    changed = Signal()

    def __init__(
        self, session: Session, background: Background, current_dataset: CurrentDataset, memory: Path
    ) -> None:
        super().__init__(session)
        self._session, self._background, self._current_dataset, self._memory = (
            session,
            background,
            current_dataset,
            memory,
        )
        self.table: Table | None = None
        self.wanted: EvaluationRequest | None = None
        self.disagreeing: frozenset[int] | None = None
        self.job: Job | None = None
        self._of = current_dataset.collection
        current_dataset.changed.connect(self._follow)

    def run(self, wanted: EvaluationRequest) -> None:
        """Start an evaluation on the test part of the open dataset, after cancelling a running one."""
        collection, memory = self._current_dataset.collection, self._memory
        if collection is None:
            return
        job = self._background.start(
            f"Evaluating on {collection.data.name}",
            lambda progress: evaluate(collection.data, wanted, memory, progress),
            lane="evaluating",
        )
        job.done.connect(lambda table: self._take(wanted, table))
        job.failed.connect(lambda why: self._session.notice.emit("error", f"Nothing was evaluated: {why}"))
        job.progressed.connect(lambda *_: self.changed.emit())
        job.ended.connect(lambda: self._end(job))
        self.job = job
        self.changed.emit()

    def cancel(self) -> None:
        """Stop the evaluation; finished scores are kept."""
        if self.job is not None:
            self.job.cancel()

    def export(self, folder: Path) -> None:
        """Write the table to the same files as `apsnet evaluate`."""
        table, wanted, collection = self.table, self.wanted, self._current_dataset.collection
        if table is None or wanted is None or collection is None:
            return
        line = wanted.command(collection.source)
        job = self._background.start("Writing the report", lambda _: _write(table, folder, line))
        say = self._session.tell
        job.done.connect(lambda page: say("info", f"Wrote {page}", page))
        job.failed.connect(lambda why: say("error", f"The report was not written: {why}", folder))

    def _follow(self) -> None:
        if self._current_dataset.collection is self._of:
            return
        self._of = self._current_dataset.collection
        self.cancel()
        self.table = self.wanted = self.disagreeing = None
        self.changed.emit()

    def _take(self, wanted: EvaluationRequest, table: Table) -> None:
        self.wanted, self.table, self.disagreeing = wanted, table, disagreeing(table)
        self.changed.emit()

    def _end(self, job: Job) -> None:
        if self.job is job:
            self.job = None
            self.changed.emit()


def evaluate(data: Dataset, wanted: EvaluationRequest, memory: Path, progress: JobProgress) -> Table:
    """Compute the table; raises `ValueError` or `WeightsError` with a sentence about what is missing."""
    from apsnet_core.evaluation.judges import judge_of
    from apsnet_core.evaluation.table.contenders import contenders
    from apsnet_core.evaluation.table.held_out import held_out_of, known_facing
    from apsnet_core.evaluation.table.leaders import every_pair
    from apsnet_core.evaluation.table.table import evaluate
    from apsnet_core.ops.threads import at_most

    progress.report(None, "preparing")
    net, note = judge_of(wanted.task, wanted.methods, wanted.net)
    methods, notes = contenders(wanted.methods, wanted.task, wanted.sizes)
    notes += [note] if note else []
    facing = known_facing(data, net) if wanted.facing == "known" else {}
    held_out = held_out_of(data, net, most=wanted.most, facing=facing)

    def advance(done: int, total: int) -> None:
        progress.report(done / total, f"{len(held_out)} shapes")

    # Use half of the cores, so that the window stays responsive.
    with at_most(max((os.cpu_count() or 2) // 2, 1)):
        return evaluate(
            held_out,
            net,
            methods,
            seeds=wanted.seeds,
            paired=every_pair(method.text for method in methods),
            notes=notes,
            memory=memory,
            progress=advance,
        )


def disagreeing(table: Table) -> frozenset[int]:
    """The row numbers of the shapes on which the methods disagree at any size.

    In a classification, methods disagree if their predicted classes differ; for an error, if the worst is
    more than `APART` times the best. Empty if the source does not number its shapes.
    """
    import numpy as np

    rows = table.held_out.rows
    found: set[int] = set()
    if rows is None:  # the source does not number its shapes
        return frozenset()
    for m in {m for _, m in table.shapes}:
        values = np.array([v for (_, size), v in (table.answers or table.shapes).items() if size == m])
        least, most = values.min(axis=0), values.max(axis=0)
        apart = least != most if table.answers else most > APART * least
        found |= set(rows[apart].tolist())
    return frozenset(found)


def _write(table: Table, folder: Path, line: str) -> Path:
    from apsnet_core.evaluation.table.report import write_table

    write_table(table, folder, line)
    return folder / "index.html"
