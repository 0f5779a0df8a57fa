"""Measure everything that has a target, and write it down as docs/performance.md.

    python -m benchmarks.bench
    python -m benchmarks.bench photo batch

The machine should have nothing else to do meanwhile. Given parts alone, it measures them and leaves
the rest of the page as it is, unless that was measured on another machine or with other libraries.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path

from benchmarks.figure import Figure, as_markdown, show
from posture.version import VERSION

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "performance.md"
#: Each has a module here that measures it.
PARTS = {
    "photo": ("one_photo", "One photo of 12 megapixels"),
    "batch": ("batch", "Many photos: `posture batch`"),
    "room": ("room", "A room: the app with many visitors"),
    "workshop": ("workshop", "The workshop page: live camera"),
    "records": ("records", "Records of many visits"),
}
MACHINE = "The machine"
LIBRARIES = ("mediapipe", "opencv-contrib-python", "numpy", "pillow", "streamlit")
INTRODUCTION = """\
# Performance

Measured by `make bench`, which writes this page. A time is the median of several runs, with the
least and the most of them. What has a target stands beside it, whether met or not.

{remarks}
"""
REMARKS = """\
- The plain script is what everyone writes: `cv2.imread` at full size, then MediaPipe's heavy model
  with a mask ([its source](../benchmarks/plain.py)). Its photo and posture's are the same samples,
  enlarged to 12 megapixels, with noise.
- posture looks at a photo and its mirror image at once, on two cores, so that it does not matter
  which way a person faces; then once more for whom the first look overlooked, meanwhile.
- Decoding a JPEG at half size moves the angles because the pose model answers to the least change
  of its pixels, even to rounding. How sure the angles are at all: [accuracy](accuracy.md).
"""


def figures_of(module: str) -> list[Figure]:
    """Have a module here measure, in a process of its own: none holds the memory of another."""
    code = f"import json; from benchmarks.{module} import figures; print(json.dumps(figures()))"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    return [Figure(*figure) for figure in json.loads(done.stdout.splitlines()[-1])]


def memory_gigabytes() -> float:
    """Return how much memory the machine has."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9


def processor() -> str:
    """Return the processor's name, as far as the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def machine() -> list[Figure]:
    """Describe the machine and what runs on it."""
    cores = f"{os.cpu_count()} cores"
    return [
        Figure("processor", f"{processor()}, {cores}, {platform.machine()}"),
        Figure("memory", f"{memory_gigabytes():.0f} GB"),
        Figure("system", f"{platform.system()} {platform.release()}"),
        Figure("Python", platform.python_version()),
        *(Figure(name, version(name)) for name in LIBRARIES),
        Figure("posture", VERSION),
    ]


def sections_of(page: str) -> dict[str, str]:
    """Return what a page holds below each of its titles."""
    _, *parts = page.split("\n## ")
    return {title: rest.strip() for title, _, rest in (part.partition("\n") for part in parts)}


def as_page(parts: dict[str, list[Figure]], before: str = "") -> str:
    """Return the page as Markdown, with what it had before of parts that were not measured."""
    facts = "\n".join(["| | |", "| --- | --- |", *(f"| {f.name} | {f.value} |" for f in machine())])
    sections = sections_of(before)
    if sections.get(MACHINE) != facts:
        sections.clear()
    day = f"Measured on {date.today()}."
    sections |= {title: f"{day}\n\n{as_markdown(figures)}" for title, figures in parts.items()}
    sections[MACHINE] = facts
    order = [*(title for _, title in PARTS.values()), MACHINE]
    known = [f"## {title}\n\n{sections[title]}\n" for title in order if title in sections]
    return "\n".join([INTRODUCTION.format(remarks=REMARKS), *known])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; gives 1 if a target was missed, else 0."""
    parser = argparse.ArgumentParser(description="Measure everything that has a target.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    wanted = parser.parse_args(arguments).parts
    if unknown := set(wanted) - set(PARTS):
        parser.error(f"{', '.join(sorted(unknown))}: there are {', '.join(PARTS)}")
    measured: dict[str, list[Figure]] = {}
    for part in wanted or PARTS:
        module, title = PARTS[part]
        measured[title] = figures_of(module)
        show(title, measured[title])
    before = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""
    PAGE.write_text(as_page(measured, before), encoding="utf-8")
    print(f"Written: {PAGE.relative_to(ROOT)}")
    return 0 if all(f.met is not False for figures in measured.values() for f in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
