"""The program's data folder of the user: settings, names of datasets, weights, and training runs."""

from __future__ import annotations

import os
from pathlib import Path


def own_folder() -> Path:
    """The path of the folder, which the environment variable ``APSNET_HOME`` can override."""
    named = os.environ.get("APSNET_HOME")
    if named:
        return Path(named).expanduser()
    from platformdirs import user_data_path

    return user_data_path("apsnet-studio", appauthor=False)
