"""Writes what the fuzzers' logs say into docs/robustness.md: ``python -m fuzz.report [FOLDER]``."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fuzz.campaign import FOLDER
from fuzz.seeds import MOST_BYTES

PAGE: Final = Path(__file__).parents[1] / "docs" / "robustness.md"
BEGIN: Final = "<!-- written by fuzz/report.py -->"
END: Final = "<!-- until here -->"
_WHAT: Final = {
    "photos": "`Photo.open` with bytes of any kind",
    "imports": "points, tables, studies, results, people's files, assessments, logos",
}
_STATUS: Final = re.compile(r"^#(\d+)\s+(\w+)\s+cov: (\d+)", re.MULTILINE)
_DONE: Final = re.compile(r"^Done \d+ runs in (\d+) second", re.MULTILINE)
_CRASH: Final = re.compile(r"=== Uncaught Python exception|ERROR: libFuzzer|deadly signal")
_START: Final = "Using built-in libfuzzer"


@dataclass(frozen=True, slots=True)
class Run:
    """What one fuzzer did until it crashed or its time was over.

    Attributes
    ----------
    seconds : int
        How long; 0 if it crashed or was stopped, which no log says.
    executions : int
        How many inputs were tried.
    first, last : int
        Branches of Python reached by what it started from, and in the end.
    crashed : bool
        Whether it ended with anything but its time.
    """

    seconds: int
    executions: int
    first: int
    last: int
    crashed: bool


def runs(log: str) -> list[Run]:
    """Return the runs that a log tells of, one after the other."""
    found = []
    for part in log.split(_START)[1:]:
        lines = _STATUS.findall(part)
        reached = [int(cov) for _count, kind, cov in lines if kind != "pulse"] or [0]
        done = _DONE.search(part)
        found.append(
            Run(
                int(done[1]) if done else 0,
                int(lines[-1][0]) if lines else 0,
                reached[0],
                reached[-1],
                bool(_CRASH.search(part)),
            )
        )
    return found


def table(folder: Path) -> str:
    """Return a row for each fuzzer."""
    rows = [
        "| target | what it reads | seconds without a crash | inputs tried | crashes "
        "| branches reached: seeds, end |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for target in MOST_BYTES:
        found = runs((folder / f"{target}.log").read_text("utf-8", "replace"))
        seconds = sum(run.seconds for run in found if not run.crashed)
        inputs = sum(run.executions for run in found)
        crashes = sum(run.crashed for run in found)
        rows.append(
            f"| {target} | {_WHAT[target]} | {seconds} | {inputs} | {crashes} "
            f"| {found[0].first}, {found[-1].last} |"
        )
    return "\n".join(rows)


def main() -> None:
    """Put the table in its place in the page."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    before, rest = PAGE.read_text("utf-8").split(BEGIN)
    _old, after = rest.split(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n{table(folder)}\n\n{END}{after}", "utf-8")
    print(f"{PAGE.name} has the fuzzers' last figures.")


if __name__ == "__main__":
    main()
