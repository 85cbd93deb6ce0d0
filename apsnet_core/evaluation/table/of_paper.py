"""The measurements for Tables 1, 2, 3 and 5 and Figure 3 of the paper."""

from __future__ import annotations

from dataclasses import dataclass

from apsnet_core.evaluation.table.contenders import ABLATIONS
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.tasks.registry import tasks
from apsnet_core.weights import catalogue

NAMES = ("1", "2", "3", "5", "fig3")


@dataclass(frozen=True)
class Measurement:
    """The ``methods`` at ``sizes`` for a ``task``; ``separate`` and ``ablation`` are as in `contenders`."""

    task: str
    methods: tuple[MethodSpec, ...]
    sizes: tuple[int, ...]
    separate: bool = False
    ablation: bool = False


def of_paper(name: str) -> Measurement:
    """The measurement for a table (``"1"``) or figure (``"fig3"``), without methods that lack weights.

    ``ValueError`` names the possible tables and figures.

    >>> of_paper("5").task, of_paper("5").sizes
    ('registration', (8, 16, 32, 64))
    """
    if name not in NAMES:
        raise ValueError(f"the paper's tables and figures here are {', '.join(NAMES)}, not {name!r}")
    number = {"3": 2, "fig3": 1}.get(name) or int(name)
    task, paper = next((t.name, t.paper) for t in tasks() if t.paper and t.paper.table == number)
    there = {e.metadata.method for e in catalogue().entries if e.metadata.task == task}
    texts = [text for text in paper.rows if text.partition(":")[0].rpartition("-")[2] not in ABLATIONS]
    specs = [spec for spec in map(MethodSpec.parse, texts) if not spec.row.learned or spec.name in there]
    if name == "3":
        return Measurement(task, (MethodSpec.of("apsnet"),), paper.sizes, ablation=True)
    if name == "fig3":
        own = tuple(spec for spec in specs if spec.name in ("samplenet", "apsnet", "apsnet_kd"))
        return Measurement(task, own, paper.sizes, separate=True)
    return Measurement(task, tuple(specs), paper.sizes)
