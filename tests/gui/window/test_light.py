"""Clouds without normals or curvature: both are estimated in the background for light and colours."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from apsnet_core import files
from apsnet_core.cloud import PointCloud
from apsnet_core.colours.curvature import known_curvature
from apsnet_core.colours.field_colours import colours_of
from apsnet_gui.comparison.report_colours import colour_words
from apsnet_gui.jobs.background import Job, Work
from apsnet_gui.viewport.scene import PointLayer
from apsnet_gui.window.window import Window
from tests.narrow import of_kind, present

from .conftest import OpenWindow, settle


@pytest.fixture
def ball(tmp_path: Path) -> Path:
    """A sphere around (5, 0, 0), whose normals are known: the directions from its centre."""
    xyz = np.random.default_rng(0).normal(size=(20_001, 3))
    xyz /= np.linalg.norm(xyz, axis=1, keepdims=True)
    files.write(PointCloud.from_array(xyz + np.array([5, 0, 0])), tmp_path / "ball.ply")
    return tmp_path / "ball.ply"


def drawn(window: Window) -> PointLayer:
    return of_kind(PointLayer, window.view.scene.layers[0])


def brightness(window: Window) -> np.ndarray:
    """The lightness of each pixel in the middle row of the view."""
    image = window.view.grab().toImage()
    wide, high = image.width(), image.height()
    shown = [image.pixelColor(x, high // 2).lightness() for x in range(wide)]
    return np.array(shown)


def test_a_file_without_normals_is_lit_with_estimated_normals(
    qtbot: QtBot, open_window: OpenWindow, ball: Path
) -> None:
    window = open_window(str(ball))
    window.session.look(samples=False, axes=False, depth=0, point_size=6)
    settle(qtbot, window)
    flat = brightness(window)
    window.clouds.facts.lit.click()
    assert [job.title for job in window.background.jobs].count("Estimating normals") == 1
    settle(qtbot, window)
    found = present(drawn(window).normals)
    cloud = of_kind(PointCloud, present(window.session.document.active).shape)
    true = cloud.xyz - (np.array([5, 0, 0]) - cloud.offset)
    assert np.abs((found * true).sum(axis=1)).min() > 0.97
    assert "estimated from 16 neighbours" in window.messages.all[-1].text
    lit, disc = brightness(window), flat > flat[3] + 30
    inner = np.flatnonzero(disc)
    middle, rim = inner[len(inner) // 2], inner[len(inner) // 40]
    assert abs(int(flat[middle]) - int(flat[rim])) < 8, "unlit, the rim is as bright as the middle"
    assert lit[middle] > lit[rim] + 25, "lit, the middle faces the camera and is brighter"


def test_an_estimate_is_kept_and_a_cancelled_one_is_not_begun_again(
    qtbot: QtBot, open_window: OpenWindow, ball: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(str(ball))
    box, begun, start = window.clouds.facts.lit, list[str](), window.background.start

    def counting(title: str, work: Work, *, lane: str | None = None, **how: bool) -> Job:
        begun.append(title)
        return start(title, work, lane=lane, **how)

    monkeypatch.setattr(window.background, "start", counting)
    box.click()
    window.background.cancel_all()
    settle(qtbot, window)
    assert drawn(window).normals is None and "stays flat" in window.messages.all[-1].text
    window.session.look(point_size=5)
    settle(qtbot, window)
    assert begun.count("Estimating normals") == 1
    window.session.undo()
    box.click()
    box.click()
    settle(qtbot, window)
    normals = present(drawn(window).normals)
    box.click()
    settle(qtbot, window)
    box.click()
    settle(qtbot, window)
    assert drawn(window).normals is normals and begun.count("Estimating normals") == 2


def test_curvature_is_estimated_and_a_cancelled_estimate_leaves_the_cloud_plain(
    qtbot: QtBot, open_window: OpenWindow, ball: Path
) -> None:
    """The oracle is ``colours_of`` of the core, as in the shell; a report's options name the curvature."""
    window = open_window(str(ball))
    entry = present(window.session.document.active)
    cloud, view = of_kind(PointCloud, entry.shape), window.commands.view
    window.session.look(samples=False)
    view.colour_by("curvature")
    assert [job.title for job in window.background.jobs].count("Estimating curvature") == 1
    window.background.cancel_all()
    settle(qtbot, window)
    plain = np.array([int(entry.colour[at : at + 2], 16) for at in (1, 3, 5)])
    assert (drawn(window).colors == plain).all() and known_curvature(cloud) is None
    assert "the cloud stays plain" in window.messages.all[-1].text
    assert not window.clouds.facts.scale.isVisible()
    view.colour_by("height")
    view.colour_by("curvature")
    settle(qtbot, window)
    expected = colours_of(cloud, "curvature", dark=True)
    np.testing.assert_array_equal(drawn(window).colors, expected.rgb)
    bar = present(window.view.caption.bar)
    assert (bar.title, bar.low, bar.high) == ("Curvature", expected.legend.low, expected.legend.high)
    qtbot.waitUntil(window.clouds.facts.scale.isVisible)
    assert "20\u202f001 points is estimated" in window.messages.all[-1].text
    assert colour_words(present(window.session.document.active)) == ["--colour-by", "curvature"]
