"""Display of points in notebooks: a small picture, a plot, or the window."""

from __future__ import annotations

import atexit
import base64
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from apsnet_core import scratch, worker
from apsnet_core.arrays import np, npt
from apsnet_core.extras import install, window_lacks
from apsnet_core.types import Array, Foreign
from apsnet_core.upward import up_turn, upward

if TYPE_CHECKING:
    from apsnet_core.page.views import View

_SIDE = 240
_SAMPLE = (213, 94, 0)


def picture(
    xyz: Array, rgb: Array | None = None, samples: Array | None = None, turn: Array | None = None
) -> bytes:
    """A PNG of points (n, 3), seen obliquely from the front, right and above; ``samples`` (m, 3) are larger.

    ``turn`` (3, 3) rotates the points so that z points up.
    """
    if turn is not None:
        xyz, samples = xyz @ turn.T, None if samples is None else samples @ turn.T
    centre = (xyz.min(axis=0) + xyz.max(axis=0)) / 2
    radius = max(float(np.linalg.norm(xyz - centre, axis=1).max()), 1e-12)
    image = np.full((_SIDE, _SIDE, 3), 255, dtype=np.uint8)
    grey = np.full((len(xyz), 3), 150, dtype=np.uint8)
    colours = grey if rgb is None else (rgb >> 8 if rgb.dtype == np.uint16 else rgb).astype(np.uint8)
    _draw(image, (xyz - centre) / radius, colours, 1)
    if samples is not None:
        _draw(image, (samples - centre) / radius, np.full((len(samples), 3), _SAMPLE, dtype=np.uint8), 3)
    from PIL import Image

    stream = BytesIO()
    Image.fromarray(image).save(stream, "PNG")
    return stream.getvalue()


def on_faces(vertices: Array, faces: Array, count: int = 4000) -> Array:
    """Sample points (count, 3) on triangles by area, for a picture; the vertices if all areas are 0."""
    corners = vertices[faces].astype(np.float64)
    areas = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    if not areas.sum() > 0:
        return vertices
    draw = np.random.default_rng(0)
    chosen = corners[draw.choice(len(faces), count, p=areas / areas.sum())]
    a, b = draw.random((2, count, 1))
    a, b = np.where(a + b > 1, 1 - a, a), np.where(a + b > 1, 1 - b, b)
    return np.asarray(chosen[:, 0] + a * (chosen[:, 1] - chosen[:, 0]) + b * (chosen[:, 2] - chosen[:, 0]))


def html(title: str, png: bytes) -> str:
    """The picture with its title as a caption, as HTML for a notebook."""
    from html import escape

    source = base64.b64encode(png).decode()
    image = f'<img src="data:image/png;base64,{source}"/>'
    return f"<figure>{image}<figcaption>{escape(title)}</figcaption></figure>"


def widget(
    title: str,
    xyz: Array,
    rgb: Array | None,
    samples: Array,
    attention: Callable[[Array], Array] | None = None,
    source: str | None = None,
) -> str:
    """An HTML frame with points (n, 3) and ``samples`` (m, 3) that the user can rotate, as in a report."""
    from apsnet_core.page.views import View

    colour, turn = "#" + "".join(f"{part:02x}" for part in _SAMPLE), upright(xyz, source)
    view = View(samples, title, "", colour, picture(xyz, rgb, samples, turn), attention)
    return framed(title, [xyz], [view], turn)


def upright(xyz: Array, source: str | None) -> Array:
    """The rotation (3, 3) that makes z point up in points (n, 3) of the file ``source``, by `upward`."""
    return up_turn(upward(xyz, source), "z")


def framed(title: str, clouds: Sequence[Array], views: Sequence[View], turn: Array | None = None) -> str:
    """An HTML frame with views of clouds, each (n, 3); the rotation ``turn`` (3, 3) makes z point up."""
    from html import escape

    from apsnet_core.page.page import page
    from apsnet_core.page.views import scene_of, views_html

    inside = page(title, views_html(views), scene_of(clouds, views, turn), alone=True)
    wide, high = ("560px", 640) if len(views) == 1 else ("1240px", 860)
    return (
        f'<iframe title="{escape(title)}" srcdoc="{escape(inside)}" sandbox="allow-scripts" loading="lazy" '
        f'style="width:100%;max-width:{wide};height:{high}px;border:0"></iframe>'
    )


def plot(
    xyz: Array,
    rgb: Array | None = None,
    samples: Array | None = None,
    axes: Foreign = None,
    source: str | None = None,
) -> Foreign:
    """Draw points (n, 3), and ``samples`` (m, 3) over them, on 3D ``axes`` of matplotlib; returns the axes.

    New axes use the up axis of the points of the file ``source``.
    """
    from matplotlib import pyplot

    if axes is None:
        axes = pyplot.figure().add_subplot(projection="3d")
        axes.view_init(vertical_axis=upward(xyz, source))
    colours = "0.6" if rgb is None else rgb / (65535.0 if rgb.dtype == np.uint16 else 255.0)
    axes.scatter(*xyz.T, s=1, c=colours, alpha=1.0 if samples is None else 0.3)
    if samples is not None:
        axes.scatter(*samples.T, s=24, color=np.array(_SAMPLE) / 255.0, depthshade=False)
    axes.set_box_aspect(np.maximum(np.ptp(xyz, axis=0), 1e-9))
    return axes


def show(xyz: Array, rgb: Array | None = None, *options: str) -> None:
    """Open points (n, 3) in the window of APSNet Studio, with ``options`` of its command line.

    RuntimeError, with the command that installs the window, if it is not installed.
    """
    if window_lacks():
        raise RuntimeError(f"the window is not installed: {install('gui')}")
    columns = dict(zip("xyz", xyz.T.astype(np.float64), strict=True))
    if rgb is not None:
        columns |= dict(zip(("red", "green", "blue"), rgb.T, strict=True))
    table = np.empty(len(xyz), [(name, values.dtype) for name, values in columns.items()])
    for name, values in columns.items():
        table[name] = values
    folder = Path(mkdtemp(prefix=scratch.prefix("show")))
    np.save(folder / "cloud.npy", table)
    command = worker.command("apsnet_core.notebook:window", str(folder / "cloud.npy"), *options)
    subprocess.Popen(command, env=worker.environment())


def window() -> int:
    """Run the window on the file in ``sys.argv[1]``, whose folder becomes one of this process.

    Otherwise the next start would remove the folder once the script or notebook that made it has ended.
    """
    file = Path(sys.argv[1])
    folder = scratch.adopt(file.parent, "show")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return worker.main(["apsnet_gui.app:main", str(folder / file.name), *sys.argv[2:]])


def _draw(image: npt.NDArray[np.uint8], points: Array, colours: Array, dot: int) -> None:
    """Draw each point as a square of ``dot`` pixels, far points first, so that near ones cover them."""
    right, up = np.array([0.87, 0.5, 0.0]), np.array([-0.2, 0.35, 0.91])
    depth = points @ np.cross(right, up)
    order = np.argsort(depth)
    columns = ((points @ right) * 0.47 + 0.5) * (_SIDE - dot)
    lines = (0.5 - (points @ up) * 0.47) * (_SIDE - dot)
    for down in range(dot):
        for across in range(dot):
            image[lines[order].astype(int) + down, columns[order].astype(int) + across] = colours[order]
