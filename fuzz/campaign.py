"""Runs both fuzzers at once for some time: ``python -m fuzz.campaign SECONDS [FOLDER]``.

What crashed is kept below the folder, and the fuzzer goes on for the rest of its time, unless it
does so at once. Ends with 1 if there was any. What was tried that found new ground is kept too, and
the next run starts from it.
"""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from fuzz import seeds

FOLDER: Final = Path(".cache/fuzz")
_LEAST_SECONDS: Final = 10  # of what remains after a crash: the start alone takes some of them
# After so long it begins anew from what it found: the fuzzer itself grows by gigabytes an hour,
# while 150 000 damaged imports leave the program as large as it was.
_LONGEST_RUN_S: Final = 900
_LIMITS: Final = (
    "-timeout=40",  # a photo may take 20 s, on a machine that does nothing else
    "-rss_limit_mb=4000",
    "-report_slow_units=30",
    "-print_final_stats=1",
)


def run(target: str, seconds: int, folder: Path) -> int:
    """Run one fuzzer for some time, however often it crashes; return how often it did."""
    corpus, crashes = folder / "corpus" / target, folder / "crashes"
    corpus.mkdir(parents=True, exist_ok=True)
    crashes.mkdir(parents=True, exist_ok=True)
    until, found = time.monotonic() + seconds, 0
    with (folder / f"{target}.log").open("wb") as log:
        while (left := round(until - time.monotonic())) >= min(_LEAST_SECONDS, seconds):
            command = [
                *(sys.executable, "-m", "fuzz.run", target),
                *(str(corpus), str(folder / "seeds" / target)),
                *(
                    f"-max_total_time={min(left, _LONGEST_RUN_S)}",
                    f"-max_len={seeds.MOST_BYTES[target]}",
                    *_LIMITS,
                ),
                f"-artifact_prefix={crashes}/{target}-",
            ]
            began = time.monotonic()
            if subprocess.run(command, stdout=log, stderr=log, check=False).returncode != 0:
                found += 1
                if time.monotonic() - began < _LEAST_SECONDS:  # it would fail so again and again
                    break
    return found


def main() -> int:
    """Run both; return the status to end with."""
    seconds = int(sys.argv[1])
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else FOLDER  # noqa: PLR2004
    seeds.write(folder / "seeds")
    with ThreadPoolExecutor() as pool:
        running = {name: pool.submit(run, name, seconds, folder) for name in seeds.MOST_BYTES}
        found = {name: future.result() for name, future in running.items()}
    for target, crashes in found.items():
        print(f"{target}: {seconds} s, {crashes} crashes; see {folder / target}.log")
    return 1 if any(found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
