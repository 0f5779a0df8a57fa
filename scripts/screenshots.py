"""Makes the app's pictures in docs/: `python -m scripts.screenshots`, with Debian's chromium."""

from __future__ import annotations

import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final, Literal

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from scripts.fake_camera import FakeCamera, person

ROOT: Final = Path(__file__).parents[1]
SAMPLES: Final = ROOT / "samples"
SCREENS: Final = ROOT / "docs" / "screens"
SECONDS: Final = 60
TALLEST: Final = 6000
_SECONDS_TO_END: Final = 20
CHROMIUM: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

#: What is as high as the screen has no height of its own.
HEIGHTS: Final = {"correcting": 900, "workshop": 800}
_TILTED_DEG: Final = 15.0

Scheme = Literal["light", "dark"]


@contextmanager
def serve() -> Iterator[str]:
    """Run the app on a free port and yield its address."""
    with served() as (address, _pid):
        yield address


@contextmanager
def served(environment: Mapping[str, str] | None = None) -> Iterator[tuple[str, int]]:
    """Run the app on a free port, with some variables set; yield its address and its process."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    options = [f"--server.port={port}", "--server.headless=true"]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", *options]
    everything = os.environ | (environment or {})
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, env=everything) as server:
        try:
            wait_until_healthy(address)
            yield address, server.pid
        finally:
            server.terminate()
            try:
                server.wait(_SECONDS_TO_END)
            except subprocess.TimeoutExpired:
                server.kill()


def wait_until_healthy(address: str) -> None:
    """Ask the app's server for its health until it answers."""
    end = time.monotonic() + SECONDS
    while not _healthy(address):
        if time.monotonic() > end:
            raise TimeoutError("The app did not start.")
        time.sleep(0.2)


def _healthy(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/_stcore/health", timeout=5) as answer:
            return bool(answer.read() == b"ok")
    except OSError:
        return False


def settle(page: Page) -> None:
    """Wait until nothing on the page is being computed or loaded."""
    page.get_by_test_id("stHeading").first.wait_for(state="attached")
    page.wait_for_selector("[data-test-script-state=notRunning]", state="attached")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1000)


def upload(*files: Path) -> Callable[[Page], None]:
    """Return what uploads files as a person does."""

    def act(page: Page) -> None:
        page.get_by_role("button", name="Measure a photo").click()
        page.locator("input[type=file]").set_input_files(list(files))
        page.get_by_role("dialog").wait_for(state="detached")
        page.mouse.move(0, 0)

    return act


def open_dialog(page: Page) -> None:
    """Open the choice of a photo, with the drawing of how to take it."""
    page.get_by_role("button", name="Measure a photo").click()
    page.get_by_text("How to take the photo").click()


def correct(page: Page) -> None:
    """Open the point editor and confirm the point that is chosen."""
    page.get_by_role("button", name="Correct the points").click()
    page.locator(".handle[aria-current]").press("Enter")
    page.mouse.move(0, 0)
    page.wait_for_timeout(2000)


def stand(camera: FakeCamera) -> Callable[[Page], None]:
    """Return what lets a person stand before the camera."""

    def act(page: Page) -> None:
        camera.show(person())
        page.locator(".number").first.wait_for()
        page.wait_for_timeout(2000)

    return act


def tilt(camera: FakeCamera) -> Callable[[Page], None]:
    """Return what measures a person, before and after they tilted the pelvis."""

    def act(page: Page) -> None:
        stand(camera)(page)
        page.get_by_role("button", name="Measure before").click()
        page.get_by_text("Before:").wait_for()
        camera.show(person(_TILTED_DEG))
        page.wait_for_timeout(3000)
        page.get_by_role("button", name="Measure after").click()
        page.get_by_role("button", name="Begin anew").wait_for()

    return act


def shoot(
    browser: Browser,
    address: str,
    width: int,
    scheme: Scheme,
    act: Callable[[Page], None] | None,
    height: int | None,
) -> bytes:
    """Return a picture of a page after an act: the whole page, or its first ``height`` pixels."""
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.set_default_timeout(SECONDS * 1000)
    page.goto(address)
    settle(page)
    if act is not None:
        act(page)
        settle(page)
    whole = page.get_by_test_id("stMain").evaluate("main => main.scrollHeight")
    page.set_viewport_size({"width": width, "height": height or min(whole + 2, TALLEST)})
    page.wait_for_timeout(1000)
    picture = page.screenshot()
    page.close()
    return picture


def save(picture: bytes, path: Path, *, colours: int | None = None) -> None:
    """Save a picture, in as many colours as given: 256 make it three times smaller."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    if colours is not None:
        image = image.quantize(palette=image.quantize(colours, kmeans=1))
    image.save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1000:.0f} kB")


def main() -> None:
    """Take every picture."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("There is no chromium: install it with `apt-get install chromium`.")
    with tempfile.TemporaryDirectory() as folder, serve() as address, sync_playwright() as driver:
        list_jpg = Path(folder) / "shopping_list.jpg"
        list_jpg.write_text("milk, bread, two lemons")
        camera = FakeCamera(Path(folder) / "camera.y4m")
        flat, striped, front = (
            SAMPLES / name
            for name in ("standing_flat_back.jpg", "standing_striped_shirt.jpg", "front.jpg")
        )
        scenes: dict[str, tuple[str, Callable[[Page], None] | None]] = {
            "measured": ("", None),
            "refused": ("", upload(front)),
            "partly_refused": ("", upload(SAMPLES / "arm_hides_back.jpg")),
            "not_a_photo": ("", upload(list_jpg)),
            "several": ("", upload(flat, list_jpg, front, striped)),
            "choose": ("", open_dialog),
            "how_it_works": ("how_it_works", None),
            "correcting": ("", correct),
            "workshop": ("workshop", stand(camera)),
            "workshop_change": ("workshop", tilt(camera)),
        }
        args = [*CHROMIUM, *camera.arguments]
        browser = driver.chromium.launch(executable_path=chromium, args=args)
        save(shoot(browser, address, 1280, "light", None, 900), ROOT / "docs" / "app.png")
        looks: tuple[tuple[int, Scheme], ...] = (
            (1280, "light"),
            (1280, "dark"),
            (360, "light"),
            (360, "dark"),
        )
        for name, (page, act) in scenes.items():
            for width, scheme in looks:
                at = HEIGHTS.get(name)
                picture = shoot(browser, f"{address}/{page}", width, scheme, act, at)
                save(picture, SCREENS / f"{name}_{width}_{scheme}.png", colours=256)
        browser.close()


if __name__ == "__main__":
    main()
