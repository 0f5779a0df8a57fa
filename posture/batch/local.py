"""A crew of worker processes on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from queue import SimpleQueue
from typing import TYPE_CHECKING, Final

from posture.apart import Apart
from posture.errors import WorkerLostError
from posture.language import kept

if TYPE_CHECKING:
    from posture.batch.entries import Entry, Outcome, Way

#: Seconds that a photo may take; the first one of a worker loads the model too.
LONGEST: Final = 120.0
# One at work and one to go on with at once.
_EACH: Final = 2


class LocalCrew:
    """Worker processes on this machine, a thread of this process for each.

    They share nothing: whatever ends one of them, the others go on.
    """

    patience: float | None = None  # each photo has its own

    def __init__(
        self, measure: Callable[[Entry, Way], Outcome], way: Way, count: int, longest: float
    ) -> None:
        self._measure = measure
        self._way = way
        self._longest = longest
        self._workers = [Apart() for _n in range(count)]
        self._free: SimpleQueue[Apart] = SimpleQueue()
        for worker in self._workers:
            self._free.put(worker)
        self._threads = ThreadPoolExecutor(count, "crew")

    def room(self) -> int:
        """Return how many photos are taken at once."""
        return _EACH * len(self._workers)

    def start(self, entry: Entry) -> Future[Outcome]:
        """Begin with a photo."""
        return self._threads.submit(kept(self._do), entry)

    def has_died(self, error: BaseException) -> bool:
        """Tell whether a worker died or took too long."""
        return isinstance(error, WorkerLostError)

    def keep_waiting(self) -> None:
        """Say nothing: each photo has its time."""

    def stop(self) -> None:
        """End all workers, whatever they are at."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in self._workers:
            worker.stop()
        self._threads.shutdown()

    def _do(self, entry: Entry) -> Outcome:
        worker = self._free.get()
        try:
            return worker.do(self._measure, entry, self._way, longest_s=self._longest)
        finally:
            self._free.put(worker)


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
