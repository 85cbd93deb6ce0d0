"""Colour maps, scenes, the data sent to the renderer, messages and the drawing pace, without a window."""

from __future__ import annotations

import io
from dataclasses import replace

import matplotlib
import numpy as np
import pytest
from matplotlib.colors import ListedColormap
from PySide6.QtGui import QColor, QImage, QPainter
from scipy.stats import kstest

from apsnet_core import messages
from apsnet_gui.viewport import colormap
from apsnet_gui.viewport.camera import Camera
from apsnet_gui.viewport.changes import SentScene
from apsnet_gui.viewport.fair_order import fair_order
from apsnet_gui.viewport.overlay import nice_length
from apsnet_gui.viewport.pace import MOVING_FRAME, Pace
from apsnet_gui.viewport.sample_labels import labels
from apsnet_gui.viewport.scene import MeshLayer, PointLayer, Scene, SphereLayer, bounds, ghost
from tests.narrow import of_kind

RNG = np.random.default_rng(0)


def points(key: str = "p", n: int = 10) -> PointLayer:
    return PointLayer(key, RNG.normal(size=(n, 3)).astype(np.float32), np.zeros((n, 3), np.uint8))


def test_colours_agree_with_matplotlib() -> None:
    values = RNG.uniform(2, 5, 1000)
    for log in (False, True):
        norm = matplotlib.colors.LogNorm(2, 5) if log else matplotlib.colors.Normalize(2, 5)
        share = np.array(norm(values))
        expected = matplotlib.colormaps["viridis"](0.75 * (1 - share), bytes=True)[:, :3].astype(int)
        ours = colormap.apply(values, 2, 5, log, dark=False).astype(int)
        assert np.abs(ours - expected)[share > 0.31].max() <= 4  # one step of the table
    colours = np.array(of_kind(ListedColormap, matplotlib.colormaps["inferno"]).colors)
    inferno = (colours * 255 + 0.5).astype(np.uint8)
    assert colormap.table(dark=True)[-1].tolist() == inferno[-1].tolist()
    assert colormap.table(dark=True)[0].max() > 80, "the lowest value must differ from a dark background"


def test_on_white_the_lowest_value_is_grey_and_higher_values_are_darker() -> None:
    table = colormap.table(dark=False).astype(float)
    assert np.ptp(table[0]) == 0 and 190 <= table[0, 0] <= 215
    linear = np.where(table / 255 <= 0.04045, table / 255 / 12.92, ((table / 255 + 0.055) / 1.055) ** 2.4)
    lightness = 116 * np.cbrt(linear @ [0.2126, 0.7152, 0.0722]) - 16  # CIE L*
    assert (np.diff(lightness) < 0.3).all() and lightness[0] < 85 and lightness[-1] < 20


def test_colours_are_clipped_and_unknown_values_are_marked() -> None:
    colours = colormap.apply([-9, 0, 1, 9, np.nan], 0, 1)
    assert colours[0].tolist() == colours[1].tolist() == colormap.table()[0].tolist()
    assert colours[2].tolist() == colours[3].tolist() == colormap.table()[-1].tolist()
    assert colours[4].tolist() == list(colormap.UNKNOWN)
    assert colormap.apply([3, 3], 3, 3).tolist() == [colormap.table()[0].tolist()] * 2
    with pytest.raises(ValueError, match="above zero"):
        colormap.apply([1], 0, 1, log=True)


def test_bounds_enclose_the_visible_layers() -> None:
    cloud = points(n=500)
    hidden = replace(points("h"), xyz=np.full((10, 3), 99, np.float32), visible=False)
    balls = SphereLayer("s", np.array([[5, 0, 0]], np.float32), np.zeros((1, 3), np.uint8), 0.5)
    ball = bounds(Scene((cloud, hidden, balls)))
    assert (np.linalg.norm(cloud.xyz - ball.center, axis=1) <= ball.radius).all()
    assert np.linalg.norm(balls.centers[0] - ball.center) + 0.5 <= ball.radius + 1e-6
    assert ball.radius < 20
    assert bounds(Scene()).radius == 1


def test_bad_layers_are_refused() -> None:
    with pytest.raises(ValueError, match="xyz must be"):
        PointLayer("p", np.zeros((3, 3)), np.zeros((3, 3), np.uint8))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="3 rows, not 2"):
        PointLayer("p", np.zeros((3, 3), np.float32), np.zeros((2, 3), np.uint8))
    with pytest.raises(ValueError, match="labels must be empty or 2 texts, not 1"):
        SphereLayer("s", np.zeros((2, 3), np.float32), np.zeros((2, 3), np.uint8), 1.0, ("1",))
    with pytest.raises(ValueError, match="keys must differ"):
        Scene((points("a"), points("a")))


