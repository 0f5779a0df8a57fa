"""Time `posture batch`: one worker against two, the parent's memory, killed and resumed.

    python -m benchmarks.batch
    python -m benchmarks.batch --photos 60
    python -m benchmarks.batch --photos 500 --megapixels 12

The photos are the samples, some 1 to 2 megapixels each, under many names: hard links, so that two
thousand fit on any disk. All that is measured of them is measured anew for each.
"""

import argparse
import csv
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from benchmarks.figure import Figure, show
from posture.batch.entries import Way
from posture.batch.local import local_crew
from posture.batch.measuring import measure
from posture.batch.run import Job, run
from posture.batch.sources import source

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "samples"
LEAST_RATIO = 1.8
MOST_MEGABYTES = 300
FLAT = 1.1  # the last quarter's peak, as a share of the first quarter's
ONE_WORKERS_SHARE = 0.2
FEWEST = 20


class Moment(NamedTuple):
    """When a photo was done, and how much memory the parent held then."""

    at: float
    megabytes: float


def make_photos(folder: Path, count: int, megapixels: float | None) -> Path:
    """Make a folder of so many photos, all samples in turn."""
    folder.mkdir()
    samples = sorted(SAMPLES.glob("*.jpg"))
    kept = folder.with_name(folder.name + "-originals")
    kept.mkdir()
    for sample in samples:
        if megapixels is None:
            shutil.copy(sample, kept)
            continue
        with Image.open(sample) as image:
            scale = (megapixels * 1e6 / (image.width * image.height)) ** 0.5
            size = (round(image.width * scale), round(image.height * scale))
            image.resize(size, Image.Resampling.BICUBIC).save(kept / sample.name, quality=90)
    for number in range(count):
        sample = samples[number % len(samples)]
        (folder / f"{number:06}_{sample.name}").hardlink_to(kept / sample.name)
    return folder


def resident_megabytes() -> float:
    """Return how much memory this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@contextmanager
def told(_done: int, _total: int) -> Iterator[Callable[[], None]]:
    """Print the moment at which each photo is done."""
    yield lambda: print(time.monotonic(), resident_megabytes(), flush=True)


def one_batch(photos: str, out: str, workers: str) -> None:
    """Run one batch in this process, the parent of its workers."""
    job = Job(source(photos), Path(out), Way())
    run(job, partial(local_crew, measure, job.way, int(workers)), told)


def batch(photos: Path, out: Path, workers: int, *, kill_after: int | None = None) -> list[Moment]:
    """Run one batch in a process of its own, or begin it and kill it after so many photos."""
    command = [sys.executable, "-m", "benchmarks.batch"]
    command += ["--batch", str(photos), str(out), str(workers)]
    moments = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as program:
        assert program.stdout is not None
        for line in program.stdout:
            moments.append(Moment(*map(float, line.split())))
            if len(moments) == kill_after:
                program.kill()
                break
    assert program.returncode == (0 if kill_after is None else -9), program.returncode
    return moments


def rate(moments: list[Moment]) -> float:
    """Return how many photos a second, once the workers had started."""
    # The first ones of each worker load the model.
    begun = moments[min(len(moments) // 10, 20) :]
    return (len(begun) - 1) / (begun[-1].at - begun[0].at)


def figures(count: int = 2000, megapixels: float | None = None) -> list[Figure]:
    """Measure all of it.

    Parameters
    ----------
    count : int
        How many photos, 20 or more.
    megapixels : float, optional
        How large they are made; as large as the samples, if not given.
    """
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        photos = make_photos(here / "photos", count, megapixels)
        share = max(round(count * ONE_WORKERS_SHARE), FEWEST)
        some = make_photos(here / "some", share, megapixels)
        one = rate(batch(some, here / "one.csv", 1))
        moments = batch(photos, here / "whole.csv", 2)
        two = rate(moments)
        quarter = len(moments) // 4
        first, last = (
            max(moment.megabytes for moment in part)
            for part in (moments[:quarter], moments[-quarter:])
        )
        killed = random.randrange(1, count - 1)
        batch(photos, here / "resumed.csv", 2, kill_after=killed)
        left = len(batch(photos, here / "resumed.csv", 2))
        same = (here / "resumed.csv").read_bytes() == (here / "whole.csv").read_bytes()
        with (here / "resumed.csv").open(newline="") as file:
            names = [row["photo"] for row in csv.DictReader(file)]
    each_once = len(names) == count and all(a < b for a, b in pairwise(names))
    of = f"{count} photos, " + ("as the samples" if megapixels is None else f"{megapixels:g} MP")
    return [
        Figure(f"one worker, of {share} of them", f"{one:.2f} photos/s", "", None),
        Figure(f"two workers, {of}", f"{two:.2f} photos/s", "", None),
        Figure(
            "two workers against one",
            f"{two / one:.2f} x",
            f"{LEAST_RATIO} x or more",
            two / one >= LEAST_RATIO,
        ),
        Figure(
            "most memory of the parent",
            f"{max(moment.megabytes for moment in moments):.0f} MB",
            f"under {MOST_MEGABYTES} MB",
            max(moment.megabytes for moment in moments) < MOST_MEGABYTES,
        ),
        Figure(
            "most memory, first and last quarter",
            f"{first:.0f} and {last:.0f} MB",
            f"flat: at most {FLAT} x",
            last <= FLAT * first,
        ),
        Figure(
            f"killed after {killed} photos, resumed with {left}",
            "the same table" if same else "another table",
            "the same table",
            same,
        ),
        Figure(
            "photos in the resumed table",
            f"{len(names)}, each once" if each_once else f"{len(names)}, {len(set(names))} of them",
            "each once",
            each_once,
        ),
    ]


def main() -> int:
    """Run from the command line; gives the exit status."""
    parser = argparse.ArgumentParser(description="Time batches of many photos.")
    parser.add_argument("--photos", type=int, default=2000, help="how many (default 2000)")
    parser.add_argument("--megapixels", type=float, help="their size, if not that of the samples")
    parser.add_argument("--batch", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.batch:
        one_batch(*given.batch)
        return 0
    made = figures(max(given.photos, FEWEST), given.megapixels)
    show("posture batch", made)
    return 0 if all(figure.met is not False for figure in made) else 1


if __name__ == "__main__":
    sys.exit(main())
