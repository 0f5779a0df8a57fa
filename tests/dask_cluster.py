"""Starts a Dask scheduler and workers as its users do, on this machine's loopback alone."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
SECONDS = 90


@contextmanager
def cluster(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Give the address of a scheduler with two workers of one thread, and its process.

    A task fails with the first worker that dies over it; a worker that died is started anew.
    """
    known = folder / "scheduler.json"
    here = ("--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(known))
    with ExitStack() as ended:
        scheduler = started("scheduler", *here, "--port", "0")
        ended.enter_context(ending(scheduler))
        until = time.monotonic() + SECONDS
        while not known.is_file() or not known.read_text():
            assert time.monotonic() < until, "the scheduler does not come up"
            time.sleep(0.1)
        two = ("--nworkers", "2", "--nthreads", "1", "--local-directory", str(folder / "dask"))
        ended.enter_context(ending(started("worker", *here, *two)))
        yield json.loads(known.read_text())["address"], scheduler


def started(*arguments: str) -> subprocess.Popen[bytes]:
    """Start a command of Dask's, which finds posture and these tests."""
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *arguments],
        cwd=ROOT,
        env=os.environ
        | {
            "PYTHONPATH": str(ROOT),
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@contextmanager
def ending(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """End a process, and with it what it started, at the end of the block."""
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
