"""Makes the README's moving picture, docs/correction.webp: `python -m scripts.demo`."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, sync_playwright

from scripts.screenshots import CHROMIUM, ROOT, SECONDS, serve, settle

PICTURE: Final = ROOT / "docs" / "correction.webp"
MOST_BYTES: Final = 1_500_000
SCREEN: Final = (440, 820)
FRAME_MS: Final = 80
DOT_PX: Final = 22
TEAL: Final = (31, 143, 138)
#: How far the ASIS is pulled on the screen, in pixels: to where the sample is known to have it.
DRAG: Final = (-2, -10)


class Recorder:
    """Uses a page as a hand does, and keeps what is seen meanwhile, with the pointer drawn in."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.frames: list[Image.Image] = []
        self.durations_ms: list[int] = []
        self._at = (SCREEN[0] * 0.8, SCREEN[1] * 0.8)
        self._pressed = False

    def look(self, milliseconds: int = FRAME_MS) -> None:
        """Keep what is seen now, to be shown for so long."""
        frame = Image.open(io.BytesIO(self.page.screenshot())).convert("RGB")
        dot = _dot(self._pressed)
        corner = (round(self._at[0] - dot.width / 2), round(self._at[1] - dot.height / 2))
        frame.paste(dot, corner, dot)
        self.frames.append(frame)
        self.durations_ms.append(milliseconds)

    def move(self, x: float, y: float, frames: int = 7) -> None:
        """Move the pointer to a place on the screen, slower at both ends."""
        (start_x, start_y) = self._at
        for step in range(1, frames + 1):
            part = step / frames
            eased = part * part * (3 - 2 * part)
            self._at = (start_x + (x - start_x) * eased, start_y + (y - start_y) * eased)
            self.page.mouse.move(*self._at)
            self.look()

    def click(self, target: Locator) -> None:
        """Move the pointer to the middle of something, press and let go; wait for what comes."""
        self.move(*_middle(target))
        self._press(pressed=True)
        self._press(pressed=False)
        settle(self.page)
        self.look(600)

    def drag(self, target: Locator, right: float, down: float) -> None:
        """Take hold of something, pull it so many pixels, let go; wait for what comes."""
        x, y = _middle(target)
        self.move(x, y)
        self._press(pressed=True)
        self.move(x + right, y + down, frames=24)
        self.look(500)
        self._press(pressed=False)
        settle(self.page)
        self.look(600)

    def scroll(self, down: float, frames: int = 7) -> None:
        """Scroll until what lies so many pixels below has come up."""
        main = self.page.get_by_test_id("stMain")  # a wheel over the editor would zoom
        for _ in range(frames):
            main.evaluate("(main, down) => main.scrollBy(0, down)", down / frames)
            self.page.wait_for_timeout(FRAME_MS)
            self.look()

    def save(self, path: Path) -> None:
        """Write the frames as a picture that moves for ever."""
        first, *others = self.frames
        path.parent.mkdir(parents=True, exist_ok=True)
        first.save(
            path,
            save_all=True,
            append_images=others,
            duration=self.durations_ms,
            loop=0,
            quality=60,
            method=6,
        )

    def _press(self, *, pressed: bool) -> None:
        self._pressed = pressed
        if pressed:
            self.page.mouse.down()
        else:
            self.page.mouse.up()
        self.look(2 * FRAME_MS)


@cache
def _dot(pressed: bool) -> Image.Image:
    """Return the pointer: a ring, filled while it is pressed."""
    big = 4 * DOT_PX
    dot = Image.new("RGBA", (big, big))
    draw = ImageDraw.Draw(dot)
    draw.ellipse((0, 0, big - 1, big - 1), fill=(255, 255, 255, 230))
    draw.ellipse((8, 8, big - 9, big - 9), fill=(*TEAL, 255 if pressed else 110))
    return dot.resize((DOT_PX, DOT_PX), Image.Resampling.LANCZOS)


def _middle(target: Locator) -> tuple[float, float]:
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    if box is None:
        raise LookupError(f"{target} is not on the page.")
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _down_to(target: Locator, part: float = 0.75) -> float:
    """Return how far to scroll until something lies in such a part of the screen's height."""
    box = target.bounding_box()
    if box is None:
        raise LookupError(f"{target} is not on the page.")
    return box["y"] + box["height"] / 2 - part * SCREEN[1]


def see_the_sample(hand: Recorder) -> None:
    """Let both angles be read, as the program found them."""
    hand.look(1400)


def open_the_editor(hand: Recorder) -> None:
    """Find the button under the picture and press it."""
    button = hand.page.get_by_role("button", name="Correct the points")
    hand.scroll(_down_to(button), frames=8)
    hand.click(button)
    hand.look(700)


def confirm_the_psis(hand: Recorder) -> None:
    """Choose the PSIS and say that it sits right."""
    chip = hand.page.get_by_role("button", name="PSIS, the program's guess, not confirmed")
    confirm = hand.page.get_by_role("button", name="Confirm", exact=True)
    hand.scroll(_down_to(confirm), frames=5)
    hand.click(chip)
    hand.click(confirm)


def drag_the_asis(hand: Recorder) -> None:
    """Pull the ASIS to where it lies; the drawn angle follows, then the result."""
    asis = hand.page.locator('.handle[data-point="asis"]')
    hand.scroll(_down_to(hand.page.get_by_test_id("stMetric").first, part=0.16), frames=6)
    for _ in range(2):
        hand.click(hand.page.get_by_role("button", name="Zoom in"))
    hand.drag(asis, *DRAG)
    hand.look(1400)


def finish(hand: Recorder) -> None:
    """Close the editor, see the result and rest there, until the picture begins again."""
    done = hand.page.get_by_role("button", name="Done", exact=True)
    hand.scroll(_down_to(done), frames=8)
    hand.click(done)
    hand.look(1800)


STEPS: Final[tuple[Callable[[Recorder], None], ...]] = (
    see_the_sample,
    open_the_editor,
    confirm_the_psis,
    drag_the_asis,
    finish,
)


def main() -> None:
    """Take every step in the app and save what was seen."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("There is no chromium: install it with `apt-get install chromium`.")
    with serve() as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=list(CHROMIUM))
        page = browser.new_page(
            viewport={"width": SCREEN[0], "height": SCREEN[1]}, color_scheme="light"
        )
        page.set_default_timeout(SECONDS * 1000)
        page.goto(address)
        settle(page)
        hand = Recorder(page)
        for step in STEPS:
            step(hand)
        browser.close()
    hand.save(PICTURE)
    size = PICTURE.stat().st_size
    print(f"{PICTURE.name}: {size / 1000:.0f} kB, {sum(hand.durations_ms) / 1000:.1f} s")
    if size > MOST_BYTES:
        sys.exit("The moving picture is too large for the README: take fewer or smaller frames.")


if __name__ == "__main__":
    main()
