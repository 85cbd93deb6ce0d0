"""A field has the same colours in the window, in `apsnet picture` and in a report: points and legend."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from apsnet_core import files
from apsnet_core.cloud import PointCloud
from apsnet_core.colours import colormap
from apsnet_core.colours.field_colours import FieldScale
from apsnet_gui.comparison.report_colours import colour_words
from apsnet_gui.viewport.camera import fit_scene, standard_view
from apsnet_gui.viewport.colormap import ColorBar
from apsnet_gui.viewport.projection import project
from apsnet_gui.viewport.scene import Rgb, positions
from apsnet_gui.window.window import Window
from tests.core.cli.command import answer
from tests.gui.pictures import Pixels, pixels
from tests.narrow import present

from .conftest import OpenWindow, settle

SIDE = 16
COUNT = SIDE * SIDE
ROW = np.arange(COUNT)
WIDE, MARGIN = 810, 0.03  # width in pixels of a still picture of a field, and its free margin as a share
Field = tuple[str, FieldScale | None]

HEAT = np.where(ROW % 9 == 4, np.nan, np.sin(ROW / 40.0))
FIELDS = {
    "intensity": (ROW * 7) % 256 + 1,
    "classification": np.array([2, 6, 9, 40])[ROW % 4],
    "return_number": ROW % 3 + 1,
    "gps_time": 1e6 + ROW / 10.0,
    "curvature": np.sqrt(ROW + 0.5),
    "heat": HEAT,
}


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """A nearly flat grid of points, far from the origin."""
    across, along = ROW % SIDE, ROW // SIDE
    xyz = np.stack([637_000.0 + across, 851_000.0 + along, 400 + 0.02 * ROW / COUNT], axis=1)
    file = tmp_path / "scan.ply"
    files.write(PointCloud.from_array(xyz, attributes=FIELDS), file)
    return file


def expected(field: str, scale: FieldScale) -> Pixels:
    """The oracle, (n, 3): matplotlib's colours of the float64 values; grey where a value is missing."""
    values = np.asarray(0.02 * ROW / COUNT if field == "height" else FIELDS[field], np.float64)
    known = values[np.isfinite(values) & ((values > 0) | (not scale.log))]
    low, high = np.percentile(known, scale.percentiles).tolist()
    low, high = low if scale.low is None else scale.low, high if scale.high is None else scale.high
    part = np.log(values / low) / np.log(high / low) if scale.log else (values - low) / (high - low)
    rows = np.clip(np.nan_to_num(part) * 256, 0, 255).astype(int)
    return np.asarray(np.where(np.isfinite(values)[:, None], table(scale)[rows], 128), np.uint8)


def table(scale: FieldScale) -> Pixels:
    """(256, 3): the colours of a map; "auto" is the program's own map for a light background."""
    if scale.map == "auto":
        return colormap.table(dark=False)
    return np.asarray(matplotlib.colormaps[scale.map](np.arange(256), bytes=True)[:, :3], np.uint8)


def in_window(qtbot: QtBot, window: Window, field: Field) -> tuple[Pixels, Pixels]:
    """The colours at the points of the picture, (n, 3), and the pixels of the whole view."""
    name, scale = field
    own = name in ("height", "curvature")
    window.commands.view.colour_by(name if own else f"field:{name}")
    window.session.edit(present(window.session.document.current), "Scale", scale=scale)
    settle(qtbot, window)
    view = window.view
    [layer] = view.scene.layers
    image = pixels(present(view.frame).image)
    places, _ = project(view.camera, positions(layer).astype(np.float64), (image.shape[1], image.shape[0]))
    columns, rows = places.astype(int).T
    return image[rows, columns], pixels(view.grab().toImage())


def shades(image: Pixels) -> set[Rgb]:
    """All colours of a picture."""
    return {(r, g, b) for r, g, b in np.unique(image.reshape(-1, 3), axis=0).tolist()}


def share(colours: Pixels, image: Pixels, within: int = 1) -> float:
    """The fraction of ``colours`` (n, 3) in a picture, within a tolerance for repeated rounding in files."""
    there = np.unique(image.reshape(-1, 3), axis=0).astype(int)
    return float(np.mean([(abs(there - rgb).max(axis=1) <= within).any() for rgb in colours.astype(int)]))


