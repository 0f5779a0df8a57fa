"""Measures which share of a photo's noise all photos of one stance have in common.

python -m validation.averaging FOLDER [--page]

Without ``--page`` it is fitted on the calibrate split and kept beside the estimator; with it, the
test split tells how right that is, and the page is written.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
from pathlib import Path
from typing import Any, Final

import numpy as np

import posture
from posture.quantities import QUANTITIES, Quantity
from validation import records
from validation.records import Record
from validation.report import plain
from validation.study import averages, averaging_page, stances, statistics
from validation.study.stances import People
from validation.study.statistics import Estimate

#: What `posture.estimator.shared` reads.
FILE: Final = Path(posture.__file__).parent / "averaging.json"
_DOCS: Final = Path(__file__).parents[1] / "docs"
_VISITS: Final = 2
_PLACES: Final = 100


def shared(quantity: Quantity, people: People) -> Estimate:
    """Return the share of noise that photos of one stance have in common, as variance.

    Noise is what the errors of two photos of a person differ by, from one visit to the next. It is
    one less the share that photos of the same stance differ by: with errors a and b of the photos
    of a person's two visits, ::

        1 - Σ (var a + var b) / Σ mean (aᵢ - bⱼ)²

    each sum over people, variances without bias, the mean over every pair of a photo of one visit
    and one of the other. What is peculiar to the person is in both visits, and falls out.

    Parameters
    ----------
    quantity : Quantity
        What is read.
    people : mapping of int to list of list of Record
        Photos by person and visit. Who has fewer than two photos read in a visit is left out.

    Returns
    -------
    Estimate
        The share, 0 to 1, with its 95 % interval by drawing people anew, and of how many.
    """
    within, whole = [], []
    for visits in people.values():
        one, other = (stances.errors(quantity, photos) for photos in visits)
        if min(len(one), len(other)) > 1:
            within.append(one.var(ddof=1) + other.var(ddof=1))
            whole.append(np.mean((one[:, None] - other) ** 2))
    apart, all_of_it = np.array(within), np.array(whole)
    return statistics.bootstrap(
        lambda rows: 1.0 - float(apart[rows].sum() / all_of_it[rows].sum()),
        np.arange(len(apart)),
    )


def cautious(share: Estimate) -> float:
    """Return the share to count with: the upper end of its interval, rounded up, 0 to 1."""
    return min(max(math.ceil(share.high * _PLACES) / _PLACES, 0.0), 1.0)


def fit(people: People) -> dict[str, Any]:
    """Return the content of `FILE`."""
    found = {q.name: shared(q, people) for q in QUANTITIES}
    return {
        "made_by": "python -m validation.averaging",
        "measured_on": f"{len(people)} people",
        "shared": {name: cautious(share) for name, share in found.items() if share.n > 1},
        "estimates": {name: share.rounded() for name, share in found.items()},
    }


def read(split: str, folder: Path) -> People:
    """Return the photos of those people of a split whose series is whole, by person and visit."""
    people: dict[int, list[list[Record]]] = {}
    for record in records.read(split, folder, "series"):
        if record.seen:
            visits = people.setdefault(record.person, [[] for _ in range(_VISITS)])
            visits[record.visit].append(record)
    whole = {len(photos) for visits in people.values() for photos in visits}
    most = max(whole, default=0)
    return {
        person: visits
        for person, visits in people.items()
        if all(len(photos) == most for photos in visits)
    }


def _write_page(people: People, folder: Path, out: Path) -> None:
    photos = [record for visits in people.values() for of in visits for record in of]
    files = ((folder / record.name).with_suffix(".seen.json") for record in photos)
    made = {
        "people": len(people),
        "photos": len(photos),
        "sha256": {FILE.name: hashlib.sha256(FILE.read_bytes()).hexdigest()},
        "observed_by": sorted({json.loads(file.read_text("utf-8"))["by"] for file in files}),
    }
    fitted = json.loads(FILE.read_text("utf-8"))
    results = averages.compute(people)
    told = plain({"made": made, "measured": results})
    (out / "averaging.json").write_text(json.dumps(told, indent=1) + "\n", "utf-8")
    (out / "averaging.md").write_text(averaging_page.page(fitted, results, made), "utf-8")


def main(arguments: list[str] | None = None) -> None:
    """Fit, or measure what was fitted and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--page", action="store_true", help="write docs/averaging.md")
    parser.add_argument("--out", type=Path, default=_DOCS, help="where the page is written")
    given = parser.parse_args(arguments)
    if given.page:
        _write_page(read("test", given.folder), given.folder, given.out)
        return
    people = read("calibrate", given.folder)
    FILE.write_text(json.dumps(fit(people), indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
