"""The workshop page without a browser: before, after, the change; and that it forgets."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app_pages import before_after, camera, room, waiting
from posture import Assessment, ModelError, Photo, overlay, verdicts
from posture.errors import BusyError, PhotoError
from posture.first_look import FirstLook, Plain
from posture.language import gettext as _
from posture.turns import Person

from .factory import make_assessment, make_photo, make_refused

ROOT = Path(__file__).parents[1]
SECONDS = 60
FRAMES = (overlay.to_jpeg(make_photo()),) * 3


def standing(tilt_deg: float) -> Assessment:
    """Return an assessment whose angles can be compared."""
    made = make_assessment(tilt_deg=tilt_deg)
    known = {key: replace(m, relative=m.value) for key, m in made.measurements.items()}
    return replace(made, measurements=known)


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let the next pictures be assessed as is said, in turn."""

    def next_are(*assessments: Assessment) -> None:
        to_come = list(assessments)

        def look(frame: bytes, name: str) -> FirstLook:
            plain = Plain(to_come.pop(0), b"", "en")
            return FirstLook(Photo.open(frame, name=name), (), "none", plain)

        monkeypatch.setattr(waiting.first_look, "look", look)

    return next_are


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """Return the workshop page as opened for the first time."""
    monkeypatch.chdir(ROOT)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    return app.switch_page("app_pages/workshop.py").run()


def texts(app: AppTest) -> str:
    """Return everything that the page says, one text a line."""
    shown = (app.title, app.subheader, app.markdown, app.caption, app.warning, app.error)
    return "\n".join(element.value for kind in shown for element in kind)


def press(app: AppTest, label: str) -> AppTest:
    """Press the button of that name."""
    return next(button for button in app.button if button.label == label).click().run()


def test_three_frames_are_averaged_first_before_then_after(say: Callable[..., None]) -> None:
    """Each three become one stance, as sure as one photo."""
    one = before_after.Round()
    say(*map(standing, (4.0, 5.0, 6.0)))
    one.take(FRAMES)
    assert one.before is not None
    assert one.before.stance.measurements["pelvic_tilt_deg"].value == pytest.approx(5.0)
    assert one.after is None
    say(*map(standing, (14.0, 15.0, 16.0)))
    one.take(FRAMES)
    assert one.after is not None
    assert one.after.stance.measurements["pelvic_tilt_deg"].value == pytest.approx(15.0)


def test_one_frame_in_which_nothing_is_measured_spoils_all(say: Callable[..., None]) -> None:
    """What to do is said, and what was measured before is kept."""
    one = before_after.Round()
    say(*[standing(5.0)] * 3)
    one.take(FRAMES)
    before = one.before
    say(standing(5.0), make_refused("not_side_view"), standing(5.0))
    one.take(FRAMES)
    assert "turn until one shoulder points here" in one.problem
    assert one.before is before
    assert one.after is None


def test_who_moves_is_asked_to_hold_still(say: Callable[..., None]) -> None:
    """Frames that differ by more than noise are not averaged."""
    one = before_after.Round()
    say(standing(5.0), standing(5.0), standing(25.0))
    one.take(FRAMES)
    assert "hold still" in one.problem
    assert one.before is None


def test_a_frame_that_cannot_be_read_is_one_sentence() -> None:
    """Whatever a browser sends."""
    one = before_after.Round()
    one.take([FRAMES[0], b"no picture"])
    with pytest.raises(PhotoError) as caught:
        Photo.open(b"no picture")
    assert one.problem == str(caught.value)


def test_the_page_shows_the_change_and_begins_anew(app: AppTest, say: Callable[..., None]) -> None:
    """Both angles with verdict and least change; after that nothing is left of it."""
    one = app.session_state["before_after"]
    say(*[standing(5.0)] * 3, *[standing(17.0)] * 3)
    one.take(FRAMES)
    assert "Before:" in texts(app.run())
    one.take(FRAMES)
    said = texts(app.run())
    assert "12 degrees more anterior" in said
    assert "changed" in said
    assert "no difference" in said
    assert "not distinguishable from measurement noise" in said
    assert said.count("Least change:") == 2
    assert _(verdicts.CHANGES) in said
    press(app, "Measure after again")
    assert one.before is not None
    assert one.after is None
    press(app, "Measure before again")
    assert one.before is None


def test_leaving_forgets(app: AppTest, say: Callable[..., None]) -> None:
    """What was measured is gone when another page was looked at."""
    one = app.session_state["before_after"]
    say(*[standing(5.0)] * 3)
    one.take(FRAMES)
    app.switch_page("app_pages/how_it_works.py").run()
    assert "before_after" not in app.session_state
    app.switch_page("app_pages/workshop.py").run()
    assert "Before:" not in texts(app)


def test_a_camera_in_vain_leads_on(app: AppTest) -> None:
    """Each trouble is one sentence with what to do: try again, or choose single photos."""
    one = app.session_state["before_after"]
    for trouble, words in (
        ("denied", "The camera is blocked"),
        ("none", "No camera was found"),
        ("busy", "Another program"),
        ("late", "does not answer"),
        ("gone", "went away"),
        ("insecure", "https"),
    ):
        one.trouble = trouble
        assert words in app.run().error[0].value
        leads_on = [button.label for button in app.button]
        assert leads_on == ["Try again"] * (trouble != "insecure") + ["Choose single photos"]
    one.trouble = "denied"
    app.run()
    press(app, "Try again")
    assert not app.error
    assert one.tries == 1


