"""Pictures of samplings of dense clouds: near surfaces hide far ones, and their edges are dark."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from apsnet_core.cloud import Float32
from apsnet_core.colours.eye_dome import SPARSE
from apsnet_core.evaluation.figures.attention_figure import Dressing, attention_figure
from apsnet_core.evaluation.figures.camera import camera_of
from apsnet_core.evaluation.figures.dense_cloud import nearest_pixels
from apsnet_core.evaluation.figures.fig4_panels import SamplePicture
from apsnet_core.evaluation.figures.samples import TITLE, Panel, sampling_picture
from apsnet_core.evaluation.figures.saving import raster
from apsnet_core.evaluation.figures.stills import stills

NONE = np.zeros((0, 3), np.float32)
RED, BLUE = (200, 30, 30), (30, 30, 200)


def walls(steps: int) -> tuple[Float32, np.ndarray]:
    """A wall in front of another of twice its width: all points, and a mask of those of the front wall."""
    grid = np.linspace(0, 1, steps)
    across, up = (each.ravel() for each in np.meshgrid(grid, grid))
    front = np.column_stack([across / 2, 0 * up, up])
    back = np.column_stack([across, 0.4 + 0 * up, up])
    return np.concatenate([front, back]).astype(np.float32), np.arange(2 * len(up)) < len(up)


def still(points: Float32, colours: np.ndarray | None = None) -> np.ndarray:
    """The still picture of a report, (h, w, 4), on a transparent background."""
    figure = sampling_picture(points, [Panel(NONE, "#000000", "")], colours=colours)
    return np.asarray(Image.open(BytesIO(stills(figure, 1, TITLE)[0])).convert("RGBA")).astype(int)


def test_a_report_shows_a_dense_cloud_as_a_surface_with_dark_edges() -> None:
    points, front = walls(300)
    shown = still(points, np.where(front[:, None], RED, BLUE).astype(np.uint8))
    seen = shown[..., 3] > 200
    assert seen.mean() > 0.3
    rgb = shown[seen][:, :3]
    reds, blues = (np.abs(rgb - each).max(axis=1) < 30 for each in (RED, BLUE))
    assert reds.mean() > 0.2 and blues.mean() > 0.2
    mixed = (rgb[:, 0] > 80) & (rgb[:, 2] > 80)
    assert mixed.mean() < 0.02, "the far wall shows through the near one"
    dark = (rgb.max(axis=1) < 0.75 * 200) & ~mixed
    assert 0.001 < dark.mean() < 0.1, "the far wall must be dark along the edge of the near one"


def test_the_ghost_of_a_cloud_is_paler_where_it_is_far() -> None:
    points, _ = walls(300)
    shown = still(points)
    opacity = shown[..., 3][shown[..., 3] > 60]
    near, far = np.quantile(opacity, [0.9, 0.1])
    assert near > far + 30
    few, _ = walls(90)
    assert len(few) < SPARSE < len(points) and still(few)[..., 3].max() > 0


@pytest.mark.parametrize("attention", [True, False])
def test_fig_4_of_a_dense_cloud_has_dark_edges(attention: bool) -> None:
    points, _ = walls(300)
    weights = np.ones(len(points), np.float32) if attention else None
    scene = SamplePicture(NONE, "#ff0000", weights, None, "a\nb", "", "", 0.0)
    camera = camera_of("front", np.eye(3), np.zeros(3), 1.0)
    image = np.asarray(
        raster(attention_figure(points, [[scene]], dressing=Dressing(camera, labels=False)))
    ).astype(int)[..., :3]
    row = image[image.shape[0] // 3].max(axis=1)
    near = np.median(row[len(row) // 6 : len(row) // 3])
    dark = np.flatnonzero(row < near - 12)
    assert len(dark) and 0.4 < np.median(dark) / len(row) < 0.7


def test_few_points_are_discs() -> None:
    """Two points in a picture 60 pixels wide are drawn as discs with a diameter of six pixels."""
    flat, rgb = np.array([[0.25, 0.5], [0.75, 0.5]]), np.array([RED, BLUE], np.uint8)
    camera = camera_of("front", np.eye(3), np.zeros(3), 1.0)
    image = nearest_pixels(flat, np.zeros(2), rgb, np.zeros(2), np.ones(2), 60, camera)
    across = np.arange(60) + 0.5
    for x, colour in ((15, RED), (45, BLUE)):
        inside = (across[None] - x) ** 2 + (across[:, None] - 30) ** 2 <= 3**2
        found = (image[..., :3] == colour).all(axis=2) & (image[..., 3] == 255)
        np.testing.assert_array_equal(found, inside)
