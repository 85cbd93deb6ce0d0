"""Tables read back from every format have the numbers of the core, also with special characters in names."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from apsnet_core.cloud import PointCloud
from apsnet_core.evaluation.comparison.compare import compare
from apsnet_core.evaluation.comparison.comparison import Comparison
from apsnet_core.evaluation.comparison.report import About, write_report
from apsnet_core.evaluation.comparison.texts import records, sheet_of
from apsnet_core.evaluation.sheets.excel import as_excel
from apsnet_core.evaluation.sheets.latex import as_latex, escaped
from apsnet_core.evaluation.sheets.sheet import Cell, Head, Sheet
from apsnet_core.evaluation.sheets.text import as_markdown
from apsnet_core.methods.spec import MethodSpec

ODD = "=1+1 | 50 % of a_b {x} \\ & #3 *"


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    points = np.random.default_rng(0).random((40, 3)) * [1, 2, 3]
    specs = [MethodSpec.parse(text) for text in ("random", "farthest_point", "voxel#2")]
    return compare(PointCloud.from_array(points), specs, [8, 50], up="z")


@pytest.fixture(scope="module")
def folder(comparison: Comparison, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("report") / "not" / "there"
    write_report(comparison, made, About("x.ply", 40, "apsnet compare x.ply", 0))
    return made


def test_the_reason_of_a_failure_is_in_every_format(comparison: Comparison, folder: Path) -> None:
    why = "cannot sample 50 of 40 points: at most all 40 can be taken"
    assert [cell.why for cell in comparison.failed.values()] == [why] * 3
    rows = json.loads((folder / "table.json").read_text())["rows"]
    assert [(row["m"], row["failure"]) for row in rows] == [(8, None), (50, why)] * 3
    for suffix in ("csv", "md", "tex"):
        assert why in (folder / f"table.{suffix}").read_text(), suffix
    cells = [
        cell for row in openpyxl.load_workbook(folder / "table.xlsx")["Comparison"].values for cell in row
    ]
    assert f"[1] {why}" in cells and "– [1]" in cells


def test_every_number_is_read_back_from_csv_json_and_excel(comparison: Comparison, folder: Path) -> None:
    expected = records(comparison.cells)
    document = json.loads((folder / "table.json").read_text())
    assert document["rows"] == expected and set(document["files"]) == {p.name for p in folder.iterdir()}
    with (folder / "table.csv").open() as file:
        lines = [{key.split(" [")[0]: value for key, value in line.items()} for line in csv.DictReader(file)]
    book = openpyxl.load_workbook(folder / "table.xlsx")
    head, *data = [list(row) for row in book["Data"].values]
    for line, values, record in zip(lines, data, expected, strict=True):
        named = dict(zip((str(key).split(" [")[0] for key in head), values, strict=True))
        for key, value in record.items():
            assert line[key] == ("" if value is None else str(value))
            number = isinstance(value, float)  # Excel keeps 16 digits
            assert named[key] == (pytest.approx(value, rel=1e-14) if number else value)
    diagonal = np.linalg.norm(np.ptp(comparison.cloud.xyz.astype(np.float64), axis=0))
    for row in comparison.rows:
        assert row.chamfer_relative == pytest.approx(row.chamfer / diagonal**2)
        assert row.hausdorff_relative == pytest.approx(row.hausdorff / diagonal)


def test_markdown_latex_and_excel_show_the_same_texts(comparison: Comparison, folder: Path) -> None:
    sheet = sheet_of(comparison.cells, "", bold=True)
    markdown = [line for line in (folder / "table.md").read_text().splitlines() if line.startswith("|")][2:]
    latex = [line for line in (folder / "table.tex").read_text().splitlines() if line.endswith(r"\\")][2:]
    excel = list(openpyxl.load_workbook(folder / "table.xlsx")["Comparison"].iter_rows(min_row=4))
    for place, row in enumerate(sheet.rows):
        found = [cell.strip().replace("\\", "") for cell in markdown[place].strip("|").split("|")]
        assert found == [f"**{cell.text}**" if cell.bold else sheet.marked(cell) for cell in row]
        plain = [re.sub(r"\\textbf\{(.*)\}", r"\1", cell.strip()) for cell in latex[place][:-2].split("&")]
        assert [cell.partition("\\textsuperscript")[0] for cell in plain] == [escaped(c.text) for c in row]
        for cell, shown in zip(row, excel[place], strict=True):
            if cell.number is not None:
                assert shown.value == pytest.approx(cell.number)
                assert bool(shown.font.bold) == cell.bold


def test_names_from_outside_are_text_in_every_format() -> None:
    sheet = Sheet("A", ODD, (Head(ODD, words=True), Head("m")), ((Cell(ODD, bold=True), Cell("8", 8)),))
    row = as_markdown(sheet).splitlines()[2]
    assert len(re.findall(r"(?<!\\)\|", row)) == 3 and r"\*" in row
    tex = as_latex(sheet, "tab:a")
    line = next(line for line in tex.splitlines() if line.startswith(r"\textbf"))
    assert line == (r"\textbf{=1+1 | 50\,\% of a\_b \{x\} \textbackslash{} \& \#3 *} & 8 \\")
    book = openpyxl.load_workbook(io.BytesIO(as_excel([sheet], [{"name": ODD + "\x01"}], {})))
    assert book["A"]["A4"].value == ODD and book["A"]["A4"].data_type == "s"
    assert book["Data"]["A2"].value == ODD + "\ufffd"


def test_a_report_that_cannot_be_written_leaves_nothing(
    comparison: Comparison, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Path.write_bytes

    def full(self: Path, data: bytes) -> int:
        if self.suffix == ".xlsx":
            raise OSError(28, "No space left on device", str(self))
        return write(self, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        write_report(comparison, tmp_path / "new" / "report", About("x.ply", 40, "apsnet compare x.ply", 0))
    assert list(tmp_path.iterdir()) == []
