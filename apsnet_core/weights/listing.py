"""The catalogue of weights: shipped weights, the user's own, and the weights of all training runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

from apsnet_core.assets import asset
from apsnet_core.networks.registry import sampler_network
from apsnet_core.own_folder import own_folder
from apsnet_core.placing import counted
from apsnet_core.weights.metadata import (
    CHECKPOINTS,
    Metadata,
    WeightsError,
    checkpoint_error,
    load_metadata,
)
from apsnet_core.weights.run_folders import run_folders

Origin = Literal["shipped", "yours", "run", "file"]
_HOW = "train some with `apsnet train`, or import a published checkpoint with `apsnet weights import`"
TASK_NET = "task_net.safetensors"
"""The file in which a run keeps the user's own task net with which it was trained."""
_FEW = 8  # most names that an error text lists
LATEST = "/latest"  # after a run's name, this means the weights of its last epoch instead of the best ones


@dataclass(frozen=True)
class Entry:
    """A weights file. Its ``name`` is the name of the file, or for a run the name of its folder."""

    name: str
    path: Path
    origin: Origin
    metadata: Metadata

    def gives(self, m: int) -> bool:
        """Whether a sampler with these weights can give ``m`` points."""
        network = sampler_network(self.metadata.architecture)
        sizes = self.metadata.sizes
        return m in sizes if network is None else network.gives(m, sizes)


class Catalogue(NamedTuple):
    """The usable weights, in order of preference, and the errors of the damaged files."""

    entries: list[Entry]
    damaged: list[WeightsError]


def user_weights() -> Path:
    """The folder of the user's own weights."""
    return own_folder() / "weights"


def is_taken(name: str) -> bool:
    """Whether shipped weights or the user's own have this name, and would hide others with the same name."""
    return any((folder / f"{name}.safetensors").exists() for folder in (asset("weights"), user_weights()))


def free_name(name: str) -> str:
    """Return ``name``, with a number appended if it `is_taken`."""
    count, free = 2, name
    while is_taken(free):
        free, count = f"{name}-{count}", count + 1
    return free


def catalogue(runs: Path | None = None) -> Catalogue:
    """All weights that have names. Training runs are searched in ``runs``, or by default in `run_folders`."""
    found = Catalogue([], [])
    for origin, name, path in _files([runs] if runs else run_folders()):
        try:
            found.entries.append(Entry(name, path, origin, _metadata(path)))
        except WeightsError as error:
            found.damaged.append(error)
    return found


def _metadata(path: Path) -> Metadata:
    """`load_metadata` with a cache for files that have not changed."""
    try:
        file = path.stat()
    except OSError:  # `load_metadata` raises the error with the reason
        return load_metadata(path)
    return _read_once(path, (file.st_mtime_ns, file.st_size, file.st_ino))


@lru_cache(maxsize=512)
def _read_once(path: Path, file: tuple[int, ...]) -> Metadata:
    return load_metadata(path)


def find(
    method: str,
    task: str,
    m: int | None = None,
    name: str | None = None,
    *,
    architecture: str | None = None,
) -> Entry:
    """Find weights for a learned ``method`` and ``task``. ``name`` may be a name, a path or a run folder.

    Named weights may belong to another method with the same network, ``architecture``, which defaults to
    the method's name. A method of fixed size needs weights for size ``m``; None accepts any size. Shipped
    weights are preferred, then those trained for most sizes, then those trained for ``m``. Raises
    `WeightsError` with the available weights if none fit.
    """
    if name is not None:
        entry = named(name)
        _check(entry, method, task, m, architecture or method)
        return entry
    of_method = [entry for entry in catalogue().entries if entry.metadata.method == method]
    of_task = [entry for entry in of_method if entry.metadata.task == task]
    fitting = [entry for entry in of_task if m is None or entry.gives(m)]
    if fitting:
        return max(fitting, key=lambda entry: _rank(entry, m))
    if of_task and m is not None:
        sizes = sorted({size for entry in of_task for size in entry.metadata.sizes})
        there = f"there are for {', '.join(map(str, sizes))} points"
        raise WeightsError(method, f"has no weights for {task} at {counted(m, 'point')}; {there}: {_HOW}")
    tasks = sorted({entry.metadata.task for entry in of_method})
    there = f"there are for {', '.join(tasks)}" if tasks else "there are none for any task"
    raise WeightsError(method, f"has no weights for {task}; {there}: {_HOW}")


