"""Percentages and units are written the same way everywhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import apsnet_core
from apsnet_core.percent import percent
from apsnet_core.units import with_unit

SOURCES = Path(apsnet_core.__file__).parents[1]
UNIT_BY_HAND = re.compile(r"[^$]\} (sq\. units|units|cores|ms|s|min|h|[MG]B)(?![\w.])")
BY_HAND = re.compile(r"\.\df?%\}|\} %|\}\\u202f%")


@pytest.mark.parametrize(
    ("share", "digits", "text"),
    [
        (0.522, 1, "52.2"),
        (0.5, 0, "50"),
        (0.9999, 0, ">99"),
        (0.9999, 1, ">99.9"),
        (0.9994, 1, "99.9"),
        (1.0, 1, "100.0"),
        (1.25, 0, "125"),
        (0.0, 1, "0.0"),
    ],
)
def test_percentages_have_the_given_digits_and_a_thin_space(share: float, digits: int, text: str) -> None:
    assert percent(share, digits) == text + "\u202f%"


def test_a_no_break_space_joins_numbers_and_units_everywhere() -> None:
    assert with_unit("2", "sq. units") == "2\u00a0sq.\u00a0units"
    said = [
        f"{file.name}: {line.strip()}"
        for name in ("apsnet_core", "apsnet_gui")
        for file in (SOURCES / name).rglob("*.py")
        if file.parent.name != "cli"  # text in a terminal may break between a number and its unit
        for line in file.read_text(encoding="utf-8").splitlines()
        if UNIT_BY_HAND.search(line) or "u2009" in line
    ]
    assert said == []


def test_no_other_module_formats_percentages() -> None:
    files = [file for name in ("apsnet_core", "apsnet_gui") for file in (SOURCES / name).rglob("*.py")]
    assert len(files) > 300
    found = [
        f"{file.name}: {line.strip()}"
        for file in files
        for line in file.read_text(encoding="utf-8").splitlines()
        if BY_HAND.search(line)
    ]
    assert found == []
