"""The point editor on a page of its own: a person places points in a browser."""

import json
import math
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from app_pages.palpation import PALPATION
from posture.drawing.shapes import ORANGE, SKY_BLUE
from posture.marking.marks import PLACEABLE
from scripts.screenshots import SECONDS, wait_until_healthy

from .browser import Fingers, drag, handle, middle, shown_deg

ROOT = Path(__file__).parents[1]
WIDTH, HEIGHT = 768, 1024
# As in editor_page.py.
PSIS, ASIS, LEAN_DEG, BEND_DEG = (330.0, 476.0), (392.0, 498.0), 1.0, 0.4


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Run the editor's own page on a free port; return its address."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "tests/editor_page.py"]
    options = [f"--server.port={port}", "--server.headless=true"]
    with subprocess.Popen([*command, *options], cwd=ROOT, stdout=subprocess.DEVNULL) as server:
        try:
            wait_until_healthy(f"http://127.0.0.1:{port}")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


@pytest.fixture
def visit(address: str, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open the page on a screen of a given size; it must raise no error."""
    expect.set_options(timeout=SECONDS * 1000)
    pages: list[Page] = []
    errors: list[str] = []

    def open_(query: str = "", *, width: int = 1280, height: int = 1200) -> Page:
        size = {"width": width, "height": height}
        page = browser.new_page(viewport=size, has_touch=width < 500)  # type: ignore[arg-type]
        pages.append(page)
        page.set_default_timeout(SECONDS * 1000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{address}/{query}")
        expect(handle(page, "asis")).to_be_visible()
        settle(page)
        return page

    yield open_
    for page in pages:
        page.close()
    assert errors == []


def settle(page: Page) -> None:
    """Wait until the script rests and the editor has drawn."""
    page.wait_for_timeout(300)
    page.wait_for_selector("[data-test-script-state=notRunning]", state="attached")
    page.wait_for_timeout(200)


def scale(page: Page) -> float:
    """Return how many CSS pixels a photo pixel has on the screen."""
    shown = page.locator("svg.over image").get_attribute("width")
    assert shown is not None
    return float(shown) / WIDTH


def told(page: Page) -> dict[str, Any]:
    """Return what Python has been told."""
    settle(page)
    return read(page)


def read(page: Page) -> dict[str, Any]:
    """Return what Python has been told by now."""
    answer: dict[str, Any] = json.loads(page.get_by_test_id("stCode").inner_text())
    return answer


def until(page: Page, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Wait until Python has been told what is wanted."""
    end = time.monotonic() + SECONDS
    while not wanted(answer := read(page)):
        assert time.monotonic() < end, answer
        page.wait_for_timeout(50)
    return answer


def tilt_deg(psis: Sequence[float], asis: Sequence[float], lean_deg: float = LEAN_DEG) -> float:
    """Return how far ASIS lies below PSIS, of a person who looks to the right."""
    drawn = math.degrees(math.atan2(asis[1] - psis[1], asis[0] - psis[0]))
    return drawn - lean_deg


def test_a_point_dragged_by_mouse_moves_as_far_and_turns_the_pelvis(
    visit: Callable[..., Page],
) -> None:
    """The angle follows while dragging; Python is told when it is dropped; undo takes it back."""
    page = visit()
    assert shown_deg(page) == pytest.approx(tilt_deg(PSIS, ASIS), abs=0.06)
    per_px = 1 / scale(page)
    drag(page, "asis", 40, 0, drop=False)
    expect(page.locator(".loupe")).to_be_visible()
    page.wait_for_timeout(100)
    moved = (ASIS[0] + 40 * per_px, ASIS[1])
    assert shown_deg(page) == pytest.approx(tilt_deg(PSIS, moved), abs=0.1)
    assert told(page)["points"] == {}
    page.mouse.up()
    expect(page.locator(".loupe")).to_be_hidden()

    mark = until(page, lambda now: "asis" in now["points"])["points"]["asis"]
    assert (mark["x"], mark["y"]) == pytest.approx(moved, abs=0.3)
    assert mark["source"] == "placed"
    assert mark["sd_px"] == pytest.approx(max(per_px / 2, 0.5), rel=0.01)
    assert page.locator(".ghost").count() == 1

    page.get_by_role("button", name="Undo").click()
    until(page, lambda now: now["points"] == {})
    assert shown_deg(page) == pytest.approx(tilt_deg(PSIS, ASIS), abs=0.06)
    page.get_by_role("button", name="Redo").click()
    assert until(page, lambda now: "asis" in now["points"])["points"]["asis"] == mark


def test_pelvis_and_back_have_the_colours_of_the_result(visit: Callable[..., Page]) -> None:
    """Leaving the editor swaps none: the pelvis and its angle are blue, the back is orange."""
    page = visit()
    for drawn, looks in {
        ".over .pelvis": ("stroke", SKY_BLUE),
        ".over .angle": ("fill", SKY_BLUE),
        ".over .spine": ("stroke", ORANGE),
    }.items():
        expect(page.locator(drawn)).to_have_css(looks[0], f"rgb{looks[1]}")


def test_every_action_is_done_by_keyboard(visit: Callable[..., Page]) -> None:
    """Tab walks from head to foot; keys move, confirm, reset, undo and zoom."""
    page = visit()
    handle(page, "ear").focus()
    walked = []
    for _ in PLACEABLE:
        walked.append(focused(page))
        page.keyboard.press("Tab")
    assert walked == list(PALPATION)

    handle(page, "psis").focus()
    expect(handle(page, "psis")).to_have_accessible_name(
        "PSIS, back of the pelvis, the program's guess, not confirmed, 330 by 476. "
        "Arrow keys move it, Enter confirms."
    )
    page.keyboard.press("Enter")
    mark = until(page, lambda now: "psis" in now["points"])["points"]["psis"]
    assert (mark["x"], mark["y"]) == PSIS

    handle(page, "asis").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    mark = until(page, lambda now: "asis" in now["points"])["points"]["asis"]
    assert (mark["x"], mark["y"]) == (ASIS[0] + 1, ASIS[1] + 10)
    expect(page.get_by_role("status")).to_contain_text("ASIS at 393 by 508")
    page.keyboard.press("Control+z")
    assert set(until(page, lambda now: "asis" not in now["points"])["points"]) == {"psis"}
    page.keyboard.press("Control+Shift+z")
    until(page, lambda now: "asis" in now["points"])
    page.keyboard.press("Delete")
    until(page, lambda now: "asis" not in now["points"])

    before = scale(page)
    page.keyboard.press("+")
    page.wait_for_timeout(100)
    assert scale(page) == pytest.approx(1.5 * before, rel=0.02)
    page.keyboard.press("ArrowLeft")
    mark = until(page, lambda now: "asis" in now["points"])["points"]["asis"]
    assert mark["x"] == ASIS[0] - 1
    page.keyboard.press("0")
    page.wait_for_timeout(100)
    assert scale(page) == pytest.approx(before, rel=0.01)


def focused(page: Page) -> str:
    """Return the point that has the keyboard's focus."""
    name: str = page.evaluate("document.activeElement.shadowRoot.activeElement.dataset.point")
    return name


def test_a_finger_drags_points_and_two_zoom_on_a_phone(visit: Callable[..., Page]) -> None:
    """On 360 pixels nothing overflows; a finger beside the points scrolls the page."""
    page = visit(width=360, height=740)
    fingers = Fingers(page)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth")
    for tool in page.locator(".tool:visible, .chip:visible, .handle").all():
        box = tool.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44 - 1e-3  # as a float

    for step in ("Confirm", "Done"):
        expect(page.get_by_role("button", name=step, exact=True)).to_be_in_viewport(ratio=1)
    scrolled = main.evaluate("main => main.scrollTop")
    per_px = 1 / scale(page)
    fingers.touch("touchStart", start := middle(page, "asis"))
    fingers.touch("touchMove", (start[0] + 20, start[1]))
    fingers.touch("touchMove", (start[0] + 40, start[1]))
    expect(page.locator(".loupe")).to_be_visible()
    loupe = page.locator(".loupe").bounding_box()
    assert loupe is not None
    assert loupe["width"] >= 110
    assert loupe["y"] + loupe["height"] < start[1]
    fingers.touch("touchEnd")
    mark = until(page, lambda now: "asis" in now["points"])["points"]["asis"]
    assert mark["x"] == pytest.approx(ASIS[0] + 40 * per_px, abs=1)
    assert mark["sd_px"] == pytest.approx(per_px / 2, rel=0.01)
    assert main.evaluate("main => main.scrollTop") == scrolled

    x, y = middle(page, "knee")
    fingers.touch("touchStart", (x - 60, y), (x + 60, y))
    for apart in (70, 80, 100, 120):
        fingers.touch("touchMove", (x - apart, y), (x + apart, y))
    fingers.touch("touchEnd")
    page.wait_for_timeout(200)
    assert scale(page) == pytest.approx(2 / per_px, rel=0.05)
    assert middle(page, "knee") == pytest.approx((x, y), abs=4)
    fingers.stroke((300, y), (-50, -30))
    page.wait_for_timeout(200)
    assert middle(page, "knee") == pytest.approx((x - 50, y - 30), abs=6)
    assert main.evaluate("main => main.scrollTop") == scrolled

    page.get_by_role("button", name="Fit the photo").click()
    page.wait_for_timeout(200)
    fingers.stroke((300, 600), (0, -300))
    page.wait_for_timeout(300)
    assert main.evaluate("main => main.scrollTop") > scrolled + 100
    assert set(told(page)["points"]) == {"asis"}


def test_buttons_move_a_point_without_dragging(visit: Callable[..., Page]) -> None:
    """A point is chosen in the list, moved by 1 and by 10 pixels, confirmed and reset."""
    page = visit(width=360, height=740)
    page.get_by_role("button", name="L3, the program's guess").click()
    page.get_by_role("button", name="Move up").click()
    page.get_by_role("button", name="Step: 1 pixel").click()
    page.get_by_role("button", name="Move left").click()
    # Both moves are told, one after the other.
    moved = until(page, lambda now: now["points"].get("l3", {}).get("x", 334) != 334)
    mark = moved["points"]["l3"]
    assert (mark["x"], mark["y"]) == (324, 423)
    page.get_by_role("button", name="Next: S1").click()
    page.get_by_role("button", name="Confirm", exact=True).click()
    assert set(until(page, lambda now: "s1" in now["points"])["points"]) == {"l3", "s1"}
    page.get_by_role("button", name="Reset point").click()
    expect(handle(page, "s1")).to_be_focused()
    assert set(until(page, lambda now: "s1" not in now["points"])["points"]) == {"l3"}
    page.get_by_role("button", name="Reset all").click()
    until(page, lambda now: now["points"] == {})
    page.get_by_role("button", name="Undo").click()
    until(page, lambda now: "l3" in now["points"])


def test_a_line_gives_the_vertical_and_two_places_the_scale(visit: Callable[..., Page]) -> None:
    """Neither counts before it is placed; the angles follow the line."""
    page = visit()
    page.get_by_role("button", name="Plumb line").first.click()
    assert told(page)["line"] is None
    handle(page, "line.1").focus()
    expect(handle(page, "line.1")).to_have_accessible_name(
        "Plumb line, upper end, not placed yet, 97 by 256. Arrow keys move it, Enter confirms."
    )
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    line = until(page, lambda now: now["line"])["line"]
    assert line["along"] == "vertical"
    lean = math.degrees(math.atan2(line["x1"] - line["x2"], line["y2"] - line["y1"]))
    assert lean > LEAN_DEG + 2
    settle(page)
    answered = tilt_deg(PSIS, ASIS, lean + BEND_DEG)
    assert shown_deg(page) == pytest.approx(answered, abs=0.06)
    x, dx = line["x1"], 30 / scale(page)
    drag(page, "line.1", 30, 0, drop=False)
    turned = math.degrees(math.atan2(x + dx - line["x2"], line["y2"] - line["y1"])) - lean
    assert shown_deg(page) == pytest.approx(answered - turned, abs=0.15)
    page.mouse.up()
    until(page, lambda now: now["line"]["x1"] > x)
    page.get_by_role("button", name="Remove").click()
    until(page, lambda now: now["line"] is None)
    assert focused(page) == "asis"
    expect(page.get_by_role("status")).to_have_text("Plumb line reset. Now at ASIS.")
    assert shown_deg(page) == pytest.approx(tilt_deg(PSIS, ASIS), abs=0.1)

    page.get_by_role("button", name="Scale").first.click()
    page.get_by_label("Distance in cm").fill("50")
    page.get_by_label("Distance in cm").press("Enter")
    assert told(page)["distance"] is None
    drag(page, "scale.1", 20, 10)
    assert until(page, lambda now: now["distance"])["distance"]["cm"] == 50
    page.get_by_label("Distance in cm").fill("")
    page.get_by_label("Distance in cm").press("Enter")
    until(page, lambda now: now["distance"] is None)
    expect(page.get_by_role("status")).to_contain_text("not counted")
    expect(page.locator(".state")).to_contain_text("not counted")


def test_saying_what_a_line_runs_along_moves_no_end_that_was_placed(
    visit: Callable[..., Page],
) -> None:
    """A line put along a shelf stays there as a horizontal; one just drawn is turned to it."""
    page = visit()
    page.get_by_role("button", name="Plumb line").first.click()
    page.get_by_role("button", name="Along a horizontal").click()
    page.wait_for_timeout(100)
    (x1, y1), (x2, y2) = (middle(page, end) for end in ("line.1", "line.2"))
    assert abs(x2 - x1) > 5 * abs(y2 - y1)
    assert told(page)["line"] is None

    page.get_by_role("button", name="Along a vertical").click()
    page.wait_for_timeout(100)
    for end, (x, y) in {"line.1": (100, 500), "line.2": (500, 510)}.items():
        photo = page.locator("svg.over image").bounding_box()
        assert photo is not None
        at = middle(page, end)
        to = (photo["x"] + x * scale(page), photo["y"] + y * scale(page))
        drag(page, end, to[0] - at[0], to[1] - at[1])
    drawn = until(page, lambda now: now["line"] and now["line"]["x2"] > 400)["line"]
    assert [drawn[key] for key in ("x1", "y1", "x2", "y2")] == pytest.approx(
        [100, 500, 500, 510], abs=1
    )
    assert drawn["along"] == "vertical"
    page.get_by_role("button", name="Along a horizontal").click()
    along = until(page, lambda now: not now["line"] or now["line"]["along"] == "horizontal")
    assert along["line"] == drawn | {"along": "horizontal"}


def test_a_run_of_the_page_disturbs_no_drag(visit: Callable[..., Page]) -> None:
    """The point stays under the pointer while Python answers what came before, a key too."""
    page = visit()
    handle(page, "psis").focus()
    page.keyboard.press("Enter")
    per_px = 1 / scale(page)
    drag(page, "asis", 30, 20, drop=False)
    until(page, lambda now: "psis" in now["points"])
    at = middle(page, "asis")
    page.keyboard.press("ArrowLeft")
    until(page, lambda now: "asis" in now["points"])
    page.mouse.move(at[0] + 10, at[1] + 10)
    page.mouse.up()
    moved = (ASIS[0] + 40 * per_px, ASIS[1] + 30 * per_px)
    at_its_end = pytest.approx(moved, abs=2)
    until(page, lambda now: [now["points"]["asis"][axis] for axis in "xy"] == at_its_end)


def test_corrections_from_elsewhere_are_shown_and_can_be_undone(
    visit: Callable[..., Page],
) -> None:
    """Python's own change replaces what the browser has, once."""
    page = visit()
    handle(page, "psis").focus()
    page.keyboard.press("Enter")
    until(page, lambda now: "psis" in now["points"])
    page.get_by_role("button", name="Load other corrections").click()
    assert set(until(page, lambda now: "asis" in now["points"])["points"]) == {"asis"}
    expect(handle(page, "asis")).to_have_accessible_name(
        "ASIS, front of the pelvis, placed, 400 by 500. Arrow keys move it, Enter confirms."
    )
    page.get_by_role("button", name="Run again").click()
    assert set(told(page)["points"]) == {"asis"}
    page.get_by_role("button", name="Undo").click()
    assert set(until(page, lambda now: "psis" in now["points"])["points"]) == {"psis"}


def test_nothing_is_lost_by_leaving_or_reloading_the_page(visit: Callable[..., Page]) -> None:
    """What was placed is there again; after 'Reset all' nothing is."""
    page = visit()
    drag(page, "asis", 40, 10)
    editor = page.get_by_text("Show the editor")
    page.get_by_role("button", name="Done").click()  # at once: Python hears of both together
    expect(handle(page, "asis")).to_have_count(0)
    before = until(page, lambda now: "asis" in now["points"])
    editor.click()
    expect(handle(page, "asis")).to_have_attribute("data-kind", "placed")
    assert told(page) == before
    settle(page)
    page.reload()
    expect(handle(page, "asis")).to_be_visible()
    assert until(page, lambda now: "asis" in now["points"]) == before
    expect(handle(page, "asis")).to_have_attribute("data-kind", "placed")
    page.get_by_role("button", name="Reset all").click()
    until(page, lambda now: now["points"] == {})
    page.wait_for_function("sessionStorage.length === 0")
    page.reload()
    expect(handle(page, "asis")).to_be_visible()
    assert told(page)["points"] == {}


def test_a_photo_with_nobody_found_can_still_be_marked(visit: Callable[..., Page]) -> None:
    """ASIS and PSIS wait in the middle of the photo; others are added."""
    page = visit("?nobody")
    assert page.locator(".handle").count() == 2
    expect(handle(page, "psis")).to_have_attribute("data-kind", "unplaced")
    assert told(page)["points"] == {}
    page.get_by_label("Point to add").select_option("l3")
    page.get_by_role("button", name="Add").click()
    expect(handle(page, "l3")).to_have_attribute("data-kind", "unplaced")
    drag(page, "l3", 10, 5)
    drag(page, "asis", 10, 5)
    assert set(until(page, lambda now: len(now["points"]) == 2)["points"]) == {"l3", "asis"}


def test_no_trunk_leans_forward_or_backward_where_no_front_is_known(
    visit: Callable[..., Page],
) -> None:
    """Of somebody who looks to the left, both words would be wrong half of the time."""
    page = visit()
    expect(page.locator(".reading")).to_contain_text("trunk")
    page = visit("?nobody")
    for name in ("shoulder", "hip"):
        page.get_by_label("Point to add").select_option(name)
        page.get_by_role("button", name="Add").click()
        expect(handle(page, name)).to_be_focused()
        drag(page, name, -30, 0)
    drag(page, "psis", 10, 5)
    drag(page, "asis", -10, 5)
    expect(page.locator(".reading")).to_contain_text("PSIS to ASIS")
    expect(page.locator(".reading")).not_to_contain_text("trunk")
    expect(page.get_by_role("status")).not_to_contain_text("trunk")


def test_a_point_is_added_by_its_button_alone(visit: Callable[..., Page]) -> None:
    """Keys that go through the list add nothing; all of it is reached by keyboard and by finger."""
    page = visit("?nobody", width=360, height=740)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth")
    choice, add = page.get_by_label("Point to add"), page.get_by_role("button", name="Add")
    for target in (choice, add):
        box = target.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44 - 1e-3  # as a float
        assert box["x"] + box["width"] <= 360

    choice.focus()
    for name in ("c7", "shoulder", "t12"):
        page.keyboard.press("ArrowDown")
        expect(choice).to_have_value(name)
    settle(page)
    assert page.locator(".handle").count() == 2
    page.keyboard.press("Tab")
    expect(add).to_be_focused()
    page.keyboard.press("Enter")
    expect(handle(page, "t12")).to_be_focused()
    expect(page.get_by_role("status")).to_contain_text("T12, lowest bone of the chest: added")
    assert page.locator(".handle").count() == 3
    assert "t12" not in choice.locator("option").evaluate_all("all => all.map(o => o.value)")
    page.keyboard.press("ArrowDown")
    assert set(until(page, lambda now: now["points"])["points"]) == {"t12"}


def test_the_list_of_points_to_add_goes_with_its_last(visit: Callable[..., Page]) -> None:
    """The keyboard goes on at the point that was added."""
    page = visit("?nobody")
    add = page.get_by_role("button", name="Add")
    for _ in range(len(PLACEABLE) - 2):
        add.press("Enter")
        page.wait_for_timeout(100)
    expect(add).to_have_count(0)
    assert page.locator(".handle").count() == len(PLACEABLE)
    assert focused(page) == "foot_index"
