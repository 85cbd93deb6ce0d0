"""A summary of the tables in a few sentences, for the head of docs/results.md."""

from __future__ import annotations

from collections.abc import Sequence

from apsnet_core.evaluation.table.differences import LEVEL
from apsnet_core.evaluation.table.pairs import Pair
from apsnet_core.evaluation.table.table import Table
from apsnet_core.evaluation.table.texts import by_label, sizes_of
from apsnet_core.tasks.registry import metric as metric_named
from apsnet_core.tasks.registry import task

OURS = ("APSNet-G", "APSNet+-G")
ALONE = ", separate"
RIVALS = ("SampleNet-M", "SampleNet-G", "S-NET-G", "Farthest point")
SEEN = (
    "- **Read this first**: we saw test scores on ModelNet10 between experiments. Networks for one size "
    "have equal terms: three seeds each in classification, one or two in the other tasks. APSNet for all "
    "sizes and APSNet-KD had more steps than their rivals, so their wins prove nothing "
    "([protocol](protocol.md)). APSNet+ is ours, not the paper's, on the same terms."
)


def findings(title: str, table: Table) -> list[str]:
    """A line for APSNet and one for APSNet+ with the rivals that are significantly worse or better.

    If there are networks for a single size, these represent APSNet, as SampleNets are for a single size.
    """
    labels = {pair.first for pair in table.pairs}
    apsnet, plus = (next((x for x in (f"{name}{ALONE}", name) if x in labels), "") for name in OURS)
    return [
        f"- **{title}** ({len(table.held_out)} shapes): {_found(own, rivals, table.pairs)}."
        for own, rivals in ((apsnet, RIVALS), (plus, (apsnet, *RIVALS)))
        if own
    ]


def _found(own: str, rivals: Sequence[str], pairs: Sequence[Pair]) -> str:
    of_own = [pair for pair in pairs if pair.first == own and pair.second in rivals]
    told = [each for word in ("better", "worse") if (each := _where(word, of_own, rivals))]
    name = own.removesuffix(ALONE)
    if not told:
        return f"{name}: nothing is decided"
    if any(pair.holm >= LEVEL for pair in of_own):
        told.append("the rest is not decided")
    return f"{name} is {'; '.join(told)}"


def _where(word: str, pairs: Sequence[Pair], rivals: Sequence[str]) -> str:
    """The rivals than which it is significantly ``word`` (better or worse), grouped by the same sizes."""
    at: dict[str, list[str]] = {}
    for rival in rivals:
        own = [pair for pair in pairs if pair.second == rival]
        sure = [p.m for p in own if p.holm < LEVEL and (p.difference.value > 0) == (word == "better")]
        if sure:
            sizes = "every size" if len(sure) == len(own) else ", ".join(map(str, sure))
            at.setdefault(sizes, []).append(rival.removesuffix(ALONE))
    found = [f"than {_listed(names)} at {sizes}" for sizes, names in at.items()]
    return f"{word} {', '.join(found)}" if found else ""


def _listed(names: Sequence[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def beside(own: Table, others: Sequence[Table]) -> str:
    """A Markdown table of all methods' values on the source of the training, then on ``others``."""
    metric, sizes = metric_named(own.metric), sizes_of(own.rows)
    tables = [by_label(table.rows) for table in (own, *others)]
    lines = [["", *(f"m = {m}" for m in sizes)], ["---", *("---:" for _ in sizes)]]
    for label in tables[0]:
        cells = [
            " / ".join(
                metric.text(rows[label][m].value) if m in rows.get(label, {}) else "–" for rows in tables
            )
            for m in sizes
        ]
        lines.append([label, *cells])
    if task(own.task).of_all_points is metric:
        full = " / ".join(metric.text(table.full) for table in (own, *others))
        lines.append(["All points", *[full] * len(sizes)])
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)
