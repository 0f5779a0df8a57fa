"""On which cores this process runs."""

import os
import sys
import threading
import time

import pytest

from posture import cores


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells where threads may run")
def test_on_only_one_threads_count_one_and_move_afterwards() -> None:
    """What is started inside sees one core; then it may run where this process may."""
    before = os.sched_getaffinity(0)
    seen: list[set[int]] = []
    go_on = threading.Event()

    def look() -> None:
        seen.append(os.sched_getaffinity(0))
        go_on.wait()
        seen.append(os.sched_getaffinity(0))

    thread = threading.Thread(target=look)
    with cores.only_one():
        assert cores.count() == 1
        thread.start()
        while not seen:
            time.sleep(0.01)
    assert os.sched_getaffinity(0) == before
    go_on.set()
    thread.join()
    assert len(seen[0]) == 1
    assert seen[1] == before
