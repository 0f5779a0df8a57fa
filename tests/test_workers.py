"""Worker processes: what one does to itself stays with it, and none outlives its parent."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import TimeoutError as TooLongError
from pathlib import Path

import pytest
from pebble import ProcessExpired, ProcessPool

from posture import language, workers

from . import worker_tasks

ROOT = Path(__file__).parents[1]
PARENT = """
import sys, threading
from pathlib import Path
from posture import workers
from tests import worker_tasks
assert __name__ == "__main__", "a worker ran this again"
pool = workers.pool()
pool.schedule(worker_tasks.hang, args=[Path(sys.argv[1])])
threading.Event().wait()
"""


@pytest.fixture
def pool() -> Iterator[ProcessPool]:
    """Start one worker that speaks German."""
    with language.using("de"):
        pool = workers.pool()
    yield pool
    pool.stop()
    pool.join()


def gone(pid: int) -> bool:
    """Tell whether a process has ended, or waits only for whoever asks how."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_a_worker_keeps_to_one_core_and_its_callers_language(pool: ProcessPool) -> None:
    """One thread a library, and no Ctrl-C; in this process all stays as it was."""
    before = dict(os.environ)
    pid, opencv, openmp, spoken, deaf = pool.schedule(worker_tasks.state).result()
    assert pid != os.getpid()
    assert (opencv, openmp, spoken, deaf) == (1, "1", "de", True)
    assert dict(os.environ) == before
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def test_a_worker_that_dies_or_hangs_ends_its_own_task_alone(
    pool: ProcessPool, tmp_path: Path
) -> None:
    """Whatever comes after is done by another worker."""
    died = pool.schedule(worker_tasks.die)
    hung = pool.schedule(worker_tasks.hang, args=[tmp_path / "sign"], timeout=0.5)
    fine = pool.schedule(worker_tasks.double, args=[4])
    with pytest.raises(ProcessExpired):
        died.result(60)
    with pytest.raises(TooLongError):
        hung.result(60)
    assert fine.result(60) == 8
    assert gone(int((tmp_path / "sign").read_text()))


@pytest.mark.skipif(sys.platform != "linux", reason="looks in /proc")
def test_a_worker_ends_with_a_killed_parent(tmp_path: Path) -> None:
    """Even amid a task that would never end; nor does it run its parent's program again."""
    sign, program = tmp_path / "sign", tmp_path / "parent.py"
    program.write_text(PARENT)
    everywhere = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, str(program), str(sign)], env=everywhere) as parent:
        until = time.monotonic() + 60
        while not (sign.exists() and sign.read_text()):
            assert time.monotonic() < until
            time.sleep(0.05)
        parent.kill()
    worker = int(sign.read_text())
    while not gone(worker):
        assert time.monotonic() < until
        time.sleep(0.05)


def test_starting_a_worker_never_empties_the_environment() -> None:
    """What other threads read meanwhile is there all the time, and the rest as it was after."""
    variables = dict(os.environ)
    missed, done = [], threading.Event()

    def read() -> None:
        while not done.is_set():
            missed.extend({"PATH"} - set(os.environ))

    thread = threading.Thread(target=read)
    thread.start()
    for _ in range(300):
        with workers._as_worker():
            assert os.environ["OMP_NUM_THREADS"] == "1"
    done.set()
    thread.join()
    assert missed == []
    assert dict(os.environ) == variables