def _rank(entry: Entry, m: int | None) -> tuple[bool, int, bool]:
    sizes = entry.metadata.sizes
    return entry.origin == "shipped", len(sizes), m in sizes


def find_task_net(task: str, name: str | None = None) -> Entry:
    """Find the task net for ``task``, by ``name`` or path if given. Raises `WeightsError` if none exists."""
    if name is not None:
        entry = named(name)
        if entry.metadata.method is not None or entry.metadata.task != task:
            raise WeightsError(entry.path, f"holds {_described(entry)}, not a network for {task}")
        return entry
    nets = [e for e in catalogue().entries if e.metadata.method is None and e.metadata.task == task]
    if not nets:
        raise WeightsError(task, f"has no task net: {_HOW}")
    return max(nets, key=lambda entry: entry.origin == "shipped")


def named(name: str) -> Entry:
    """Return the weights by their name in the catalogue, or by the path of a weights file or run folder."""
    path = Path(name).expanduser()
    if path.is_dir() and (path / "best.safetensors").is_file():
        path = path / "best.safetensors"
    if path.suffix == ".safetensors":
        stem = path.parent.name if path.name == "best.safetensors" else path.stem
        return Entry(stem, path, "file", load_metadata(path))
    if path.suffix in CHECKPOINTS:
        raise checkpoint_error(path)
    found = catalogue()
    for entry in found.entries:
        if entry.name == name:
            return entry
    if name.endswith(LATEST):  # a finished training only keeps its best weights
        return named(name.removesuffix(LATEST))
    for damaged in found.damaged:
        if name in (damaged.path.stem, damaged.path.parent.name):
            raise damaged
    if path.is_file():
        raise WeightsError(name, "is neither a weights file, which ends in .safetensors, nor a weights' name")
    raise WeightsError(
        name, f"is neither a file nor the name of weights; {_others(name, [e.name for e in found.entries])}"
    )


def _others(name: str, names: list[str]) -> str:
    """List the ``names`` if they are few, otherwise the closest match to ``name``, which may be a typo."""
    from difflib import get_close_matches

    if len(names) <= _FEW:
        return f"there are {', '.join(names) or 'none'}"
    near = get_close_matches(name, names, 1)
    return f"did you mean {near[0]}?" if near else f"there are {len(names)}: see `apsnet weights list`"


class RunEntry(NamedTuple):
    """The best weights of a run, and whether its training is ``finished``."""

    entry: Entry
    finished: bool


def entries_of_runs(folder: Path) -> list[RunEntry]:
    """The best weights of the runs in ``folder``, by name. Raises `WeightsError` for a damaged file."""
    return [
        RunEntry(
            Entry(path.parent.name, path, "run", _metadata(path)),
            finished=not path.with_name("latest.safetensors").exists(),
        )
        for path in sorted(folder.glob("*/best.safetensors"))
    ]


def _files(runs: Sequence[Path]) -> Iterator[tuple[Origin, str, Path]]:
    for path in sorted(asset("weights").glob("[!.]*.safetensors")):
        yield "shipped", path.stem, path
    for path in sorted(user_weights().glob("[!.]*.safetensors")):
        yield "yours", path.stem, path
    for folder in runs:
        for path in sorted(folder.glob("*/best.safetensors")):
            yield "run", path.parent.name, path
        for path in sorted(folder.glob("*/latest.safetensors")):
            yield "run", path.parent.name + LATEST, path
        for path in sorted(folder.glob(f"*/{TASK_NET}")):
            yield "run", f"{path.parent.name}/task_net", path


def _check(entry: Entry, method: str, task: str, m: int | None, architecture: str) -> None:
    if entry.metadata.architecture != architecture:
        raise WeightsError(entry.path, f"holds {_described(entry)}, not {method}")
    if entry.metadata.task != task:
        raise WeightsError(entry.path, f"was trained for {entry.metadata.task}, not for {task}")
    if m is not None and not entry.gives(m):
        raise WeightsError(entry.path, f"samples {max(entry.metadata.sizes)} points, not {m}")


def _described(entry: Entry) -> str:
    if entry.metadata.method is None:
        return f"the task net {entry.metadata.architecture} for {entry.metadata.task}"
    return f"the sampler {entry.metadata.method} for {entry.metadata.task}"
