"""A browser that tests control: the actions of a user on a page, and the pixels that are shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

Pixels = npt.NDArray[np.uint8]
_DRAWN = "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done()))"
_FLAGS = (
    "headless", "no-sandbox", "disable-quic", "no-first-run", "disable-background-networking",
    "disable-component-update", "disable-sync", "hide-scrollbars", "disable-dev-shm-usage",
    "use-gl=angle", "use-angle=swiftshader", "enable-unsafe-swiftshader", "window-size=900,900",
)  # fmt: skip


@dataclass(frozen=True)
class Browser:
    """A page in Chromium, controlled by its ``driver``."""

    driver: Chrome

    def open(self, html: str, folder: Path, *, live: bool = True) -> None:
        """Show a page and, if ``live``, wait until its views are drawn."""
        (folder / "page.html").write_text(html, encoding="utf-8")
        self.driver.get_log("browser")  # discards earlier messages
        self.driver.get((folder / "page.html").as_uri())
        if live:
            self.wait_for_views()

    def wait_for_views(self) -> None:
        """Wait until the views are drawn."""
        WebDriverWait(self.driver, 120).until(lambda _: self.run("return !!globalThis.apsnetReport"))
        self.drawn()

    def run(self, script: str, *values: Any) -> Any:
        """Run a script and return its value."""
        return self.driver.execute_script(script, *values)

    def drawn(self) -> None:
        """Wait until the requested frame is on the screen."""
        self.driver.execute_async_script(_DRAWN)

    def find(self, selector: str) -> list[WebElement]:
        """The elements that a CSS selector matches."""
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def camera(self, view: int) -> dict[str, float]:
        """The azimuth, elevation and zoom of a view."""
        found: dict[str, float] = self.run("return apsnetReport.camera(arguments[0])", view)
        return found

    def drag(self, view: int, dx: int, dy: int) -> None:
        """Turn a view with the mouse."""
        canvas = self.find("canvas")[view]
        chain = ActionChains(self.driver, duration=50).move_to_element(canvas).click_and_hold()
        chain.move_by_offset(dx, dy).release().perform()
        self.drawn()

    def set_step(self, t: int) -> None:
        """Move the slider of steps."""
        self.run(
            "const s = document.getElementById('step'); s.value = arguments[0];"
            "s.dispatchEvent(new Event('input'))",
            t,
        )
        self.drawn()

    def picture(self, view: int) -> Pixels:
        """The canvas of a view, (h, w, 3)."""
        return pixels(self.find("canvas")[view].screenshot_as_png)

    def errors(self) -> list[str]:
        """The errors on the console since the page was opened."""
        return [
            str(entry["message"]) for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"
        ]


def pixels(png: bytes) -> Pixels:
    """A picture, (h, w, 3)."""
    return np.asarray(Image.open(BytesIO(png)).convert("RGB"))


@contextmanager
def opened(chromium: str, driver: str, folder: Path) -> Iterator[Browser]:
    """Start a browser with an empty profile."""
    options = Options()
    options.binary_location = chromium
    for flag in (*_FLAGS, f"user-data-dir={folder}"):
        options.add_argument(f"--{flag}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    chrome = Chrome(options=options, service=Service(driver))
    chrome.set_script_timeout(120)
    try:
        yield Browser(chrome)
    finally:
        chrome.quit()
