"""Imports modules on one thread at a time."""

from __future__ import annotations

import sys
import threading
from importlib import import_module

_turn = threading.Lock()


def import_alone(*names: str) -> None:
    """Import modules, each while no other thread is in here.

    Two threads that enter a package with circles in it at different modules, as pydantic's, wait for each
    other; Python ends that by showing one of them a module that is half made.
    """
    for name in names:
        if not _is_whole(name):
            with _turn:
                import_module(name)


def _is_whole(name: str) -> bool:
    module = sys.modules.get(name)
    return module is not None and not getattr(module.__spec__, "_initializing", False)
