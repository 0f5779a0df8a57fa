"""A photo's points are corrected in the app, in a real browser: by mouse, finger and keyboard."""

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from scripts.screenshots import SECONDS

from .browser import Fingers, drag, handle, middle, shown_deg

SAMPLES = Path(__file__).parents[1] / "samples"
PHOTO = SAMPLES / "standing_striped_shirt.jpg"
DESK, PHONE = (1280, 900), (360, 800)
WITHIN_DEG = 0.1
# What is drawn beside the pelvis has one decimal.
DRAWN_DEG = 0.06
# Numbers and positions are written with two decimals.
WRITTEN = 0.02

Told = Mapping[str, Any]


class Visitor:
    """Uses the app as a person does, with a mouse or with fingers."""

    def __init__(self, page: Page, *, touches: bool) -> None:
        self.page = page
        self.touches = touches

    def press(self, name: str, role: Any = "button") -> None:
        """Press what has a name."""
        target = self.page.get_by_role(role, name=name, exact=True).last
        if self.touches:
            target.tap()
        else:
            target.click()

    def upload(self, photo: Path) -> None:
        """Choose a photo and wait until it is measured."""
        self.press("Measure a photo")
        with self.page.expect_file_chooser() as chooser:
            self.page.get_by_test_id("stFileUploader").locator("button").click()
        chooser.value.set_files(photo)
        expect(self.page.get_by_role("dialog")).to_have_count(0)
        expect(self.page.get_by_role("img", name=photo.name)).to_be_visible()
        self.rest()

    def open_editor(self, name: str = "Correct the points") -> None:
        """Open the editor; the photo is seen without scrolling."""
        self.press(name)
        expect(self.point("asis")).to_be_in_viewport()
        self.rest()
        before = None
        while before != (before := middle(self.page, "asis")):
            self.page.wait_for_timeout(200)

    def close_editor(self) -> None:
        """Close it; the result is seen without scrolling."""
        self.press("Done")
        expect(self.page.locator(".handle")).to_have_count(0)
        expect(self.tilt).to_be_in_viewport()
        self.rest()

    def rest(self) -> None:
        """Wait until the page has answered what was done."""
        self.page.wait_for_timeout(300)
        self.page.wait_for_selector("[data-test-script-state=notRunning]", state="attached")

    def point(self, name: str) -> Locator:
        """Return a point of the editor."""
        return handle(self.page, name)

    def confirm(self, name: str) -> None:
        """Say that a point sits right."""
        self.point(name).focus()
        self.press("Confirm")
        expect(self.point(name)).to_have_attribute("data-kind", "placed")

    def drag(self, name: str, dx: float, dy: float) -> None:
        """Pull a point so many pixels of the screen."""
        self.point(name).scroll_into_view_if_needed()
        if self.touches:
            Fingers(self.page).stroke(middle(self.page, name), (dx, dy))
        else:
            drag(self.page, name, dx, dy)

    @property
    def per_px(self) -> float:
        """Photo pixels in one pixel of the screen."""
        with Image.open(PHOTO) as photo:
            width = photo.width
        shown = self.page.locator("svg.over image").get_attribute("width")
        assert shown is not None
        return width / float(shown)

    @property
    def tilt(self) -> Locator:
        """Where the result stands."""
        metric = self.page.get_by_test_id("stMetric").filter(has_text="Pelvic tilt")
        return metric.get_by_test_id("stMetricValue")

    def expect_tilt(self, degrees: float) -> None:
        """Wait until the result is such a tilt."""
        near = {abs(round(degrees + by)) for by in (-WITHIN_DEG, WITHIN_DEG)}
        expect(self.tilt).to_have_text(re.compile(rf"^({'|'.join(map(str, near))})° ±"))

    def save(self) -> Told:
        """Save the numbers and return them."""
        return json.loads(self.save_file().read_text("utf-8"))  # type: ignore[no-any-return]

    def save_file(self) -> Path:
        """Save the numbers and return the file: those of the page as it stands, not as it was."""
        self.rest()
        with self.page.expect_download() as download:
            self.press("Numbers (JSON)")
        return Path(download.value.path())


