"""A run is a folder with a config, events (`events.jsonl`), metrics, checkpoints, and its process's id."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apsnet_core.atomic import atomic_path, write_text
from apsnet_core.locked import locked
from apsnet_core.types import Values

if TYPE_CHECKING:
    from apsnet_core.training.config import TrainConfig

FORMAT = 1
_CONFIG = "config.json"
_METRICS = "metrics.csv"
_PROCESS = "process.json"
MADE_FROM = "made_from.json"

Event = Values


class RunError(Exception):
    """A run folder that cannot be used. The message has its name and the reason."""


@dataclass(frozen=True)
class Run:
    """The files of one training, under ``folder``.

    The events, in order, are: waiting if it waits for other runs, start, then repeatedly step, epoch,
    validation and checkpoint, and finally done, stopped or error. After a resumption, a start event has the
    step from which it continues; the steps after it are recorded a second time.
    """

    folder: Path

    @property
    def name(self) -> str:
        """The name of the folder."""
        return self.folder.resolve().name

    @property
    def best(self) -> Path:
        """The weights with the best validation score."""
        return self.folder / "best.safetensors"

    @property
    def last_epoch(self) -> Path:
        """A sampler's weights after the last epoch, which exist until its training is finished."""
        return self.folder / "latest.safetensors"

    @property
    def checkpoint(self) -> Path:
        """The checkpoint from which the training is resumed."""
        return self.folder / "last.safetensors"

    @property
    def stop_file(self) -> Path:
        """If this file exists, the training stops after a checkpoint."""
        return self.folder / "stop"

    @property
    def events_file(self) -> Path:
        """The events, one line of JSON each."""
        return self.folder / "events.jsonl"

    @property
    def snapshots(self) -> Path:
        """The folder with the attention on a few fixed shapes, one file per epoch (Fig. 5)."""
        return self.folder / "snapshots"

    @property
    def begun(self) -> bool:
        """Whether the run has something to lose. False if it failed before its training began."""
        if any(each.exists() for each in (self.folder / MADE_FROM, self.checkpoint, self.best)):
            return True
        return [event.get("event") for event in self.events()][-1:] != ["error"]

    @classmethod
    def create(cls, folder: Path, config: TrainConfig) -> Run:
        """Create a run. Raises `RunError` if the folder already has one.

        A run that failed before it had `begun` is replaced, because resuming it would only fail again.
        """
        run = cls(folder)
        if (folder / _CONFIG).exists() and (run.begun or run._another() is not None):
            raise RunError(f"{folder} already holds a run: resume it with --resume, or name another folder")
        folder.mkdir(parents=True, exist_ok=True)
        run.write_config(config)
        return run

    @classmethod
    def open(cls, folder: Path) -> Run:
        """Open a run to resume it. Raises `RunError` if there is none, or if its checkpoint was deleted."""
        if not (folder / _CONFIG).is_file():
            raise RunError(f"{folder} is not a run: it has no {_CONFIG}")
        run = cls(folder)
        if not run.checkpoint.exists() and any(each.get("event") == "checkpoint" for each in run.events()):
            raise RunError(f"{run.checkpoint} is gone, so the run cannot be resumed: start another one")
        return run

    def write_config(self, config: TrainConfig) -> None:
        """Write ``config`` as the config of this run."""
        stored = {"format": FORMAT, "config": config.model_dump(mode="json")}
        write_text(self.folder / _CONFIG, json.dumps(stored, indent=2))

    def config(self) -> TrainConfig:
        """Read the config. Raises `RunError` if it is damaged or from a newer version."""
        from apsnet_core.training.config import ConfigError, make_config  # listing runs needs no pydantic

        try:
            values = self.config_values()
            if values is None:
                raise ValueError(f"there is no {_CONFIG}")
            return make_config(values, str(self.folder / _CONFIG))
        except (OSError, ValueError, ConfigError) as error:
            raise RunError(f"{self.folder}: its config cannot be read ({error})") from error

    def config_values(self) -> Values | None:
        """The plain values of the config, None if there is none. Raises ValueError if they are not valid."""
        try:
            stored = json.loads((self.folder / _CONFIG).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except json.JSONDecodeError as why:
            raise ValueError(f"its {_CONFIG} is damaged ({why.msg}, line {why.lineno})") from why
        if not isinstance(stored, dict) or not isinstance(stored.get("config"), dict):
            raise ValueError(f"its {_CONFIG} is not the config of a training")
        if stored.get("format", 1) > FORMAT:
            raise ValueError("a newer version of this program made it; update to open it")
        values: Values = stored["config"]
        return values

    def claim(self) -> None:
        """Note that this process trains the run from now on. Raises `RunError` if another one does.

        Half-written files of a killed process are removed, and so is an old stop file.
        """
        with self.claiming():
            for leftover in (*self.folder.glob(".*"), *self.snapshots.glob(".*"), self.stop_file):
                leftover.unlink(missing_ok=True)
            self.note_process(os.getpid())

    @contextmanager
    def claiming(self) -> Iterator[None]:
        """A locked block in which a process may claim the run. Raises `RunError` if another one trains it."""
        with locked(self.folder / "claim.lock"):
            if (pid := self._another()) is not None:
                raise RunError(f"{self.folder} is being trained by process {pid}: stop that one first")
            yield

    def note_process(self, pid: int) -> None:
        """Note that process ``pid`` trains the run, or will once it has started up."""
        write_text(self.folder / _PROCESS, json.dumps({"pid": pid, "started": _started(pid)}))

    def release(self) -> None:
        """Note that this process no longer trains the run."""
        (self.folder / _PROCESS).unlink(missing_ok=True)

    def trained_by(self) -> int | None:
        """The id of the process that trains the run now, or None if there is no such process any more."""
        try:
            process = json.loads((self.folder / _PROCESS).read_text(encoding="utf-8"))
            pid, started = int(process["pid"]), float(process["started"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        now = _started(pid)
        # Process ids are reused, so it is the same process only if the start time is also the same.
        return pid if now is not None and abs(now - started) < 1.0 else None

    def _another(self) -> int | None:
        pid = self.trained_by()
        # The parent may have been noted too, because Windows starts Python through another process.
        return None if pid in (os.getpid(), os.getppid()) else pid

    def record(self, event: str, **facts: Any) -> Event:
        """Append one line to the events. The line is written in one call, without buffering."""
        happened = {"event": event, "time": round(time.time(), 3), **facts}
        line = json.dumps(happened).encode() + b"\n"
        with self.events_file.open("ab", buffering=0) as file:
            # If a full disk has cut off the last line, start a new line.
            if file.tell() and not self._whole():
                line = b"\n" + line
            file.write(line)
        return happened

    def _whole(self) -> bool:
        with self.events_file.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read() == b"\n"

    def events(self) -> list[Event]:
        """All events. Lines that were cut short by a crash or a full disk are left out."""
        try:
            lines = self.events_file.read_bytes().splitlines(keepends=True)
        except FileNotFoundError:
            return []
        found = []
        for line in lines:
            try:
                found.append(json.loads(line))
            except ValueError:
                continue
        return found

    def write_metrics(self) -> None:
        """Write `metrics.csv` from the events of epochs. Of repeated epochs the last one counts."""
        import csv

        rows: dict[int, Values] = {}
        for event in self.events():
            if event["event"] in ("epoch", "validation"):
                rows.setdefault(event["epoch"], {"epoch": event["epoch"]}).update(event["metrics"])
        columns = list(dict.fromkeys(key for row in rows.values() for key in row))
        with atomic_path(self.folder / _METRICS) as beside, beside.open("w", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(rows[epoch] for epoch in sorted(rows))


def free_folder(folder: Path) -> Path:
    """Return ``folder``, with a number appended if it already exists."""
    # All processes of torchrun need the same name, and the first may already have created the folder.
    if "RANK" in os.environ:
        return folder
    count, free = 2, folder
    while free.exists():
        free = folder.with_name(f"{folder.name}-{count}")
        count += 1
    return free


def _started(pid: int) -> float | None:
    """The start time of process ``pid``, in seconds since 1970, or None if there is no such process."""
    import psutil

    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        return float(process.create_time())
    except psutil.Error:
        return None


def is_suspended(pid: int) -> bool:
    """Whether process ``pid`` exists and is suspended."""
    import psutil

    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_STOPPED)
    except psutil.Error:
        return False
