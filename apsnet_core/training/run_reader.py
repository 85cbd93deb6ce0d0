"""Reading of the state of a training run, only from its folder.

A reader reads only the new parts of the folder's files. It needs neither torch nor pydantic.
"""

from __future__ import annotations

import json
import math
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from apsnet_core.arrays import np
from apsnet_core.tasks.registry import DEFAULT, tasks
from apsnet_core.training.run_curves import GrowingCurve, Series
from apsnet_core.training.run_log import complaint, sentence
from apsnet_core.training.run_state import Phase, RunState
from apsnet_core.training.runs import Run, is_suspended
from apsnet_core.training.usage import Gauge, Usage
from apsnet_core.types import Values

RECIPE = "recipe.toml"
USAGE_SECONDS = 2.0  # the interval at which a training's CPU, memory and GPU usage is measured
MOST_LINES = 2000
ENDS: dict[str, Phase] = {"stopped": "stopped", "done": "finished", "error": "failed"}


class RunReader:
    """Reads one run repeatedly. `read` returns the same object while nothing has changed.

    ``alive(folder)`` returns the id of the process that trains the run. With a ``gauge`` the state includes
    the resource usage of the process.
    """

    def __init__(
        self,
        folder: Path,
        alive: Callable[[Path], int | None] = lambda folder: Run(folder).trained_by(),
        gauge: Gauge | None = None,
    ) -> None:
        self.folder = folder
        self._run, self._alive, self._gauge = Run(folder), alive, gauge
        self._state = RunState(folder)
        self._begin()

    def _begin(self) -> None:
        """Reset the reader to the first event."""
        self._config: Values | None = None
        self._offset = 0
        self._tail = b""
        self._curves: defaultdict[tuple[str, str], GrowingCurve] = defaultdict(GrowingCurve)
        self._facts: Values = {}
        self._log: list[str] = []
        self._end: tuple[Phase, str] | None = None
        self._seen: tuple[Any, ...] = ()
        self._told = 0

    def read(self) -> RunState:
        """The state of the run. Raises nothing: a run that cannot be read is "broken"."""
        try:
            return self._read()
        except (OSError, ValueError, KeyError, TypeError) as why:
            self._begin()  # only the events after the fault would give a wrong state
            text = why.strerror if isinstance(why, OSError) and why.strerror else str(why)
            why_broken = f"{self.folder.name} cannot be read: {text}; delete it, or repair its files"
            if self._state.why != why_broken:
                self._state = RunState(self.folder, "broken", why_broken)
            return self._state

    def _read(self) -> RunState:
        process = self._alive(self.folder)
        if self._config is None:
            self._config = self._run.config_values()
        self._read_events()
        stopping = self._run.stop_file.exists()
        best, latest = _written(self._run.best), _written(self._run.last_epoch)
        paused = process is not None and is_suspended(process)
        moment = int(time.monotonic() / USAGE_SECONDS) if process is not None else None
        seen = (moment, process, self._config is None, self._offset, stopping, paused, best, latest)
        if seen == self._seen:
            return self._state
        told = self._offset != self._told
        self._seen, self._told = seen, self._offset
        phase, why = self._phase(process, stopping, paused)
        self._state = RunState(
            folder=self.folder,
            phase=phase,
            why=why,
            config=self._config or {},
            recipe={} if self._config else read_recipe(self.folder),
            step=self._facts.get("step", 0),
            steps=self._facts.get("of", 0),
            eta=self._facts.get("eta") if phase in ("running", "stopping") else None,
            spent=self._facts.get("spent", 0.0),
            told=self._facts.get("time", 0.0),
            epochs_done=self._facts.get("epochs_done", 0),
            best_epoch=self._facts.get("best_epoch"),
            score=self._facts.get("score"),
            metrics=self._facts.get("metrics", {}),
            best_written=best,
            latest_written=latest,
            process=process,
            usage=self._usage(process),
            after=tuple(self._facts.get("after") or ()),
            curves=self._all_curves() if told else self._state.curves,
            log=tuple(self._log[-MOST_LINES:]),
        )
        return self._state

    def _usage(self, process: int | None) -> Usage | None:
        on_gpu = str(self._facts.get("device")).startswith("cuda")
        return None if self._gauge is None else self._gauge.read(process, on_gpu)

    def _phase(self, process: int | None, stopping: bool, paused: bool) -> tuple[Phase, str]:
        if process is not None:
            if paused:
                return "paused", ""
            if stopping:
                return "stopping", ""
            if self._facts.get("after"):
                return "waiting", ""
            return ("running", "") if self._facts.get("step") else ("starting", "")
        if self._end is not None:
            return self._end
        if self._config is None:
            return "failed", complaint(self.folder) or "its process ended before the training began"
        said = complaint(self.folder)
        where = f"at step {self._facts['step']}" if self._facts.get("step") else "before its first step"
        if not said and self._facts.get("time", math.inf) < boot_time():
            said = f"the machine was restarted {where}"
        return "interrupted", said or f"its process ended {where} without an error: killed, or out of memory"

    def _read_events(self) -> None:
        path = self._run.events_file
        if not path.exists():
            return
        with path.open("rb") as file:
            if file.seek(0, 2) < self._offset:
                raise ValueError("its list of events became shorter")
            file.seek(self._offset)
            new = file.read()
        self._offset += len(new)
        *lines, self._tail = (self._tail + new).split(b"\n")
        for line in lines:
            try:
                event = json.loads(line.decode())
            except ValueError:  # cut short by a crash or a full disk
                continue
            self._take(event)

    def _take(self, event: Values) -> None:
        kind, step = event["event"], event.get("step")
        if kind not in ("start", "waiting"):
            passed = event["time"] - self._facts.get("time", event["time"])
            self._facts["spent"] = self._facts.get("spent", 0.0) + max(passed, 0.0)
        self._facts["time"] = event["time"]
        if kind in ENDS:
            self._end = (ENDS[kind], str(event.get("why") or ""))
            if "score" in (metrics := event.get("metrics") or {}):  # there was a validation
                best = {"best_epoch": event["best_epoch"], "metrics": metrics, "score": metrics["score"]}
                self._facts |= best
        elif kind in ("start", "waiting"):
            self._end = None
            self._facts |= {"after": event.get("after"), "device": event.get("device")}
            for curve in self._curves.values():
                curve.cut(step or 0)
        if step is not None:
            self._facts["step"] = step
        for key in ("of", "eta"):
            if key in event:
                self._facts[key] = event[key]
        if kind in ("step", "epoch", "validation"):
            self._draw(kind, event)
        if kind != "step":  # there are too many step events for the log
            self._log.append(sentence(event))
            del self._log[: -2 * MOST_LINES]

    def _draw(self, kind: str, event: Values) -> None:
        values, step = event["metrics"], event["step"]
        if kind == "validation":
            if self._improves(values["score"]):
                self._facts |= {"score": values["score"], "best_epoch": event["epoch"], "metrics": values}
        else:
            values = values | {"learning_rate": event.get("learning_rate", math.nan)}
        if kind == "epoch":
            self._facts["epochs_done"] = event["epoch"] + 1
        for key, value in values.items():
            if math.isfinite(value):
                self._curves[kind, key].add(step, value)

    def _improves(self, score: float) -> bool:
        if (self._config or {}).get("keep") == "last":
            return True
        name = (self._config or {}).get("task", DEFAULT)
        row = next((row for row in tasks() if row.name == name), None)
        if row is None:  # the task's plug-in is missing; the last event has the best score
            return False
        best = self._facts.get("score")
        return best is None or bool(score > best if row.metric.higher else score < best)

    def _all_curves(self) -> dict[str, Series]:
        epochs = int((self._config or {}).get("optimisation", {}).get("epochs", 0))
        steps = self._facts.get("of") or self._facts.get("step") or 1
        return {
            f"{kind}/{key}": Series(np.array(curve.steps) * (epochs / steps), np.array(curve.values))
            for (kind, key), curve in self._curves.items()
        }


def boot_time() -> float:
    """The time at which the machine was started, in seconds since 1970."""
    import psutil

    return float(psutil.boot_time())


def read_recipe(folder: Path) -> Values:
    """The values of the recipe with which a run was started; empty if it cannot be read."""
    import tomllib

    try:
        return tomllib.loads((folder / RECIPE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _written(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0
