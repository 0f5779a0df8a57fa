"""Has a crew of workers measure photos, a few of them at a time; whose workers, it does not know.

However many photos there are, only as many are under way as the crew has room for.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import TYPE_CHECKING, Final, Protocol

from posture.batch.measuring import died
from posture.errors import BatchError, PostureError
from posture.language import gettext as _
from posture.version import VERSION

if TYPE_CHECKING:
    from posture.batch.entries import Entry, Outcome

# How often a photo is tried over which a worker died, since it may not have been the photo's fault.
_TRIES: Final = 2
_MOST_RENEWALS: Final = 5


class Crew(Protocol):
    """Whatever measures photos beside this process.

    Attributes
    ----------
    patience : float
        After how many seconds in which nothing was done it is asked whether it `is_stuck`.
    """

    patience: float

    def room(self) -> int:
        """Return how many photos it takes at once, so that no worker waits."""
        ...

    def start(self, entry: Entry) -> Future[Outcome]:
        """Begin with a photo; raises `CrewBrokenError` if the crew is."""
        ...

    def has_died(self, error: BaseException) -> bool:
        """Tell whether a future failed because its worker died over it, or hung."""
        ...

    def is_stuck(self) -> bool:
        """Tell whether it counts as broken that nothing was done for so long."""
        ...

    def is_broken(self, error: BaseException) -> bool:
        """Tell whether a future failed because no worker takes anything any more."""
        ...

    def renew(self) -> None:
        """Replace a crew that is broken; raises `BatchError` if that cannot be done."""
        ...


class CrewBrokenError(Exception):
    """No worker of a crew takes anything any more."""


def measured(entries: Iterator[Entry], crew: Crew) -> Iterator[tuple[Entry, Outcome]]:
    """Yield each photo with what came of it, in the order in which that comes.

    Raises
    ------
    PostureError
        If no photo can be measured: a broken installation, or workers that die at once.
    """
    pending: dict[Future[Outcome], tuple[Entry, int]] = {}
    again: deque[tuple[Entry, int]] = deque()
    # Over which a worker died, or which it held: each is tried once more at the end, alone.
    suspects: deque[tuple[Entry, int]] = deque()
    renewals = 0
    while True:
        broken = not _fill(pending, again, entries, suspects, crew)
        if not pending and not again:
            return
        done = set() if broken else wait(pending, crew.patience, FIRST_COMPLETED).done
        broken = broken or (not done and crew.is_stuck())
        for future in done:
            entry, tries = pending.pop(future)
            error = future.exception() if not future.cancelled() else CrewBrokenError()
            if error is None:
                renewals = 0
                yield entry, future.result()
            elif crew.has_died(error):
                if tries + 1 < _TRIES:
                    suspects.append((entry, tries + 1))
                else:
                    yield entry, died(entry)
            elif isinstance(error, CrewBrokenError) or crew.is_broken(error):
                broken = True
                again.append((entry, tries))
            elif isinstance(error, PostureError):
                raise error
            else:
                said = _(
                    "A worker cannot take photos ({why}): see that posture {version} is installed"
                    " there with all that it needs, then go on with --resume."
                )
                why = " ".join(str(error).split()) or type(error).__name__
                raise BatchError(said.format(why=why, version=VERSION)) from error
        if broken:
            renewals += 1
            if renewals > _MOST_RENEWALS:
                raise BatchError(_("Worker processes end as soon as they start: restart posture."))
            again.extend(pending.values())
            pending.clear()
            crew.renew()


def _fill(
    pending: dict[Future[Outcome], tuple[Entry, int]],
    again: deque[tuple[Entry, int]],
    entries: Iterator[Entry],
    suspects: deque[tuple[Entry, int]],
    crew: Crew,
) -> bool:
    """Give a crew as many photos as it has room for, suspects alone; False if it is broken."""
    room = crew.room()
    while len(pending) < room:
        item = again.popleft() if again else next(((entry, 0) for entry in entries), None)
        if item is None and suspects and not pending:
            item = suspects.popleft()
        if item is None:
            return True
        try:
            pending[crew.start(item[0])] = item
        except CrewBrokenError:
            again.append(item)
            return False
    return True
