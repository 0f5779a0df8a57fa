"""Who sees little, hears the page or uses the keyboard can use every page in every state."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, expect

from scripts.screenshots import SAMPLES, SECONDS, open_dialog, settle, upload

from .browser import faults

# The page's background, as .streamlit/config.toml has it.
LIGHT = "rgb(251, 250, 247)"
DARK = "rgb(17, 25, 27)"


def _open_sample(page: Page) -> None:
    expect(page.get_by_test_id("stMetric")).to_have_count(2)


def _open_list_of_photos(page: Page) -> None:
    page.get_by_role("combobox", name="Photo").click()
    expect(page.get_by_role("option").first).to_be_visible()


def _open_camera(page: Page) -> None:
    open_dialog(page)
    page.get_by_role("radio", name="Camera").click()
    expect(page.get_by_test_id("stCameraInput")).to_be_visible()


def _upload_refused(page: Page) -> None:
    upload(SAMPLES / "front.jpg")(page)
    expect(page.get_by_text("This photo was not measured.")).to_be_visible()


def _upload_part_refused(page: Page) -> None:
    upload(SAMPLES / "arm_hides_back.jpg")(page)
    expect(page.get_by_test_id("stMetric")).to_have_count(2)


def _upload_several(page: Page) -> None:
    names = ("front.jpg", "standing_flat_back.jpg", "standing_striped_shirt.jpg")
    upload(Path(__file__), *(SAMPLES / name for name in names))(page)
    expect(page.get_by_role("heading", name="All your photos")).to_be_visible()


def _read_how_it_works(page: Page) -> None:
    page.get_by_test_id("stMain").get_by_role("link", name="How it works").click()
    expect(page.get_by_role("heading", name="Privacy")).to_be_visible()


def _correct_points(page: Page) -> None:
    page.get_by_role("button", name="Correct the points").click()
    expect(page.locator('.handle[data-point="asis"]')).to_be_visible()
    page.get_by_role("button", name="Confirm", exact=True).click()


def _draw_lines(page: Page) -> None:
    _correct_points(page)
    page.get_by_role("button", name="Plumb line").first.click()
    page.get_by_role("button", name="Scale").first.click()
    page.get_by_label("Distance in cm").fill("0")
    page.get_by_label("Distance in cm").press("Enter")
    page.get_by_text("More: points from a file, stickers").click()


def _place_by_hand(page: Page) -> None:
    upload(SAMPLES / "two_people.jpg")(page)
    page.get_by_role("button", name="Place the points by hand").click()
    expect(page.locator('.handle[data-point="asis"]')).to_be_visible()


def _wear_stickers(page: Page) -> None:
    truth = json.loads((SAMPLES / "standing_tank_top.json").read_text("utf-8"))["points"]
    photo = Image.open(SAMPLES / "standing_tank_top.jpg").convert("RGB")
    drawn = ImageDraw.Draw(photo)
    for name in ("asis", "psis", "t12"):
        drawn.circle((truth[name]["x"], truth[name]["y"]), 5, fill=(240, 60, 170))
    file = io.BytesIO()
    photo.save(file, "PNG")
    page.get_by_role("button", name="Measure a photo").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "stickers.png", "mimeType": "image/png", "buffer": file.getvalue()}
    )
    expect(page.get_by_role("img", name="stickers.png")).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Look for stickers").click()
    expect(page.get_by_role("button", name="Measure from the stickers")).to_be_visible()


# Each with the widths at which it looks different.
STATES: dict[str, tuple[Callable[[Page], None], tuple[int, ...]]] = {
    "a sample is shown": (_open_sample, (1280, 360)),
    "the photos to choose from are listed": (_open_list_of_photos, (360,)),
    "files can be chosen": (open_dialog, (360,)),
    "the camera can be chosen": (_open_camera, (360,)),
    "a photo is refused": (_upload_refused, (360,)),
    "an angle is refused": (_upload_part_refused, (1280,)),
    "one of several files is no photo": (_upload_several, (360,)),
    "it is explained how it works": (_read_how_it_works, (360,)),
    "points are corrected": (_correct_points, (1280,)),
    "lines are drawn and points opened": (_draw_lines, (360,)),
    "points are placed where nobody was measured": (_place_by_hand, (360,)),
    "stickers are found": (_wear_stickers, (360,)),
}


@pytest.mark.parametrize(
    ("state", "width"), [(state, width) for state in STATES for width in STATES[state][1]]
)
def test_no_page_shuts_anyone_out(browser: Browser, address: str, state: str, width: int) -> None:
    """axe-core finds no serious fault in any state, on a phone and on a desk, light and dark."""
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme="light")
    page.set_default_timeout(SECONDS * 1000)
    page.goto(address)
    expect(page.get_by_test_id("stMetric")).to_have_count(2)
    STATES[state][0](page)
    settle(page)
    expect(page.locator(".stApp")).to_have_css("background-color", LIGHT)
    found = {"light": faults(page)}
    page.emulate_media(color_scheme="dark")
    expect(page.locator(".stApp")).to_have_css("background-color", DARK)
    settle(page)
    found["dark"] = faults(page)
    assert found == {"light": [], "dark": []}
    page.close()


def test_a_fault_would_be_found(browser: Browser) -> None:
    """Pale words, a nameless button and tiny ones are told, also where nothing can scroll."""
    page = browser.new_page()
    page.set_content(
        "<html lang='en' style='overflow: hidden'><title>Faults</title>"
        "<main style='position: fixed; background: #fff'><h1>Faults</h1>"
        "<p style='color: #bbb'>pale</p><button></button>"
        "<button style='font-size: 5px'>a</button><button style='font-size: 5px'>b</button></main>"
    )
    told = {fault.split(":")[0] for fault in faults(page)}
    page.close()
    assert told == {"color-contrast", "button-name", "target-size"}
