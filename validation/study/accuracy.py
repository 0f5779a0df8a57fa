"""Computes how far posture is from the truth, and whether its intervals hold it, in every group."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from posture.quantities import PELVIC_TILT, QUANTITIES
from validation.records import Record
from validation.study import statistics
from validation.study.readings import CROPS, Readings, grouped, read

#: Cadaver pelves held in one position differ by this (Preece 2008), which no photo shows.
ANATOMY_SD_DEG: Final = 5.0
#: Coverage is told of groups of at least so many photos.
FEWEST: Final = 50
#: What is no group among others: those whom it is made for, and all.
WHOLE: Final = ("tight or bare", "all accepted")
_FIFTHS: Final = 5

Results = dict[str, Any]
Columns = dict[str, dict[str, Readings]]


def accuracy(groups: Columns) -> Results:
    """Return the errors of every quantity: by group, then by quantity."""
    return {
        group: {
            name: statistics.errors(readings.true, readings.value, readings.person)
            for name, readings in columns.items()
        }
        for group, columns in groups.items()
    }


def coverage(groups: Columns) -> Results:
    """Return how often intervals hold the truth, and their usual half width, likewise."""
    result: Results = {}
    for group, columns in groups.items():
        result[group] = {}
        for name, readings in columns.items():
            n = len(readings.value)
            if n < FEWEST and group not in WHOLE:
                continue
            sd = ANATOMY_SD_DEG if name == PELVIC_TILT.name else 0.0
            held = statistics.held(readings.true, readings.low, readings.high, sd)
            half = (readings.high - readings.low) / 2
            result[group][name] = {
                "held": statistics.share(float(held.sum()), n),
                "half": float(np.median(half)) if n else np.nan,
                "mdc95": float(np.median(readings.mdc95)) if n else np.nan,
            }
    return result


def truths(pictures: list[Record]) -> Results:
    """Return mean, SD, least and greatest true value of each quantity."""
    result: Results = {}
    for quantity in QUANTITIES:
        true = np.array([record.made["truth"][quantity.name] for record in pictures])
        result[quantity.name] = {
            "n": len(true),
            "mean": float(true.mean()) if len(true) else np.nan,
            "sd": float(true.std(ddof=1)) if len(true) > 1 else np.nan,
            "least": float(true.min(initial=np.inf)),
            "greatest": float(true.max(initial=-np.inf)),
        }
    return result


def by_true_value(pictures: list[Record]) -> Results:
    """Return the bias of each fifth of people by their true value, least first."""
    result: Results = {}
    for quantity in QUANTITIES:
        found = read(quantity, pictures)
        error = found.value - found.true
        result[quantity.name] = [
            {
                "true": float(found.true[rows].mean()),
                "bias": statistics.mean(error[rows], found.person[rows]),
            }
            for rows in np.array_split(np.argsort(found.true, kind="stable"), _FIFTHS)
            if len(rows)
        ]
    return result


def columns(pictures: list[Record]) -> Columns:
    """Return what was read: by group, of which the first two are of all, then by quantity."""
    tight = [record for record in pictures if record.is_tight]
    whole = dict(zip(WHOLE, (tight, pictures), strict=True))
    for kind, groups in grouped(pictures).items():
        whole |= {f"{kind}: {name}": members for name, members in groups.items()}
    result = {
        group: {q.name: read(q, members) for q in QUANTITIES} for group, members in whole.items()
    }
    for crop in CROPS:
        cropped = [record for record in pictures if crop in record.seen]
        if cropped:
            result[f"crop: {crop}"] = {q.name: read(q, cropped, crop) for q in QUANTITIES}
    return result
