"""The state of a training run, as shown by both the command line and the window."""

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
    """The state of a run. ``why`` is a sentence if something went wrong.

    The process of an interrupted run ended without an error, for instance by a kill or a power cut. A broken
    run cannot be read. ``metrics`` and ``score`` come from the best validation. ``eta`` is the remaining
    time of a running one and ``spent`` its training time, in seconds; ``told`` is the time of its last event,
    in seconds since 1970. ``epochs_done`` counts whole epochs. ``after`` names the runs for which a waiting
    run waits. ``recipe`` has the values of its recipe while it has no ``config``. The keys of ``curves`` are
    "step/loss" (single steps), "epoch/loss" (means) and "validation/accuracy@8:g".
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
        """Whether a process is training the run, or is starting to."""
        return self.phase in ("starting", "waiting", "running", "paused", "stopping")

    @property
    def epochs(self) -> int:
        """The number of epochs in the recipe."""
        return int(self.config.get("optimisation", {}).get("epochs", 0))

    @property
    def epoch(self) -> float:
        """The number of epochs done, with a fraction."""
        return self.epochs * self.step / self.steps if self.steps else 0.0

    @property
    def fraction(self) -> float:
        """The fraction of the training that is done, 0..1."""
        if self.phase == "finished":
            return 1.0
        return min(self.step / self.steps, 1.0) if self.steps else 0.0

    @property
    def best(self) -> Path | None:
        """The best weights, or None before the first validation."""
        return Run(self.folder).best if self.best_written else None

    @property
    def latest(self) -> str:
        """The name of the weights of the last epoch, which exist until the run is finished."""
        return f"{self.name}/latest"

    @property
    def can_resume(self) -> bool:
        """Whether the run can be resumed."""
        return self.phase in ("stopped", "failed", "interrupted") and bool(self.config)
