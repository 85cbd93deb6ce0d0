"""One headless browser for all tests of pages, and the page that most of them show."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from apsnet_core.cloud import Float32
from apsnet_core.page.change import Change
from apsnet_core.page.page import page
from apsnet_core.page.views import Bar, View, scene_of, views_html
from tests.core.page.browser import Browser, opened
from tests.core.page.hostile import hostile_comparison, hostile_table

BLUE, ORANGE, GREEN = "#0072b2", "#d55e00", "#00ff00"


def egg(n: int = 600, seed: int = 0) -> Float32:
    """n points on an ellipsoid, 1 wide and 1.6 high, away from the origin."""
    points = np.random.default_rng(seed).normal(size=(n, 3))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    return np.asarray(points * [0.5, 0.5, 0.8] + [3, 4, 5], np.float32)


def still(colour: str) -> bytes:
    """A WebP image of one colour."""
    stream = BytesIO()
    Image.new("RGB", (50, 40), colour).save(stream, "WEBP", lossless=True)
    return stream.getvalue()


def some_views(cloud: Float32) -> list[View]:
    """A view of 4 points, and one of 6 with attention: step t attends only to the t-th point."""

    def attention(xyz: Float32) -> Float32:
        return np.eye(6, len(xyz), dtype=np.float32)

    bars = (Bar("chair", "90 %", 0.9),)
    why = np.array([1.0, 0.0, -1.0, 0.0])
    return [
        View(cloud[:4], "Four", "the first", BLUE, still(GREEN), bars=bars, influence=why),
        View(cloud[:6], "Six", "with attention", ORANGE, still(GREEN), attention),
    ]


def changed(cloud: Float32, views: list[View]) -> list[View]:
    """Make the first view the reference of the second: two samples are new, one is lost, 0.5 away."""

    def more(xyz: Float32) -> Float32:
        return np.where(xyz[:, 2] > 5, 1, -1).astype(np.float32)

    new = np.array([False, False, False, False, True, True])
    lost, pairs = cloud[100:101] + np.array([0.5, 0, 0], np.float32), np.array([[0, 5]])
    return [views[0], replace(views[1], change=Change(new, lost, pairs, more))]


TABLE = """<table class="sortable"><thead><tr><th>Name</th><th>x</th></tr></thead><tbody>
<tr><th>b</th><td data-value=10>10</td></tr><tr><th>a</th><td data-value=9>9</td></tr></tbody></table>"""


def a_page() -> str:
    """A page with both views and a sortable table."""
    cloud = egg()
    views = changed(cloud, some_views(cloud))
    return page("A page", views_html(views) + TABLE, scene_of([cloud], views))


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """The browser, started once; tests are skipped if there is none."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if chromium is None or driver is None:
        pytest.skip("there is no chromium with its chromedriver here to look at a page")
    with opened(chromium, driver, tmp_path_factory.mktemp("browser")) as found:
        yield found


@pytest.fixture
def live(browser: Browser, tmp_path: Path) -> Browser:
    """The browser with the page open and its views drawn."""
    browser.open(a_page(), tmp_path)
    return browser


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """The pages of a comparison and of a table in which every name from outside is an attack."""
    return hostile_comparison(tmp_path_factory.mktemp("a")), hostile_table(tmp_path_factory.mktemp("b"))
