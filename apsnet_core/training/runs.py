"""A run is a folder: its config, what happened (`events.jsonl`), its numbers, and its checkpoints."""

from __future__ import annotations

import csv
import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from apsnet_core.atomic import atomic_path, write_text
from apsnet_core.training.config import ConfigError, TrainConfig, make_config

FORMAT = 1
_CONFIG = "config.json"
_EVENTS = "events.jsonl"
_METRICS = "metrics.csv"
_LAST = "last.safetensors"
_STOP = "stop"


class RunError(Exception):
    """A run folder that cannot be used; the message names it and says why."""


@dataclass(frozen=True)
class Run:
    """The files of one training, under ``folder``."""

    folder: Path

    @property
    def best(self) -> Path:
        """The weights with the best validation score so far."""
        return self.folder / "best.safetensors"

    @property
    def last(self) -> Path:
        return self.folder / _LAST

    @property
    def stop_file(self) -> Path:
        """Its existence asks the training to stop after a checkpoint."""
        return self.folder / _STOP

    @property
    def snapshots(self) -> Path:
        """Attention of a few fixed shapes, one file an epoch (Fig. 5)."""
        return self.folder / "snapshots"

    @classmethod
    def create(cls, folder: Path, config: TrainConfig) -> Run:
        if (folder / _CONFIG).exists():
            raise RunError(f"{folder} already holds a run: resume it with --resume, or name another folder")
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"format": FORMAT, "config": config.model_dump(mode="json")}, indent=2)
        write_text(folder / _CONFIG, text)
        return cls(folder)

    @classmethod
    def open(cls, folder: Path) -> Run:
        if not (folder / _CONFIG).is_file():
            raise RunError(f"{folder} is no run: it has no {_CONFIG}")
        return cls(folder)

    def config(self) -> TrainConfig:
        try:
            stored = json.loads((self.folder / _CONFIG).read_text(encoding="utf-8"))
            if stored["format"] > FORMAT:
                raise RunError(
                    f"{self.folder} was made by a newer version of this program; update to open it"
                )
            return make_config(stored["config"], str(self.folder / _CONFIG))
        except (OSError, ValueError, KeyError, TypeError, ConfigError) as error:
            raise RunError(f"{self.folder}: its config cannot be read ({error})") from error

    def record(self, event: str, **facts: Any) -> None:
        """Append one line to the events; a line is written at once and whole."""
        line = json.dumps({"event": event, "time": round(time.time(), 3), **facts}) + "\n"
        with (self.folder / _EVENTS).open("ab", buffering=0) as file:
            file.write(line.encode())

    def events(self) -> list[dict[str, Any]]:
        """Every event so far; a last line cut short by a crash is left out."""
        try:
            lines = (self.folder / _EVENTS).read_bytes().splitlines(keepends=True)
        except FileNotFoundError:
            return []
        return [json.loads(line) for line in lines if line.endswith(b"\n")]

    def write_metrics(self) -> None:
        """`metrics.csv` from the events of epochs: the last one of each epoch counts."""
        epochs = {e["epoch"]: e for e in self.events() if e["event"] in ("epoch", "validation")}
        rows: dict[int, dict[str, Any]] = {epoch: {"epoch": epoch} for epoch in epochs}
        for event in self.events():
            if event["event"] in ("epoch", "validation"):
                rows[event["epoch"]] |= event["metrics"]
        columns = list(dict.fromkeys(key for row in rows.values() for key in row))
        with atomic_path(self.folder / _METRICS) as beside, beside.open("w", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(rows[epoch] for epoch in sorted(rows))


def save_state(path: Path, tensors: Mapping[str, Tensor], progress: Mapping[str, Any]) -> None:
    """Write a checkpoint atomically: tensors, and the counters that go with them as JSON in its header."""
    with atomic_path(path) as beside:
        kept = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
        save_file(kept, beside, metadata={"progress": json.dumps(dict(progress))})


def load_state(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Read what `save_state` wrote; `RunError` where the file is damaged."""
    try:
        with safe_open(path, framework="pt") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a dict
            return tensors, json.loads(file.metadata()["progress"])
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise RunError(f"{path} is damaged and cannot be resumed from ({error})") from error


def optimiser_tensors(optimiser: torch.optim.Optimizer) -> dict[str, Tensor]:
    """Adam's moments and step counts, flat: ``optimiser.<parameter>.<name>``."""
    state = optimiser.state_dict()["state"]
    return {
        f"optimiser.{index}.{name}": torch.as_tensor(value)
        for index, values in state.items()
        for name, value in values.items()
    }


def fill_optimiser(optimiser: torch.optim.Optimizer, tensors: Mapping[str, Tensor]) -> None:
    """Put back what `optimiser_tensors` took, on the device of each parameter."""
    state: dict[int, dict[str, Tensor]] = {}
    for key, value in tensors.items():
        if key.startswith("optimiser."):
            _, index, name = key.split(".", 2)
            state.setdefault(int(index), {})[name] = value
    whole = optimiser.state_dict()
    optimiser.load_state_dict({"state": state, "param_groups": whole["param_groups"]})


def process_alive(pid: int) -> bool:
    """Whether a process of this machine still runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