def test_only_changed_layers_and_arrays_are_sent() -> None:
    sent = SentScene()
    cloud, balls = points(n=100), SphereLayer("s", points().xyz, points().colors, 0.1)
    scene = Scene((cloud, balls))
    header, arrays = sent.update(scene) or ({}, [])
    assert len(arrays) == 4
    assert sent.update(scene) is None
    header, arrays = sent.update(Scene((replace(cloud, colors=cloud.colors.copy()), balls))) or ({}, [])
    assert [layer["change"] for layer in header["layers"]] == ["colors", "none"]
    assert len(arrays) == 1
    header, arrays = sent.update(Scene((balls,), point_size=5)) or ({}, [])
    assert [layer["change"] for layer in header["layers"]] == ["none"]
    assert arrays == []
    header, arrays = sent.update(Scene((replace(balls, radius=0.2),))) or ({}, [])
    assert [layer["change"] for layer in header["layers"]] == ["all"]
    mesh = MeshLayer("s", cloud.xyz, np.array([[0, 1, 2]]), np.zeros(3, np.uint8))
    header, arrays = sent.update(Scene((mesh,))) or ({}, [])
    assert (header["layers"][0]["kind"], len(arrays)) == ("mesh", 3)


def test_messages_are_restored_and_a_truncated_stream_is_refused() -> None:
    arrays: list[np.ndarray] = [
        RNG.normal(size=(5, 3)).astype(np.float32),
        np.zeros((0, 3), np.uint8),
        np.arange(7)[::2],
    ]
    stream = io.BytesIO()
    messages.send(stream, ({"do": "it"}, arrays))
    text = stream.getvalue()
    header, again = messages.receive(io.BytesIO(text))
    assert header == {"do": "it"}
    for array, copy in zip(arrays, again, strict=True):
        np.testing.assert_array_equal(array, copy)
        assert array.dtype == copy.dtype
    for cut in (0, 3, 20, len(text) - 1):
        with pytest.raises(EOFError):
            messages.receive(io.BytesIO(text[:cut]))


@pytest.mark.parametrize(("per_point", "per_pixel"), [(2e-6, 2e-9), (1e-9, 4e-7), (3e-7, 3e-8)])
def test_the_pace_is_learned_on_any_machine(per_point: float, per_pixel: float) -> None:
    pace, points, pixels, budget = Pace(), 2_000_000.0, 1_600_000.0, 0.06
    seconds = 0.0
    for _ in range(60):
        halvings, scale = pace.draft(points, pixels, budget)
        drawn = points / 2**halvings, pixels * scale**2
        seconds = 0.001 + drawn[0] * per_point + drawn[1] * per_pixel
        pace.learn(*drawn, seconds)
    assert seconds <= 1.1 * budget
    assert seconds >= 0.15 * budget, "more would have been affordable"
    assert pace.draft(100, 1000, budget) == (0, 1.0)


@pytest.mark.parametrize("movers", [1, 4])
@pytest.mark.parametrize("way", [0.001, 0.03])
def test_a_moving_view_draws_in_the_time_that_the_transfer_leaves(movers: int, way: float) -> None:
    pace = Pace()
    for _ in range(40):
        pace.wait(way / movers)
    pace.wait(3.0)  # a pause of the user does not count
    turn = movers * (pace.moving(movers) + way / movers)
    assert 0.6 * MOVING_FRAME < turn < MOVING_FRAME


def test_ghost_fades_towards_the_background() -> None:
    faded = ghost(np.array([[200, 100, 0]], np.uint8), (0, 0, 100), 0.25)
    assert faded.tolist() == [[50, 25, 75]]


@pytest.mark.parametrize(("length", "expected"), [(0.37, 0.2), (1, 1), (4.99, 2), (5, 5), (73000, 50000)])
def test_scale_lengths_are_round(length: float, expected: float) -> None:
    assert nice_length(length) == pytest.approx(expected)


def test_labels_do_not_overlap_and_know_whether_their_ball_is_visible() -> None:
    centres = np.array([[0, 0, 0], [0, 0, -1], [0.8, 0, 0], [50, 0, 0]], np.float32)
    colors = np.full((4, 3), (213, 94, 0), np.uint8)
    layer = SphereLayer("s", centres, colors, 0.05, ("1", "2", "3", "4"))
    image = QImage(320, 240, QImage.Format.Format_RGB32)
    image.fill(QColor(24, 26, 29))
    with QPainter(image) as painter:
        painter.fillRect(155, 115, 10, 10, QColor(160, 70, 0))  # ball 1, in a dim light
    found = {label.text: label for label in labels(image, Scene((layer,)), Camera(), (320, 240))}
    assert found.keys() == {"1", "3"}, "2 is behind 1, 4 is outside the view"
    assert found["1"].seen
    assert not found["3"].seen


def test_faded_colours_are_between_their_own_and_the_background() -> None:
    colors = np.random.default_rng(0).integers(0, 256, (500, 3), dtype=np.uint8)
    expected = np.floor(colors * 0.25 + np.array([24, 120, 250]) * 0.75 + 0.5)
    np.testing.assert_array_equal(ghost(colors, (24, 120, 250)), expected)


@pytest.mark.parametrize("count", [0, 1, 2, 7, 5000, 131_072, 300_001])
def test_each_separately_drawn_part_of_a_cloud_is_a_fair_sample_of_it(count: int) -> None:
    order = fair_order(count, 40_000)
    np.testing.assert_array_equal(np.sort(order), np.arange(count))
    drafts = [order[: count >> halvings] for halvings in range(8)]
    pieces = [order[first : first + 40_000] for first in range(0, count, 40_000)]
    for part in (*drafts, *pieces, order[::97]):
        if len(part) >= 20:
            assert kstest(part / count, "uniform").pvalue > 1e-4
    falls = np.count_nonzero(np.diff(order) < 0)
    assert falls <= 32 + count // 40_000, "neighbours in the file must be drawn one after another"
