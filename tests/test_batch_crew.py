"""What a batch makes of a crew's failures, whoever measures."""

import threading
from concurrent.futures import Future
from typing import Any

import pytest

from posture import language
from posture.apart import Apart
from posture.batch.crew import measured
from posture.batch.entries import Entry, Outcome, Way
from posture.batch.local import local_crew
from posture.errors import BatchError, ModelError

from .batch_tasks import fake


class LostCrew:
    """Workers of which each future fails alike, after a while in which nothing comes."""

    patience = 0.01

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.waits = 0
        self.future: Future[Any] = Future()

    def room(self) -> int:
        """Return that it takes one."""
        return 1

    def start(self, entry: Entry) -> Future[Any]:  # noqa: ARG002 - a crew's
        """Begin."""
        return self.future

    def has_died(self, error: BaseException) -> bool:  # noqa: ARG002 - a crew's
        """Tell that it is no worker's end."""
        return False

    def keep_waiting(self) -> None:
        """Fail, the second time that it is told to wait."""
        self.waits += 1
        if self.waits > 1:
            self.future.set_exception(self.error)


def test_what_else_goes_wrong_in_workers_is_a_sentence() -> None:
    """A machine of a cluster without posture, say; what is waited for may still come."""
    lost = LostCrew(ModuleNotFoundError("No module named 'posture'"))
    with pytest.raises(BatchError, match=r"\(No module named 'posture'\).*--resume"):
        list(measured(iter([Entry("/a.jpg", "a.jpg")]), lost))
    lost = LostCrew(ModelError("The model is missing."))
    with pytest.raises(ModelError, match="missing"):
        list(measured(iter([Entry("/a.jpg", "a.jpg")]), lost))


class DiedError(Exception):
    """What photos are told whose worker died."""


class Mortal:
    """A crew that dies over one photo, and blames all that it held, as a cluster may."""

    patience = None

    def __init__(self, deadly: str) -> None:
        self.deadly = deadly
        self.held: list[tuple[Entry, Future[Outcome]]] = []

    def room(self) -> int:
        """Return how many photos are taken at once."""
        return 3

    def start(self, entry: Entry) -> Future[Outcome]:
        """Hold a photo; all that are held come to their end together."""
        future: Future[Outcome] = Future()
        self.held.append((entry, future))
        threading.Timer(0.02, self.end).start()
        return future

    def end(self) -> None:
        """Measure all that are held, or none."""
        held, self.held = self.held, []
        dies = any(entry.shown == self.deadly for entry, _ in held)
        for entry, future in held:
            if dies:
                future.set_exception(DiedError())
            else:
                future.set_result(Outcome(0, [entry.shown]))

    def has_died(self, error: BaseException) -> bool:
        """Tell whether the worker died."""
        return isinstance(error, DiedError)

    def keep_waiting(self) -> None:
        """Never told."""
        raise AssertionError


def test_a_photo_that_died_with_another_is_not_taken_for_it() -> None:
    """Whatever was held with it when its worker died is tried again alone, once all others are."""
    entries = [Entry(f"/{name}.jpg", name) for name in "abcdefgh"]
    found = {entry.shown: outcome.kind for entry, outcome in measured(iter(entries), Mortal("e"))}
    assert found == {name: 1 if name == "e" else 0 for name in "abcdefgh"}


def test_what_is_wrong_with_workers_is_said_in_the_language_in_use(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Though other threads wait for them."""

    def die(*_given: object, **_how: float) -> None:
        raise ModelError(language.current())

    monkeypatch.setattr(Apart, "do", die)
    with language.using("de"), local_crew(fake, Way(), 1) as crew:
        future = crew.start(Entry("/a.jpg", "a.jpg"))
        with pytest.raises(ModelError, match=r"^de$"):
            future.result(60)
