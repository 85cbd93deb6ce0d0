"""The best of a table: higher or lower as the column says, of each size by itself, ties together."""

from __future__ import annotations

from typing import Any

import pytest

from apsnet_core.evaluation.comparison import comparison
from apsnet_core.evaluation.comparison.texts import as_markdown
from apsnet_core.evaluation.table import table, texts


def compared(label: str, m: int, chamfer: float, coverage: float, seconds: float) -> comparison.ComparisonRow:
    return comparison.ComparisonRow(
        label, label, label, None, None, m, chamfer, 2 * chamfer, coverage, seconds, 0
    )


def test_of_a_comparison() -> None:
    rows = [
        compared("near", 8, 1.0, 0.25, 0.5),
        compared("wide", 8, 2.0, 0.75, 0.5),
        compared("alone", 16, 0.5, 0.5, 0.25),
    ]
    assert comparison.best(rows) == {
        (0, "chamfer"), (0, "hausdorff"), (1, "coverage"), (0, "seconds"), (1, "seconds"),
    }  # fmt: skip
    near, wide, alone = as_markdown(rows).splitlines()[2:]
    assert near == "| near | 8 | **1** | **2** | 25.0 | **500.00** |"
    assert wide == "| wide | 8 | 2 | 4 | **75.0** | **500.00** |"
    assert "**" not in alone


def test_what_reads_the_same_is_equally_good() -> None:
    rows = [compared(f"{i}", 8, chamfer, 0.5, 0.25) for i, chamfer in enumerate((1.00004, 1.00001, 1.1))]
    assert {row for row, column in comparison.best(rows) if column == "chamfer"} == {0, 1}


@pytest.mark.parametrize(("metric", "least", "most"), [("accuracy", 0.5, 0.25), ("nre", 0.25, 0.5)])
def test_of_an_evaluation(metric: str, least: float, most: float) -> None:
    """``least`` is what is best of the numbers of size 8, ``most`` what is worst."""

    def row(m: int, value: float) -> table.TableRow:
        empty: dict[str, Any] = dict.fromkeys(table.TableRow.__annotations__)
        return table.TableRow(**empty | {"label": "Random", "metric": metric, "m": m, "value": value})

    assert texts.best([row(8, most), row(8, least), row(4, most)]) == {8: least, 4: most}
