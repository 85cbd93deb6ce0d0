"""Plug-ins: rows that installed packages and single files add to the program's tables.

Packages offer rows under the entry-point groups ``apsnet.methods``, ``apsnet.tasks``, ``apsnet.formats`` and
``apsnet.datasets``. The variable ``APSNET_PLUGINS`` names files, and child processes inherit it. Nothing is
imported before a table is first read. A plug-in that fails affects no other.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

FILES = "APSNET_PLUGINS"
Row = TypeVar("Row")


@dataclass(frozen=True)
class Offer(Generic[Row]):
    """A row, and its plug-in as named in sentences."""

    row: Row
    source: str


_lock = threading.RLock()
_modules: dict[Path, ModuleType | None] = {}
_installed: dict[str, list[Offer[object]]] = {}
_troubles: list[str] = []
_loading = threading.local()


def files() -> list[Path]:
    """The plug-in files of this process and its children."""
    return [Path(text) for text in os.environ.get(FILES, "").split(os.pathsep) if text]


def add_file(path: str | Path) -> None:
    """Add a Python file to the plug-ins; it is imported when a table is next read."""
    whole = Path(path).expanduser().resolve()
    if whole not in files():
        os.environ[FILES] = os.pathsep.join(map(str, [*files(), whole]))


def troubles() -> list[str]:
    """One sentence for each plug-in, or row, that was left out."""
    return list(_troubles)


def report(sentence: str) -> None:
    """Record a sentence on a plug-in, or a row of one, that cannot be used."""
    if sentence not in _troubles:
        _troubles.append(sentence)


def offers(group: str, kind: type[Row]) -> list[Offer[Row]]:
    """All rows of type ``kind`` from plug-ins: packages' entry points of ``group``, and all plug-in files."""
    if getattr(_loading, "now", False):  # a plug-in that is being imported sees the rows loaded before it
        return []
    with _lock:
        _loading.now = True
        try:
            found = [*_of_packages(group), *(offer for path in files() for offer in _of_file(path))]
        finally:
            _loading.now = False
    return [Offer(offer.row, offer.source) for offer in found if isinstance(offer.row, kind)]


def _of_packages(group: str) -> list[Offer[object]]:
    if group not in _installed:
        _installed[group] = []
        for point in _points():
            if point.group != group:
                continue
            package = point.dist.name if point.dist else point.value
            source = f"the plug-in {package}"
            try:
                value = point.load()
            except Exception as why:
                report(f"{source} was left out: {point.value} could not be imported ({_said(why)})")
                continue
            rows = value if isinstance(value, list | tuple) else [value]
            _installed[group] += [Offer(row, source) for row in rows]
    return _installed[group]


@cache
def _points() -> tuple[EntryPoint, ...]:
    """The entry points of all packages that offer rows; the 20 ms search is skipped if there can be none."""
    if not any(map(_may_offer, sys.path)):
        return ()
    from importlib.metadata import entry_points

    found = entry_points()  # called once for all groups, since it opens a file of every installed package
    ours = (group for group in found.groups if group.startswith("apsnet."))
    return tuple(point for group in ours for point in found.select(group=group))


def _may_offer(place: str) -> bool:
    """Whether a package in this entry of ``sys.path`` offers rows; assumed for an archive."""
    folder = Path(place)
    if not folder.is_dir():
        return folder.is_file()
    return any(b"[apsnet." in file.read_bytes() for file in folder.glob("*-info/entry_points.txt"))


def _of_file(path: Path) -> Iterator[Offer[object]]:
    if path not in _modules:
        _modules[path] = _imported(path)
    module, seen = _modules[path], set[int]()
    for value in vars(module).values() if module else ():
        for row in value if isinstance(value, list | tuple) else [value]:
            if id(row) not in seen:
                seen.add(id(row))
                yield Offer(row, f"the plug-in {path.name}")


def _imported(path: Path) -> ModuleType | None:
    from hashlib import sha256

    name = f"apsnet_plugin_{path.stem}_{sha256(str(path).encode()).hexdigest()[:8]}"
    spec = spec_from_file_location(name, path) if path.suffix == ".py" else None
    if spec is None or spec.loader is None or not path.is_file():
        report(f"the plug-in {path} was left out: there is no such Python file")
        return None
    module = module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as why:
        del sys.modules[name]
        report(f"the plug-in {path.name} was left out: it could not be imported ({_said(why)})")
        return None
    return module


def _said(why: BaseException) -> str:
    text = " ".join(str(why).split())
    return f"{type(why).__name__}: {text}" if text else type(why).__name__
