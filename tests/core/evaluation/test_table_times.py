"""Times of an evaluation, measured after a warm-up on a named machine; figures show the same numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from apsnet_core.evaluation.figures.lines import LineChart
from apsnet_core.evaluation.figures.pareto import ParetoChart
from apsnet_core.evaluation.table.times import time_figures
from apsnet_core.evaluation.table.times import times_of as measure_times
from apsnet_core.library import evaluate
from tests.core.cli.command import answer
from tests.narrow import of_kind


def test_figures_show_the_measured_times(release: Path, nets: dict[str, Path]) -> None:
    methods = ["random", "farthest_point", f"apsnet@{nets['classification-apsnet']}"]
    table = evaluate(release, methods, [3, 8], net=str(nets["classification"]), seeds=1)
    timed = measure_times(table)
    assert set(timed.times) == {(row.label, row.m) for row in table.rows} and not timed.left_out
    assert all(0 < each.seconds < 10 for each in timed.times.values())
    assert "thread" in timed.on and "after a warm-up run" in timed.about and timed.on in timed.about
    time, against = time_figures(table, timed)
    lines, cloud = of_kind(LineChart, time.charts[0]), of_kind(ParetoChart, against.charts[0])
    assert time.name == "time" and against.name == "accuracy-time" and timed.on in lines.title
    values = {(row.label, row.m): row.value for row in table.rows}
    for chart in (lines, cloud):
        assert [each.label for each in chart.series] == list(dict.fromkeys(row.label for row in table.rows))
    for each in lines.series:
        for reading in each.readings:
            found = timed.times[each.label, reading.m]
            assert reading.value == pytest.approx(1000 * found.seconds)
            if found.low is not None and found.high is not None:
                assert (reading.low, reading.high) == pytest.approx((1000 * found.low, 1000 * found.high))
    for each in cloud.series:
        for reading in each.readings:
            assert reading.value == pytest.approx(100 * values[each.label, reading.m])
            assert reading.seconds == timed.times[each.label, reading.m].seconds


def test_evaluate_draws_the_figures_of_times_with_the_others(
    release: Path, nets: dict[str, Path], tmp_path: Path
) -> None:
    said = answer(
        "evaluate", "--data", release, "--up", "z", "--net", nets["classification"], "-m", "random,voxel",
        "-n", "3", "--figures", tmp_path / "figures", "-o", tmp_path / "out",
    )  # fmt: skip
    names = {path.name for path in (tmp_path / "figures").iterdir()}
    assert {"time.pdf", "time.svg", "accuracy-time.png"} <= names
    assert [(row["label"], row["m"]) for row in said["times"]["rows"]] == [("Random", 3), ("Voxel", 3)]
    assert all(row["seconds"] > 0 and row["runs"] >= 1 for row in said["times"]["rows"])
