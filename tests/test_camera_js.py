"""The camera of the workshop page alone, in a browser whose clock stands still until it is told."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

SCRIPT = Path(__file__).parents[1] / "app_pages" / "camera" / "camera.js"
TOLD = """() => {
  const canvas = document.createElement("canvas");
  canvas.getContext("2d").fillRect(0, 0, 9, 9);
  window.stream = canvas.captureStream();
  const asked = new Promise((resolve) => { window.allow = () => resolve(window.stream); });
  Object.defineProperty(navigator, "mediaDevices", { value: { getUserMedia: () => asked } });
  window.sent = [];
  const keep = (name, value) => window.sent.push({ name, value });
  const texts = new Proxy({}, { get: (_, name) => name });
  const step = { problem: "", press: "press", button: "Measure before", measured: "" };
  const parentElement = document.body;
  const component = { parentElement, setStateValue: keep, setTriggerValue: keep };
  window.tell = (more) => {
    component.data = { texts, step, countdown: 3, seen: null, answered: null, ...more };
    window.mount(component);
  };
  window.answer = () => {
    const { session, number } = window.sent.findLast(({ name }) => name === "frame").value;
    const picture = { session, number };
    const seen = { picture, drawing: "", numbers: [], say: "", ready: true };
    window.tell({ seen, answered: picture });
  };
  window.tell({});
}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a tab with the camera, which waits for the visitor's leave."""
    page = browser.new_page()
    page.clock.install()
    page.set_content('<div class="camera"></div>')
    code = SCRIPT.read_text("utf-8").replace("export default function", "window.mount = function")
    page.add_script_tag(content=code)
    page.evaluate(TOLD)
    yield page
    page.close()


def sent(page: Page, name: str) -> list[Any]:
    """Return what the camera sent under a name."""
    return [one["value"] for one in page.evaluate("window.sent") if one["name"] == name]


def phase(page: Page) -> str | None:
    """Return what the camera is at."""
    return page.locator(".camera").get_attribute("data-phase")


def pass_time(page: Page, milliseconds: int, meanwhile: Callable[[], object]) -> None:
    """Let time pass, and something happen twice a second."""
    for _ in range(milliseconds // 500):
        meanwhile()
        page.clock.run_for(500)


def begin(page: Page) -> Callable[[], object]:
    """Let the camera begin, and return what answers its newest picture: a person stands well."""
    page.evaluate("window.allow()")
    page.wait_for_function("window.sent.some(({ name }) => name === 'frame')")

    def answer() -> object:
        return page.evaluate("window.answer()")

    answer()
    return answer


def test_stopped_and_begun_again_it_counts_once(page: Page) -> None:
    """What is left of the first countdown shortens the second one by nothing."""
    answer = begin(page)
    go, count = page.locator("button.go"), page.locator(".count")
    go.click()
    pass_time(page, 500, answer)
    go.click()
    go.click()
    assert phase(page) == "counting"
    pass_time(page, 500, answer)
    assert count.inner_text() == "3"
    pass_time(page, 2000, answer)
    assert sent(page, "taken") == []
    pass_time(page, 2500, answer)
    assert len(sent(page, "taken")) == 1
    assert len(sent(page, "taken")[0]["jpegs"]) == 3


def test_pictures_that_nobody_answers_are_not_waited_for_for_ever(page: Page) -> None:
    """The frames were lost on their way: the camera goes on."""
    answer = begin(page)
    page.locator("button.go").click()
    pass_time(page, 5500, answer)
    assert phase(page) == "measuring"
    before = len(sent(page, "frame"))
    page.clock.run_for(181_000)
    answer()
    assert phase(page) == "looking"
    assert len(sent(page, "frame")) > before


def test_a_camera_that_answers_after_it_was_given_up_is_switched_off(page: Page) -> None:
    """Nobody would know why its light is on."""
    page.clock.run_for(15_500)
    assert sent(page, "trouble") == ["late"]
    page.evaluate("window.allow()")
    page.wait_for_function("window.stream.getTracks().every((t) => t.readyState === 'ended')")
    assert sent(page, "frame") == []
