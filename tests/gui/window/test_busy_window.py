"""Lasso and brush follow the mouse however busy the window is; matplotlib and scipy are the oracles."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
from matplotlib.path import Path as Outline
from scipy.spatial import cKDTree

from tests.gui.window.x_mouse import XVFB, display

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or XVFB is None, reason="an X server of its own (Xvfb) moves the mouse"
)


def test_lasso_and_brush_follow_the_pointer_while_the_window_is_busy() -> None:
    with display() as name:
        done = subprocess.run(
            [sys.executable, "-m", "tests.gui.window.draw_while_busy"],
            env=os.environ | {"QT_QPA_PLATFORM": "xcb", "DISPLAY": name},
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    pixels, ring = np.array(told["pixels"]), np.array(told["ring"])
    outline = Outline(ring, closed=True)
    inside, more, less = (outline.contains_points(pixels, radius=by) for by in (0, 1, -1))
    steps = np.concatenate([np.linspace(a, b, 40) for a, b in pairwise(ring)])
    away = cKDTree(steps).query(pixels)[0]
    near, unsure = away <= told["radius"], np.abs(away - told["radius"]) < 1
    for shape, expected, left_out in (("lasso", inside, more != less), ("brush", near, unsure)):
        assert expected.sum() > 500
        np.testing.assert_array_equal(
            np.array(told["found"][shape])[~left_out], expected[~left_out], err_msg=shape
        )
    assert told["skips"] == [True, True], "without the tool, Qt may drop mouse moves again"
