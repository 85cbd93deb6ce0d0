"""The caches of the program: compiled loops, datasets as npz files, pictures of shapes."""

from __future__ import annotations

import shutil
from pathlib import Path


def folders() -> list[Path]:
    """The user's cache folder, and the dataset cache if APSNET_CACHE puts it elsewhere."""
    from platformdirs import user_cache_path

    from apsnet_core.datasets.cache import cache_folder

    own, datasets = user_cache_path("apsnet-studio", appauthor=False), cache_folder()
    return [own] if own in datasets.parents else [own, datasets]


def sizes() -> dict[str, int]:
    """The size in bytes of each cache folder that exists."""
    return {str(folder): sum(map(_size, folder.rglob("*"))) for folder in folders() if folder.is_dir()}


def clear() -> dict[str, int]:
    """Empty the cache folders; return the number of freed bytes for each.

    From a folder that the user chose with APSNET_CACHE, only the program's own npz files are removed.
    """
    freed = sizes()
    own, *named = folders()
    shutil.rmtree(own, ignore_errors=True)
    for folder in named:
        for entry in folder.glob("*-*.npz"):
            entry.unlink(missing_ok=True)
    after = sizes()
    return {folder: size - after.get(folder, 0) for folder, size in freed.items()}


def _size(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:  # another process has just removed it
        return 0