@pytest.fixture
def visit(address: str, browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """Open the app on a screen of a given size; no script of its own may fail."""
    pages: list[Page] = []
    errors: list[str] = []

    def open_(width: int, height: int) -> Visitor:
        touches = width < DESK[0]
        page = browser.new_page(viewport={"width": width, "height": height}, has_touch=touches)
        pages.append(page)
        page.set_default_timeout(SECONDS * 1000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(address)
        expect(page.get_by_test_id("stMetric")).to_have_count(2)
        return Visitor(page, touches=touches)

    yield open_
    for page in pages:
        page.close()
    assert errors == []


def tilt(told: Told) -> float:
    """Return the pelvic tilt that was saved."""
    return float(told["measurements"]["pelvic_tilt_deg"]["value"])


def drawn(told: Told) -> float:
    """Return how far the line PSIS to ASIS leaves the true horizontal, down to the front."""
    psis, asis = (told["points"][name] for name in ("psis", "asis"))
    right = asis["x"] - psis["x"]
    forward = right if told["facing"] == "right" else -right
    lean = told["photo"]["vertical"]["lean_deg"] * (1 if told["facing"] == "right" else -1)
    return math.degrees(math.atan2(asis["y"] - psis["y"], forward)) - lean


def moved(told: Told, name: str, dx: float, dy: float) -> Told:
    """Return what was saved with one point elsewhere, nothing being measured anew."""
    at = told["points"][name]
    elsewhere = at | {"x": at["x"] + dx, "y": at["y"] + dy}
    return {**told, "points": {**told["points"], name: elsewhere}}


def same(told: Told, other: Told) -> bool:
    """Tell whether two files hold the same numbers and points, as exactly as they are written."""
    wanted = ("measurements", "points", "told", "facing", "stature_cm")
    return bool(
        _flat({key: told[key] for key in wanted}) == _flat({key: other[key] for key in wanted})
    )


def _flat(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _flat(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_flat(part) for part in value]
    if isinstance(value, float):
        return pytest.approx(value, abs=WRITTEN)
    return value


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["mouse", "finger"])
def test_a_correction_turns_the_tilt_as_geometry_says_and_is_not_lost(
    visit: Callable[..., Visitor], size: tuple[int, int]
) -> None:
    """Dragged, undone, moved by keyboard, left, reloaded, saved and opened again: the same."""
    visitor = visit(*size)
    visitor.upload(PHOTO)
    as_found = visitor.save()
    dragged = _drag_and_undo(visitor)
    corrected = _move_by_keys_and_leave(visitor, dragged)
    _reload_and_reopen(visitor, as_found, corrected)


def _drag_and_undo(visitor: Visitor) -> Told:
    """Confirm both points, drag ASIS by 40 pixels, undo and redo it."""
    page = visitor.page
    visitor.open_editor()
    visitor.confirm("psis")
    done = page.get_by_role("button", name="Done", exact=True)
    expect(done).not_to_have_class(re.compile("primary"))
    visitor.confirm("asis")
    expect(done).to_have_class(re.compile("primary"))
    visitor.close_editor()
    confirmed = visitor.save()
    assert confirmed["measurements"]["pelvic_tilt_deg"]["tier"] == "marked"

    visitor.open_editor()
    assert shown_deg(page) == pytest.approx(tilt(confirmed), abs=DRAWN_DEG)
    way = (24 * visitor.per_px, 32 * visitor.per_px)
    visitor.drag("asis", 24, 32)
    wanted = moved(confirmed, "asis", *way)
    turned = tilt(confirmed) + drawn(wanted) - drawn(confirmed)
    visitor.expect_tilt(turned)
    assert abs(turned - tilt(confirmed)) > 5
    assert shown_deg(page) == pytest.approx(turned, abs=WITHIN_DEG)
    visitor.press("Undo")
    visitor.expect_tilt(tilt(confirmed))
    assert shown_deg(page) == pytest.approx(tilt(confirmed), abs=DRAWN_DEG)
    visitor.press("Redo")
    visitor.close_editor()
    dragged = visitor.save()
    for axis, by in zip("xy", way, strict=True):
        there = confirmed["points"]["asis"][axis] + by
        assert dragged["points"]["asis"][axis] == pytest.approx(there, abs=1)
    assert tilt(dragged) - tilt(confirmed) == pytest.approx(turned - tilt(confirmed), abs=0.1)
    assert tilt(dragged) - drawn(dragged) == pytest.approx(
        tilt(confirmed) - drawn(confirmed), abs=WRITTEN
    )
    return dragged


def _move_by_keys_and_leave(visitor: Visitor, dragged: Told) -> Told:
    """Move ASIS by keyboard; go to the other page and come back."""
    page = visitor.page
    visitor.open_editor()
    visitor.point("asis").focus()
    for key in ("Shift+ArrowUp", "Shift+ArrowUp", "ArrowUp", "ArrowRight"):
        page.keyboard.press(key)
    by_keys = moved(dragged, "asis", 1, -21)
    visitor.expect_tilt(tilt(dragged) + drawn(by_keys) - drawn(dragged))

    visitor.press("How it works", "link")
    expect(page.get_by_role("heading", name="Privacy")).to_be_visible()
    visitor.press("Measure a photo", "link")
    expect(visitor.point("asis")).to_have_attribute("data-kind", "placed")
    visitor.close_editor()
    corrected = visitor.save()
    assert tilt(corrected) - tilt(dragged) == pytest.approx(
        drawn(by_keys) - drawn(dragged), abs=WRITTEN
    )
    return corrected


def _reload_and_reopen(visitor: Visitor, as_found: Told, corrected: Told) -> None:
    """Reload the page, reset all, open the saved file, and forget the photo."""
    page = visitor.page
    page.reload()
    expect(page.get_by_test_id("stMetric")).to_have_count(2)
    visitor.upload(PHOTO)
    visitor.expect_tilt(tilt(corrected))
    file = visitor.save_file()
    again = json.loads(file.read_text("utf-8"))
    assert same(again, corrected)

    visitor.open_editor()
    visitor.press("Reset all")
    expect(visitor.point("asis")).to_have_attribute("data-kind", "estimated")
    visitor.close_editor()
    assert same(visitor.save(), as_found)

    visitor.open_editor()
    page.get_by_text("More: points from a file, stickers").click()
    page.locator("input[type=file]").set_input_files(file)
    its_points = page.get_by_text("Its points are in the picture above.")
    expect(its_points).to_be_visible()
    visitor.press("Reset all")
    expect(visitor.point("asis")).to_have_attribute("data-kind", "estimated")
    expect(its_points).to_have_count(0)
    visitor.press("Take its points again")
    expect(its_points).to_be_visible()
    expect(visitor.point("asis")).to_have_attribute("data-kind", "placed")
    visitor.close_editor()
    assert same(visitor.save(), corrected)

    visitor.press("Forget this photo")
    expect(page.get_by_role("button", name="Forget this photo")).to_have_count(0)
    visitor.upload(PHOTO)
    assert same(visitor.save(), as_found)


def test_a_photo_in_which_nobody_is_found_is_measured_by_hand(
    visit: Callable[..., Visitor], tmp_path: Path
) -> None:
    """On a phone: ASIS and PSIS are put in place, and the line between them gives the tilt."""
    cut = tmp_path / "trunk.jpg"
    with Image.open(SAMPLES / "standing_arms_hanging.jpg") as whole:
        width, height = whole.size
        whole.crop((0, round(0.3 * height), width, round(0.6 * height))).save(cut, quality=90)
    visitor = visit(*PHONE)
    visitor.upload(cut)
    expect(visitor.page.get_by_text("No person")).to_be_visible()
    visitor.open_editor("Place the points by hand")
    visitor.drag("psis", -20, 10)
    expect(visitor.point("psis")).to_have_attribute("data-kind", "placed")
    visitor.drag("asis", 20, 20)
    expect(visitor.tilt).to_have_text(re.compile("°"))
    visitor.close_editor()
    first = visitor.save()
    assert first["measurements"]["pelvic_tilt_deg"]["tier"] == "marked"
    visitor.open_editor()
    visitor.point("asis").focus()
    visitor.page.keyboard.press("Shift+ArrowDown")
    lower = moved(first, "asis", 0, 10)
    visitor.expect_tilt(tilt(first) + drawn(lower) - drawn(first))
    visitor.close_editor()
    second = visitor.save()
    assert second["points"]["asis"]["y"] == pytest.approx(first["points"]["asis"]["y"] + 10)
    assert tilt(second) - tilt(first) == pytest.approx(drawn(second) - drawn(first), abs=WRITTEN)


def test_the_keyboard_alone_corrects_a_photo(visit: Callable[..., Visitor]) -> None:
    """From the page's start to a changed tilt, without a mouse."""
    visitor = visit(*DESK)
    page = visitor.page
    keyboard = page.keyboard
    _tab_to(page, "Correct the points")
    keyboard.press("Enter")
    expect(visitor.point("asis")).to_be_focused()
    keyboard.press("Shift+Tab")
    expect(visitor.point("psis")).to_be_focused()
    keyboard.press("Enter")
    keyboard.press("Tab")
    keyboard.press("Enter")
    expect(visitor.point("asis")).to_have_attribute("data-kind", "placed")
    before = shown_deg(page)
    visitor.expect_tilt(before)
    for _ in range(3):
        keyboard.press("Shift+ArrowDown")
    page.wait_for_timeout(300)
    after = shown_deg(page)
    assert after > before + 5
    visitor.expect_tilt(after)
    _tab_to(page, "Done")
    keyboard.press("Enter")
    expect(page.locator(".handle")).to_have_count(0)
    visitor.rest()
    assert tilt(visitor.save()) == pytest.approx(after, abs=DRAWN_DEG)


def _tab_to(page: Page, name: str) -> None:
    button = page.get_by_role("button", name=name, exact=True)
    expect(button).to_be_visible()
    for _ in range(60):
        if button.evaluate("button => button === button.getRootNode().activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab does not reach {name!r}.")
