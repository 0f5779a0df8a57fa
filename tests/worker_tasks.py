"""What tests have worker processes do; it is small, since each worker imports it."""

import gc
import os
import signal
import time
from pathlib import Path

from pebble.pool.channel import WorkerChannel

from posture.language import current


def state() -> tuple[int, int, str | None, str, bool]:
    """Tell of this process: who, OpenCV's and OpenMP's threads, language, no Ctrl-C."""
    import cv2

    return (
        os.getpid(),
        cv2.getNumThreads(),
        os.environ.get("OMP_NUM_THREADS"),
        current(),
        signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, []),
    )


def double(number: int) -> int:
    """Return twice the number."""
    return 2 * number


def die() -> None:
    """End at once, as a fault in a C library does."""
    os.kill(os.getpid(), signal.SIGSEGV)


def die_holding() -> None:
    """End at once, as a system short of memory does it, holding what workers of a pool share."""
    (channel,) = (one for one in gc.get_objects() if isinstance(one, WorkerChannel))
    channel.mutex.acquire()
    os.kill(os.getpid(), signal.SIGKILL)


def hang(sign: Path) -> None:
    """Write who this is, and wait for far too long."""
    sign.write_text(str(os.getpid()))
    time.sleep(600)


def refuse(_language: str) -> None:
    """Fail to be set up."""
    raise OSError
