"""One worker process: what it returns is what this process would, and a lost one is replaced."""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from posture import PhotoError, apart, assess, first_look
from posture.apart import Apart
from posture.errors import ModelError, WorkerLostError

from . import worker_tasks
from .command import STANDING


@pytest.fixture(scope="module")
def worker() -> Iterator[Apart]:
    """Start one worker for all tests here: it takes a second."""
    worker = Apart()
    yield worker
    worker.stop()


def test_a_look_from_a_worker_is_assessed_as_the_file_is(worker: Apart) -> None:
    """To the last bit, without the pose model in this process; and its arrays stay read-only."""
    data = STANDING.read_bytes()
    look = worker.do(first_look.look, data, STANDING.name)
    here = first_look.look(data, STANDING.name)
    np.testing.assert_array_equal(look.photo.pixels, here.photo.pixels)
    found, known = (assess(one.photo, detector=one, people=one.people) for one in (look, here))
    assert found.measurements == known.measurements == assess(STANDING).measurements
    assert found.model == known.model
    assert not look.photo.pixels.flags.writeable
    assert not look.people[0].mask.flags.writeable
    with pytest.raises(ValueError, match="another photo"):
        look.detect(here.photo)


def test_what_is_wrong_with_a_file_is_said_in_the_visitors_language(worker: Apart) -> None:
    """Whatever the worker spoke before."""
    for language, said in (("de", "das gelesen werden kann"), ("en", "none that can be read")):
        with pytest.raises(PhotoError, match=said):
            worker.do(apart.in_language, language, first_look.read, b"milk", "notes.jpg")


def test_a_worker_lost_over_a_file_is_replaced(worker: Apart) -> None:
    """It is said at once, and the next file is none the worse for it."""
    before = worker.do(os.getpid)
    with pytest.raises(WorkerLostError, match="smaller"):
        worker.do(worker_tasks.die)
    after = worker.do(os.getpid)
    with pytest.raises(WorkerLostError, match="smaller"):
        worker.do(time.sleep, 60, longest_s=0.5)
    assert len({before, after, worker.do(os.getpid), os.getpid()}) == 4


def test_a_worker_killed_while_idle_costs_nobody_anything(worker: Apart) -> None:
    """As the kernel may do that is short of memory."""
    before = worker.do(os.getpid)
    os.kill(before, signal.SIGKILL)
    assert worker.do(os.getpid) != before


def test_one_that_died_holding_a_lock_holds_up_nobody(worker: Apart) -> None:
    """Its successor waits for nothing that it took with it."""
    with pytest.raises(WorkerLostError):
        worker.do(worker_tasks.die_holding)
    began = time.monotonic()
    worker.do(os.getpid)
    assert time.monotonic() - began < 50  # the library waits a minute for such a lock


def test_workers_that_end_as_they_start_are_a_broken_installation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And not the fault of what they were given."""
    monkeypatch.setattr("posture.workers._begin", worker_tasks.refuse)
    worker = Apart()
    with pytest.raises(ModelError, match=r"end as soon as they start: restart posture\.$"):
        worker.do(os.getpid)
    worker.stop()


def test_stopping_lets_go_who_waits(tmp_path: Path) -> None:
    """Even from another thread, amid a task that would never end."""
    worker, lost = Apart(), threading.Event()

    def wait() -> None:
        with pytest.raises(WorkerLostError):
            worker.do(worker_tasks.hang, tmp_path / "sign")
        lost.set()

    thread = threading.Thread(target=wait)
    thread.start()
    while not (tmp_path / "sign").exists():
        time.sleep(0.01)
    worker.stop()
    assert lost.wait(30)
    thread.join()


def test_one_that_does_not_even_stop_is_left_behind(
    worker: Apart, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the library never tells that the time is over, it is no longer waited for."""
    before = worker.do(os.getpid)
    with monkeypatch.context() as hurried:
        hurried.setattr(apart, "_GRACE_S", -59.5)
        with pytest.raises(WorkerLostError):
            worker.do(time.sleep, 60, longest_s=60.0)
    assert worker.do(os.getpid) != before


@pytest.mark.skipif(sys.platform != "linux", reason="the file is Linux's")
def test_a_system_short_of_memory_ends_the_worker_first(worker: Apart) -> None:
    """And not the server, which holds more and serves everybody."""
    score = Path("/proc/self/oom_score_adj")
    assert int(worker.do(Path.read_text, score)) > int(score.read_text())
