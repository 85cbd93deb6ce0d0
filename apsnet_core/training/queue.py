"""A queue, which runs the trainings of a plan in order, each in its own process, and can be continued.

Its whole state is in the folders of the runs. After Ctrl-C, a kill or a restart of the machine, the same
queue continues: unfinished runs resume from their checkpoints, and finished runs are not repeated.
"""

from __future__ import annotations

import json
import os
import shlex
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from apsnet_core.datasets import DatasetError
from apsnet_core.datasets.open import check_data, check_there
from apsnet_core.tasks.registry import task
from apsnet_core.training.config import TrainConfig
from apsnet_core.training.launch import Process, launch
from apsnet_core.training.made_from import made_from
from apsnet_core.training.median_seed import NO_MATTER, median_of, median_seeds
from apsnet_core.training.order import Order
from apsnet_core.training.plans import OF_ROW, Planned
from apsnet_core.training.run_reader import RunReader
from apsnet_core.training.run_state import RunState
from apsnet_core.training.runs import Run, RunError
from apsnet_core.types import Values

_LOOK_SECONDS = 0.5
# Settings that may differ between a run and its plan: a run has full paths, perhaps of another machine.
_FREE = (*NO_MATTER, "task_weights", "initial_weights", "task_net")


@dataclass(frozen=True)
class Place:
    """A training of the queue, and the state of its run, None if it has not started."""

    planned: Planned
    state: RunState | None

    @property
    def phase(self) -> str:
        """The phase of the run, or "to come"."""
        return "to come" if self.state is None else self.state.phase

    @property
    def active(self) -> bool:
        """Whether a process is training the run."""
        return self.state is not None and self.state.active

    @property
    def left(self) -> float | None:
        """The remaining seconds, None if unknown."""
        return 0.0 if self.finished else self.state.eta if self.state is not None else None

    @property
    def finished(self) -> bool:
        """Whether the training is finished."""
        return self.phase == "finished"


def medians(places: Sequence[Place]) -> set[Path]:
    """The folders of the seeds with the median score, for rows and sizes with all seeds finished."""
    planned = Counter(each.planned.series for each in places)
    series = {each.planned.folder: each.planned.series for each in places}
    found = median_seeds(each.state for each in places if each.state is not None)
    return {one.folder for one, group in found if len(group) == planned[series[one.folder]]}


def time_left(places: Sequence[Place], at_once: int) -> float | None:
    """The estimated seconds until all trainings are finished, None while there is no estimate for any.

    ``at_once`` of them run at a time. One that has not started is estimated by the finished ones of its row,
    or otherwise by the finished ones of all rows.
    """
    spent: dict[str, list[float]] = {}
    for each in places:
        if each.finished and each.state is not None:
            for row in (each.planned.row, ""):
                spent.setdefault(row, []).append(each.state.spent)
        elif each.state is not None and each.state.eta is not None:
            spent.setdefault("", []).append(each.state.spent + each.state.eta)
    if not spent:
        return None
    means = {row: sum(several) / len(several) for row, several in spent.items()}
    left = [each.left if each.left is not None else means.get(each.planned.row, means[""]) for each in places]
    return sum(left) / max(min(at_once, sum(amount > 0 for amount in left)), 1)


def evaluations(places: Sequence[Place]) -> list[str]:
    """The commands that evaluate the finished trainings in a table, for each task, data and task net."""
    rows: dict[tuple[str, str, str], dict[str, set[int]]] = {}
    for each in places:
        how = each.planned.config
        if each.phase == "finished" and how.sampler is not None:
            method = f"{how.model}@{each.planned.folder.parent}"
            net = _net_of(each.planned, places)
            of = how.task, _data_of(each), "" if how.task_net else str(net or how.task_weights or "")
            rows.setdefault(of, {}).setdefault(method, set()).update(how.sizes)
    return [_evaluation(*of, methods) for of, methods in rows.items()]


def _net_of(planned: Planned, places: Sequence[Place]) -> Path | None:
    """The run whose task net it uses: the median of another row's seeds. None until all are finished."""
    found = [each.state for each in places if each.planned.folder in planned.nets and each.finished]
    states = [state for state in found if state is not None]
    return median_of(states).folder if states and len(states) == len(planned.nets) else None


def _data_of(place: Place) -> str:
    """The plan's data if they exist, otherwise the data with which the run was started."""
    begun = place.state.config.get("data") if place.state is not None else None
    try:
        check_there(place.planned.config.data)
    except DatasetError:
        return str(begun or place.planned.config.data)
    return place.planned.config.data


def _evaluation(name: str, data: str, net: str, methods: dict[str, set[int]]) -> str:
    sizes = sorted(set().union(*methods.values()))
    words = ["apsnet", "evaluate", "--data", data, "--task", name, "-m", ",".join(methods)]
    words += ["-n", ",".join(map(str, sizes)), "--paired", "all"]
    words += ["--net", net] if net else []
    words += ["--turns", "5"] if task(name).pairs else []
    return shlex.join([*words, "-o", f"table-{name}"])


