"""How a training run stands: the one description that the shell and the window show."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from apsnet_core.training.run_curves import Series
from apsnet_core.training.runs import Run
from apsnet_core.training.usage import Usage
from apsnet_core.types import Values

Phase = Literal["starting", "waiting", "running", "paused", "stopping", "stopped", "finished", "failed",
                "interrupted", "broken"]  # fmt: skip


@dataclass(frozen=True, eq=False)
class RunState:
    """A run as it stands. ``why`` is a sentence wherever something went wrong.

    An interrupted run lost its process without a word: killed, or the power. A broken one cannot be read.
    ``metrics`` and ``score`` are those of the best validation. ``eta`` is the seconds to the end of a running
    one, ``spent`` those that it was trained for, ``told`` when it last told something, in seconds since 1970.
    ``epochs_done`` counts whole epochs. ``after`` names the runs that a waiting one begins after. ``recipe``
    is what it was started from, while it has no ``config``.
    ``curves`` are keyed "step/loss" (single steps), "epoch/loss" (means) and "validation/accuracy@8:g".
    """

    folder: Path
    phase: Phase = "starting"
    why: str = ""
    config: Values = field(default_factory=dict)
    recipe: Values = field(default_factory=dict)
    step: int = 0
    steps: int = 0
    eta: float | None = None
    spent: float = 0.0
    told: float = 0.0
    epochs_done: int = 0
    best_epoch: int | None = None
    score: float | None = None
    metrics: dict[str, float] = field(default_factory=dict)
    best_written: int = 0
    latest_written: int = 0
    process: int | None = None
    usage: Usage | None = None
    after: tuple[str, ...] = ()
    curves: dict[str, Series] = field(default_factory=dict)
    log: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of the run's folder."""
        return self.folder.resolve().name

    @property
    def active(self) -> bool:
        """Whether a process trains the run, or is about to."""
        return self.phase in ("starting", "waiting", "running", "paused", "stopping")

    @property
    def epochs(self) -> int:
        """How many epochs the recipe asks for."""
        return int(self.config.get("optimisation", {}).get("epochs", 0))

    @property
    def epoch(self) -> float:
        """How many epochs are done, in fractions."""
        return self.epochs * self.step / self.steps if self.steps else 0.0

    @property
    def fraction(self) -> float:
        """How much of it is done, 0..1."""
        if self.phase == "finished":
            return 1.0
        return min(self.step / self.steps, 1.0) if self.steps else 0.0

    @property
    def best(self) -> Path | None:
        """The weights to use: the best so far, None before the first validation."""
        return Run(self.folder).best if self.best_written else None

    @property
    def latest(self) -> str:
        """The name of the weights after the last epoch, while the run is not finished."""
        return f"{self.name}/latest"

    @property
    def can_resume(self) -> bool:
        """Whether it can go on from a checkpoint."""
        return self.phase in ("stopped", "failed", "interrupted") and bool(self.config)