def test_without_the_quicker_model_single_photos_are_taken(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page says what is wrong with the installation, and goes on without a live picture."""

    def broken(_path: Path) -> None:
        raise ModelError("The pose model lite.task is missing: reinstall posture.")

    monkeypatch.setattr(before_after, "verify_model", broken)
    app.session_state["before_after"].stream = None
    app.run()
    assert "is missing: reinstall posture" in app.warning[0].value.replace("\\", "")
    assert len(app.get("camera_input")) == 1


def test_single_photos_do_instead(app: AppTest, say: Callable[..., None]) -> None:
    """One before, one after; and back to the live picture."""
    one = app.session_state["before_after"]
    press(app, "Take single photos")
    assert len(app.get("camera_input")) == 1
    say(standing(5.0))
    one.take(FRAMES[:1])
    assert "Before:" in texts(app.run())
    press(app, "Back to the live picture")
    assert not app.get("camera_input")


def test_without_a_camera_photos_from_another_one_do(
    app: AppTest, say: Callable[..., None]
) -> None:
    """What needs the camera that is in trouble is not offered; before and after are measured."""
    one = app.session_state["before_after"]
    one.trouble = "none"
    press(app.run(), "Choose single photos")
    assert not app.get("camera_input")
    say(standing(5.0), standing(17.0))
    for step in ("before", "after"):
        (chooser,) = app.file_uploader
        assert chooser.label.startswith(f"Next: one photo {step}")
        chooser.set_value((f"{step}.jpg", FRAMES[0], "image/jpeg")).run()
    assert "12 degrees more anterior" in texts(app)


def test_with_a_camera_photos_from_another_one_do_too(
    app: AppTest, say: Callable[..., None]
) -> None:
    """The camera may belong to another device, or not answer here."""
    press(app, "Take single photos")
    say(standing(5.0))
    app.file_uploader[0].set_value(("before.jpg", FRAMES[0], "image/jpeg")).run()
    assert "Before:" in texts(app)
    assert app.camera_input[0].label.startswith("Next: one photo after")


def test_a_broken_installation_is_said_and_the_camera_is_left(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It shows when pictures are measured; the page does not wait for them for ever."""

    def broken(*_: object, **__: object) -> None:
        raise ModelError("The pose model heavy.task is missing: reinstall posture.")

    taken = camera.Taken("first", FRAMES)
    monkeypatch.setattr(camera, "camera", lambda *_, **__: taken)
    monkeypatch.setattr(waiting.first_look, "look", broken)
    app.run()
    assert not app.exception
    assert "is missing: reinstall posture" in app.warning[0].value.replace("\\", "")
    assert app.session_state["before_after"].taken == "first"
    assert len(app.get("camera_input")) == 1


@pytest.mark.parametrize("times", [1, 1000])
def test_a_fault_that_lasts_leads_to_single_photos(
    app: AppTest, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    """The page does not run anew without end; after a fault that passes the camera goes on."""
    met: list[object] = []

    def faulty(seen: object) -> None:
        met.append(seen)
        if len(met) <= times:
            raise RuntimeError("A fault.")

    monkeypatch.setattr(camera, "_told", faulty)
    app.run()
    one = app.session_state["before_after"]
    said = "because of a fault in this program"
    assert not app.exception
    assert len(met) == 2
    if times == 1:
        assert said in one.problem
        assert not app.get("camera_input")
    else:
        assert [said in warning.value for warning in app.warning] == [True]
        assert len(app.get("camera_input")) == 1


@pytest.fixture
def full_line(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Let so many wait for the one worker that nobody else is taken; return what ends that."""
    monkeypatch.setenv(room.WORKERS, "1")
    monkeypatch.setenv(room.MOST_WAITING, "1")
    room.close()
    turns, held = room.opened().turns, threading.Event()
    (first,) = turns.ask(Person(), lambda _doer: held.wait(SECONDS))
    while not first.future.running():
        time.sleep(0.01)
    (second,) = turns.ask(Person(), lambda _doer: None)

    def end() -> None:
        held.set()
        second.future.result(SECONDS)

    yield end
    held.set()


def test_frames_stand_in_the_line(say: Callable[..., None], full_line: Callable[[], None]) -> None:
    """They are no short task that goes before all."""
    one = before_after.Round()
    say(*[standing(5.0)] * 3)
    with pytest.raises(BusyError):
        one.take(FRAMES)
    assert one.before is None
    full_line()
    one.take(FRAMES)
    assert one.before is not None


def test_a_full_line_is_told_and_a_single_photo_is_kept(
    app: AppTest,
    say: Callable[..., None],
    full_line: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Frames of the live camera are taken again, and the camera goes on."""
    one = app.session_state["before_after"]
    with monkeypatch.context() as patched:
        taken = camera.Taken("first", FRAMES)
        patched.setattr(camera, "camera", lambda *_, **__: taken)
        app.run()
    assert one.problem.startswith("Many people are measuring just now")
    assert not one.broken
    one.trouble = "none"
    press(app.run(), "Choose single photos")
    app.file_uploader[0].set_value(("before.jpg", FRAMES[0], "image/jpeg")).run()
    assert "What you chose is kept." in texts(app)
    assert one.before is None
    full_line()
    say(standing(5.0))
    press(app, "Try again")
    assert "Before:" in texts(app)
