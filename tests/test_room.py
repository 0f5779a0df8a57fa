"""A room full of visitors: who waits sees their place, and nobody's photo harms or reaches another.

Pages are run here with a worker in this process that can be held up; the last test has the whole
server, with a real worker that is killed.
"""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from app_pages import room, waiting
from posture import assess, language, wording
from posture.errors import ModelError, RecordsError, ReportError, WorkerLostError
from posture.report import logo
from posture.turns import Person, Turn
from scripts.screenshots import serve

from .conftest import Here
from .visitor import Answer, Visitor

ROOT = Path(__file__).parents[1]
SECONDS = 60
PHOTO = "standing_flat_back.jpg"


def page(monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """Return the app as it is opened, before it ran."""
    monkeypatch.chdir(ROOT)
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=SECONDS)


def sample(name: str) -> bytes:
    """Return a sample photo."""
    return (ROOT / "samples" / name).read_bytes()


def upload(app: AppTest, name: str, data: bytes) -> AppTest:
    """Add a file as a visitor does."""
    app.button[0].click().run()
    app.file_uploader[0].set_value([(name, data, "image/jpeg")])
    return app.button[0].click().run()


def looks(monkeypatch: pytest.MonkeyPatch, deadly: bytes = b"") -> list[bytes]:
    """Return what will list the files that workers are given; a deadly one kills its worker."""
    looked: list[bytes] = []

    class Counting(Here):
        def do(self, task: Callable[..., Any], *given: object, **_how: float) -> Any:
            files = [one for one in given if isinstance(one, bytes)]
            looked.extend(files)
            if deadly in files:
                raise WorkerLostError("It died.")
            return super().do(task, *given)

    monkeypatch.setattr(room, "Apart", Counting)
    return looked


@pytest.fixture
def one_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one person wait for one worker."""
    monkeypatch.setenv(room.WORKERS, "1")
    monkeypatch.setenv(room.MOST_WAITING, "1")


@pytest.fixture
def held() -> Iterator[threading.Event]:
    """Return what a held-up worker waits for; the test's end lets it go."""
    event = threading.Event()
    yield event
    event.set()


def hold(event: threading.Event) -> Turn[bool]:
    """Have the worker wait, as if it were at somebody else's photo."""
    (turn,) = room.opened().turns.ask(Person(), lambda _doer: event.wait(SECONDS))
    while not turn.future.running():
        time.sleep(0.01)
    return turn


@pytest.mark.usefixtures("one_worker")
def test_beyond_the_bound_one_sentence_and_one_button(
    monkeypatch: pytest.MonkeyPatch, held: threading.Event
) -> None:
    """What was chosen is kept; once there is room, trying again leads to the result."""
    app = page(monkeypatch).run()
    hold(held)
    (queued,) = room.opened().turns.ask(Person(), lambda _doer: None)
    upload(app, PHOTO, sample(PHOTO))
    (card,) = app.warning
    assert card.value == (
        "Many people are measuring just now: try again in half a minute. What you chose is kept."
    )
    assert not app.metric
    assert not app.error
    held.set()
    queued.future.result(SECONDS)
    next(button for button in app.button if button.label == "Try again").click().run()
    assert len(app.metric) == 2
    assert app.selectbox[0].options[0] == PHOTO
    assert not app.warning


@pytest.mark.usefixtures("one_worker")
def test_a_photo_that_met_a_full_line_is_shown_once_it_was_measured(
    monkeypatch: pytest.MonkeyPatch, held: threading.Event
) -> None:
    """As every photo that has come; until then the one before stays."""
    app = upload(page(monkeypatch).run(), PHOTO, sample(PHOTO))
    hold(held)
    (queued,) = room.opened().turns.ask(Person(), lambda _doer: None)
    new = "standing_ponytail.jpg"
    upload(app, new, sample(new))
    assert app.warning
    assert app.selectbox[0].options[0] == PHOTO
    held.set()
    queued.future.result(SECONDS)
    next(button for button in app.button if button.label == "Try again").click().run()
    assert not app.warning
    shown = app.selectbox[0]
    assert shown.options[shown.index or 0] == new


