"""A cache of the shapes of a dataset in one array file, rebuilt if the source changes or the file is damaged.

The name of an entry contains hashes of the source's path and of the names, sizes and times of its files, so
an entry that is found is current. ``APSNET_CACHE`` chooses another folder.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from apsnet_core.atomic import atomic_path
from apsnet_core.datasets.dataset import Shapes

_log = logging.getLogger(__name__)

_VERSION = "2"
"""A part of the name of each entry. Increase it when a reader returns other shapes for the same files."""


def cache_folder() -> Path:
    """The folder of the entries: ``APSNET_CACHE``, or the system's usual folder for caches."""
    named = os.environ.get("APSNET_CACHE")
    if named:
        return Path(named)
    from platformdirs import user_cache_path

    return user_cache_path("apsnet-studio", appauthor=False) / "datasets"


def remembered(folder: Path, files: Iterable[Path], read: Callable[[], Shapes]) -> Shapes:
    """The cached result of ``read()`` if none of ``files`` in ``folder`` has changed, else a new one."""
    place = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    entry = cache_folder() / f"{place}-{_state(folder, files)}.npz"
    if entry.is_file():
        try:
            return _load(entry)
        except Exception as error:  # a damaged zip can raise many errors; the source can be read again
            _log.warning("the cache of %s is damaged (%s: %s); reading it again", folder, entry.name, error)
    shapes = read()
    try:
        _save(shapes, entry)
        for outdated in entry.parent.glob(f"{place}-*.npz"):
            if outdated != entry:
                outdated.unlink(missing_ok=True)
    except OSError as error:
        _log.warning("%s could not be cached in %s: %s", folder, entry.parent, error)
    return shapes


def _state(folder: Path, files: Iterable[Path]) -> str:
    digest = hashlib.sha256(_VERSION.encode())
    for path in sorted(files):
        if not path.is_file():  # the reader of the source reports files that are listed but missing
            continue
        stat = path.stat()
        digest.update(f"{path.relative_to(folder)}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]


def _save(shapes: Shapes, entry: Path) -> None:
    # Missing optional arrays are stored as empty arrays, because None would be pickled.
    nothing = np.empty(0)
    with atomic_path(entry) as beside:
        np.savez(
            beside,
            points=shapes.points,
            labels=shapes.labels,
            names=np.array(shapes.names),
            classes=np.array(shapes.classes),
            test=nothing if shapes.test is None else shapes.test,
            licence=np.array(shapes.licence),
            groups=nothing if shapes.groups is None else shapes.groups,
            validation=nothing if shapes.validation is None else shapes.validation,
            broken=np.array(shapes.broken, dtype=str).reshape(-1, 2),
            notes=np.array(shapes.notes, dtype=str),
            kept=nothing if shapes.kept is None else shapes.kept,
        )


def _load(entry: Path) -> Shapes:
    with np.load(entry, allow_pickle=False) as stored:
        return Shapes(
            points=stored["points"],
            labels=stored["labels"],
            names=tuple(stored["names"].tolist()),
            classes=tuple(stored["classes"].tolist()),
            test=stored["test"] if stored["test"].size else None,
            licence=str(stored["licence"]),
            groups=stored["groups"] if stored["groups"].size else None,
            validation=stored["validation"] if stored["validation"].size else None,
            broken=tuple((path, why) for path, why in stored["broken"].tolist()),
            notes=tuple(stored["notes"].tolist()),
            kept=stored["kept"] if stored["kept"].size else None,
        )
