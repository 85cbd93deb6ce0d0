"""A table of the report with the share of each class and plane of a scan, before and after sampling."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from apsnet_core.evaluation.comparison.columns import columns_of
from apsnet_core.evaluation.comparison.comparison import ComparisonRow
from apsnet_core.percent import percent


def kept_html(rows: Sequence[ComparisonRow]) -> str:
    """A line for each class and plane with its share of the points and of each sample; may be empty."""
    first = rows[0].quality
    if first is None:
        return ""
    qualities = [row.quality for row in rows if row.quality is not None]
    lines = []
    for kinds, what in ((first.classes, "classes"), (first.planes, "planes")):
        for at, kind in enumerate(kinds):
            shares = [kind.before, *(getattr(quality, what)[at].after for quality in qualities)]
            cells = "".join(f"<td data-value={share!r}>{percent(share, 1)}</td>" for share in shares)
            name = kind.name if what == "classes" else f"plane: {kind.name}"
            lines.append(f"<tr><th>{escape(name)}</th>{cells}</tr>")
    heads = "".join(f"<th>{escape(row.label)}<small>{row.m} points</small></th>" for row in rows)
    said = " ".join(f"{column.title}: {column.about}." for column in columns_of(rows) if column.of_scans)
    return (
        f'<h2>What is kept of the scan</h2><p class="about">The share of each class and of each large plane '
        f"of all points, and of the samples. {escape(said)}</p>"
        f'<div class="scroll"><table class="sortable"><thead><tr><th>{escape(first.field or "")}</th>'
        f"<th>Cloud</th>{heads}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )
