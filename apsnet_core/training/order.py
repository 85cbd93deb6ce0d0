"""The order of a queue: the trainings asked for, stored in its folder to show and continue the queue."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from apsnet_core.atomic import write_text
from apsnet_core.training.config import ConfigError
from apsnet_core.training.plans import Planned, find_plan, planned
from apsnet_core.weights.run_folders import ORDER

FORMAT = 1


@dataclass(frozen=True)
class Order:
    """The ``plans`` of a queue, by name or file, in order. ``grid`` is for a recipe, see `find_plan`.

    ``changes`` are settings for all trainings. ``data`` maps a task, or "" for all tasks, to its data.
    ``at_once`` is the number of trainings that run at a time. Plan files in the queue's folder are stored
    without the folder, so that it can be copied elsewhere.
    """

    plans: tuple[str, ...]
    grid: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    data: Mapping[str, str] = field(default_factory=dict)
    at_once: int = 1

    def work(self, home: Path) -> list[Planned]:
        """All trainings of the order under ``home``, each once. Raises `ConfigError` if one is invalid."""
        parts = [
            planned(find_plan(_placed(name, home), self.grid), home, self.changes, self.data)
            for name in self.plans
        ]
        tasks = {each.task for part in parts for each in part}
        if strange := sorted(self.data.keys() - tasks - {""}):
            raise ConfigError(
                f"data are given for {strange[0]}, but the tasks trained are {', '.join(sorted(tasks))}"
            )
        return list({each.folder: each for part in parts for each in part}.values())

    def write(self, home: Path) -> None:
        """Write the order to the folder ``home``, which must exist."""
        names = [_within(name, home) for name in self.plans]
        told = {"format": FORMAT, **asdict(self), "plans": names}
        write_text(home / ORDER, json.dumps(told, indent=2))

    def command(self, home: Path) -> str:
        """The shell command that runs or continues the queue."""
        words = ["apsnet", "queue", "run", *(_placed(name, home) for name in self.plans), "-o", str(home)]
        for task, source in self.data.items():
            words += ["--data", f"{task}={source}" if task else source]
        for option, values in (("--set", self.changes), ("--each", self.grid)):
            words += [word for value in values for word in (option, value)]
        if self.at_once > 1:
            words += ["--at-once", str(self.at_once)]
        return shlex.join(words)


def read_order(home: Path) -> Order:
    """Read the order of the queue in ``home``. Raises `ConfigError` if there is none or it is damaged."""
    path = home / ORDER
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told.pop("format") != FORMAT:
            raise ValueError("another version of this program wrote it")
        lists = {key: tuple(map(str, told.pop(key))) for key in ("plans", "grid", "changes")}
        return Order(**lists, data=dict(told.pop("data")), at_once=int(told.pop("at_once")))
    except FileNotFoundError as error:
        raise ConfigError(f"{home} is not a queue: name a plan or a recipe for it") from error
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(f"{path}: is damaged ({error}); name its plan again") from error


def _within(name: str, home: Path) -> str:
    """Return a file inside ``home`` as its name, another file as its full path, and other names unchanged."""
    path = Path(name).expanduser()
    if not path.is_file():
        return name
    whole = path.resolve()
    return whole.name if whole.parent == home.resolve() else str(whole)


def _placed(name: str, home: Path) -> str:
    beside = home / name
    return str(beside) if beside.is_file() else name
