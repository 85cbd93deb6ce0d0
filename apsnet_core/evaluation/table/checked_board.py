"""Checks that a leaderboard from a file has all required fields, with valid values."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from apsnet_core.evaluation.table.measured import close, measurement, runs_in
from apsnet_core.strict_json import strict
from apsnet_core.tasks.registry import metric as metric_named
from apsnet_core.types import Unchecked, Values
from apsnet_core.validation import why

FORMAT = 2
_READ = (1, FORMAT)  # format 1 has no single runs, so its rows cannot be joined or changed

_ROUNDING = 1e-9  # relative; other versions of a library sum in another order

_Count = Annotated[int, Field(ge=1)]
_Number = Annotated[float, Field(allow_inf_nan=False)]
_Digest = Annotated[str, Field(pattern="^([0-9a-f]{2})+$")]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True)


class _Run(_Strict):
    seed: int | None
    weights: str | None
    weights_hash: _Digest | None
    trained: dict[str, Any] | None
    values: str


class _Entry(_Strict):
    task: str
    metric: str
    data: str
    data_hash: str
    points: int
    task_net_hash: str
    method: str
    variant: Literal["g", "m"] | None
    m: _Count
    weights: str | None
    weights_hash: _Digest | None
    seeds: _Count
    value: _Number
    low: _Number | None  # None is an open end
    high: _Number | None


class _Measured(_Entry):
    """An entry with its single runs."""

    label: str
    shapes: _Count
    runs: Annotated[list[_Run], Field(min_length=1)]


_TWINS = TypeAdapter(dict[str, Annotated[str, Field(pattern="^[01]( [01])*$")]])


def checked(board: Values) -> list[Values]:
    """The entries of ``board``; ValueError names a missing or invalid value of an entry."""
    entries = board.get("entries")
    if board.get("format") not in _READ or not isinstance(entries, list):
        raise ValueError(f"this is not a leaderboard of format {_READ[0]} or {FORMAT}")
    twins = board.get("twins", {})
    try:
        _TWINS.validate_python(twins, strict=True)
    except ValidationError as error:
        raise ValueError(f"twins: {why(error.errors()[0])}") from error
    for place, entry in enumerate(entries):
        if not isinstance(entry, dict):
            raise ValueError(f"an entry of the leaderboard must be an object, not {entry!r}")
        try:
            (_Measured if "runs" in entry else _Entry).model_validate(entry)
        except ValidationError as error:
            first = error.errors()[0]
            where = ", ".join(str(part) for part in first["loc"])
            raise ValueError(f"entry {place} of the leaderboard: {where}: {why(first)}") from error
        _check_numbers(entry, twins.get(entry["data_hash"]))
    return entries


def _check_numbers(entry: Values, twins: str | None) -> None:
    metric = metric_named(entry["metric"])
    for run in runs_in(entry):
        if len(run.values) != entry["shapes"]:
            raise ValueError(f"a run of {entry['label']!r} in the leaderboard needs one value for each shape")
        if not np.isfinite(run.values).all() or (metric.right and not np.isin(run.values, (0, 1)).all()):
            raise ValueError(
                f"a run of {entry['label']!r} in the leaderboard has invalid values of {metric.name}"
            )
    if "runs" in entry:
        _check_measurement(entry)
    if "runs" in entry and twins is not None and len(twins.split()) != entry["shapes"]:
        raise ValueError(f"the leaderboard's twins of {entry['data']} do not match its number of shapes")


def _check_measurement(entry: Values) -> None:
    """Raise ValueError if a figure of an entry does not follow from its runs, because it was edited."""
    for name, exact in measurement(entry["metric"], runs_in(entry)).items():
        ours: Any = entry[name]
        told: Any = strict(exact)  # an open end is null
        figure = isinstance(ours, float) or isinstance(told, float)
        if name != "runs" and not (close(ours, told, _ROUNDING) if figure else ours == told):
            raise ValueError(
                f"{entry['label']!r} at {entry['m']} points has {name} {_shown(ours)} in the leaderboard, "
                f"where its runs give {_shown(told)}"
            )


def _shown(value: Unchecked) -> str:
    return f"{value:.9g}" if isinstance(value, float) else "null" if value is None else str(value)
