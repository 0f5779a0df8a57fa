"""Runs a batch with `fake` as its measure, says each photo that is done: to be killed by tests.

python -m tests.batch_run SOURCE OUT WORKERS|tcp://ADDRESS [OVERLAYS]
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

from posture.batch.cluster import cluster_crew
from posture.batch.crew import Crew
from posture.batch.entries import Way
from posture.batch.local import local_crew
from posture.batch.run import Job, run
from posture.batch.sources import source

from .batch_tasks import fake


@contextmanager
def said(done: int, total: int) -> Iterator[Callable[[], None]]:
    """Print a line for what is done already, and for each photo that is done."""
    print(done, total, flush=True)  # noqa: T201 - read by the test
    yield partial(print, "one", flush=True)


def job(photos: str | Path, out: Path, overlays: Path | None = None) -> Job:
    """Return what is to be done."""
    return Job(source(str(photos)), out, Way(overlays=overlays is not None), overlays)


def main(photos: str, out: str, workers: str, overlays: str = "") -> None:
    """Run one batch."""
    made = job(photos, Path(out), Path(overlays) if overlays else None)

    def crew() -> AbstractContextManager[Crew]:
        if workers.isdigit():
            return local_crew(fake, made.way, int(workers))
        return cluster_crew(workers, fake, made.way)

    run(made, crew, said)


if __name__ == "__main__":
    main(*sys.argv[1:])
