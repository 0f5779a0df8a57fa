"""Times the app with a room full of people, and looks whether each gets the answer to their photo.

python -m benchmarks.room
python -m benchmarks.room --visitors 20 --uploads 500 --workers 1

It starts the app as it is served, has all visitors upload a photo of a phone's size at once, and
then many in a row, by some who come and go.
"""

from __future__ import annotations

import argparse
import io
import math
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import psutil  # type: ignore[import-untyped]
from numpy.typing import NDArray
from PIL import Image

from benchmarks.figure import Figure, show
from posture import Photo, assess, overlay, wording
from posture.assess import find_people
from posture.landmarks import default_detector
from scripts.screenshots import served
from tests.visitor import Answer, Visitor

ROOT: Final = Path(__file__).parents[1]
SAMPLES: Final = (
    "standing_arms_hanging",
    "standing_ponytail",
    "standing_striped_shirt",
    "standing_tank_top",
    "standing_round_back",
    "standing_flat_back",
)
PHONE: Final = (3024, 4032)
SPARE_S: Final = 2.0
FLAT: Final = 1.05
AT_A_TIME: Final = 4
UPLOADS_A_VISIT: Final = 5
TIMES_LOOKED: Final = 10
_SMALL: Final = (48, 64)
_ALIKE: Final = 3.0  # levels of 255: the same picture, compressed


@dataclass(frozen=True)
class Known:
    """A photo, and what has to be shown for it."""

    name: str
    data: bytes
    angles: list[str]
    picture: NDArray[np.float32]


def main() -> int:
    """Run from the command line; gives the exit status."""
    parser = argparse.ArgumentParser(description="Time the app with a room full of people.")
    parser.add_argument("--visitors", type=int, default=20, help="at once (default 20)")
    parser.add_argument("--uploads", type=int, default=500, help="in a row (default 500)")
    parser.add_argument("--workers", type=int, help="of the app (default: as many as cores)")
    asked = parser.parse_args()
    found = figures(asked.visitors, asked.uploads, asked.workers, say=print)
    show("A room: the app with many visitors", found)
    return 1 if any(figure.met is False for figure in found) else 0


def figures(
    visitors: int = 20,
    uploads: int = 500,
    workers: int | None = None,
    *,
    say: Callable[[str], object] = lambda _text: None,
) -> list[Figure]:
    """Start the app, let people in, and return what was measured beside its target."""
    photos = [_photo(number) for number in range(visitors)]
    one_s = _one_detection_s(photos)
    say(f"One detection takes {one_s:.2f} s; {visitors} photos are made.")
    with tempfile.TemporaryDirectory() as folder, _served(Path(folder), workers) as server:
        found = _at_once(server.address, photos, one_s)
        say("\n".join(f"{figure.name}: {figure.value}" for figure in found))
        if uploads:
            found += _in_a_row(server, photos, uploads, say)
    return found


