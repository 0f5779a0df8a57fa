"""Knows on which of the machine's cores this process runs, and keeps to one while models load."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def count() -> int:
    """Return on how many cores this process may run."""
    if hasattr(os, "sched_getaffinity"):  # not everywhere
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def only_one() -> Iterator[None]:
    """Let what is loaded in the block start threads for one core alone; afterwards they may move.

    MediaPipe counts the cores when it loads a model, and cannot be told otherwise: where there is a
    worker for each core, threads of all of them on all cores would only wait for each other.
    """
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {random.choice(sorted(before))})
    try:
        yield
    finally:
        for thread in Path("/proc/self/task").iterdir():
            with suppress(OSError):  # it has ended
                os.sched_setaffinity(int(thread.name), before)
