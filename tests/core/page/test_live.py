"""A page in a real browser: views rotate together, show steps, and are replaced by pictures without WebGL."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from apsnet_core.difference_colours import BOTH, ends, hex_of
from apsnet_core.library import compare, sample
from tests.core.page.browser import Browser, Pixels, pixels
from tests.core.page.conftest import BLUE, ORANGE, a_page, egg
from tests.core.page.hostile import NAME, a_table


def near(picture: Pixels, colour: str) -> Pixels:
    """A mask of the pixels of a picture (h, w, 3) that have about this colour."""
    wanted = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return np.asarray(np.abs(picture.astype(int) - wanted).max(axis=-1) < 12, np.uint8)


def expected_pixels(camera: dict[str, float], size: tuple[int, int], reach: float) -> Pixels:
    """The pixels (6, 2) of the six samples, x and y, by a pinhole camera."""
    cloud = egg().astype(np.float64)
    low, high = cloud.min(0), cloud.max(0)
    points = (cloud[:6] - (low + high) / 2) / (np.linalg.norm(high - low) / 2)
    a, e = camera["azimuth"], camera["elevation"]
    back = np.array([np.cos(e) * np.cos(a), np.cos(e) * np.sin(a), np.sin(e)])
    right = np.array([-np.sin(a), np.cos(a), 0.0])
    shrink = 2.6 / (2.6 - points @ back)
    flat = np.stack([points @ right * shrink, points @ np.cross(back, right) * shrink], axis=1)
    width, height = size
    return np.asarray([width / 2, height / 2] + flat * [1, -1] * height / 2 * camera["zoom"] / reach)


def test_dragging_rotates_all_linked_views_without_errors(live: Browser) -> None:
    before = [live.picture(view) for view in (0, 1)]
    start = live.camera(0)
    live.drag(0, 80, 20)
    turned = live.camera(0)
    assert turned["azimuth"] < start["azimuth"] - 0.3 and turned["elevation"] > start["elevation"]
    assert live.camera(1) == turned
    assert all((live.picture(view) != was).any() for view, was in enumerate(before))
    live.find("#linked")[0].click()
    live.drag(1, -60, 0)
    assert live.camera(0) == turned and live.camera(1)["azimuth"] > turned["azimuth"]
    live.find("#reset")[0].click()
    live.drawn()
    assert live.camera(0) == live.camera(1) == start
    assert (live.picture(0) == before[0]).all()
    assert live.errors() == []


def test_samples_are_drawn_where_a_pinhole_camera_projects_them(live: Browser) -> None:
    live.find("#numbers")[0].click()
    live.drag(0, 40, 10)
    picture = live.picture(1)
    height, width, _ = picture.shape
    reach = live.run("return apsnetReport.reach(1)")
    found = near(picture, ORANGE)
    for x, y in expected_pixels(live.camera(1), (width, height), reach):
        assert found[round(y) - 1 : round(y) + 2, round(x) - 1 : round(x) + 2].any()


def test_steps_show_their_samples_and_their_attention(live: Browser) -> None:
    everything = near(live.picture(0), BLUE).sum()
    live.set_step(1)
    one = near(live.picture(0), BLUE).sum()
    assert 0.15 * everything < one < 0.5 * everything  # one disc of four, with no other disc over it
    first = live.picture(1)
    live.set_step(2)
    second = live.picture(1)
    live.find("#heat")[0].click()
    live.drawn()
    plain = live.picture(1)
    assert (first != second).any() and (second != plain).any()
    assert live.run("return [apsnetReport.step(0), document.getElementById('step-text').value]") == [
        2, "step 2 of 6",
    ]  # fmt: skip


def test_the_button_why_colours_the_samples_by_their_influence(live: Browser) -> None:
    assert near(live.picture(0), BLUE).any() and not near(live.picture(0), "#c2410c").any()
    live.find("#why")[0].click()
    live.drawn()
    picture = live.picture(0)
    assert not near(picture, BLUE).any()
    assert near(picture, "#c2410c").sum() > 40 and near(picture, "#2166ac").sum() > 40
    assert near(live.picture(1), ORANGE).any()  # these samples have no influence values


def test_the_difference_shows_new_and_lost_samples_and_the_change_of_attention(live: Browser) -> None:
    live.run("document.getElementById('numbers').click()")
    plain = [live.picture(view) for view in (0, 1)]
    less, _, more = map(hex_of, ends(dark=False))
    same = hex_of(BOTH)
    live.find("#change")[0].click()
    live.drawn()
    found = live.picture(1)
    assert (live.picture(0) == plain[0]).all()  # the first view is the reference
    discs = [near(found, colour).sum() for colour in (less, same, more)]
    assert not near(found, ORANGE).any() and not near(plain[1], less).any()
    assert discs[0] > 20 and discs[1] > 2 * discs[0] and discs[2] > 1.2 * discs[0]
    red, blue = found[..., 0].astype(int), found[..., 2].astype(int)
    rows = np.flatnonzero((np.abs(red - blue) > 25).any(axis=1))
    third = len(rows) // 3
    warm = (red - blue > 25).sum(axis=1), (blue - red > 25).sum(axis=1)
    for end, sign in ((rows[:third], 1), (rows[-third:], -1)):  # the upper half has more attention
        more_warm, more_cold = (each[end].sum() for each in warm[::sign])
        assert more_warm > 2 * more_cold
    live.find("#change")[0].click()
    live.drawn()
    assert (live.picture(1) == plain[1]).all() and live.errors() == []


def test_keys_zoom_the_views_and_headings_sort_the_table(live: Browser) -> None:
    canvas = live.find("canvas")[0]
    canvas.send_keys("+")
    assert live.camera(1)["zoom"] == pytest.approx(1.2)
    canvas.send_keys("0")
    assert live.camera(1)["zoom"] == 1
    names = "return [...document.querySelectorAll('tbody th')].map((cell) => cell.textContent).join('')"
    name, x = live.find("thead button")
    x.click()
    assert live.run(names) == "ab"  # sorted as numbers: 9 before 10
    x.click()
    assert live.run(names) == "ba"
    name.click()
    assert live.run(names) == "ab"


def test_without_webgl_or_scripts_the_page_shows_pictures(browser: Browser, tmp_path: Path) -> None:
    blind = browser.driver.execute_cdp_cmd(
        "Page.addScriptToEvaluateOnNewDocument",
        {"source": "HTMLCanvasElement.prototype.getContext = () => null"},
    )
    try:
        browser.open(a_page(), tmp_path, live=False)
        assert [each.is_displayed() for each in browser.find(".stage img")] == [True, True]
        assert not any(each.is_displayed() for each in browser.find("canvas, .tools"))
        assert browser.errors() == []
    finally:
        browser.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", blind)
    browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.open(a_page(), tmp_path, live=False)
        shown = pixels(browser.driver.get_screenshot_as_png())
    finally:
        browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    assert near(shown, "#00ff00").sum() > 10_000


@pytest.mark.parametrize("which", [0, 1])
def test_hostile_names_in_a_report_are_shown_as_text(
    browser: Browser, hostile: tuple[str, str], which: int, tmp_path: Path
) -> None:
    browser.open(hostile[which], tmp_path)
    assert browser.run("return globalThis.hacked") is None
    assert NAME in browser.run("return document.querySelector('figcaption b').textContent")
    assert browser.errors() == []


@pytest.mark.parametrize("what", ["a sampling", "a comparison", "an evaluation"])
def test_a_notebook_shows_the_same_view(browser: Browser, tmp_path: Path, what: str) -> None:
    if what == "a sampling":
        shown = sample(egg(), 5, "farthest_point")._repr_html_()
    elif what == "a comparison":
        shown = compare(egg(), ["farthest_point", "random"], [5])._repr_html_()
    else:
        shown = a_table()._repr_html_()
    browser.open(f"<!doctype html><title>notebook</title>{shown}", tmp_path, live=False)
    browser.driver.switch_to.frame(browser.find("iframe")[0])
    browser.wait_for_views()
    before = browser.picture(0)
    browser.drag(0, 80, 0)
    assert (browser.picture(0) != before).any()
    assert browser.errors() == []