def test_once_a_broken_model_is_mended_all_photos_are_measured(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was said of the others while it was broken is forgotten."""
    do = Here.do

    def broken(self: Here, task: Callable[..., Any], *given: object, **how: float) -> Any:
        if PHOTO in given or "standing_ponytail.jpg" in given:
            raise ModelError("The pose model is missing: reinstall posture.")
        return do(self, task, *given, **how)

    app = page(monkeypatch).run()
    app.button[0].click().run()
    both = [(name, sample(name), "image/jpeg") for name in (PHOTO, "standing_ponytail.jpg")]
    with monkeypatch.context() as patched:
        patched.setattr(Here, "do", broken)
        app.file_uploader[0].set_value(both)
        app.button[0].click().run()
        assert "is missing: reinstall posture" in app.error[0].value
    app.run()
    assert not app.error
    assert [*app.selectbox[0].options][:2] == [PHOTO, "standing_ponytail.jpg"]


@pytest.mark.usefixtures("one_worker")
@pytest.mark.parametrize("meanwhile", ["clicked", "was away"])
def test_a_rerun_waits_on_for_the_same_look(
    meanwhile: str, monkeypatch: pytest.MonkeyPatch, held: threading.Event
) -> None:
    """A click while one waits neither looks at the photo twice nor loses it, nor does a pause."""
    looked = looks(monkeypatch)
    app = page(monkeypatch).run()
    hold(held)
    turns: list[Turn[Any]] = []
    wait_for = waiting.wait_for

    def interrupted(turn: Turn[Any], tell: Callable[[str], object]) -> object:
        turns.append(turn)
        if len(turns) == 1 and meanwhile == "clicked":
            st.rerun()
        if len(turns) == 1:
            waiting.leave(turn)
        held.set()
        return wait_for(turn, tell)

    monkeypatch.setattr(waiting, "wait_for", interrupted)
    upload(app, PHOTO, sample(PHOTO))
    assert len(app.metric) == 2
    assert looked[1:] == [sample(PHOTO)]
    assert len(turns) == 2
    assert (turns[0] is turns[1]) == (meanwhile == "clicked")


def test_the_place_in_the_line_is_told_while_it_changes(held: threading.Event) -> None:
    """First one person is before, then nobody; the words say it."""
    others = [hold(held) for _worker in range(room.Size.from_environment().workers)]
    (turn,) = room.opened().turns.ask(Person(), lambda _doer: "done")
    told: list[str] = []

    def tell(text: str) -> None:
        told.append(text)
        held.set()

    assert waiting.wait_for(turn, tell) == "done"
    count = len(others)
    assert told[0] == f"{count} {'person is' if count == 1 else 'people are'} before you."


def test_a_file_that_took_a_worker_down_is_not_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One sentence for that photo, in any language, and the next one is measured."""
    looked = looks(monkeypatch, deadly=b"some file")
    app = upload(page(monkeypatch).run(), "deadly.jpg", b"some file")
    assert "more memory or time" in app.error[0].value
    app.query_params["lang"] = "de"
    app.run()
    assert "mehr Speicher oder Zeit" in app.error[0].value
    app.query_params["lang"] = "en"
    upload(app.run(), PHOTO, sample(PHOTO))
    assert len(app.metric) == 2
    assert "more memory or time" in app.error[0].value
    assert looked[1:] == [b"some file", sample(PHOTO)]


def test_a_sample_is_looked_at_once_for_all_visitors(monkeypatch: pytest.MonkeyPatch) -> None:
    """A visitor's own file of the same name is none: it is looked at for them alone."""
    looked = looks(monkeypatch)
    first, second = page(monkeypatch).run(), page(monkeypatch).run()
    shown = str(first.selectbox[0].value)
    assert looked == [sample(shown)]
    assert [m.value for m in first.metric] == [m.value for m in second.metric]
    upload(second, shown, sample("front.jpg"))
    assert looked[1:] == [sample("front.jpg")]
    assert room.opened().samples.keys() == {shown}
    assert len(page(monkeypatch).run().metric) == 2


@pytest.mark.parametrize("wrong", ["0", "-1", "many", "1.5"])
def test_a_size_that_cannot_be_is_said(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In place of every page, as everything else that is wrong with a server."""
    monkeypatch.setenv(room.WORKERS, wrong)
    app = page(monkeypatch).run()
    assert "POSTURE_WORKERS" in app.error[0].value
    assert not app.exception


def test_what_else_is_read_of_others_goes_to_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """A person's file and a logo: whatever takes the worker down is said where it was chosen."""
    with pytest.raises(RecordsError, match="no person"):
        waiting.unpacked(b"milk")
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
    assert waiting.logo_as_svg(svg) == logo.as_svg(svg)

    def die(*_given: object, **_how: float) -> None:
        raise WorkerLostError("Smaller, please.")

    monkeypatch.setattr(Here, "do", die)
    with pytest.raises(RecordsError, match="Smaller"):
        waiting.unpacked(b"milk")
    with pytest.raises(ReportError, match="Smaller"):
        waiting.logo_as_svg(svg)


def test_what_is_wrong_with_a_worker_is_said_in_the_visitors_language(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Though other threads wait for it: what comes of it is said there."""

    def die(*_given: object, **_how: float) -> None:
        raise ModelError(language.current())

    monkeypatch.setattr(Here, "do", die)
    with language.using("de"):
        with pytest.raises(ModelError, match=r"^de$"):
            waiting.apart(time.sleep, 0)
        (turn,) = room.opened().turns.ask(Person(), waiting._look(waiting.File("", b"")))
    with pytest.raises(ModelError, match=r"^de$"):
        turn.future.result(SECONDS)


def test_a_server_whose_worker_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three at once see their places and their own answers; a killed worker harms one alone."""
    monkeypatch.setenv(room.WORKERS, "1")
    files = {
        f"{name}_mine.jpg": sample(f"{name}.jpg")
        for name in ("standing_flat_back", "standing_ponytail", "standing_tank_top")
    }
    together = threading.Barrier(len(files))

    def visit(name: str) -> Answer:
        with Visitor(address) as visitor:
            together.wait(SECONDS)
            return visitor.upload(name, files[name])

    with serve() as address, ThreadPoolExecutor(len(files)) as threads:
        answers = dict(zip(files, threads.map(visit, files), strict=True))
        with Visitor(address) as visitor:
            worker = worker_of_server(address)
            doomed = threads.submit(visitor.upload, "doomed.jpg", sample(PHOTO))
            kill_at_work(worker)
            (said,) = [text for text in doomed.result(SECONDS).waited if "doomed" in text]
        again = visit_alone(address, "again.jpg", sample(PHOTO))
    assert any("before you" in text for one in answers.values() for text in one.waited)
    for name, answer in answers.items():
        found = assess(files[name])
        assert answer.angles == [
            wording.amount(angle) for angle in (found.pelvic_tilt, found.lumbar_curve)
        ]
        assert answer.picture.startswith(b"\xff\xd8")
        assert not any(other.encode() in answer.received for other in files.keys() - {name})
    assert "more memory or time" in said
    assert again.angles == answers["standing_flat_back_mine.jpg"].angles


def visit_alone(address: str, name: str, data: bytes) -> Answer:
    """Let another visitor come, upload one photo and go."""
    with Visitor(address) as visitor:
        return visitor.upload(name, data)


def worker_of_server(address: str) -> psutil.Process:
    """Return the one worker process of a server that was started here."""
    port = address.rpartition(":")[2]
    (server,) = [
        child for child in psutil.Process().children() if f"--server.port={port}" in child.cmdline()
    ]
    (worker,) = [
        child
        for child in server.children(recursive=True)
        if "spawn_main" in " ".join(child.cmdline())
    ]
    return worker


def kill_at_work(worker: psutil.Process) -> None:
    """Kill a process as soon as it has something to do."""
    idle = worker.cpu_times().user
    until = time.monotonic() + SECONDS
    while worker.cpu_times().user < idle + 0.05:
        assert time.monotonic() < until, "the worker had nothing to do"
        time.sleep(0.005)
    worker.kill()
