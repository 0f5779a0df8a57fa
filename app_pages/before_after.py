"""Measures before and after, and keeps it in memory until the workshop page is left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

import streamlit as st

from app_pages import room, waiting
from app_pages.camera.stream import Stream
from app_pages.camera.words import what_to_do
from posture import Assessment, Photo, PhotoError
from posture.errors import WorkerLostError
from posture.held import has_moved, held
from posture.language import gettext as _
from posture.live import glimpse
from posture.model_file import PREVIEW_PATH, verify_model

if TYPE_CHECKING:
    from app_pages.camera import Trouble
    from posture.first_look import FirstLook
    from posture.visit import Stance

_KEY: Final = "before_after"


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """How a person stood, with one of the pictures that it was measured from."""

    stance: Stance
    photo: Photo
    assessment: Assessment


@dataclass(slots=True, eq=False)
class Round:
    """What a visitor did since the page was opened.

    Attributes
    ----------
    before, after : Measured or None
        What was measured so far.
    stream : Stream or None
        The live pictures, once there are any.
    trouble : str or None
        Why there are none.
    broken : str
        What is missing of the installation for them, in one sentence.
    single : bool
        Whether single photos are taken instead.
    taken : str
        The name of the frames that were measured last.
    problem : str
        Why these could not be used, in one sentence.
    fails : bool
        Whether the last live picture met a fault of this program.
    tries : int
        How often the camera was started or a photo was taken.
    """

    before: Measured | None = None
    after: Measured | None = None
    stream: Stream | None = None
    trouble: Trouble | None = None
    broken: str = ""
    single: bool = False
    taken: str = ""
    problem: str = ""
    fails: bool = False
    tries: int = 0

    def take(self, frames: Sequence[bytes]) -> None:
        """Measure the frames of one stance: the first ones are before, the others after.

        Raises
        ------
        BusyError
            If too many wait already.
        """
        measured = _measure(frames)
        if isinstance(measured, str):
            self.problem = measured
            return
        self.problem = ""
        if self.before is None:
            self.before = measured
        else:
            self.after = measured


def current() -> Round:
    """Return the visitor's round."""
    return cast("Round", st.session_state.setdefault(_KEY, Round()))


def forget() -> None:
    """Forget all of it."""
    st.session_state.pop(_KEY, None)


def live() -> Stream:
    """Return the stream of the visitor's camera.

    Raises
    ------
    ModelError
        If the quicker model is missing or damaged.
    """
    one = current()
    if one.stream is None:
        verify_model(PREVIEW_PATH)
        one.stream = Stream(_looker(), _pool())
    return one.stream


def _measure(frames: Sequence[bytes]) -> Measured | str:
    """Return what frames of one stance say, or the sentence that says why they say nothing."""
    try:
        looks = _looks(frames)
    except (PhotoError, WorkerLostError) as error:
        return str(error)
    found = [look.plain.assessment for look in looks if look.plain is not None]
    wrong = next(filter(None, map(what_to_do, found)), "")
    if wrong:
        return wrong
    if has_moved(found):
        return _("You moved between the pictures: hold still and measure again.")
    middle = len(found) // 2
    return Measured(held(found), looks[middle].photo, found[middle])


def _looks(frames: Sequence[bytes]) -> list[FirstLook]:
    """Return a look at each frame, once this visitor's turn in the line has come."""
    turns = waiting.ask([waiting.File("", frame) for frame in frames])
    try:
        # To show something would let the page be run anew, and the frames would be lost.
        return [waiting.wait_for(turn, lambda _said: None) for turn in turns]
    finally:
        for turn in turns:
            waiting.leave(turn)


def _looker() -> Callable[[bytes], Assessment]:
    """Return what measures the pictures of one camera, in the worker that all of them share."""
    mirrors = False

    def look(jpeg: bytes) -> Assessment:
        nonlocal mirrors
        found, mirrors = room.opened().live.do(glimpse, jpeg, mirrors)
        return found

    return look


@st.cache_resource(show_spinner=False)
def _pool() -> Executor:
    return ThreadPoolExecutor(1, thread_name_prefix="camera")
