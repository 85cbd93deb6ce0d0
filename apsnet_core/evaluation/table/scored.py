"""The values of samplers on each shape of a dataset, as measured by a task net."""

from __future__ import annotations

from dataclasses import dataclass, field

from apsnet_core.cloud import Float64
from apsnet_core.evaluation.table.held_out import HeldOut
from apsnet_core.methods.spec import MethodSpec


@dataclass(frozen=True, eq=False, kw_only=True)
class Scored:
    """``runs`` holds the values (seeds, S) of every method and size, by label and size.

    ``answers`` are the first seed's answers, see `Scores`. ``methods`` are keyed by their labels; ``up`` is
    the up axis of the clouds.
    """

    task: str
    metric: str
    held_out: HeldOut
    runs: dict[tuple[str, int], Float64]
    answers: dict[tuple[str, int], Float64]
    methods: dict[str, MethodSpec] = field(default_factory=dict)
    up: str = "z"

    @property
    def shapes(self) -> dict[tuple[str, int], Float64]:
        """The first seed's value (S,) of every method and size."""
        return {key: values[0] for key, values in self.runs.items()}
