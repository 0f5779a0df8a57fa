"""Keeps people in a line for a few workers: first come, first served, one task of each in turn.

Whoever brought twenty tasks does not hold up the next person, who brought one.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar, cast

from posture.errors import BusyError
from posture.language import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

W = TypeVar("W")
T = TypeVar("T")

#: Whoever has not asked for so long has left.
PATIENCE_S: Final = 10.0


@dataclass(slots=True, eq=False)
class Person:
    """Somebody who brings tasks; their turn comes once a round, however many those are."""

    heard_at: float = field(default_factory=time.monotonic)


@dataclass(slots=True, eq=False)
class Turn(Generic[T]):
    """One task in the line. What comes of it is in its future and nowhere else."""

    who: Person
    task: Callable[[Any], T] | None
    future: Future[T] = field(default_factory=Future)


class Turns(Generic[W]):
    """A line of people in front of some workers, each of which does one task at a time.

    Parameters
    ----------
    workers : sequence
        What tasks are given; each is used by one thread alone.
    most : int
        How many people may wait.
    get_ready : callable, optional
        Is called with each worker before its first task.
    patience_s : float
        Who waits has to say so (`wait_for`) more often than that, or is taken to have left.
    """

    def __init__(
        self,
        workers: Sequence[W],
        *,
        most: int,
        get_ready: Callable[[W], object] | None = None,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._most = most
        self._get_ready = get_ready
        self._patience_s = patience_s
        self._change = threading.Condition()
        self._line: OrderedDict[Person, deque[Turn[Any]]] = OrderedDict()
        self._soon: deque[Turn[Any]] = deque()
        self._served: list[Person] = []
        self._is_open = True
        self._threads = [
            threading.Thread(target=self._serve, args=(worker,), daemon=True, name="turns")
            for worker in workers
        ]
        for thread in self._threads:
            thread.start()

    def ask(self, who: Person, *tasks: Callable[[W], T]) -> list[Turn[T]]:
        """Have somebody wait for tasks, behind whoever waits already.

        Parameters
        ----------
        who : Person
            Who brings them.
        *tasks : callable
            Each is called with a worker, in one of this line's threads.

        Raises
        ------
        BusyError
            If as many people wait as may.
        """
        if not tasks:
            return []
        with self._change:
            self._drop_those_who_left()
            if who not in self._line and len(self._line) >= self._most:
                raise BusyError(
                    _("Many people are measuring just now: try again in half a minute.")
                )
            asked = [Turn(who, task) for task in tasks]
            if not self._is_open:
                _give_up(asked)
                return asked
            self._line.setdefault(who, deque()).extend(asked)
            who.heard_at = time.monotonic()
            self._change.notify_all()
        return asked

    def ask_soon(self, who: Person, task: Callable[[W], T]) -> Turn[T]:
        """Have a short task done before all that wait, whoever they are."""
        with self._change:
            asked = Turn(who, task)
            if not self._is_open:
                _give_up([asked])
                return asked
            self._soon.append(asked)
            who.heard_at = time.monotonic()
            self._change.notify_all()
        return asked

    def wait_for(self, turn: Turn[T], longest_s: float) -> bool:
        """Wait until a task is done or was given up, but not for longer; tell whether it is."""
        turn.who.heard_at = time.monotonic()
        with suppress(TimeoutError, CancelledError):
            turn.future.exception(longest_s)
        return turn.future.done()

    def before(self, who: Person) -> int:
        """Return how many other people are served before somebody's next task is begun.

        Parameters
        ----------
        who : Person
            As they asked.

        Returns
        -------
        int
            0 as well for somebody who does not wait.
        """
        with self._change:
            self._drop_those_who_left()
            if who not in self._line:
                return 0
            others = set(self._served)
            for other in self._line:
                if other is who:
                    break
                others.add(other)
            return len(others - {who})

    def leave(self, turn: Turn[Any]) -> None:
        """Take a task out of the line; one that is being done is done for nobody."""
        with self._change:
            turn.future.cancel()
            turns = self._line.get(turn.who)
            if turns is not None and turn in turns:
                turns.remove(turn)
                if not turns:
                    del self._line[turn.who]
            turn.task = None

    def close(self) -> None:
        """Give up all that waits, and end once what is being done is done."""
        with self._change:
            self._is_open = False
            for turn in [*self._soon, *(turn for turns in self._line.values() for turn in turns)]:
                turn.future.cancel()
            self._line.clear()
            self._soon.clear()
            self._change.notify_all()

    def _serve(self, worker: W) -> None:
        if self._get_ready is not None:
            with suppress(Exception):  # whoever comes first is told
                self._get_ready(worker)
        while self._serve_one(worker):
            pass

    def _serve_one(self, worker: W) -> bool:
        """Do the next task; tell whether the line is still open. Nothing of it is kept here."""
        turn = self._next()
        if turn is None:
            return False
        task, turn.task = turn.task, None
        try:
            turn.future.set_result(cast("Callable[[W], Any]", task)(worker))
        except BaseException as error:  # for who asked; the thread goes on
            turn.future.set_exception(error)
        finally:
            with self._change:
                self._served.remove(turn.who)
        return True

    def _next(self) -> Turn[Any] | None:
        with self._change:
            while self._is_open:
                turn = self._first()
                if turn is not None:
                    if turn.future.set_running_or_notify_cancel():
                        self._served.append(turn.who)
                        return turn
                    continue
                self._change.wait()
        return None

    def _first(self) -> Turn[Any] | None:
        """Take out whose turn it is; whoever has more to be done goes to the end."""
        self._drop_those_who_left()
        if self._soon:
            return self._soon.popleft()
        for who, turns in self._line.items():
            turn = turns.popleft()
            if turns:
                self._line.move_to_end(who)
            else:
                del self._line[who]
            return turn
        return None

    def _drop_those_who_left(self) -> None:
        longest_ago = time.monotonic() - self._patience_s
        for who in [who for who in self._line if who.heard_at < longest_ago]:
            for turn in self._line.pop(who):
                turn.future.cancel()
                turn.task = None


def _give_up(turns: Sequence[Turn[Any]]) -> None:
    for turn in turns:
        turn.future.cancel()
        turn.task = None
