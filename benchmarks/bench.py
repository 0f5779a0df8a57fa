"""Time posture against the plain script that everyone writes, on a phone's 12-megapixel photo.

    python benchmarks/bench.py
    python benchmarks/bench.py --runs 21

Both run in this process, in turn, with the same model file; their ratio is taken pair by pair.
"""

import argparse
import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import mediapipe as mp
import numpy as np
from PIL import Image
from plain import plain_script
from rich.console import Console
from rich.table import Table

from posture import Photo, assess
from posture.landmarks import MODEL_PATH, default_detector
from posture.outline import find_outline
from posture.overlay import to_png
from posture.shape import Facing

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
PHONE = (3024, 4032)
NOISE = 4.0
PHOTOS: dict[Facing, str] = {
    "right": "standing_arms_hanging.jpg",
    "left": "standing_ponytail.jpg",
}

IMPORT = ["-c", "import posture"]
CLI = ["-c", "from posture.cli import main; main()", "analyze"]
PLAIN = str(Path(__file__).with_name("plain.py"))


def phone_photo(sample: str) -> bytes:
    """Make a sample as large as a phone's photo, with noise, as a JPEG of quality 90."""
    with Image.open(SAMPLES / sample) as image:
        large = np.asarray(image.convert("RGB").resize(PHONE, Image.Resampling.BICUBIC), np.float32)
    noise = np.random.default_rng(0).normal(0, NOISE, large.shape)
    pixels = np.clip(large + noise, 0, 255).astype(np.uint8)
    target = io.BytesIO()
    Image.fromarray(pixels).save(target, "JPEG", quality=90)
    return target.getvalue()


def seconds(work: Callable[[], object]) -> float:
    """Time one run."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def in_turn(runs: int, *works: Callable[[], object]) -> list[list[float]]:
    """Warm each up, then time them A B A B; gives the times of each."""
    for work in works:
        work()
    rounds = [[seconds(work) for work in works] for _ in range(runs)]
    return [list(times) for times in zip(*rounds, strict=True)]


class Stopwatch:
    """Adds up the time that is spent in what it wraps."""

    def __init__(self) -> None:
        self.times: dict[str, float] = {}

    def around(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """Return the same work, timed under a name."""

        def timed(*args: object, **kwargs: object) -> object:
            start = time.perf_counter()
            result = work(*args, **kwargs)
            self.times[name] = self.times.get(name, 0.0) + time.perf_counter() - start
            return result

        return timed


def stages(data: bytes, runs: int) -> dict[str, list[float]]:
    """Time each step of an assessment, and the picture made from it."""
    pipeline = sys.modules["posture.assess"]
    detector = default_detector()
    taken: dict[str, list[float]] = {}
    for _ in range(runs):
        watch = Stopwatch()
        with (
            patch.object(detector, "detect", watch.around("detect", detector.detect)),
            patch.object(pipeline, "find_outline", watch.around("outline", find_outline)),
        ):
            photo = watch.around("decode", Photo.open)(data)
            assessment = watch.around("all", assess)(photo)
        steps = watch.times
        steps["checks and angles"] = steps.pop("all") - steps["detect"] - steps["outline"]
        watch.around("overlay as PNG, besides", to_png)(photo, assessment)
        for name, seconds_taken in steps.items():
            taken.setdefault(name, []).append(seconds_taken)
    return taken


def process(*arguments: str) -> Callable[[], object]:
    """Return what runs Python with these arguments from start to end."""
    command = [sys.executable, *arguments]
    return lambda: subprocess.run(command, check=True, capture_output=True)


def peak_megabytes(*arguments: str) -> float:
    """Run Python with these arguments and return the most memory that it held."""
    # From a process of its own: a child counts what its parent held when it was made.
    code = (
        "import resource, subprocess, sys; "
        "subprocess.run(sys.argv[1:], check=True, capture_output=True); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    command = [sys.executable, "-c", code, sys.executable, *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    # Kilobytes, but bytes on macOS.
    return int(done.stdout) / (1e6 if sys.platform == "darwin" else 1e3)


def add(table: Table, what: str, times: Sequence[float], *, unit: str = "ms") -> None:
    """Add a row of least, median and most."""
    scale = 1000 if unit == "ms" else 1
    digits = 1 if unit == "ms" else 2
    shown = (min(times), statistics.median(times), max(times))
    table.add_row(what, *(f"{scale * t:.{digits}f} {unit}".rstrip() for t in shown))


def main() -> int:
    """Run from the command line; gives the exit status."""
    parser = argparse.ArgumentParser(description="Time posture against the plain script.")
    parser.add_argument("--runs", type=int, default=11, help="of each, in turn (default 11)")
    runs = parser.parse_args().runs
    table = Table("12-megapixel JPEG", "least", "median", "most", title=f"{runs} runs, in turn")
    plain = plain_script(str(MODEL_PATH))
    with tempfile.TemporaryDirectory() as folder:
        for facing, sample in PHOTOS.items():
            data = phone_photo(sample)
            path = Path(folder) / sample
            path.write_bytes(data)
            assert assess(data).facing == facing
            ours, theirs = in_turn(runs, partial(assess, data), partial(plain, str(path)))
            ratios = [a / b for a, b in zip(ours, theirs, strict=True)]
            table.add_section()
            add(table, f"posture, facing {facing}: bytes to assessment", ours)
            add(table, "plain script: file to landmarks and mask", theirs)
            add(table, "ratio, pair by pair", ratios, unit="")
            for step, times in stages(data, runs).items():
                add(table, f"  {step}", times)
        cold = [*CLI, str(path)]
        bare = [PLAIN, str(MODEL_PATH), str(path)]
        few = max(runs // 2, 3)
        table.add_section()
        whole = {
            "posture analyze, whole process": process(*cold),
            "plain script, whole process": process(*bare),
            "python -c 'import posture'": process(*IMPORT),
            "python -c pass": process("-c", "pass"),
        }
        for name, times in zip(whole, in_turn(few, *whole.values()), strict=True):
            add(table, name, times)
        memory = (peak_megabytes(*cold), peak_megabytes(*bare))
    console = Console()
    console.print(table)
    ours_mb, plain_mb = memory
    console.print(f"Most memory: posture analyze {ours_mb:.0f} MB, plain script {plain_mb:.0f} MB")
    cores = os.cpu_count()
    console.print(f"Python {sys.version.split()[0]}, {cores} cores, MediaPipe {mp.__version__}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
