"""A crew of workers of a Dask cluster that is there already; the only importer of distributed."""

from __future__ import annotations

import asyncio
import faulthandler
import logging
import socket
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from importlib.util import find_spec
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from posture.console import say
from posture.errors import BatchError
from posture.language import gettext as _
from posture.version import VERSION

if TYPE_CHECKING:
    from posture.batch.entries import Entry, Outcome, Way

#: Seconds that a photo may take; the first one of a worker loads the model too.
LONGEST: Final = 120.0
# Beyond those at work, so that none waits while results travel.
_EACH: Final = 2
_SECONDS_TO_ANSWER: Final = 30
_SECONDS_TO_LEAVE: Final = 5
_SECONDS_BETWEEN_COUNTS: Final = 5.0
_SECONDS_BETWEEN_LINES: Final = 300.0


def lacking() -> str | None:
    """Say what has to be installed for a cluster, or None if all is there."""
    if find_spec("distributed") and find_spec("fsspec"):
        return None
    return _(
        "Clusters need more than is installed: run pip install -e '.[cluster]' in a copy of the"
        " repository."
    )


class ClusterCrew:
    """Workers of a Dask cluster; made by `cluster_crew`."""

    patience: float | None = 30.0

    def __init__(
        self,
        client: Any,  # noqa: ANN401 - a distributed.Client
        measure: Callable[[Entry, Way], Outcome],
        way: Way,
    ) -> None:
        self._client = client
        self._measure = measure
        self._way = way
        self._threads = 0
        self._counted = -_SECONDS_BETWEEN_COUNTS
        self._said = -_SECONDS_BETWEEN_LINES

    def room(self) -> int:
        """Return how many photos are taken at once: the cluster may grow and shrink."""
        if monotonic() - self._counted >= _SECONDS_BETWEEN_COUNTS:
            self._threads = sum(_threads(self._client).values())
            self._counted = monotonic()
        return _EACH * max(self._threads, 1)

    def start(self, entry: Entry) -> Future[Outcome]:
        """Begin with a photo."""
        future: Future[Outcome] = Future()
        try:
            _check_open(self._client)
            there = self._client.submit(
                measure_there, self._measure, entry, self._way, VERSION, pure=False
            )
            # Not by the library's executor: a result that is lost again and again it never tells.
            self._client.loop.add_callback(_settle, there, future)
        except (RuntimeError, OSError, CancelledError) as error:
            raise _lost() from error
        return future

    def has_died(self, error: BaseException) -> bool:
        """Tell whether several workers died over it; raises `BatchError` if the scheduler has."""
        from distributed import KilledWorker

        if isinstance(error, CancelledError | asyncio.CancelledError | OSError):
            raise _lost() from error
        return isinstance(error, KilledWorker)

    def keep_waiting(self) -> None:
        """Say, now and then, that there are no workers; they may come back, or others be added."""
        if not _threads(self._client) and monotonic() - self._said >= _SECONDS_BETWEEN_LINES:
            said = _(
                "The cluster has no workers now: waiting for some, for example of dask worker."
            )
            say(said)
            self._said = monotonic()


@contextmanager
def cluster_crew(
    address: str, measure: Callable[[Entry, Way], Outcome], way: Way
) -> Iterator[ClusterCrew]:
    """Have the workers of a cluster until the end of the block.

    Parameters
    ----------
    address : str
        Of its scheduler: ``tcp://HOST:PORT`` or ``tls://HOST:PORT``, whose certificates Dask's own
        configuration names.
    measure : callable
        `posture.batch.measuring.measure`; a function of a module, which workers import.
    way : Way
        How it measures.

    Raises
    ------
    BatchError
        If there is no such scheduler, it has no workers, or those have another posture.
    """
    from distributed import Client

    _quieten()
    try:
        client = Client(  # type: ignore[no-untyped-call]
            address, timeout=_SECONDS_TO_ANSWER, set_as_default=False
        )
    except (OSError, TimeoutError, ValueError, TypeError, RuntimeError) as error:
        said = _(
            "No Dask scheduler answers at {address}: check the address, and the certificates if it"
            " is tls://."
        )
        raise BatchError(said.format(address=address)) from error
    try:
        _check_workers(client)
        yield ClusterCrew(client, measure, way)
    finally:
        client.close(timeout=_SECONDS_TO_LEAVE)  # type: ignore[no-untyped-call]


def measure_there(
    measure: Callable[[Entry, Way], Outcome], entry: Entry, way: Way, version: str
) -> Outcome:
    """Measure a photo in a worker of a cluster, which ends if the photo holds it up too long."""
    import cv2

    if version != VERSION:  # it joined after all were asked
        raise _other_version(socket.gethostname(), VERSION, version)
    cv2.setNumThreads(1)
    # Not in Python, which a decoder may hold up.
    faulthandler.dump_traceback_later(LONGEST, exit=True, file=sys.__stderr__ or sys.stderr)
    try:
        return measure(entry, way)
    finally:
        faulthandler.cancel_dump_traceback_later()


def version_there() -> str:
    """Return the version of posture in a worker."""
    return VERSION


def _quieten() -> None:
    """Have libraries log nothing: each of their failures is a sentence of ours."""
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in ("distributed", "tornado", "asyncio"):
            logging.getLogger(name).setLevel(logging.CRITICAL)


async def _settle(there: Any, future: Future[Outcome]) -> None:  # noqa: ANN401 - their Future
    """Hand on what came of a photo, or why nothing will."""
    try:
        future.set_result(await there._result())
    except BaseException as error:
        future.set_exception(error)


def _check_open(client: Any) -> None:  # noqa: ANN401 - a distributed.Client
    if client.status == "closed":  # by itself, long after it lost the scheduler
        raise _lost()


def _check_workers(client: Any) -> None:  # noqa: ANN401 - a distributed.Client
    try:
        client.wait_for_workers(1, timeout=_SECONDS_TO_ANSWER)
        versions = client.run(version_there, on_error="return")
    except (OSError, TimeoutError) as error:
        said = _("The cluster has no workers: start some, for example with dask worker.")
        raise BatchError(said) from error
    for worker, version in versions.items():
        if isinstance(version, OSError):  # it has just gone
            continue
        if isinstance(version, Exception):
            said = _("The worker {worker} lacks posture: install version {ours} there.")
            raise BatchError(said.format(worker=worker, ours=VERSION)) from version
        if version != VERSION:
            raise _other_version(worker, version, VERSION)
    _threads(client)


def _threads(client: Any) -> dict[str, int]:  # noqa: ANN401 - a distributed.Client
    """Return how many threads each worker has: one, or it could not be stopped over one photo."""
    _check_open(client)
    try:
        threads: dict[str, int] = client.nthreads()
    except (OSError, CancelledError, TimeoutError) as error:
        raise _lost() from error
    for worker, count in threads.items():
        if count > 1:
            said = _(
                "The worker {worker} has {count} threads: start it with --nthreads 1, and more"
                " workers instead."
            )
            raise BatchError(said.format(worker=worker, count=count))
    return threads


def _other_version(worker: str, theirs: str, ours: str) -> BatchError:
    said = _("The worker {worker} has posture {theirs}: install version {ours} there.")
    return BatchError(said.format(worker=worker, theirs=theirs, ours=ours))


def _lost() -> BatchError:
    return BatchError(_("The connection to the cluster was lost: go on with --resume."))
