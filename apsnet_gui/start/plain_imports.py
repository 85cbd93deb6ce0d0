"""Restore Python's own ``import``, which PySide6 replaces by one that reads the source of every module."""

from __future__ import annotations

import builtins

import PySide6.QtCore  # noqa: F401  (this import replaces ``__import__``)


def restore_imports() -> None:
    """Restore the ``__import__`` function from before the import of PySide6.

    PySide6's function reads the source of each imported module and searches it for PySide6, to support
    ``from __feature__ import``, which this program does not use. That took 20 ms until the window was
    painted, 80 ms for torch, and 40 MB, because the sources stay in memory.
    """
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