def _photo(number: int) -> Known:
    """Make a photo that no other is like, as large as a phone's."""
    with Image.open(ROOT / "samples" / f"{SAMPLES[number % len(SAMPLES)]}.jpg") as image:
        cut = 3 * (number // len(SAMPLES))
        box = (cut, 0, image.width - cut, image.height)
        large = image.convert("RGB").resize(PHONE, Image.Resampling.BICUBIC, box)
    # A mark of its own, by which its picture is told from all others.
    mark = Image.new("RGB", (500, 500), tuple(np.random.default_rng(number).integers(0, 256, 3)))
    large.paste(mark, (0, 0))
    file = io.BytesIO()
    large.save(file, "JPEG", quality=90)
    name, data = f"visitor_{number:03d}.jpg", file.getvalue()
    photo = Photo.open(data, name=name)
    assessment = assess(photo)
    both = (assessment.pelvic_tilt, assessment.lumbar_curve)
    angles = [wording.amount(one) for one in both if one.value is not None]
    return Known(name, data, angles, _small(Image.fromarray(overlay.draw(photo, assessment))))


def _small(picture: Image.Image) -> NDArray[np.float32]:
    return np.asarray(picture.convert("RGB").resize(_SMALL, Image.Resampling.BOX), np.float32)


def _one_detection_s(photos: Sequence[Known]) -> float:
    """Return the median time in which people are found in one photo that is read already."""
    detector, times = default_detector(), []
    for known in photos[:7]:
        photo = Photo.open(known.data)
        start = time.perf_counter()
        find_people(photo, detector)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


@dataclass(frozen=True)
class _Server:
    address: str
    process: psutil.Process
    folder: Path

    def megabytes(self) -> float:
        """Return what the server and its workers hold in memory."""
        every = [self.process, *self.process.children(recursive=True)]
        return float(sum(one.memory_info().rss for one in every) / 1e6)

    def disk_megabytes(self) -> float:
        """Return what lies in its temporary folder, which is its home as well."""
        return sum(file.lstat().st_size for file in self.folder.rglob("*") if file.is_file()) / 1e6


@contextmanager
def _served(folder: Path, workers: int | None) -> Iterator[_Server]:
    """Run the app on a free port, with all that it keeps in a folder of its own."""
    environment = dict.fromkeys(("TMPDIR", "HOME", "POSTURE_DATA"), str(folder))
    if workers is not None:
        environment["POSTURE_WORKERS"] = str(workers)
    with served(environment) as (address, pid):
        yield _Server(address, psutil.Process(pid), folder)


def _at_once(address: str, photos: Sequence[Known], one_s: float) -> list[Figure]:
    """Let everybody in, have all upload at the same moment, and look at what each saw."""
    ready = threading.Barrier(len(photos))

    def visit(known: Known) -> Answer:
        with Visitor(address) as visitor:
            ready.wait()
            return visitor.upload(known.name, known.data)

    with ThreadPoolExecutor(len(photos)) as threads:
        answers = list(threads.map(visit, photos))
    times = sorted(answer.seconds for answer in answers)
    target = len(photos) * one_s + SPARE_S
    right, leaks = _looked_through(answers, photos, photos)
    placed = sum(any("before you" in text for text in answer.waited) for answer in answers)
    p95 = times[math.ceil(0.95 * len(times)) - 1]
    return [
        Figure(f"{len(photos)} at once: median", f"{statistics.median(times):.1f} s"),
        Figure(
            f"{len(photos)} at once: 95th percentile",
            f"{p95:.1f} s",
            f"under {len(photos)} x {one_s:.2f} s + {SPARE_S:g} s = {target:.1f} s",
            p95 < target,
        ),
        Figure(f"{len(photos)} at once: longest", f"{times[-1]:.1f} s"),
        Figure("answers to one's own photo", f"{right}", f"{len(photos)}", right == len(photos)),
        Figure("others' photos seen", f"{leaks}", "0", leaks == 0),
        Figure("saw their place in the line", f"{placed}", "1 or more", placed > 0),
    ]


def _in_a_row(
    server: _Server, photos: Sequence[Known], uploads: int, say: Callable[[str], object]
) -> list[Figure]:
    """Have a few visitors at a time come, upload some photos and go; see what is left of it."""
    memory, disk, lock = [], [], threading.Lock()
    answers: list[Answer] = []
    wanted: list[Known] = []

    def visit(number: int) -> None:
        with Visitor(server.address) as visitor:
            for turn in range(UPLOADS_A_VISIT):
                known = photos[(number + turn) % len(photos)]
                answer = visitor.upload(known.name, known.data)
                with lock:
                    answers.append(answer)
                    wanted.append(known)
                    if len(answers) % max(uploads // TIMES_LOOKED, 1) == 0:
                        memory.append(server.megabytes())
                        disk.append(server.disk_megabytes())
                        say(f"{len(answers)}: {memory[-1]:.0f} MB, disk {disk[-1]:.1f} MB")

    with ThreadPoolExecutor(AT_A_TIME) as threads:
        list(threads.map(visit, range(max(uploads // UPLOADS_A_VISIT, 1))))
    right, leaks = _looked_through(answers, wanted, photos)
    quarter = max(len(memory) // 4, 1)
    second, last = (
        statistics.mean(part) for part in (memory[quarter : 2 * quarter], memory[-quarter:])
    )
    return [
        Figure(
            f"{len(answers)} in a row: memory of the last quarter",
            f"{last:.0f} MB",
            f"at most {FLAT:g} x that of the second, {second:.0f} MB",
            last <= FLAT * second,
        ),
        Figure(
            "left on disk",
            f"{disk[-1]:.1f} MB",
            f"at most {disk[0]:.1f} MB + 1 MB",
            disk[-1] < disk[0] + 1,
        ),
        Figure("answers to one's own photo", f"{right}", f"{len(answers)}", right == len(answers)),
        Figure("others' photos seen", f"{leaks}", "0", leaks == 0),
    ]


def _looked_through(
    answers: Sequence[Answer], wanted: Sequence[Known], photos: Sequence[Known]
) -> tuple[int, int]:
    """Return how many answers are those to the own photo, and how many tell of another's."""
    right = leaks = 0
    for answer, own in zip(answers, wanted, strict=True):
        shown = _small(Image.open(io.BytesIO(answer.picture)))
        away = [float(np.abs(shown - known.picture).mean()) for known in photos]
        nearest = photos[int(np.argmin(away))]
        right += nearest is own and min(away) < _ALIKE and answer.angles == own.angles
        leaks += nearest is not own
    return right, leaks


if __name__ == "__main__":
    sys.exit(main())
