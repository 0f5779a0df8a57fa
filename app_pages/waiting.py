"""Has files read and measured in worker processes, and keeps who brings them in a line before it.

What a visitor's file leads to is handed to that visitor's session alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import streamlit as st

from app_pages import room
from posture import first_look
from posture.apart import LONGEST_S, Doer, in_language
from posture.errors import BusyError, RecordsError, ReportError, WorkerLostError
from posture.language import current, kept, ngettext
from posture.language import gettext as _
from posture.report import logo
from posture.turns import Person, Turn

if TYPE_CHECKING:
    from posture import Photo
    from posture.first_look import FirstLook
    from posture.records.unpack import Unpacked

T = TypeVar("T")

#: How long a page waits before it looks anew at its place in the line.
POLL_S: Final = 1.0
_FILE_S: Final = 300.0  # for a person with hundreds of pictures
_PERSON: Final = "waits_as"


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


def ask(files: Sequence[File]) -> list[Turn[FirstLook]]:
    """Have this visitor wait for a first look at each of some files.

    Raises
    ------
    BusyError
        If too many wait already.
    """
    return room.opened().turns.ask(_person(), *map(_look, files))


def of_sample(name: str) -> FirstLook | None:
    """Return the look that was taken at a sample, for whomever it was."""
    return room.opened().samples.get(name)


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
    turns = room.opened().turns
    while not turn.future.done():
        before = turns.before(turn.who)
        said = ngettext("{count} person is before you.", "{count} people are before you.", before)
        tell(said.format(count=before) if before else "")
        turns.wait_for(turn, POLL_S)
    return turn.future.result()


def leave(turn: Turn[Any]) -> None:
    """Wait for a task no longer."""
    room.opened().turns.leave(turn)


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

    def do(doer: Doer) -> T:
        return cast("T", doer.do(in_language, current(), task, *given, longest_s=longest_s))

    return room.opened().turns.ask_soon(Person(), kept(do)).future.result()


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


def _look(file: File) -> Callable[[Doer], FirstLook]:
    """Return what a worker is to do, in one of the line's own threads."""

    def own(doer: Doer) -> FirstLook:
        found = doer.do(in_language, current(), first_look.look, file.data, file.name)
        return cast("FirstLook", found)

    def shared(doer: Doer) -> FirstLook:
        known = room.opened().samples
        if file.name not in known:  # it may have come since this visitor asked
            known[file.name] = own(doer)
        return known[file.name]

    return kept(shared if file.sample else own)
