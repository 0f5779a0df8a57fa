"""What comes from a camera in the browser, and how its newest picture is measured."""

import base64
from concurrent.futures import Executor, Future
from typing import Any

import pytest

from app_pages import camera
from app_pages.camera.stream import Picture, Stream
from app_pages.camera.words import what_to_do
from posture import Assessment, ModelError, Photo, overlay
from posture.reasons import explain

from .factory import make_assessment, make_photo, make_refused

JPEG = overlay.to_jpeg(make_photo(60, 90))


class Later(Executor):
    """A pool that works when it is told to."""

    def __init__(self) -> None:
        self.work: list[Any] = []

    def submit(self, work: Any, /, *given: Any, **named: Any) -> Future[Any]:
        """Keep it for later."""
        self.work.append(lambda: work(*given, **named))
        return Future()

    def go_on(self) -> None:
        """Do what was handed over first."""
        self.work.pop(0)()


def picture(number: int, jpeg: bytes = JPEG) -> Picture:
    """Return a picture of one session."""
    return Picture("s", number, jpeg)


def test_the_newest_picture_wins() -> None:
    """Those that came while one was measured are dropped, but for the last; nothing queues up."""
    pool, looked = Later(), []

    def look(jpeg: bytes) -> Assessment:
        looked.append(jpeg)
        return make_assessment()

    stream = Stream(look, pool)
    assert stream.newest() is None
    for number in range(1, 50):
        stream.offer(picture(number))
    assert len(pool.work) == 1
    pool.go_on()
    seen = stream.newest()
    assert seen is not None
    assert (seen.picture.number, len(looked), pool.work) == (49, 1, [])
    stream.offer(picture(50))
    pool.go_on()
    assert len(looked) == 2


def test_a_picture_that_comes_meanwhile_is_next() -> None:
    """It waits behind the pictures of other cameras, and is not forgotten."""
    pool = Later()

    def look(_jpeg: bytes) -> Assessment:
        if len(seen_by) == 0:
            seen_by.append(stream.offer(picture(2)))
        return make_assessment()

    seen_by: list[None] = []
    stream = Stream(look, pool)
    stream.offer(picture(1))
    pool.go_on()
    assert len(pool.work) == 1
    pool.go_on()
    seen = stream.newest()
    assert seen is not None
    assert seen.picture.number == 2
    assert pool.work == []


def test_a_broken_picture_is_passed_over() -> None:
    """The one before stays what was seen last."""
    pool = Later()

    def look(jpeg: bytes) -> Assessment:
        Photo.open(jpeg)
        return make_assessment()

    stream = Stream(look, pool)
    for number, jpeg in ((1, JPEG), (2, JPEG[:100]), (3, b"no picture")):
        stream.offer(picture(number, jpeg))
        pool.go_on()
    seen = stream.newest()
    assert seen is not None
    assert seen.picture.number == 1


def test_a_fault_is_raised_where_somebody_sees_it() -> None:
    """In the page, once; the camera goes on."""

    def look(_jpeg: bytes) -> Assessment:
        raise ModelError("The pose model is gone.")

    pool = Later()
    stream = Stream(look, pool)
    stream.offer(picture(1))
    pool.go_on()
    with pytest.raises(ModelError, match="is gone"):
        stream.newest()
    assert stream.newest() is None
    stream.offer(picture(2))
    assert len(pool.work) == 1


@pytest.mark.parametrize(
    "state",
    [
        None,
        {},
        {"frame": None},
        {"frame": {"session": "s", "number": "1", "jpeg": ""}},
        {"frame": {"session": "s", "number": 1, "jpeg": "not base64"}},
        {"frame": {"session": 5, "number": 1, "jpeg": base64.b64encode(JPEG).decode()}},
        {"frame": {"session": "s", "number": 1, "jpeg": "A" * (camera._MOST_CHARACTERS + 4)}},
    ],
)
def test_what_is_no_picture_is_left_out(state: object) -> None:
    """A browser can send whatever it likes."""
    assert camera._picture(state) is None


def test_a_picture_comes_through() -> None:
    """Its bytes are those that the browser encoded."""
    text = base64.b64encode(JPEG).decode()
    state = {"frame": {"session": "s", "number": 7, "jpeg": text}}
    assert camera._picture(state) == Picture("s", 7, JPEG)
    assert camera._taken({"id": "x", "jpegs": [text] * 3}) == camera.Taken("x", (JPEG,) * 3)


@pytest.mark.parametrize(
    "raw", [None, {"id": "x"}, {"id": "x", "jpegs": []}, {"id": "x", "jpegs": ["A" * 4] * 4}, 5]
)
def test_frames_that_are_none_are_left_out(raw: object) -> None:
    """Nor are more taken than the countdown takes."""
    assert camera._taken(raw) is None


def test_the_page_is_told_what_was_seen() -> None:
    """Both angles with their intervals, a drawing without the picture, and whether to go on."""
    pool = Later()
    stream = Stream(lambda _jpeg: make_assessment(), pool)
    stream.offer(picture(3))
    pool.go_on()
    told = camera._told(stream.newest())
    assert told is not None
    assert told["picture"] == {"session": "s", "number": 3}
    assert told["ready"] is True
    assert told["say"] == ""
    assert [angle["value"] for angle in told["numbers"]] == ["9° ± 14", "33° ± 14"]  # type: ignore[attr-defined]
    assert "<image" not in str(told["drawing"])
    assert str(told["drawing"]).count("polyline") > 4


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("no_person", "step into the picture"),
        ("not_side_view", "turn until one shoulder points here"),
        ("too_small", "come closer"),
        ("missing_points", explain("missing_points").message),
    ],
)
def test_what_to_do_is_said(code: str, words: str) -> None:
    """In one sentence, for what is refused as a whole."""
    assert words in what_to_do(make_refused(code))


def test_a_hidden_back_is_said_where_both_angles_are_refused() -> None:
    """Not where one of them is measured."""
    both = make_assessment(tilt_deg=None, curve_deg=None)
    assert "low back is hidden" in what_to_do(both)
    assert what_to_do(make_assessment(curve_deg=None)) == ""
