"""Plans: ordered lists of trainings, each a recipe with changes. Some are shipped.

Any recipe with a grid is also a plan.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from apsnet_core.assets import asset
from apsnet_core.names import as_name, trouble_with
from apsnet_core.training.complaints import complaints
from apsnet_core.training.config import ConfigError, Natural, Seed, TrainConfig
from apsnet_core.training.recipes import configured, find_recipe, recipes

_SIZES, _SEED = "sizes", "seed"
OF_ROW = "row:"
"""The prefix of ``task_weights`` for the task net that an earlier row of the plan trains."""


class Row(BaseModel):
    """Trainings of one ``recipe`` with the changes ``set``, one for each of ``sizes`` if these are given.

    ``grid`` maps settings to lists of values, and each combination is a row of its own. ``task_weights`` may
    be an earlier row that trains a task net, ``row:NAME``; of several seeds the median is used.
    """

    model_config = ConfigDict(extra="forbid")

    recipe: str
    name: str = ""
    sizes: list[Natural] = []
    set: list[str] = []
    grid: dict[str, Annotated[list[Any], Field(min_length=1)]] = {}

    def expanded(self) -> Iterator[Row]:
        """Yield a row for each combination of the grid, named by its values."""
        base = self.name or find_recipe(self.recipe).stem
        for values in product(*self.grid.values()):
            chosen = dict(zip(self.grid, values, strict=True))
            told = "".join(f"-{key.rpartition('.')[2]}={_short(value)}" for key, value in chosen.items())
            changes = [f"{key}={json.dumps(value)}" for key, value in chosen.items()]
            yield self.model_copy(update={"name": base + told, "set": [*self.set, *changes], "grid": {}})


class Plan(BaseModel):
    """A plan: all ``rows`` in order with the first of ``seeds``, then with the next one, and so on."""

    model_config = ConfigDict(extra="forbid")

    title: str = ""
    seeds: Annotated[list[Seed], Field(min_length=1)] = [0]
    rows: Annotated[list[Row], Field(min_length=1)]


@dataclass(frozen=True)
class Planned:
    """One training: ``recipe`` with ``changes``, a seed of the ``row`` of a table, in its own ``folder``.

    The seeds and sizes of a row are in one folder, and ``METHOD@FOLDER`` uses all that are finished. ``nets``
    are the folders of the runs that train its task net, one for each seed, if that is an earlier row.
    """

    row: str
    recipe: str
    changes: tuple[str, ...]
    folder: Path
    nets: tuple[Path, ...] = ()

    @property
    def name(self) -> str:
        """The name of the run."""
        return self.folder.name

    @property
    def series(self) -> str:
        """The name without the seed, which is common to all its seeds."""
        return self.name.rpartition("-")[0]

    @cached_property
    def config(self) -> TrainConfig:
        """The settings of the training. Raises `ConfigError` if they conflict."""
        return configured(self.recipe, self.changes, self.folder)

    @property
    def task(self) -> str:
        """The task of the training."""
        return self.config.task


def plans() -> Mapping[str, Plan]:
    """Every shipped plan by its name."""
    found = sorted(asset("plans").glob("*.toml"))
    return MappingProxyType({path.stem: _read(path) for path in found})


def find_plan(name: str, grid: Sequence[str] = ()) -> Plan:
    """Return the plan of a name, file or recipe. ``grid`` has ``KEY=[VALUE, VALUE]`` for a recipe.

    Raises `ConfigError` if there is none or it is not valid.
    """
    path = Path(name).expanduser()
    shipped = asset("plans", f"{name}.toml")
    if path.is_file() and "rows" not in _values(path):
        return _of_recipe(name, grid)
    if path.is_file() or shipped.is_file():
        if grid:
            raise ConfigError(f"{name} is a plan, which has its own grid: --each goes with a recipe")
        return _read(path if path.is_file() else shipped)
    if name in recipes():
        return _of_recipe(name, grid)
    raise ConfigError(
        f"{name} is not a plan, a recipe or a file; the plans are {', '.join(plans())}, "
        "and apsnet train --list shows the recipes"
    )


def planned(
    plan: Plan, home: Path, changes: Sequence[str] = (), data: Mapping[str, str] | None = None
) -> list[Planned]:
    """The trainings of ``plan`` in order, each in ``home``/ROW/RUN, with ``changes`` for all of them.

    A row that trains the task net of other rows comes first, with all its seeds. ``data`` maps a task, or ""
    for all tasks, to its data. Raises `ConfigError` if a training is not possible.
    """
    found: dict[Path, Planned] = {}
    for each in _all(plan, home, changes):
        own = data or {}
        where = own.get(each.task, own.get(""))
        whole = [*each.changes, *([f"data={json.dumps(where)}"] if where else []), *changes]
        if each.folder in found:
            raise ConfigError(f"two trainings are called {each.name}: give one of their rows a name")
        found[each.folder] = replace(each, changes=tuple(whole))
    whole_plan = _with_nets(list(found.values()))
    needed = {net for each in whole_plan for net in each.nets}
    return sorted(whole_plan, key=lambda each: each.folder not in needed)


def _with_nets(work: list[Planned]) -> list[Planned]:
    """Fill in the ``nets`` of each training. Raises `ConfigError` if a row cannot provide the task net."""
    rows: dict[str, list[Planned]] = {}
    found = []
    for each in work:
        named = each.config.task_weights or ""
        if named.startswith(OF_ROW):
            row = rows.get(named.removeprefix(OF_ROW), [])
            if not row or each.row == row[0].row:
                raise ConfigError(
                    f"{each.row}: task_weights is {named}, but no earlier row has that name"
                    + (f"; there are {', '.join(rows)}" if rows else "")
                )
            if row[0].config.sampler is not None or row[0].task != each.task:
                raise ConfigError(f"{each.row}: {named} does not train a task net for {each.task}")
            nets = [other for other in work if other.row == row[0].row]
            found.append(replace(each, nets=tuple(other.folder for other in nets)))
        else:
            found.append(each)
        rows.setdefault(each.row, []).append(each)
    return found


def _all(plan: Plan, home: Path, changes: Sequence[str]) -> Iterator[Planned]:
    rows = [single for row in plan.rows for single in row.expanded()]
    for row in rows:
        _check_row(row, changes)
    for seed, row in product(plan.seeds, rows):
        sizes: Sequence[int | None] = row.sizes or [None]
        for m in sizes:
            size = [] if m is None else [f"{_SIZES}=[{m}]"]
            words = [row.name, *([] if m is None else [str(m)]), str(seed)]
            changes = (*row.set, *size, f"{_SEED}={seed}")
            yield Planned(row.name, row.recipe, changes, home / row.name / "-".join(words))


def _check_row(row: Row, changes: Sequence[str]) -> None:
    """Raise `ConfigError` if a run would not match its folder's name, or the folder would be elsewhere."""
    if why := trouble_with(row.name):
        raise ConfigError(f"the row {row.name}: {why}")
    named = {change.partition("=")[0].strip() for change in (*row.set, *changes)}
    if _SEED in named:
        raise ConfigError(
            f"{row.name}: {_SEED} cannot be set for a row: give the plan's `seeds`, which are for all rows"
        )
    if row.sizes and _SIZES in named:
        raise ConfigError(f"{row.name}: `{_SIZES}` is set twice, by the row and by a change: set it once")


