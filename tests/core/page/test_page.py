"""A page is small, exact to 16 bits and self-contained, and no name in it can become code."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from apsnet_core.assets import asset
from apsnet_core.page.page import page
from apsnet_core.page.views import View, scene_of, views_html
from tests.core.page.conftest import a_page, egg, some_views, still
from tests.core.page.hostile import NAME


class Elements(HTMLParser):
    """All elements of a page with their attributes, the text of its scripts, and the other text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.text = ""
        self._in_script = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self._in_script = tag == "script"
        self.scripts += [""] * self._in_script

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False

    def handle_data(self, data: str) -> None:
        if self._in_script:
            self.scripts[-1] += data
        else:
            self.text += data


def unpacked(text: str, cloud: dict[str, list[float]]) -> np.ndarray:
    steps = np.frombuffer(base64.b64decode(text), "<u2").reshape(-1, 3)
    return np.asarray(steps / 65535 * np.array(cloud["span"]) + np.array(cloud["low"]))


def test_coordinates_are_exact_to_16_bits_and_attention_to_8() -> None:
    cloud = egg()
    turn = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])  # y up
    outside = np.concatenate([cloud[:3], [[9, 9, 9]]]).astype(np.float32)
    rng = np.random.default_rng(1)
    told = rng.random((4, len(cloud))).astype(np.float32)
    scene = scene_of([cloud], [View(outside, "", "", "#000000", b"", lambda xyz: told)], turn)
    points, samples = cloud.astype(np.float64) @ turn.T, outside.astype(np.float64) @ turn.T
    middle, half = (points.min(0) + points.max(0)) / 2, np.linalg.norm(np.ptp(points, axis=0)) / 2
    box = np.ptp(np.concatenate([points, samples]), axis=0) / half
    for packed, given in ((scene["clouds"][0]["points"], points), (scene["views"][0]["samples"], samples)):
        back = unpacked(packed, scene["clouds"][0])
        assert (np.abs(back - (given - middle) / half) <= box / 65535 * 0.51).all()
    assert scene["views"][0]["steps"] == [1, 2, 3, 4]
    shades = np.frombuffer(base64.b64decode(scene["views"][0]["attention"]), np.uint8).reshape(5, -1)
    for row, expected in zip(shades, [*told, told.sum(0)], strict=True):
        np.testing.assert_allclose((row / 255.0) ** 2, expected / expected.max(), atol=0.005)


def test_twelve_views_of_20_000_points_are_less_than_ten_megabytes() -> None:
    cloud = egg(20_000)
    attention = np.random.default_rng(0).random((64, 20_000)).astype(np.float32)
    picture = still("#808080")
    views = [View(cloud[:64], str(i), "", "#000000", picture, lambda xyz: attention) for i in range(12)]
    whole = page("large", views_html(views), scene_of([cloud], views))
    assert len(whole.encode()) + 12 * 60_000 < 10_000_000  # a report has larger pictures: 60 kB each
    assert scene_of([egg(50_000)], views[:1])["views"][0]["steps"][-1] == 64


@pytest.mark.parametrize("which", [0, 1])
def test_hostile_names_in_a_report_do_not_become_elements(hostile: tuple[str, str], which: int) -> None:
    html = hostile[which]
    elements = Elements(html)
    data, code = [attributes for tag, attributes in elements.found if tag == "script"]
    assert (data["type"], code["type"]) == ("application/json", "module")
    assert not any(name.startswith("on") for _, attributes in elements.found for name in attributes)
    assert all((attributes.get("src") or "data:").startswith("data:") for _, attributes in elements.found)
    assert elements.text.count(NAME) >= 6
    json.loads(elements.scripts[0])
    [allowed] = re.findall(r"script-src 'sha256-([^']+)'", html)
    assert base64.b64encode(hashlib.sha256(elements.scripts[1].encode()).digest()).decode() == allowed


def test_three_js_is_unchanged_and_its_licence_is_included() -> None:
    code = asset("report", "three", "three.module.min.js").read_bytes()
    assert hashlib.sha256(code).hexdigest() in asset("THIRD_PARTY_NOTICES.md").read_text()
    assert "MIT License" in asset("report", "three", "LICENSE").read_text(encoding="utf-8")
    assert "@license" in a_page()


def test_views_without_attention_have_no_attention_data() -> None:
    cloud = egg()
    assert "attention" not in scene_of([cloud], some_views(cloud))["views"][0]
