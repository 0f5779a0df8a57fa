"""Has a crew of workers measure photos, a few of them at a time; whose workers, it does not know.

However many photos there are, only as many are under way as the crew has room for.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from typing import TYPE_CHECKING, Final, Protocol

from posture.batch.measuring import died
from posture.errors import BatchError, PostureError
from posture.language import gettext as _
from posture.version import VERSION

if TYPE_CHECKING:
    from posture.batch.entries import Entry, Outcome

# How often a photo is tried over which a worker died, since it may not have been the photo's fault.
_TRIES: Final = 2


class Crew(Protocol):
    """Whatever measures photos beside this process.

    Attributes
    ----------
    patience : float or None
        After how many seconds in which nothing was done it is told so (`keep_waiting`).
    """

    patience: float | None

    def room(self) -> int:
        """Return how many photos it takes at once, so that no worker waits."""
        ...

    def start(self, entry: Entry) -> Future[Outcome]:
        """Begin with a photo; raises `PostureError` if nobody takes any more."""
        ...

    def has_died(self, error: BaseException) -> bool:
        """Tell whether a future failed because its worker died over it, or hung.

        Raises `PostureError` if it failed because nobody measures any more.
        """
        ...

    def keep_waiting(self) -> None:
        """Say what is waited for; raises `PostureError` if that is in vain."""
        ...


def measured(entries: Iterator[Entry], crew: Crew) -> Iterator[tuple[Entry, Outcome]]:
    """Yield each photo with what came of it, in the order in which that comes.

    Raises
    ------
    PostureError
        If no photo can be measured: a broken installation, or workers that nobody reaches.
    """
    pending: dict[Future[Outcome], tuple[Entry, int]] = {}
    # Over which a worker died, or which it held: each is tried once more at the end, alone.
    suspects: deque[tuple[Entry, int]] = deque()
    while True:
        _fill(pending, entries, suspects, crew)
        if not pending:
            return
        done = wait(pending, crew.patience, FIRST_COMPLETED).done
        if not done:
            crew.keep_waiting()
        for future in done:
            entry, tries = pending.pop(future)
            error = CancelledError() if future.cancelled() else future.exception()
            if error is None:
                yield entry, future.result()
            elif not crew.has_died(error):
                raise _ending(error) from error
            elif tries + 1 < _TRIES:
                suspects.append((entry, tries + 1))
            else:
                yield entry, died(entry)


def _fill(
    pending: dict[Future[Outcome], tuple[Entry, int]],
    entries: Iterator[Entry],
    suspects: deque[tuple[Entry, int]],
    crew: Crew,
) -> None:
    """Give a crew as many photos as it has room for, suspects alone."""
    room = crew.room()
    while len(pending) < room:
        item = next(((entry, 0) for entry in entries), None)
        if item is None and suspects and not pending:
            item = suspects.popleft()
        if item is None:
            return
        pending[crew.start(item[0])] = item


def _ending(error: BaseException) -> PostureError:
    """Return why a batch ends with what a worker raised."""
    if isinstance(error, PostureError):
        return error
    said = _(
        "A worker cannot take photos ({why}): see that posture {version} is installed"
        " there with all that it needs, then go on with --resume."
    )
    why = " ".join(str(error).split()) or type(error).__name__
    return BatchError(said.format(why=why, version=VERSION))
