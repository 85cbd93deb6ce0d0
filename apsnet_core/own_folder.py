"""The program's own folder of this user: settings, names of datasets, weights, and trainings."""

from __future__ import annotations

import os
from pathlib import Path


def own_folder() -> Path:
    """Where it is; ``APSNET_HOME`` names another one for all that lies there."""
    named = os.environ.get("APSNET_HOME")
    if named:
        return Path(named).expanduser()
    from platformdirs import user_data_path

    return user_data_path("apsnet-studio", appauthor=False)
