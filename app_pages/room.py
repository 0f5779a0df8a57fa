"""Opens the one room of this server, its workers and the line before them, and closes it."""

from __future__ import annotations

import os
import threading
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import CancelledError
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from posture import cores, first_look
from posture.apart import Apart, Doer
from posture.language import gettext as _
from posture.turns import Turns

if TYPE_CHECKING:
    from posture.first_look import FirstLook

WORKERS: Final = "POSTURE_WORKERS"
MOST_WAITING: Final = "POSTURE_MOST_WAITING"

_MOST_WORKERS: Final = 4
_MOST_WAITING: Final = 40
_LOCK: Final = threading.Lock()


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


def opened() -> Room:
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
        opened()
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


def _get_ready(doer: Doer) -> None:
    doer.do(first_look.get_ready)
