"""One application and one renderer for all tests of the window."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from apsnet_gui.viewport.client import RenderClient

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(scope="session")
def renderer(qapp: QApplication) -> Iterator[RenderClient]:
    """The real Open3D process, shared: starting it takes longer than most tests."""
    client = RenderClient()
    yield client
    client.shutdown()
