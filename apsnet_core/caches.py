"""What the program keeps to be faster: compiled loops, datasets that were read, pictures of shapes."""

from __future__ import annotations

import shutil
from pathlib import Path


def folders() -> list[Path]:
    """This user's folder of caches, and that of datasets where APSNET_CACHE names another one."""
    from platformdirs import user_cache_path

    from apsnet_core.datasets.cache import cache_folder

    own, datasets = user_cache_path("apsnet-studio", appauthor=False), cache_folder()
    return [own] if own in datasets.parents else [own, datasets]


def sizes() -> dict[str, int]:
    """Bytes by folder; those that are not there are none."""
    return {str(folder): sum(map(_size, folder.rglob("*"))) for folder in folders() if folder.is_dir()}


def clear() -> dict[str, int]:
    """Remove what is in the folders, and say how many bytes that were.

    Of a folder that somebody chose only what this program writes there.
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
    except OSError:  # gone meanwhile
        return 0
