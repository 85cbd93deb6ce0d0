"""Import modules on one thread at a time."""

from __future__ import annotations

import sys
import threading
from importlib import import_module

_turn = threading.Lock()


def import_alone(*names: str) -> None:
    """Import modules under a lock, so that no other caller of this function imports at the same time.

    If two threads start importing different modules of a package with circular imports, such as pydantic,
    they wait for each other. Python resolves this deadlock by giving one of them an incomplete module.
    """
    for name in names:
        if not _is_whole(name):
            with _turn:
                import_module(name)


def _is_whole(name: str) -> bool:
    module = sys.modules.get(name)
    return module is not None and not getattr(module.__spec__, "_initializing", False)
