"""A number by which answers are judged, and what the paper has of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from apsnet_core.ops.normalise import Normalisation


@dataclass(frozen=True)
class Metric:
    """How a number is called and written.

    ``name`` is for programs, ``title`` for headings, ``short`` for columns and axes; in ``short``, "{whole}"
    stands for the class of the whole cloud. A value is shown ``factor`` times, with ``digits`` as of
    `format` and the ``unit`` behind it; ``unit_name`` heads a column. ``words`` say it in a sentence.
    ``higher`` is better, or lower. ``right``: each shape's value is 1, right, or 0, wrong; its mean is a
    share of the shapes.
    """

    name: str
    title: str
    short: str
    unit: str = ""
    unit_name: str = ""
    factor: float = 1.0
    digits: str = ".2f"
    words: str = "{}"
    higher: bool = False
    right: bool = False

    @property
    def axis(self) -> str:
        """The short name with its unit."""
        return f"{self.short}, {self.unit.strip()}" if self.unit.strip() else self.short

    def text(self, value: float | None, *, unit: bool = False) -> str:
        """``value`` as it is read; a dash for None."""
        if value is None:
            return "–"
        return format(self.factor * value, self.digits) + (self.unit if unit else "")

    def interval(self, low: float | None, high: float | None) -> str:
        """An interval as it is read; a dash for one without ends, as of a single shape."""
        if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
            return self.text(None)
        return f"{self.text(low)} to {self.text(high)}"

    def sentence(self, value: float) -> str:
        """``value`` with its unit, as a sentence says it."""
        return self.words.format(self.text(value, unit=True))


@dataclass(frozen=True)
class Paper:
    """What the paper reports of a task in ``table``, and how its public code trains.

    ``rows`` has a method, as "apsnet:g", and its numbers at ``sizes``, each model trained for one of them
    alone; ``quoted`` those of methods that only the paper measures, by their labels, with ``remarks`` on
    some. ``doubled``: they are twice ours,
    which the ``note`` explains. Training clouds have so many ``points``; the task net sees them by its
    ``normalisation``, samplers by theirs.
    """

    table: int
    sizes: tuple[int, ...]
    rows: Mapping[str, tuple[float | None, ...]] = field(hash=False)
    quoted: Mapping[str, tuple[float | None, ...]] = field(default_factory=dict, hash=False)
    remarks: Mapping[str, str] = field(default_factory=dict, hash=False)
    doubled: bool = False
    note: str = ""
    points: int = 1024
    normalisation: Normalisation = "unit_cube"
    samplers_normalisation: Normalisation = "unit_cube"

    def published(self, method: str, variant: str | None, m: int) -> float | None:
        """The number of a method (its name, "g" or "m" or None) at ``m`` points; None if there is none."""
        row = self.rows.get(f"{method}:{variant}" if variant else method)
        return row[self.sizes.index(m)] if row and m in self.sizes else None

    def quoted_rows(self) -> dict[str, dict[int, float]]:
        """The numbers of the ``quoted`` methods, by label and size."""
        return {
            label: {m: number for m, number in zip(self.sizes, row, strict=True) if number is not None}
            for label, row in self.quoted.items()
        }
