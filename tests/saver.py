"""Saves visits until it is killed, over and over, and tells which ones it was told were saved.

    python -m tests.saver KILLS SEED

Runs in a process of its own, since each child is a fork of it: then a kill costs milliseconds. It
prints, as JSON, the id of every visit whose saving returned.
"""

import json
import os
import random
import signal
import sys
import time

from posture.records import people, visits
from posture.records.access import open_records
from posture.records.kept import Facts
from tests.kept import make_visit

LONGEST_S = 0.08


def save_until_killed(person_id: str, number: int, told: int) -> None:
    """Save visit after visit, and tell each as soon as the records have confirmed it."""
    access = open_records().local()
    while True:
        number += 1
        visit = make_visit(person_id, number % 1000, picture_bytes=30_000)
        os.write(told, f"try {visit.id}\n".encode())
        visits.save(access, visit)
        os.write(told, f"saved {visit.id}\n".encode())


def main() -> None:
    """Kill as many children as asked for, each after another while."""
    kills, seed = int(sys.argv[1]), int(sys.argv[2])
    rng = random.Random(seed)
    opened = open_records()
    person_id = people.add(opened.local(), Facts("Ada"))
    opened.engine.dispose()  # no child may share a connection
    make_visit(person_id)
    tried: list[str] = []
    saved: list[str] = []
    for kill in range(kills):
        reads, writes = os.pipe()
        child = os.fork()
        if not child:
            os.close(reads)
            save_until_killed(person_id, kill * 1000, writes)
        os.close(writes)
        began = os.read(reads, 1)  # however long it took to start
        time.sleep(rng.uniform(0.0, LONGEST_S))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with os.fdopen(reads) as lines:
            for line in (began.decode() + lines.read()).splitlines():
                word, _, visit_id = line.strip().partition(" ")
                (saved if word == "saved" else tried).append(visit_id)
    sys.stdout.write(json.dumps({"person": person_id, "tried": tried, "saved": saved}))


if __name__ == "__main__":
    main()
