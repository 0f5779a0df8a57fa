"""Does one task after the other in a worker process, and replaces the worker when it is lost."""

from __future__ import annotations

from concurrent.futures import CancelledError
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar, cast

from pebble import ProcessExpired

from posture import language as languages
from posture import workers
from posture.errors import ModelError, WorkerLostError
from posture.language import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from pebble import ProcessPool

T = TypeVar("T")

#: A photo takes a third of a second; on a very busy machine a hundred times that.
LONGEST_S: Final = 60.0
# For a worker to be stopped, and another to have loaded its libraries before it begins.
_GRACE_S: Final = 60.0
_TRIES: Final = 5


class Doer(Protocol):
    """Whatever does tasks; tests put one in its place that needs no other process."""

    def do(self, task: Callable[..., T], *given: object, longest_s: float = LONGEST_S) -> T:
        """Return what the task returns for what it is given."""
        ...

    def stop(self) -> None:
        """Do no more."""
        ...


class Apart:
    """One worker process, which is started with its first task.

    It works for one thread at a time. A file that kills the process ends its own task alone.
    """

    def __init__(self) -> None:
        self._pool: ProcessPool | None = None
        self._doing: Future[Any] | None = None
        self._is_stopped = False

    def do(self, task: Callable[..., T], *given: object, longest_s: float = LONGEST_S) -> T:
        """Return what the task returns for what it is given.

        Parameters
        ----------
        task : callable
            A function of a module.
        *given : object
            What can be pickled.
        longest_s : float
            After so many seconds the worker is stopped and replaced.

        Raises
        ------
        WorkerLostError
            If the worker died over it or took too long, or was stopped.
        ModelError
            If workers end before they take anything, one after the other.
        """
        # One that dies while it has nothing to do takes its pool with it: no fault of this task.
        for _try in range(_TRIES):
            if self._is_stopped:
                raise _lost()
            pool = self._pool = self._pool or workers.pool()
            try:
                self._doing = future = pool.schedule(_do, args=(task, given), timeout=longest_s)
                if self._is_stopped:  # meanwhile
                    future.cancel()
                return cast("T", future.result(longest_s + _GRACE_S))
            except (TimeoutError, ProcessExpired, CancelledError) as error:
                # With its pool: it may have died holding what its successor would wait for.
                self._end()
                raise _lost() from error
            except (BrokenProcessPool, RuntimeError):
                if pool.active:
                    raise  # the task's own
                self._end()
        raise ModelError(_("Worker processes end as soon as they start: restart posture."))

    def stop(self) -> None:
        """End the worker for good, whatever it is doing, and let go who waits; from any thread."""
        self._is_stopped = True
        self._end()
        if self._doing is not None:
            self._doing.cancel()

    def _end(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()  # type: ignore[no-untyped-call]
            pool.join()


def in_language(code: str, task: Callable[..., T], *given: object) -> T:
    """Do a task in a language, a code of `posture.language.LANGUAGES`: a worker serves many."""
    with languages.using(code):
        return task(*given)


def _do(task: Callable[..., T], given: tuple[object, ...]) -> T:
    _be_expendable()
    return task(*given)


@cache
def _be_expendable() -> None:
    """Have a system that is short of memory end this process, and not the one that it serves."""
    with suppress(OSError):  # Linux alone has it
        Path("/proc/self/oom_score_adj").write_text("500", "ascii")


def _lost() -> WorkerLostError:
    return WorkerLostError(
        _("This takes more memory or time than there is: make the file smaller and try again.")
    )
