"""Has files read and measured in worker processes, and keeps who brings them in a line before it.

What a visitor's file leads to is handed to that visitor's session alone.
"""

from __future__ import annotations

import os
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import CancelledError
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import streamlit as st

from posture import cores, first_look
from posture.apart import LONGEST_S, Apart, Doer, in_language
from posture.errors import BusyError, RecordsError, ReportError, WorkerLostError
from posture.language import current, ngettext
from posture.language import gettext as _
from posture.report import logo
from posture.turns import Person, Turn, Turns

if TYPE_CHECKING:
    from posture import Photo
    from posture.first_look import FirstLook
    from posture.records.unpack import Unpacked

T = TypeVar("T")

WORKERS: Final = "POSTURE_WORKERS"
MOST_WAITING: Final = "POSTURE_MOST_WAITING"

#: How long a page waits before it looks anew at its place in the line.
POLL_S: Final = 1.0
_FILE_S: Final = 300.0  # for a person with hundreds of pictures
_MOST_WORKERS: Final = 4
_MOST_WAITING: Final = 40
_PERSON: Final = "waits_as"
_LOCK: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class File:
    """What is to be looked at.

    Attributes
    ----------
    name : str
        What it is called.
    data : bytes
        What is in it.
    sample : bool
        Whether it comes with posture, so that one look is enough for all visitors.
    """

    name: str
    data: bytes
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Size:
    """How large the room is: its workers, and how many people may wait for them."""

    workers: int
    most_waiting: int

    @classmethod
    def from_environment(cls) -> Size:
        """Return the size as `POSTURE_WORKERS` and `POSTURE_MOST_WAITING` say it.

        Raises
        ------
        ValueError
            If one of them is no whole number above zero.
        """
        default = {WORKERS: min(cores.count(), _MOST_WORKERS), MOST_WAITING: _MOST_WAITING}
        size = cls(*(int(os.environ.get(name) or default[name]) for name in default))
        if min(size.workers, size.most_waiting) < 1:
            raise ValueError("Nobody could wait, or for nothing.")
        return size


class Room:
    """The workers of this server and the line before them."""

    def __init__(self, doers: Sequence[Doer], most_waiting: int, live: Doer) -> None:
        self._doers = doers
        #: Beside the line: looks at live pictures, from one thread at a time.
        self.live = live
        #: Of samples, by their names; of nothing that a visitor brought.
        self.samples: dict[str, FirstLook] = {}
        self.turns: Turns[Doer] = Turns(doers, most=most_waiting, get_ready=_get_ready)

    def close(self) -> None:
        """End the line and the workers."""
        self.turns.close()
        for doer in (*self._doers, self.live):
            doer.stop()


_rooms: list[Room] = []
_has_ended: Final = threading.Event()


def room() -> Room:
    """Return the one room of this server, which is opened with the first call.

    Raises
    ------
    concurrent.futures.CancelledError
        If the server is ending.
    """
    with _LOCK:
        if _has_ended.is_set():  # else what pages still ask for would start workers again
            raise CancelledError
        if not _rooms:
            size = Size.from_environment()
            doers = [Apart() for _n in range(size.workers)]
            _rooms.append(Room(doers, size.most_waiting, live=Apart()))
        return _rooms[0]


@asynccontextmanager
async def while_serving(_app: object) -> AsyncIterator[None]:
    """Open the room with the server, so that nobody waits for it, and close it at the end."""
    if fault() is None:
        room()
    yield
    _has_ended.set()
    close()


def close() -> None:
    """Close the room, if it is open."""
    with _LOCK:
        while _rooms:
            _rooms.pop().close()


def fault() -> str | None:
    """Say in one sentence what is wrong with the room's size as it is set, or None."""
    try:
        Size.from_environment()
    except ValueError:
        return _(
            "POSTURE_WORKERS and POSTURE_MOST_WAITING have to be whole numbers above zero: set them"
            " so, or not at all."
        )
    return None


