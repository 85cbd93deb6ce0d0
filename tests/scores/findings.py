"""What the tables say in a few sentences: the head of docs/results.md."""

from __future__ import annotations

from apsnet_core.evaluation.table.differences import LEVEL
from apsnet_core.evaluation.table.table import Pair, Table

RIVALS = ("SampleNet-M", "SampleNet-G", "Farthest point")


def finding(title: str, table: Table) -> str:
    """One line for a table: where APSNet-G is better than its rivals, where worse, and where nobody knows."""
    said = [_against(rival, [p for p in table.pairs if p.second == rival]) for rival in RIVALS]
    about = "; ".join(each for each in said if each)
    return f"- **{title}** ({len(table.held_out)} shapes): APSNet-G {about}."


def _against(rival: str, pairs: list[Pair]) -> str:
    sizes: dict[str, list[int]] = {"better": [], "worse": [], "not decided": []}
    for pair in pairs:
        if pair.first == "APSNet-G":
            word = "better" if pair.difference.value > 0 else "worse"
            sizes[word if pair.holm < LEVEL else "not decided"].append(pair.m)
    parts = [f"{word} at {', '.join(map(str, found))}" for word, found in sizes.items() if found]
    return f"against {rival} {', '.join(parts)}" if parts else ""
