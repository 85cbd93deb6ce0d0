"""What a queue was asked to train, kept in its folder: any program can show it, and go on with it."""

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
    """The ``plans`` of a queue, by name or file, in this order; ``grid`` is of a recipe, as of `find_plan`.

    ``changes`` are settings of all trainings, ``data`` is by task, "" that of all; ``at_once`` so many are
    trained at a time. Files beside the order are named without their folder: it may be copied elsewhere.
    """

    plans: tuple[str, ...]
    grid: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    data: Mapping[str, str] = field(default_factory=dict)
    at_once: int = 1

    def work(self, home: Path) -> list[Planned]:
        """All its trainings under ``home``, each once; `ConfigError` where one cannot be."""
        parts = [
            planned(find_plan(_placed(name, home), self.grid), home, self.changes, self.data)
            for name in self.plans
        ]
        tasks = {each.task for part in parts for each in part}
        if strange := sorted(self.data.keys() - tasks - {""}):
            raise ConfigError(
                f"there are data for {strange[0]}, and what is trained is {', '.join(sorted(tasks))}"
            )
        return list({each.folder: each for part in parts for each in part}.values())

    def write(self, home: Path) -> None:
        """Keep it in the folder ``home``, which exists."""
        names = [_within(name, home) for name in self.plans]
        told = {"format": FORMAT, **asdict(self), "plans": names}
        write_text(home / ORDER, json.dumps(told, indent=2))

    def command(self, home: Path) -> str:
        """The line of the shell that trains it, and goes on with it."""
        words = ["apsnet", "queue", "run", *(_placed(name, home) for name in self.plans), "-o", str(home)]
        for task, source in self.data.items():
            words += ["--data", f"{task}={source}" if task else source]
        for option, values in (("--set", self.changes), ("--each", self.grid)):
            words += [word for value in values for word in (option, value)]
        if self.at_once > 1:
            words += ["--at-once", str(self.at_once)]
        return shlex.join(words)


def read_order(home: Path) -> Order:
    """What the queue in ``home`` was asked to train; `ConfigError` where that is not told there."""
    path = home / ORDER
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if told.pop("format") != FORMAT:
            raise ValueError("another version of this program wrote it")
        lists = {key: tuple(map(str, told.pop(key))) for key in ("plans", "grid", "changes")}
        return Order(**lists, data=dict(told.pop("data")), at_once=int(told.pop("at_once")))
    except FileNotFoundError as error:
        raise ConfigError(f"{home} is no queue: name a plan or a recipe for it") from error
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(f"{path}: is damaged ({error}); name its plan again") from error


def _within(name: str, home: Path) -> str:
    """A file inside ``home`` by its name alone, another by its full path, a plan or recipe by its name."""
    path = Path(name).expanduser()
    if not path.is_file():
        return name
    whole = path.resolve()
    return whole.name if whole.parent == home.resolve() else str(whole)


def _placed(name: str, home: Path) -> str:
    beside = home / name
    return str(beside) if beside.is_file() else name
