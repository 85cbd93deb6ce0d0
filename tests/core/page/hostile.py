"""Reports in which every name from outside is an attack by script injection."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from apsnet_core.evaluation.comparison.compare import compare
from apsnet_core.evaluation.comparison.report import About, write_report
from apsnet_core.evaluation.table.held_out import HeldOut
from apsnet_core.evaluation.table.report import write_table
from apsnet_core.evaluation.table.seed_runs import SeedRun
from apsnet_core.evaluation.table.table import Table, TableRow
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.tasks.answer import Answer
from apsnet_core.tasks.batch import Batch
from apsnet_core.tasks.classification import Classification
from tests.core.clouds import some_cloud

RUN = "globalThis.hacked=1"
NAME = f"""</script></title><script>{RUN}</script><img src=x onerror="{RUN}">'" $title"""


def hostile_comparison(folder: Path) -> str:
    """The page of a comparison: file, method, weights, class, task net and command have that name."""
    found = compare(some_cloud(), [MethodSpec.parse("random")], [4], up="z")
    rows = [replace(row, spec=MethodSpec("random", weights=NAME), weights=NAME) for row in found.rows]
    answers: list[Answer] = [Classification((NAME,), np.ones(1)) for _ in rows]
    found = replace(found, rows=rows, net=NAME, remark=NAME, warning=NAME, answers=answers)
    write_report(found, folder, About(NAME, 90, NAME, 0), up="z")
    return (folder / "index.html").read_text(encoding="utf-8")


def hostile_table(folder: Path) -> str:
    """The page of a table: dataset, class, shape, method, weights, note and command have that name."""
    write_table(a_table(), folder, NAME)
    return (folder / "index.html").read_text(encoding="utf-8")


def a_table() -> Table:
    """A table of one row and one shape, in which everything with a name has that name."""
    cloud, labels = torch.from_numpy(some_cloud().xyz), np.zeros(1, np.int64)
    batch = Batch(cloud[None], torch.from_numpy(labels))
    held_out = HeldOut(NAME, (NAME,), (NAME,), labels, np.zeros(1, np.bool_), [batch], (NAME,))
    shares = {NAME: 1.0}
    row = TableRow(
        "random", None, NAME, NAME, NAME, 4, "accuracy", 1, None, 1, 0, 1, None, None, None, shares
    )
    key = (NAME, 4)
    return Table(
        task="classification", metric="accuracy", net=NAME, net_hash=NAME, held_out=held_out, full=1.0,
        full_without_twins=None, rows=[row], pairs=[], notes=[NAME], runs={key: np.ones((1, 1))},
        full_shapes=np.ones(1), answers={key: np.zeros(1)}, methods={NAME: MethodSpec.parse("random")},
        seed_runs={key: [SeedRun(0, NAME, "00", None, np.ones(1))]},
    )  # fmt: skip
