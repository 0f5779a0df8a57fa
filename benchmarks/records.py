"""Times the pages of a clinic with 20 000 visits of 4 000 people.

python -m benchmarks.records [--visits 20000]

Pages are run as Streamlit runs them, without a browser. Memory is that of this process, which holds
what makes the visits too.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from streamlit.testing.v1 import AppTest

from benchmarks.figure import Figure, show
from posture.overlay import to_jpeg
from posture.records import people, rows, vault, visits
from posture.records.access import Access, open_records
from posture.records.database import FILE_NAME
from posture.records.kept import Facts
from tests.factory import make_photo
from tests.kept import make_visit

ROOT: Final = Path(__file__).parents[1]
_VISITS_EACH: Final = 5
_FIRST: Final = ("Ada", "Bo", "Cem", "Dia", "Eva", "Finn", "Gül", "Hana")
_LAST: Final = ("Rossi", "Müller", "Long", "Okafor", "Sato", "Silva", "Novák")
_REPEATS: Final = 5


def fill(access: Access, count: int) -> str:
    """Keep so many visits, five of each person, and return the id of the last person."""
    person_id = ""
    picture = to_jpeg(make_photo())
    for number in range(count // _VISITS_EACH):
        person_id = visits.new_id()
        name = f"{_FIRST[number % len(_FIRST)]} {_LAST[number % len(_LAST)]} {number}"
        with access.writing() as session:
            facts = Facts(name, str(10_000 + number))
            people.put(session, access, person_id, facts, datetime.now(UTC))
            for visit in range(_VISITS_EACH):
                made = make_visit(person_id, visit, photos=1, picture_bytes=0)
                photos = tuple(replace(photo, picture=picture) for photo in made.photos)
                rows.write(session, access, replace(made, photos=photos))
    return person_id


def page(script: str, **asked: str) -> Callable[[], object]:
    """Return what runs a page with these query parameters."""

    def run() -> object:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        app.query_params.update(asked)
        return app.switch_page(f"app_pages/{script}.py").run()

    return run


def slowest_s(action: Callable[[], object]) -> float:
    """Return the longest of some runs, the first left out."""
    action()
    took = []
    for _ in range(_REPEATS):
        start = time.perf_counter()
        action()
        took.append(time.perf_counter() - start)
    return max(took)


def figures(count: int = 20_000) -> list[Figure]:
    """Fill records with so many visits, and time what pages ask for."""
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory() as folder:
        os.environ.pop("POSTURE_DATABASE_URL", None)
        os.environ |= {"POSTURE_DATA": folder, vault.KEY_VARIABLE: vault.new_key()}
        access = open_records().local()
        start = time.perf_counter()
        person = fill(access, count)
        kept_s = time.perf_counter() - start
        size = (Path(folder) / FILE_NAME).stat().st_size / 1e6
        before, last = (visit.id for visit in visits.of_person(access, person)[-2:])
        actions = {
            "the list of people": page("people"),
            "a search": lambda: people.search(access, "muller 17"),
            "one person": page("people", person=person),
            "one visit": page("people", visit=last),
            "two visits compared": page("compare", before=before, after=last),
        }
        found = [Figure(f"{count} visits kept", f"in {kept_s:.0f} s, {size:.0f} MB")]
        found += [
            Figure(name, f"{slowest_s(action):.2f} s at most") for name, action in actions.items()
        ]
        start = time.perf_counter()
        people.erase(access, person)
        found.append(Figure("erasing one person", f"{time.perf_counter() - start:.2f} s"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    return [*found, Figure("memory", f"{peak:.0f} MB at most")]


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", type=int, default=20_000)
    count = parser.parse_args().visits
    show("Records", figures(count))


if __name__ == "__main__":
    main()
