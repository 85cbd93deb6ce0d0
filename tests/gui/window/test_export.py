"""Samples that the window exports are read back from each file format with the same coordinates."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from apsnet_core.files import read
from apsnet_gui.jobs.export import write_result

from .conftest import CHAIR, OpenWindow


@pytest.mark.parametrize("suffix", [".ply", ".npy", ".csv", ".h5", ".las"])
def test_an_exported_sampling_is_read_back(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path, suffix: str
) -> None:
    window = open_window(CHAIR)
    result = window.session.result
    assert result is not None
    path = tmp_path / f"out{suffix}"
    write_result(result, path)
    np.testing.assert_allclose(read(path).absolute, result.sampling.absolute, atol=2e-3)
