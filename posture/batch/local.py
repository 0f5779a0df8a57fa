"""A crew of worker processes on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLongError
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from pebble import ProcessExpired

from posture import workers
from posture.batch.crew import CrewBrokenError

if TYPE_CHECKING:
    from posture.batch.entries import Entry, Outcome, Way

#: Seconds that a photo may take; the first one of a worker loads the model too.
LONGEST: Final = 120.0
# One at work and one to go on with at once.
_EACH: Final = 2


class LocalCrew:
    """Worker processes on this machine; made by `local_crew`."""

    # Longer than any photo: then a worker died holding what all of them need to go on.
    patience: float = LONGEST * 2

    def __init__(
        self, measure: Callable[[Entry, Way], Outcome], way: Way, count: int, longest: float
    ) -> None:
        self._measure = measure
        self._way = way
        self._count = count
        self._longest = longest
        self._pool = workers.pool(count)

    def room(self) -> int:
        """Return how many photos are taken at once."""
        return _EACH * self._count

    def start(self, entry: Entry) -> Future[Outcome]:
        """Begin with a photo."""
        try:
            return self._pool.schedule(
                self._measure, args=(entry, self._way), timeout=self._longest
            )
        except RuntimeError as error:
            raise CrewBrokenError from error

    def has_died(self, error: BaseException) -> bool:
        """Tell whether a worker died or took too long."""
        return isinstance(error, ProcessExpired | TooLongError)

    def is_stuck(self) -> bool:
        """Tell that nothing can be done any more: each photo has had its time."""
        return True

    def is_broken(self, error: BaseException) -> bool:
        """Tell whether no worker takes anything any more."""
        return isinstance(error, BrokenProcessPool)

    def renew(self) -> None:
        """Start other workers."""
        self.stop()
        self._pool = workers.pool(self._count)

    def stop(self) -> None:
        """End all workers, whatever they are at."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()


@contextmanager
def local_crew(
    measure: Callable[[Entry, Way], Outcome], way: Way, count: int, longest: float = LONGEST
) -> Iterator[LocalCrew]:
    """Have worker processes on this machine, which end with the block.

    Parameters
    ----------
    measure : callable
        `posture.batch.measuring.measure`; a function of a module, which workers import.
    way : Way
        How it measures.
    count : int
        How many workers there are.
    longest : float
        Seconds that a photo may take, before its worker is stopped.
    """
    crew = LocalCrew(measure, way, count, longest)
    try:
        yield crew
    finally:
        crew.stop()
