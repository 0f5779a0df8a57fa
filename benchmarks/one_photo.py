"""Time one 12-megapixel photo against the plain script that everyone writes.

    python -m benchmarks.one_photo
    python -m benchmarks.one_photo --runs 21

Both run in this process, with the same model file, in turn; their ratio is taken pair by pair. Each
run that is timed follows one of the same program that is not: photos come one after another.
"""

import argparse
import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.figure import Figure, show
from benchmarks.plain import plain_script
from posture import Photo, assess
from posture.assess import find_people
from posture.landmarks import default_detector
from posture.model_file import MODEL_PATH
from posture.overlay import to_png
from posture.shape import Facing

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
PHONE = (3024, 4032)
NOISE = 4.0
PHOTOS: dict[Facing, str] = {
    "right": "standing_arms_hanging.jpg",
    "left": "standing_ponytail.jpg",
}
ANGLES = ("pelvic_tilt_deg", "lumbar_curve_deg")

MOST_OF_PLAIN = 0.65
MOST_REST_MS = 25
MOST_IMPORT_MS = 150
MOST_COLD = 2.5
MOST_CHANGE_DEG = 0.1

IMPORT = (
    "import time; start = time.perf_counter(); import posture; print(time.perf_counter() - start)"
)
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


def timed(work: Callable[[], object]) -> float:
    """Return how many seconds a run takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def in_turn(runs: int, *works: Callable[[], object]) -> list[list[float]]:
    """Time works in turn, each right after a run of its own; gives the seconds of each."""
    rounds = []
    for _ in range(runs):
        times = []
        for work in works:
            work()
            times.append(timed(work))
        rounds.append(times)
    return [list(times) for times in zip(*rounds, strict=True)]


def ms(seconds: list[float]) -> str:
    """Return the median, with least and most."""
    least, middle, most = (
        1e3 * t for t in (min(seconds), statistics.median(seconds), max(seconds))
    )
    return f"{middle:.0f} ms ({least:.0f} to {most:.0f})"


def steps(data: bytes, runs: int) -> dict[str, list[float]]:
    """Return the seconds of each step of an assessment, one after another."""
    detector = default_detector()
    photo = Photo.open(data)
    people = find_people(photo, detector)
    assessment = assess(photo, people=people)
    works = {
        "decoding": lambda: Photo.open(data),
        "detection, the second look among it": lambda: find_people(photo, detector),
        "everything else": lambda: assess(photo, people=people),
        "overlay as PNG, besides": lambda: to_png(photo, assessment),
    }
    return dict(zip(works, in_turn(runs, *works.values()), strict=True))


def warm(runs: int) -> list[Figure]:
    """Time a photo of each facing, its model loaded, against the plain script."""
    found = []
    plain = plain_script(str(MODEL_PATH))
    with tempfile.TemporaryDirectory() as folder:
        for facing, sample in PHOTOS.items():
            data, path = phone_photo(sample), Path(folder) / sample
            path.write_bytes(data)
            assert assess(data).facing == facing
            ours, theirs = in_turn(runs, partial(assess, data), partial(plain, str(path)))
            ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
            who = f"facing {facing}"
            found += [
                Figure(f"{who}: bytes to assessment", ms(ours)),
                Figure(f"{who}: plain script, file to landmarks and mask", ms(theirs)),
                Figure(
                    f"{who}: ratio",
                    f"{ratio:.2f}",
                    f"at most {MOST_OF_PLAIN}",
                    ratio <= MOST_OF_PLAIN,
                ),
            ]
            for step, times in steps(data, runs).items():
                rest = step == "everything else"
                target = f"under {MOST_REST_MS} ms" if rest else ""
                met = statistics.median(times) * 1e3 < MOST_REST_MS if rest else None
                found.append(Figure(f"{who}: {step}", ms(times), target, met))
    return found


def reduced() -> list[Figure]:
    """Measure how far decoding at reduced size moves the angles, from decoding all of it."""
    changes = []
    for sample in sorted(path.name for path in SAMPLES.glob("*.jpg")):
        data = phone_photo(sample)
        with Image.open(io.BytesIO(data)) as image:
            whole = assess(np.asarray(image))
        part = assess(data)
        pairs = [(part.measurements[key].value, whole.measurements[key].value) for key in ANGLES]
        changes += [abs(a - b) for a, b in pairs if a is not None and b is not None]
    return [
        Figure(
            f"decoded at half size: most change of {len(changes)} angles",
            f"{max(changes):.2f} deg (median {statistics.median(changes):.2f})",
            f"at most {MOST_CHANGE_DEG} deg",
            max(changes) <= MOST_CHANGE_DEG,
        )
    ]


def python(*arguments: str) -> str:
    """Run Python with these arguments from start to end, and return what it prints."""
    command = [sys.executable, *arguments]
    # As installed: what is imported was compiled before.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return done.stdout


def peak_megabytes(*arguments: str) -> float:
    """Run Python with these arguments and return the most memory that it held."""
    # From a process of its own: a child counts what its parent held when it was made.
    code = (
        "import resource, subprocess, sys; "
        "subprocess.run(sys.argv[1:], check=True, capture_output=True); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    # Kilobytes, but bytes on macOS.
    return int(python("-c", code, sys.executable, *arguments)) / (
        1e6 if sys.platform == "darwin" else 1e3
    )


def cold(runs: int) -> list[Figure]:
    """Time whole processes, from start to end."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "photo.jpg"
        path.write_bytes(phone_photo(PHOTOS["right"]))
        ours, plain = [*CLI, str(path)], [PLAIN, str(MODEL_PATH), str(path)]
        cli, script = in_turn(runs, partial(python, *ours), partial(python, *plain))
        memory = peak_megabytes(*ours), peak_megabytes(*plain)
    imports = [float(python("-c", IMPORT)) for _ in range(2 * runs)]
    ratio = statistics.median(a / b for a, b in zip(cli, script, strict=True))
    imported_ms = 1e3 * statistics.median(imports)
    return [
        Figure("posture analyze, from start to end", ms(cli)),
        Figure("plain script, from start to end", ms(script)),
        Figure("ratio", f"{ratio:.2f}", f"under {MOST_COLD}", ratio < MOST_COLD),
        Figure(
            "import posture",
            ms(imports),
            f"under {MOST_IMPORT_MS} ms",
            imported_ms < MOST_IMPORT_MS,
        ),
        Figure("most memory: posture analyze", f"{memory[0]:.0f} MB"),
        Figure("most memory: plain script", f"{memory[1]:.0f} MB"),
    ]


def figures(runs: int = 11) -> list[Figure]:
    """Measure all of it, each so many times."""
    return [*warm(runs), *reduced(), *cold(max(runs // 2, 3))]


def main() -> int:
    """Run from the command line; gives the exit status."""
    parser = argparse.ArgumentParser(description="Time posture against the plain script.")
    parser.add_argument("--runs", type=int, default=11, help="of each, in turn (default 11)")
    found = figures(parser.parse_args().runs)
    show("One photo of 12 megapixels", found)
    return 0 if all(figure.met is not False for figure in found) else 1


if __name__ == "__main__":
    sys.exit(main())