def legend_colours(bar: ColorBar) -> Pixels:
    return np.array([each.rgb for each in bar.classes if not each.hidden] or bar.table, np.uint8)


def test_points_and_legends_have_the_same_colours_in_every_place(
    qtbot: QtBot, open_window: OpenWindow, scan: Path, tmp_path: Path
) -> None:
    window = open_window(str(scan))
    window.session.edit(present(window.session.document.current), "Up", up="z")
    window.session.look(samples=False, depth=0, point_size=9, background="light", axes=False)
    settle(qtbot, window)
    view = window.view
    top = standard_view(replace(view.camera, orthographic=True), "top", "z")
    view.camera = fit_scene(top, view.scene, view.logical)
    fields: list[Field] = [
        ("intensity", None),
        ("intensity", FieldScale(percentiles=(2, 98), log=True, map="magma")),
        ("gps_time", FieldScale(percentiles=(0, 100), map="turbo")),
        ("heat", FieldScale(-0.5, 0.75, map="cividis")),
        ("curvature", FieldScale(map="viridis")),
        ("height", FieldScale(percentiles=(0, 100), map="coolwarm")),
        ("classification", None),
        ("return_number", FieldScale(hidden=(2,))),
    ]
    for number, (name, scale) in enumerate(fields):
        points, whole = in_window(qtbot, window, (name, scale))
        bar = present(view.caption.bar)
        entry = present(window.session.document.active)
        words = [*colour_words(entry), "--up", "z"]
        still = tmp_path / f"{number}.png"
        answer("picture", scan, *words, "--camera", "top", "-o", still)
        report = tmp_path / f"report{number}"
        answer("compare", scan, *words, "-m", "random", "-n", "1", "-o", report)
        picture, page = (
            np.asarray(Image.open(each).convert("RGB")) for each in (still, report / "random.png")
        )
        x, y = ((ROW % SIDE) / (SIDE - 1) + MARGIN, 1 - (ROW // SIDE) / (SIDE - 1) + MARGIN)
        drawn = picture[(y / (1 + 2 * MARGIN) * WIDE).astype(int), (x / (1 + 2 * MARGIN) * WIDE).astype(int)]
        seen = np.ones(COUNT, bool) if scale is None else ~np.isin(FIELDS.get(name, ROW), scale.hidden)
        if not bar.classes:
            wanted = expected(name, scale or FieldScale()).astype(int)
            np.testing.assert_allclose(points.astype(int), wanted, atol=1, err_msg=name)
        assert len(points) == seen.sum(), name
        # Drawing a picture file rounds colours.
        np.testing.assert_allclose(drawn[seen].astype(int), points.astype(int), atol=1, err_msg=name)
        assert share(points, page) > 0.95, name  # the sample hides some points
        legend = legend_colours(bar)
        assert share(legend, picture[WIDE:]) > 0.95, name
        html = (report / "index.html").read_text()
        told = legend.tolist() if bar.classes else legend[[0, -1]].tolist()
        assert all(f"rgb{tuple(rgb)}" in html for rgb in told), name
        edge = whole[40:240, -40:]
        assert share(np.array(told), edge, within=4) == 1, name  # the bar has fewer pixels than colours


def test_a_legend_fades_with_the_points_that_it_explains(
    qtbot: QtBot, open_window: OpenWindow, scan: Path
) -> None:
    window = open_window(str(scan))
    window.session.look(depth=0, point_size=9, axes=False)
    for name in ("classification", "heat"):
        window.commands.view.colour_by(f"field:{name}")
        for samples in (True, False):
            window.session.look(samples=samples)
            settle(qtbot, window)
            bar = present(window.view.caption.bar)
            cloud = next(
                layer for layer in window.view.scene.layers if layer.key == window.session.document.current
            )
            known = {*map(tuple, legend_colours(bar).tolist()), bar.unknown}
            assert shades(np.asarray(cloud.colors)) <= known
            assert (
                share(legend_colours(bar)[[0, -1]], pixels(window.view.grab().toImage())[:, -40:], within=4)
                == 1
            )
