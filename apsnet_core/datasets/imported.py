"""Names for dataset folders: `apsnet data import` registers them, and every command accepts them."""

from __future__ import annotations

import json
from pathlib import Path

from apsnet_core.atomic import write_text
from apsnet_core.datasets.dataset import DatasetError
from apsnet_core.datasets.registry import named_datasets
from apsnet_core.own_folder import own_folder


def known() -> dict[str, Path]:
    """The folder of each name from plug-ins and imports; an imported name hides that of a plug-in."""
    return {row.name: Path(row.folder()) for row in named_datasets()} | imported()


def imported() -> dict[str, Path]:
    """The folder of each imported name. Raises DatasetError if the register is damaged."""
    register = _register()
    if not register.is_file():
        return {}
    try:
        return {str(name): Path(path) for name, path in json.loads(register.read_text("utf-8")).items()}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise DatasetError(register, f"is damaged ({error}); delete it and import again") from error


def remember(name: str, folder: Path) -> None:
    """Register ``name`` for ``folder``. Raises ValueError if the name is not allowed."""
    if name == "furniture" or not name or any(mark in name for mark in "/\\"):
        raise ValueError(f"{name!r} cannot be the name of a dataset: no slashes, and furniture is bundled")
    names = {**imported(), name: folder.resolve()}
    write_text(_register(), json.dumps({key: str(path) for key, path in sorted(names.items())}, indent=1))


def _register() -> Path:
    return own_folder() / "datasets.json"
