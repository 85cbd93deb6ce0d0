"""Differences to a reference row of a comparison: their sign, unit and whether they are better or worse."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from apsnet_core.assets import asset
from apsnet_core.cli.app import run as apsnet
from apsnet_core.evaluation.comparison.columns import columns_of
from apsnet_core.evaluation.comparison.comparison import ComparisonRow
from apsnet_core.evaluation.comparison.reference import Reference, answers_beside, difference, sentence
from apsnet_core.evaluation.comparison.texts import as_markdown
from apsnet_core.evaluation.timing import Times
from apsnet_core.methods.spec import MethodSpec
from apsnet_core.tasks.answer import Verdict
from apsnet_core.tasks.classification import PROBABILITY
from apsnet_core.tasks.reconstruction import RECONSTRUCTION

FAST, SLOW = (0.001,) * 9, (0.002,) * 9


def row(method: str, chamfer: float, coverage: float, runs: tuple[float, ...] = (0.5,), m: int = 8, *,
        verdict: Verdict | None = None) -> ComparisonRow:  # fmt: skip
    spec = MethodSpec.parse(method)
    return ComparisonRow(spec, None, m, chamfer, 1.0, coverage, 2.0, Times.of(runs), 0, verdict)


def texts(one: ComparisonRow, other: ComparisonRow) -> dict[str, tuple[str, bool | None]]:
    found = {column.key: difference(column, one, other) for column in columns_of([one])}
    return {key: (each.text, each.better) for key, each in found.items()}


def test_differences_have_the_right_sign_unit_and_direction() -> None:
    one, other = row("random", 0.5, 0.25, FAST), row("voxel", 0.75, 0.5, SLOW)
    found = texts(one, other)
    assert found["chamfer"] == ("−0.25", True)  # lower is better
    assert found["chamfer_relative"] == ("−6.3", True) or found["chamfer_relative"] == ("−6.2", True)
    assert found["coverage"] == ("−25.0", False)  # higher is better
    assert found["hausdorff"] == ("±0", None)
    assert found["seconds"] == ("−1", True)  # in ms; the intervals do not overlap
    assert texts(other, one)["seconds"] == ("+1", False)
    assert texts(row("random", 0.5, 0.25, (0.001,)), other)["seconds"] == ("−1", None)  # only one run
    coverage = next(column for column in columns_of([one]) if column.key == "coverage")
    assert sentence(coverage, one, other) == (
        "Coverage: 25.0 %, of the reference 50.0: 25.0 percentage points less, which is worse."
    )


def test_the_reference_row_has_the_same_size_or_a_fixed_one() -> None:
    rows = [row(method, 1.0, 0.5, m=m) for method in ("random", "voxel") for m in (8, 32)]
    same, one = Reference(rows[2].spec), Reference(rows[2].spec, 8)
    assert [same.beside(each, rows) for each in rows] == [rows[2], rows[3], None, None]
    assert [one.beside(each, rows) for each in rows] == [rows[2], rows[2], None, rows[2]]
    [line] = [line for line in as_markdown(rows, one).splitlines() if line.startswith("| Voxel | 8")]
    assert "Δ" not in line and one.note.startswith("Δ is the difference to Voxel at 8 points")


@pytest.mark.parametrize(
    ("own", "other", "said"),
    [
        (Verdict(PROBABILITY, 0.2, "sofa", "chair"), Verdict(PROBABILITY, 0.9, "chair", "chair"),
         "The answer changes from chair to sofa (As chair: 20.0\u202f% in place of 90.0\u202f%)."),
        (Verdict(PROBABILITY, 0.9, "night_stand", "chair"), Verdict(PROBABILITY, 0.9, "night_stand", "chair"),
         "The answer stays night stand."),
        (Verdict(RECONSTRUCTION.metric, 3.0), Verdict(RECONSTRUCTION.metric, 4.0),
         f"{RECONSTRUCTION.metric.title}: {RECONSTRUCTION.metric.text(3.0, unit=True)} in place of "
         f"{RECONSTRUCTION.metric.text(4.0, unit=True)}, better."),
    ],
)  # fmt: skip
def test_the_change_of_the_answer_is_stated_in_words(own: Verdict, other: Verdict, said: str) -> None:
    pair = (row("random", 1.0, 0.5, verdict=each) for each in (own, other))
    assert answers_beside(*pair) == said


def test_compare_writes_the_differences_into_every_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "report"
    words = ["compare", str(asset("shapes", "chair.obj")), "-m", "random,farthest_point", "-n", "8"]
    assert apsnet([*words, "--reference", "farthest_point", "-o", str(report), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    one, other = told["rows"]
    assert told["reference"] == {"method": "farthest_point", "m": None}
    assert one["chamfer_difference"] == pytest.approx(one["chamfer"] - other["chamfer"], abs=1e-12)
    assert one["coverage_difference"] == pytest.approx(one["coverage"] - other["coverage"], abs=1e-12)
    assert other["chamfer_difference"] is None
    with (report / "table.csv").open() as file:
        first, _ = csv.DictReader(file)
    assert float(first["coverage_difference [share]"]) == pytest.approx(one["coverage_difference"])
    for suffix, mark in (("md", "Δ "), ("tex", r"$\Delta$ ")):
        assert "(" + mark in (report / f"table.{suffix}").read_text(), suffix
    page = (report / "index.html").read_text()
    assert page.count('class="worse"') + page.count('class="better"') >= 2 and "of the reference" in page
    for wrong, why in (("voxel", "not among"), ("random,32", "the sizes are 8")):
        assert apsnet([*words, "--reference", wrong]) != 0
        assert why in capsys.readouterr().err
