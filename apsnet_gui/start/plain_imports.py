"""Python's own ``import``, which PySide6 replaces with one that reads the source of every module."""

from __future__ import annotations

import builtins

import PySide6.QtCore  # noqa: F401  (which replaces it)


def restore_imports() -> None:
    """Import as before PySide6.

    Its own import reads the source of whatever is imported, looking for its name, for the sake of
    ``from __feature__ import``, which nothing here uses. That took 20 ms until the window was painted, 80 for
    torch, and 40 MB, since the sources stay in memory.
    """
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