def ask(files: Sequence[File]) -> list[Turn[FirstLook]]:
    """Have this visitor wait for a first look at each of some files.

    Raises
    ------
    BusyError
        If too many wait already.
    """
    return room().turns.ask(_person(), *(_look(file, current()) for file in files))


def of_sample(name: str) -> FirstLook | None:
    """Return the look that was taken at a sample, for whomever it was."""
    return room().samples.get(name)


def wait_for(turn: Turn[T], tell: Callable[[str], object]) -> T:
    """Return what came of a task, and tell meanwhile how many are before it.

    Parameters
    ----------
    turn : Turn
        Of this visitor.
    tell : callable
        Shows a text, and ends the page if the visitor has gone on.

    Raises
    ------
    concurrent.futures.CancelledError
        If this visitor was taken to have left: ask anew.
    """
    turns = room().turns
    while not turn.future.done():
        before = turns.before(turn.who)
        said = ngettext("{count} person is before you.", "{count} people are before you.", before)
        tell(said.format(count=before) if before else "")
        turns.wait_for(turn, POLL_S)
    return turn.future.result()


def leave(turn: Turn[Any]) -> None:
    """Wait for a task no longer."""
    room().turns.leave(turn)


def apart(task: Callable[..., T], *given: object, longest_s: float = LONGEST_S) -> T:
    """Return what a short task returns; it is done in a worker, before all that wait in the line.

    Parameters
    ----------
    task : callable
        A function of a module.
    *given : object
        What it is called with.
    longest_s : float
        After so many seconds it is given up.

    Raises
    ------
    WorkerLostError
        If it took the worker down or took too long; and whatever the task raises.
    """
    language = current()

    def speaking(doer: Doer) -> T:
        return cast("T", doer.do(in_language, language, task, *given, longest_s=longest_s))

    return room().turns.ask_soon(Person(), speaking).future.result()


def read(data: bytes, name: str) -> Photo:
    """Return a photo that was read in a worker.

    Raises
    ------
    PhotoError
        If it is not a photo that can be read.
    WorkerLostError
        If it took the worker down or took too long.
    """
    photo = apart(first_look.read, data, name)
    photo.pixels.setflags(write=False)
    return photo


def unpacked(file: bytes) -> Unpacked:
    """Return a person's exported file as it was read in a worker, all of its pictures too.

    Raises
    ------
    RecordsError
        If it is no such file, or it took the worker down or took too long.
    """
    from posture.records.unpack import unpack

    try:
        return apart(unpack, file, longest_s=_FILE_S)
    except WorkerLostError as error:
        raise RecordsError(str(error)) from error


def logo_as_svg(picture: bytes) -> str:
    """Return a clinic's logo as it was read in a worker.

    Raises
    ------
    ReportError
        If it is none that can be read, or it took the worker down or took too long.
    """
    try:
        return apart(logo.as_svg, picture)
    except WorkerLostError as error:
        raise ReportError(str(error)) from error


def busy(error: BusyError, *, of: str) -> None:
    """Say that too many wait, and let the visitor try again; what they brought is kept.

    Parameters
    ----------
    error : BusyError
        What is said.
    of : str
        Key of the first photo that has to wait: a page may say it of its own photos and of samples.
    """
    kept = _("What you chose is kept.")
    st.warning(f"{error} {kept}", icon=":material/hourglass_top:")
    st.button(_("Try again"), type="primary", icon=":material/refresh:", key=f"try_again_{of}")


def _person() -> Person:
    """Return who this visitor is in the line."""
    return cast("Person", st.session_state.setdefault(_PERSON, Person()))


def _look(file: File, language: str) -> Callable[[Doer], FirstLook]:
    """Return what a worker is to do, in one of the line's own threads."""

    def own(doer: Doer) -> FirstLook:
        found = doer.do(in_language, language, first_look.look, file.data, file.name)
        return cast("FirstLook", found)

    def shared(doer: Doer) -> FirstLook:
        known = room().samples
        if file.name not in known:  # it may have come since this visitor asked
            known[file.name] = own(doer)
        return known[file.name]

    return shared if file.sample else own


def _get_ready(doer: Doer) -> None:
    doer.do(first_look.get_ready)