def _of_recipe(recipe: str, grid: Sequence[str]) -> Plan:
    """The plan of one recipe. Sizes and seeds in ``grid`` are runs of a row; other settings make rows."""
    values: dict[str, Any] = {}
    for text in grid:
        key, _, told = text.partition("=")
        try:
            several = tomllib.loads(f"value = {told}")["value"]
        except tomllib.TOMLDecodeError:
            several = None
        if not isinstance(several, list) or not several:
            raise ConfigError(f"{text!r} is not a grid: write KEY=[VALUE, VALUE], for example seed=[0, 1, 2]")
        values[key.strip()] = several
    row: dict[str, Any] = {"recipe": recipe, "sizes": values.pop(_SIZES, [])}
    seeds = {"seeds": values.pop(_SEED)} if _SEED in values else {}
    return _plan({"rows": [row | {"grid": values}], **seeds}, "--each")


def _read(path: Path) -> Plan:
    return _plan(_values(path), path.name)


def _values(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError(f"{path}: is not TOML ({error})") from error


def _plan(values: Mapping[str, Any], source: str) -> Plan:
    try:
        return Plan.model_validate(values)
    except ValidationError as error:
        said = [f"{each.key}: {each.why}" if each.key else each.why for each in complaints(Plan, error)]
        raise ConfigError(f"{source}: " + "; ".join(said)) from error


def _short(value: object) -> str:
    """Format a value as a part of a folder's name."""
    parts: Iterable[object] = value if isinstance(value, list) else [value]
    return "_".join(f"{part:g}" if isinstance(part, float) else as_name(str(part)) for part in parts)