class Queue:
    """The trainings ``work`` under the folder ``home``. Only one process at a time may run the queue."""

    def __init__(self, home: Path, work: Sequence[Planned]) -> None:
        self._home, self._work = Run(home), tuple(work)
        self._readers = {each.folder: RunReader(each.folder) for each in work}
        self._own: dict[Path, Process] = {}

    @property
    def worked_on_by(self) -> int | None:
        """The id of the process that runs the queue now, or None."""
        return self._home.trained_by()

    def places(self) -> list[Place]:
        """The state of every training, in order."""
        for process in self._own.values():
            process.poll()  # removes a process that has ended from the process table
        return [
            Place(each, self._readers[each.folder].read() if each.folder.is_dir() else None)
            for each in self._work
        ]

    def check(self) -> None:
        """Raise `DatasetError` if data is missing or invalid, and `RunError` if a run has other settings."""
        for data in {each.config.data for each in self._work}:
            check_data(data)
        for each in self._work:
            run = Run(each.folder)
            if not each.folder.is_dir() or run.config_values() is None:
                continue
            begun, wanted = _settings(run.config()), _settings(each.config)
            moved = {"data"} if "data" in made_from(run) else set()  # the run itself checks its data
            for key in wanted.keys() - moved:
                if begun[key] != wanted[key]:
                    raise RunError(
                        f"{each.folder} was begun with {key} {begun[key]}, now it would be {wanted[key]}: "
                        "name another folder, or delete that run"
                    )

    def work(
        self,
        order: Order,
        stop: Callable[[], bool] = lambda: False,
        watch: Callable[[list[Place]], None] = lambda _: None,
    ) -> list[Place]:
        """Run the unfinished trainings. Each is tried once, and a failed one does not block the others.

        The ``order``, which has the number of trainings at a time, is written to the folder. When ``stop``
        returns true or the folder's stop file exists, all trainings stop after a checkpoint. ``watch`` is
        called with the places whenever one of them changes. Returns the places at the end. Raises the errors
        of `check`, and `RunError` if another process runs the queue.
        """
        self.check()
        if (pid := self.worked_on_by) not in (None, os.getpid()):
            raise RunError(f"{self._home.folder} is being run by process {pid}: stop that one first")
        self._home.folder.mkdir(parents=True, exist_ok=True)
        if pid is None:  # otherwise the program that started this process may already have asked it to stop
            self._home.stop_file.unlink(missing_ok=True)
        self._home.note_process(os.getpid())
        try:
            order.write(self._home.folder)
            return self._through(order.at_once, stop, watch)
        finally:
            self._home.stop_file.unlink(missing_ok=True)
            self._home.release()

    def _through(
        self, at_once: int, stop: Callable[[], bool], watch: Callable[[list[Place]], None]
    ) -> list[Place]:
        told: list[tuple[str, bool]] = []
        while True:
            places = self.places()
            now = [(each.phase, each.active) for each in places]
            if now != told:
                watch(places)
                told = now
            active = [each for each in places if each.active]
            stopping = stop() or self._home.stop_file.exists()
            next_ones = [each for each in places if not stopping and self._to_do(each, places)]
            if not active and not next_ones:
                return places
            for each in next_ones[: max(at_once - len(active), 0)]:
                self._begin(each, at_once, _net_of(each.planned, places))
            for each in active if stopping else []:
                Run(each.planned.folder).stop_file.touch()
            time.sleep(_LOOK_SECONDS)

    def _to_do(self, place: Place, places: Sequence[Place]) -> bool:
        if place.phase in ("finished", "broken") or place.active or place.planned.folder in self._own:
            return False
        return not place.planned.nets or _net_of(place.planned, places) is not None

    def _begin(self, place: Place, at_once: int, net: Path | None) -> None:
        planned, state = place.planned, place.state
        folder = planned.folder
        folder.mkdir(parents=True, exist_ok=True)
        changes = [] if net is None else [f"task_weights={json.dumps(str(net.resolve()))}"]
        if state is not None and state.config:
            words, changes = ["train", "--resume", str(folder)], _moved(planned, state, changes)
        else:
            words, changes = ["train", planned.recipe, "--output", str(folder)], [*planned.changes, *changes]
        words += [word for change in changes for word in ("--set", change)]
        process = launch(folder, *words, variables=_share_of_the_machine(at_once))
        Run(folder).note_process(process.pid)  # noted at once, because it takes seconds to load
        self._own[folder] = process


def _moved(planned: Planned, state: RunState, changes: list[str]) -> list[str]:
    """The changed paths with which a started run must be resumed, which are needed if it was copied."""
    if "data" not in made_from(Run(planned.folder)):
        return []
    if state.config["data"] != planned.config.data:
        changes = [*changes, f"data={json.dumps(planned.config.data)}"]
    for key in ("task_weights", "initial_weights"):
        wanted, begun = getattr(planned.config, key), state.config.get(key)
        if wanted and not wanted.startswith(OF_ROW) and begun and not Path(begun).exists():
            changes = [*changes, f"{key}={json.dumps(wanted)}"]
    return changes


def _settings(config: TrainConfig) -> Values:
    """The settings that define a training, by dotted keys."""
    flat: Values = {}
    for key, value in config.model_dump(mode="json", exclude=set(_FREE)).items():
        inner = value if isinstance(value, dict) else {"": value}
        flat |= {f"{key}.{name}".rstrip("."): part for name, part in inner.items()}
    return flat


def _share_of_the_machine(at_once: int) -> dict[str, str]:
    """Environment variables with the threads of each of several trainings, unless the user has set them."""
    if at_once == 1:
        return {}
    each = str(max((os.cpu_count() or 1) // at_once, 1))
    return {name: each for name in ("OMP_NUM_THREADS", "NUMBA_NUM_THREADS") if name not in os.environ}
