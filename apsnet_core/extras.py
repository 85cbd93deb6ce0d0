"""The parts of the program that are installed only when asked for, and the line that installs each."""

from __future__ import annotations

from importlib.util import find_spec

_WINDOW = ("PySide6", "open3d", "pyqtgraph", "qtawesome", "rapidfuzz")


def install(extra: str) -> str:
    """The line that installs ``extra``, quoted for shells in which brackets are patterns."""
    return f"pip install 'apsnet-studio[{extra}]'"


def hdbscan_lacks() -> str | None:
    """What HDBSCAN needs, in a sentence; None where it is installed."""
    return None if find_spec("sklearn") else f"HDBSCAN needs scikit-learn: {install('segment')}"


def window_lacks() -> list[str]:
    """The modules of the window that are not installed: none where it can open."""
    return [module for module in _WINDOW if find_spec(module) is None]
