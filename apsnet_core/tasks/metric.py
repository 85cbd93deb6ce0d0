"""The metrics by which answers are evaluated, and the paper's results."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from apsnet_core.ops.normalise import Normalisation


@dataclass(frozen=True)
class Metric:
    """The names and the number format of a metric.

    ``name`` is for machine-readable output, ``title`` for headings, ``short`` for columns and axes; in
    ``short``, "{whole}" is replaced by the class of the whole cloud. A value is multiplied by ``factor`` and
    shown with ``digits``, a `format` specification, and the ``unit``; ``unit_name`` is for column headings,
    and ``words`` for sentences. ``higher`` tells whether higher values are better. ``right`` tells whether
    each shape's value is 1 (right) or 0 (wrong), so that the mean is a share of the shapes.
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
        """Format ``value``. None gives a dash."""
        if value is None:
            return "–"
        return format(self.factor * value, self.digits) + (self.unit if unit else "")

    def interval(self, low: float | None, high: float | None) -> str:
        """Format an interval. One without finite ends, such as that of a single shape, gives a dash."""
        if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)):
            return self.text(None)
        return f"{self.text(low)} to {self.text(high)}"

    def sentence(self, value: float) -> str:
        """Format ``value`` with its unit for a sentence."""
        return self.words.format(self.text(value, unit=True))


@dataclass(frozen=True)
class Paper:
    """The paper's results for a task in its ``table``, and the settings with which its public code trains.

    ``rows`` maps a method, such as "apsnet:g", to its numbers at ``sizes``, each from a model trained for one
    size only. ``quoted`` has the numbers of methods that only the paper measures, by their labels, and
    ``remarks`` on some of them. ``doubled`` tells that the numbers are twice ours, which the ``note``
    explains. Training clouds have ``points`` points, with ``normalisation`` for the task net and
    ``samplers_normalisation`` for samplers.
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
        """The paper's number for a method (name, and "g", "m" or None) at ``m`` points; None if missing."""
        row = self.rows.get(f"{method}:{variant}" if variant else method)
        return row[self.sizes.index(m)] if row and m in self.sizes else None

    def quoted_rows(self) -> dict[str, dict[int, float]]:
        """The numbers of the ``quoted`` methods, by label and size."""
        return {
            label: {m: number for m, number in zip(self.sizes, row, strict=True) if number is not None}
            for label, row in self.quoted.items()
        }
