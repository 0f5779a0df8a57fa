"""Counts the workshop page's live pictures in Chromium: `python -m benchmarks.workshop`.

Chromium's fake camera shows a rendered person; app, browser and models share the machine, as when
a workshop is held with one laptop.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from playwright.sync_api import sync_playwright

from benchmarks.figure import Figure, show
from scripts.fake_camera import FakeCamera, person
from scripts.screenshots import CHROMIUM, SECONDS, serve

if TYPE_CHECKING:
    from playwright.sync_api import Page

_FOR_S: Final = 20.0
_WARM_UP_S: Final = 5.0
_TARGET: Final = 10.0
_LEANS_DEG: Final = 6.0


def figures() -> list[Figure]:
    """Return how many pictures a second are measured and drawn, over 20 seconds."""
    chromium = shutil.which("chromium")
    if chromium is None:
        raise FileNotFoundError("There is no chromium: install it with `apt-get install chromium`.")
    with tempfile.TemporaryDirectory() as folder, serve() as address, sync_playwright() as driver:
        camera = FakeCamera(Path(folder) / "camera.y4m")
        camera.show(person())
        browser = driver.chromium.launch(
            executable_path=chromium, args=[*CHROMIUM, *camera.arguments]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(f"{address}/workshop")
        page.locator(".number").first.wait_for(timeout=SECONDS * 1000)
        time.sleep(_WARM_UP_S)
        first, began = _shown(page), time.monotonic()
        for tilt_deg in (0.0, _LEANS_DEG) * 2:
            camera.show(person(tilt_deg))
            time.sleep(_FOR_S / 4)
        a_second = (_shown(page) - first) / (time.monotonic() - began)
        browser.close()
    return [
        Figure(
            "live pictures a second, measured and drawn",
            f"{a_second:.1f}",
            f"{_TARGET:g} or more",
            a_second >= _TARGET,
        )
    ]


def _shown(page: Page) -> int:
    return int(page.locator(".camera").get_attribute("data-frames") or 0)


def main() -> int:
    """Print the figure beside its target."""
    found = figures()
    show("The workshop page", found)
    return 0 if all(figure.met is not False for figure in found) else 1


if __name__ == "__main__":
    sys.exit(main())
