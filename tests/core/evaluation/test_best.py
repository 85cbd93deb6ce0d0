"""The best values of a table: per size, higher or lower according to the column, with all ties."""

from __future__ import annotations

from typing import Any

import pytest

from apsnet_core.evaluation.comparison import columns, comparison
from apsnet_core.evaluation.comparison.texts import as_markdown
from apsnet_core.evaluation.table import table, texts
from apsnet_core.evaluation.timing import Times
from apsnet_core.methods.spec import MethodSpec


def compared(
    method: str, m: int, chamfer: float, coverage: float, *seconds: float
) -> comparison.ComparisonRow:
    return comparison.ComparisonRow(
        MethodSpec.parse(method), None, m, chamfer, 2 * chamfer, coverage, 4.0, Times.of(seconds), 0
    )


def test_the_best_values_of_a_comparison_are_bold() -> None:
    runs = (0.5,) * 9
    rows = [
        compared("random", 8, 1.0, 0.25, *runs),
        compared("voxel", 8, 2.0, 0.75, *runs),
        compared("apsnet", 16, 0.5, 0.5, 0.25),
    ]
    assert columns.best(rows) == {
        (0, "chamfer"), (0, "chamfer_relative"), (0, "hausdorff"), (0, "hausdorff_relative"), (1, "coverage"),
    }  # fmt: skip
    near, wide, alone = as_markdown(rows).splitlines()[2:5]
    assert near == "| Random | 8 | **1** | **6.25** | **2** | **50** | 25.0 | 500 (500 to 500) |"
    assert wide == "| Voxel | 8 | 2 | 12.5 | 4 | 100 | **75.0** | 500 (500 to 500) |"
    assert "**" not in alone


def test_values_that_round_to_the_same_text_are_equally_good() -> None:
    rows = [
        compared(name, 8, chamfer, 0.5, 0.25)
        for name, chamfer in (("random", 1.00004), ("voxel", 1.00001), ("apsnet", 1.1))
    ]
    assert {row for row, column in columns.best(rows) if column == "chamfer"} == {0, 1}


@pytest.mark.parametrize(
    ("slow", "bold"),
    [((3.0,) * 9, True), ((1.9,) * 9, False), ((3.0,) * 5, False)],  # 5 runs are too few for an interval
)
def test_a_time_is_best_only_where_intervals_do_not_overlap(slow: tuple[float, ...], bold: bool) -> None:
    fast = (1.0, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 2.0, 9.0)  # a single slow run does not widen the interval
    rows = [compared("random", 8, 1.0, 0.5, *fast), compared("voxel", 8, 1.0, 0.5, *slow)]
    assert (rows[0].times.low, rows[0].seconds, rows[0].times.high) == (1.0, 1.3, 2.0)
    assert ((0, "seconds") in columns.best(rows)) == bold


@pytest.mark.parametrize(("metric", "least", "most"), [("accuracy", 0.5, 0.25), ("nre", 0.25, 0.5)])
def test_the_best_values_of_an_evaluation_follow_the_direction_of_the_metric(
    metric: str, least: float, most: float
) -> None:
    """``least`` is the best value of size 8, ``most`` the worst."""

    def row(m: int, value: float) -> table.TableRow:
        empty: dict[str, Any] = dict.fromkeys(table.TableRow.__annotations__)
        return table.TableRow(**empty | {"label": "Random", "metric": metric, "m": m, "value": value})

    assert texts.best([row(8, most), row(8, least), row(4, most)]) == {8: least, 4: most}
