"""The optional parts of the program, and the command that installs each."""

from __future__ import annotations

from importlib.util import find_spec

_WINDOW = ("PySide6", "open3d", "pyqtgraph", "qtawesome", "rapidfuzz")


def install(extra: str) -> str:
    """The command that installs ``extra``, quoted for shells in which brackets are patterns."""
    return f"pip install 'apsnet-studio[{extra}]'"


def hdbscan_lacks() -> str | None:
    """A sentence with the package that HDBSCAN needs; None if it is installed."""
    return None if find_spec("sklearn") else f"HDBSCAN needs scikit-learn: {install('segment')}"


def window_lacks() -> list[str]:
    """The missing modules of the window; an empty list if the window can open."""
    return [module for module in _WINDOW if find_spec(module) is None]
