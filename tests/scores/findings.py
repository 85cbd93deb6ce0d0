"""What the tables say in a few sentences: the head of docs/results.md."""

from __future__ import annotations

from collections.abc import Sequence

from apsnet_core.evaluation.table.differences import LEVEL
from apsnet_core.evaluation.table.pairs import Pair
from apsnet_core.evaluation.table.table import Table
from apsnet_core.evaluation.table.texts import by_label, sizes_of
from apsnet_core.tasks.registry import metric as metric_named
from apsnet_core.tasks.registry import task

SEPARATE = "APSNet-G, separate"
RIVALS = ("SampleNet-M", "SampleNet-G", "S-NET-G", "Farthest point")
SEEN = (
    "- **Read this first**: ModelNet10's test shapes were seen between experiments. Networks for one size "
    "have equal terms: three seeds of each in classification, one or two in the other tasks. One APSNet for "
    "all sizes and APSNet-KD had more steps than their rivals, and where they win it proves nothing "
    "([protocol](protocol.md))."
)


def finding(title: str, table: Table) -> str:
    """One line for a table: where APSNet-G is better than its rivals, where worse, and where nobody knows.

    Where there are APSNets for one size alone, these stand for it, as SampleNets are for one size.
    """
    alone = any(pair.first == SEPARATE for pair in table.pairs)
    own = [pair for pair in table.pairs if pair.first == (SEPARATE if alone else "APSNet-G")]
    said = [_against(rival, [pair for pair in own if pair.second == rival]) for rival in RIVALS]
    about = "; ".join(each for each in said if each)
    return f"- **{title}** ({len(table.held_out)} shapes): APSNet-G {about}."


def _against(rival: str, pairs: list[Pair]) -> str:
    sizes: dict[str, list[int]] = {"better": [], "worse": [], "not decided": []}
    for pair in pairs:
        word = "better" if pair.difference.value > 0 else "worse"
        sizes[word if pair.holm < LEVEL else "not decided"].append(pair.m)
    parts = [f"{word} at {', '.join(map(str, found))}" for word, found in sizes.items() if found]
    return f"against {rival} {', '.join(parts)}" if parts else ""


def beside(own: Table, others: Sequence[Table]) -> str:
    """The values of every method on the source that was trained on, then on ``others``, in Markdown."""
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
