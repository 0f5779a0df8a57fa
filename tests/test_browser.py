"""The app in a real browser, used as a person uses it."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from scripts.screenshots import SECONDS

ROOT = Path(__file__).parents[1]
PHOTO = ROOT / "samples" / "standing_striped_shirt.jpg"


@pytest.fixture
def page(address: str, browser: Browser) -> Iterator[Page]:
    """Open the app on a phone's screen."""
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.set_default_timeout(SECONDS * 1000)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("websocket", lambda socket: requests.append(socket.url))
    page.goto(address)
    expect(page.get_by_test_id("stMetric")).to_have_count(2)
    yield page
    page.close()
    asked = {urlsplit(url).hostname for url in requests if not url.startswith(("data:", "blob:"))}
    assert asked == {"127.0.0.1"}, "the page asked for something outside this machine"


def _headline(page: Page, label: str) -> str:
    metric = page.get_by_test_id("stMetric").filter(has_text=label)
    return metric.get_by_test_id("stMetricValue").inner_text()


def test_a_person_uploads_a_photo_on_a_phone_and_saves_the_numbers(page: Page) -> None:
    """Both angles and the picture appear; the saved numbers are those shown; nothing overflows."""
    page.get_by_role("button", name="Measure a photo").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_test_id("stFileUploader").locator("button").click()
    chooser.value.set_files(PHOTO)

    picture = page.get_by_role("img", name=f"{PHOTO.name}, with what was found drawn on it")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 768
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.wait_for_selector("[data-test-script-state=notRunning]", state="attached")

    with page.expect_download() as download:
        page.get_by_role("button", name="Numbers (JSON)").click()
    saved = json.loads(Path(download.value.path()).read_text("utf-8"))
    assert download.value.suggested_filename == "standing_striped_shirt_posture.json"
    assert saved["photo"]["name"] == PHOTO.name
    for label, key in (("Pelvic tilt", "pelvic_tilt_deg"), ("Lumbar curve", "lumbar_curve_deg")):
        shown = re.fullmatch(r"(\d+)° ± (\d+)", _headline(page, label))
        assert shown is not None
        value, half = map(int, shown.groups())
        numbers = saved["measurements"][key]
        assert value == round(numbers["value"])
        assert half == round((numbers["high"] - numbers["low"]) / 2)

    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_picture_is_saved_as_pixels_and_as_a_drawing(page: Page) -> None:
    """Both files are what their names say."""
    for button, start in (("Picture (PNG)", b"\x89PNG"), ("Drawing (SVG)", b"<")):
        with page.expect_download() as download:
            page.get_by_role("button", name=button).click()
        assert Path(download.value.path()).read_bytes().startswith(start)


def test_angles_and_picture_come_first_on_a_phone(page: Page) -> None:
    """Without scrolling, both angles are seen whole, and the picture begins."""
    for label in ("Pelvic tilt", "Lumbar curve"):
        box = page.get_by_test_id("stMetric").filter(has_text=label).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < 400
    picture = page.get_by_role("img", name="with what was found drawn on it").bounding_box()
    assert picture is not None
    assert picture["y"] < 500


def test_large_type_on_a_phone_cuts_no_number(page: Page) -> None:
    """At twice the size of type the cards stand one below the other, their numbers whole."""
    page.add_style_tag(content="html { font-size: 200% !important; }")
    boxes = [metric.bounding_box() for metric in page.get_by_test_id("stMetric").all()]
    picture = page.get_by_role("img", name="with what was found drawn on it").bounding_box()
    first, second = boxes
    assert first is not None
    assert second is not None
    assert picture is not None
    assert first["y"] + first["height"] <= second["y"]
    assert second["y"] + second["height"] <= picture["y"]
    for number in page.get_by_test_id("stMetricValue").all():
        assert number.evaluate(
            "e => [e, ...e.querySelectorAll('*')].every(e => e.scrollWidth <= e.clientWidth + 1)"
        )


def test_the_keyboard_alone_opens_the_file_chooser(page: Page) -> None:
    """Tab reaches 'Measure a photo', Enter opens the choice, Escape closes it."""
    button = page.get_by_role("button", name="Measure a photo")
    for _ in range(20):
        page.keyboard.press("Tab")
        if button.evaluate("button => button === document.activeElement"):
            break
    assert button.evaluate("button => getComputedStyle(button).outline").endswith("solid 2px")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_menu_on_a_phone(page: Page) -> None:
    """Closed, the keyboard goes past it; open, it can be closed and the language be chosen."""
    opens = page.get_by_test_id("stExpandSidebarButton")
    for _ in range(10):
        page.keyboard.press("Tab")
        place = page.evaluate("document.activeElement.getBoundingClientRect().right")
        assert place > 0
        if opens.evaluate("button => button === document.activeElement"):
            break
    page.keyboard.press("Enter")
    closes = page.get_by_test_id("stSidebarCollapseButton").get_by_role("button")
    closes.click(trial=True)  # else something lies over it
    page.get_by_role("combobox", name="Language").click(trial=True)
    closes.click()
    expect(page.get_by_role("link", name="People")).to_be_hidden()


def test_a_file_that_is_too_large_is_told_why(page: Page, tmp_path: Path) -> None:
    """In words that are seen."""
    large = tmp_path / "large.jpg"
    large.write_bytes(bytes(31_000_000))
    page.get_by_role("button", name="Measure a photo").click()
    page.locator("input[type=file]").set_input_files(large)
    said = page.get_by_text("File must be 30.0MB or smaller").bounding_box()
    assert said is not None
    assert said["width"] > 100
    assert said["height"] > 10


def test_the_other_page_fits_a_phone_too(page: Page, address: str) -> None:
    """'How it works' is reached by its address and does not overflow."""
    page.goto(f"{address}/how_it_works")
    expect(page.get_by_role("heading", name="Privacy")).to_be_visible()
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollWidth <= main.clientWidth")


@pytest.mark.parametrize(("host", "status"), [("127.0.0.1", 101), ("elsewhere.example", 403)])
def test_a_site_that_passes_for_this_machine_is_refused(
    address: str, host: str, status: int
) -> None:
    """Who comes under another name, as in DNS rebinding, gets no connection."""
    with closing(HTTPConnection(urlsplit(address).netloc, timeout=10)) as connection:
        handshake = {
            "Host": host,
            "Origin": f"http://{host}",
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
        }
        connection.request("GET", "/_stcore/stream", headers=handshake)
        with closing(connection.getresponse()) as answer:
            assert answer.status == status
