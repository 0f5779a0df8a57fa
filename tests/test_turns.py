"""The line before the workers: who comes when, who has left, and whose result it is."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from operator import methodcaller
from typing import Any

import pytest

from posture.errors import BusyError
from posture.turns import Person, Turn, Turns

SECONDS = 20


class Gate:
    """A worker that does nothing until it is let, and tells what it did in which order."""

    def __init__(self) -> None:
        self.opened = threading.Semaphore(0)
        self.begun = threading.Semaphore(0)
        self.done: list[Any] = []

    def task(self, what: object) -> Callable[["Gate"], object]:
        """Return what waits at the gate and then gives back what it was made with."""

        def pass_by(gate: "Gate") -> object:
            gate.begun.release()
            assert gate.opened.acquire(timeout=SECONDS)
            gate.done.append(what)
            return what

        return pass_by


@pytest.fixture
def gate() -> Gate:
    """Return a worker that can be held up."""
    return Gate()


@pytest.fixture
def line(gate: Gate) -> Iterator[Turns[Gate]]:
    """Open a line for three, before one worker, whose patience is short."""
    line = Turns([gate], most=3, patience_s=SECONDS)
    yield line
    line.close()
    gate.opened.release(100)


def occupy(line: Turns[Gate], gate: Gate) -> Turn[object]:
    """Keep the worker busy with somebody's task."""
    (turn,) = line.ask(Person(), gate.task("first"))
    assert gate.begun.acquire(timeout=SECONDS)
    return turn


def results(turns: list[Turn[object]]) -> list[object]:
    """Wait for what comes of turns."""
    return [turn.future.result(SECONDS) for turn in turns]


def test_one_task_of_each_person_in_turn(line: Turns[Gate], gate: Gate) -> None:
    """Whoever brought many does not hold up who came later with one."""
    occupy(line, gate)
    one, two = Person(), Person()
    many = line.ask(one, *(gate.task(f"one {n}") for n in range(3)))
    few = line.ask(two, gate.task("two 0"))
    gate.opened.release(5)
    results([*many, *few])
    assert gate.done == ["first", "one 0", "two 0", "one 1", "one 2"]


def test_the_place_in_the_line_counts_people_and_not_tasks(line: Turns[Gate], gate: Gate) -> None:
    """Those who are served now count too, and oneself never does."""
    occupy(line, gate)
    one, two = Person(), Person()
    line.ask(one, gate.task("one 0"), gate.task("one 1"))
    (turn,) = line.ask(two, gate.task("two"))
    assert (line.before(one), line.before(two), line.before(Person())) == (1, 2, 0)
    gate.opened.release()
    assert gate.begun.acquire(timeout=SECONDS)
    assert (line.before(one), line.before(two)) == (1, 1)  # who has more goes behind the other
    gate.opened.release()
    assert gate.begun.acquire(timeout=SECONDS)
    assert line.before(two) == 0
    gate.opened.release(2)
    assert turn.future.result(SECONDS) == "two"


def test_beyond_the_bound_nobody_is_taken_but_who_waits_may_bring_more(
    line: Turns[Gate], gate: Gate
) -> None:
    """The bound is of people; room that is made is taken again."""
    occupy(line, gate)
    waiting = [Person() for _n in range(3)]
    turns = [line.ask(who, gate.task("waits"))[0] for who in waiting]
    with pytest.raises(BusyError, match="try again"):
        line.ask(Person(), gate.task("too many"))
    line.ask(waiting[0], gate.task("one more"))
    line.leave(turns[1])
    line.ask(Person(), gate.task("fits"))
    gate.opened.release(5)


def test_who_leaves_or_is_not_heard_of_is_not_served(gate: Gate) -> None:
    """Their places are given up; what they brought is dropped unread."""
    line = Turns([gate], most=3, patience_s=0.2)
    occupy(line, gate)
    (left,) = line.ask(Person(), gate.task("left"))
    (silent,) = line.ask(Person(), gate.task("silent"))
    (here,) = line.ask(Person(), gate.task("here"))
    line.leave(left)
    for _n in range(5):
        assert not line.wait_for(here, 0.1)
    assert line.before(here.who) == 1
    gate.opened.release(2)
    assert here.future.result(SECONDS) == "here"
    assert line.wait_for(left, 0) and line.wait_for(silent, 0)  # noqa: PT018 - they are alike
    with pytest.raises(CancelledError):
        silent.future.result(0)
    assert gate.done == ["first", "here"]
    assert left.task is None and silent.task is None  # noqa: PT018 - nor is a file kept
    line.close()


def test_a_short_task_goes_before_all_that_wait(line: Turns[Gate], gate: Gate) -> None:
    """Such as to read a photo again that was measured before."""
    occupy(line, gate)
    turns = line.ask(Person(), gate.task("waits"))
    soon = line.ask_soon(Person(), gate.task("soon"))
    gate.opened.release(3)
    results([*turns, soon])
    assert gate.done == ["first", "soon", "waits"]


@pytest.mark.parametrize("error", [ValueError("broken"), SystemExit(3), KeyboardInterrupt()])
def test_an_error_is_for_who_asked_alone(error: BaseException) -> None:
    """The thread and its worker go on."""

    def fail(_worker: str) -> None:
        raise error

    line = Turns(["worker"], most=3)
    (bad,), (good,) = line.ask(Person(), fail), line.ask(Person(), str.upper)
    assert bad.future.exception(SECONDS) is error
    assert good.future.result(SECONDS) == "WORKER"
    line.close()


def test_workers_that_cannot_get_ready_serve_all_the_same() -> None:
    """The task itself then says what is wrong, to whoever brought it."""

    def fail(_worker: str) -> None:
        raise ValueError("no model")

    line = Turns(["worker"], most=3, get_ready=fail)
    (turn,) = line.ask(Person(), str.upper)
    assert turn.future.result(SECONDS) == "WORKER"
    line.close()


def test_nothing_reaches_anybody_else() -> None:
    """Thirty people who come, go and fail at random each get what came of their own tasks."""

    class Forgetful:
        """A worker that mixes up what it is given, if it is used twice at once."""

        given: object = None

        def work(self, what: object, pause_s: float) -> object:
            self.given = what
            time.sleep(pause_s)
            return self.given

    line = Turns([Forgetful() for _n in range(3)], most=30)
    faults: list[str] = []
    answers = []

    def visit(number: int) -> None:
        rng, who = random.Random(number), Person()
        for round_ in range(12):
            mine = [(number, round_, n) for n in range(rng.randint(1, 3))]
            tasks = [methodcaller("work", what, rng.random() / 200) for what in mine]
            turns = line.ask(who, *tasks)
            if rng.random() < 0.2:
                line.leave(turns[0])
                del turns[0], mine[0]
            got = [turn.future.result(SECONDS) for turn in turns]
            answers.extend(got)
            if got != mine:
                faults.append(f"{mine} got {got}")

    visitors = [threading.Thread(target=visit, args=(n,)) for n in range(30)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join(60)
    line.close()
    assert faults == []
    assert len(answers) == len(set(answers)) > 300


def test_a_closed_line_gives_up_whatever_comes() -> None:
    """Nobody waits for ever for workers that have ended."""
    line: Turns[str] = Turns(["worker"], most=5)
    line.close()
    (asked,) = line.ask(Person(), str.upper)
    assert asked.future.cancelled()
    assert line.ask_soon(Person(), str.upper).future.cancelled()
    assert line.ask(Person()) == []
