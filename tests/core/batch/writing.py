"""The work of the tests' child processes, in a module of its own so that they import little."""

from __future__ import annotations

import os
import signal

from apsnet_core.atomic import atomic_path
from apsnet_core.batch.item import Item, Result


def writes(item: Item) -> Result:
    name = item.source.name
    if name == "raises":
        raise ValueError("this file is no good")
    with atomic_path(item.target) as beside:
        beside.write_text(name)
        if name == "dies":
            os.kill(os.getpid(), signal.SIGKILL)
        if name == "cannot":
            item.target.mkdir()  # prevents the move of the finished file
    return {"pid": os.getpid(), "there": item.target.exists()}
