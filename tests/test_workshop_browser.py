"""The workshop page in a real browser, whose fake camera shows a person who tilts the pelvis."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from scripts.fake_camera import FACING_LEFT, FakeCamera, person
from scripts.screenshots import CHROMIUM, SECONDS, settle

from .browser import faults

LIVE_FRAMES = 5
TILT_DEG = 15.0


@pytest.fixture(scope="module")
def fake_camera(tmp_path_factory: pytest.TempPathFactory) -> FakeCamera:
    """Make the file that the browser takes for a camera; it shows an empty room."""
    return FakeCamera(tmp_path_factory.mktemp("camera") / "camera.y4m")


@pytest.fixture(scope="module")
def browser(chromium: str, fake_camera: FakeCamera) -> Iterator[Browser]:
    """Start Debian's chromium with the fake camera."""
    expect.set_options(timeout=SECONDS * 1000)
    with sync_playwright() as playwright:
        args = [*CHROMIUM, *fake_camera.arguments]
        browser = playwright.chromium.launch(executable_path=chromium, args=args)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open an empty tab."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(SECONDS * 1000)
    yield page
    page.close()


def frames(page: Page) -> int:
    """Return how many pictures were measured and drawn so far."""
    return int(page.locator(".camera").get_attribute("data-frames") or 0)


def wait_until(page: Page, holds: Callable[[], bool]) -> None:
    """Look again and again until something holds."""
    for _ in range(SECONDS * 4):
        if holds():
            return
        page.wait_for_timeout(250)
    raise AssertionError("It did not come to hold.")


def tilt(page: Page) -> float:
    """Return the live pelvic tilt."""
    said = page.locator(".number strong").first.inner_text()
    found = re.match(r"-?[\d.]+", said)
    assert found is not None
    return float(found.group())


def test_before_after_and_the_change(address: str, page: Page, fake_camera: FakeCamera) -> None:
    """From an empty room to the change, each step says the next one; nothing is asked elsewhere."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/workshop")
    say, go = page.locator(".say"), page.locator(".go")
    expect(say).to_contain_text("Nobody is seen")

    # Whoever is alone presses first: the countdown waits for them.
    go.click()
    expect(page.locator(".camera")).to_have_attribute("data-phase", "waiting")
    expect(say).to_contain_text("Waiting: the countdown begins")
    expect(say).to_contain_text("Nobody is seen")
    fake_camera.show(person())
    expect(page.locator(".count")).to_have_text(re.compile(r"\d"))
    expect(page.get_by_text("Before:")).to_be_visible()
    expect(say).to_contain_text("Measure after")

    first, level = frames(page), tilt(page)
    fake_camera.show(person(TILT_DEG))
    wait_until(page, lambda: tilt(page) > level + TILT_DEG / 3)
    wait_until(page, lambda: frames(page) >= first + LIVE_FRAMES)
    drawn = page.locator(".layer svg")
    assert drawn.locator("polyline").count() > 4
    assert "±" in (drawn.text_content() or "")
    assert faults(page) == []

    go.click()
    changes = page.locator(".st-key-changes")
    expect(changes).to_contain_text("more anterior")
    expect(changes).to_contain_text("more hollow")
    expect(changes.get_by_text(re.compile(r"\bchanged$"))).to_have_count(2)
    assert faults(page) == []
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []

    page.get_by_role("button", name="Begin anew").click()
    expect(page.locator(".camera")).to_be_visible()
    page.get_by_role("link", name="How it works").first.click()
    expect(page.locator(".camera")).to_have_count(0)
    # Streamlit answers a picture that was on its way when the page was left; then one can go back.
    page.wait_for_timeout(500)
    page.wait_for_selector("[data-test-script-state=notRunning]", state="attached")
    page.go_back()
    expect(page.locator(".camera")).to_be_visible()
    expect(page.get_by_text("Before:")).to_have_count(0)


def test_a_blocked_camera_leads_to_single_photos(address: str, page: Page) -> None:
    """It is said in one sentence, at 360 pixels too; photos from another camera can be chosen."""
    page.set_viewport_size({"width": 360, "height": 740})
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = () =>"
        " Promise.reject(new DOMException('no', 'NotAllowedError'))"
    )
    page.goto(f"{address}/workshop")
    expect(page.get_by_role("alert").get_by_text("The camera is blocked")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert faults(page) == []
    page.get_by_role("button", name="Choose single photos").click()
    expect(page.get_by_text("Next: one photo before")).to_be_visible()
    assert faults(page) == []
    page.locator("input[type=file]").set_input_files(FACING_LEFT)
    expect(page.get_by_text("Before:")).to_be_visible()


def test_a_single_photo_is_large_enough_on_a_phone(
    address: str, page: Page, fake_camera: FakeCamera
) -> None:
    """It has the camera's pixels, not the screen's; on a laptop its button is seen at once."""
    fake_camera.show(person())
    page.goto(f"{address}/workshop")
    page.get_by_role("button", name="Take single photos").click()
    take = page.get_by_role("button", name="Take Photo")
    expect(take).to_be_enabled()
    settle(page)
    box = take.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 800
    page.set_viewport_size({"width": 360, "height": 740})
    expect(page.get_by_test_id("stCameraInput")).to_have_css("width", "328px")
    assert faults(page) == []
    take.click()
    expect(page.get_by_text("Before:")).to_be_visible()
