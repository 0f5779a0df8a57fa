"""Measures the newest picture of a camera, beside the page; older ones are dropped, not queued."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from posture.errors import PhotoError, WorkerLostError

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor

    from posture import Assessment


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of a camera.

    Attributes
    ----------
    session : str
        Tells the camera's pictures from those that it showed before the page was left.
    number : int
        As the camera counts.
    jpeg : bytes
        The picture as a file.
    """

    session: str
    number: int
    jpeg: bytes


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What was seen in one picture."""

    picture: Picture
    assessment: Assessment


class Stream:
    """The pictures of one camera.

    Parameters
    ----------
    look : callable
        Measures a picture, the bytes of a JPEG file.
    pool : Executor
        Whose threads do it; each camera has one of them at a time.
    """

    def __init__(self, look: Callable[[bytes], Assessment], pool: Executor) -> None:
        self._look = look
        self._pool = pool
        self._lock = threading.Lock()
        self._waiting: Picture | None = None
        self._is_busy = False
        self._seen: Seen | None = None
        self._fault: Exception | None = None

    def offer(self, picture: Picture) -> None:
        """Hand over a picture; it takes the place of one that still waits."""
        with self._lock:
            self._waiting = picture
            if self._is_busy:
                return
            self._is_busy = True
        self._pool.submit(self._work)

    def newest(self) -> Seen | None:
        """Return what was seen last, None if nothing yet.

        Raises
        ------
        Exception
            What went wrong in measuring, once.
        """
        with self._lock:
            fault, self._fault = self._fault, None
            if fault is not None:
                raise fault
            return self._seen

    def _work(self) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self._measure(waiting)
        with self._lock:
            if self._waiting is None:
                self._is_busy = False
                return
        self._pool.submit(self._work)  # behind the pictures of other cameras

    def _measure(self, picture: Picture) -> None:
        try:
            seen = Seen(picture, self._look(picture.jpeg))
        except (PhotoError, WorkerLostError):  # one that is cut short: the next is on its way
            return
        except Exception as error:  # raised again where somebody sees it
            with self._lock:
                self._fault = error
            return
        with self._lock:
            self._seen = seen
