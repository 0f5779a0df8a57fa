"""Makes what the networks learn from: exact outlines, moved by errors posture made in photos."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from joblib import Parallel, delayed
from rich.progress import track

from validation import records, shapes
from validation.people.parts import Array
from validation.records import Record
from validation.shapes import Drawn, Slip

_COPIES: Final = 4  # of each outline, each with the errors of another photo
_SEED: Final = 5
_PARTS: Final = 16  # in which outlines go to the processors
#: The vertical is off by one of these: as where lines show it, or where none do.
TURNED_SD_DEG: Final = (0.4, 0.4, 0.9, 2.0, 2.0)
COVERS: Final = ("cloth_cm", "arm_share", "hair_share")
#: Outlines that the networks of the back learn from: what covers more teaches nothing about it.
MOST: Final = (2.5, 0.05, 0.05)
ON_BACK: Final = ("pelvic_tilt", "lumbar_curve", "sacral_inclination")

Outlined = tuple[Record, Drawn]
Found = tuple[Record, Slip, dict[str, float]]


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Numbers and true values of outlines as found, and how sure the vertical: one row a copy."""

    numbers: Array
    sd: Array
    neck: Array
    truth: dict[str, Array]
    cover: Array


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Numbers of one person in two photos, and by how much the angles on the back changed."""

    before: Array
    after: Array
    change: Array


def trace(folder: Path) -> list[Outlined]:
    """Return every outline of the fit split."""
    outlines = track(list(records.read("fit", folder, "outline")), "tracing outlines")
    drawn = Parallel(n_jobs=-1)(delayed(_draw)(record, folder) for record in outlines)
    return list(drawn)


def _draw(record: Record, folder: Path) -> Outlined:
    return record, shapes.draw(record, folder)


def learn(drawn: list[Outlined], slips: list[Slip]) -> Sample:
    """Return outlines moved by the errors of photos."""
    parts = Parallel(n_jobs=-1)(delayed(_copies)(drawn[i::_PARTS], slips) for i in range(_PARTS))
    rows = [row for part in parts for row in part]
    return Sample(
        np.array([row[0] for row in rows]),
        np.array([row[1] for row in rows]),
        np.array([row[2] for row in rows]),
        {name: np.array([row[3][name] for row in rows]) for name in rows[0][3]},
        np.array([row[4] for row in rows]),
    )


def _copies(
    drawn: list[Outlined], slips: list[Slip]
) -> list[tuple[Array, float, float, dict[str, float], list[float]]]:
    rows = []
    for record, person in drawn:
        rng = np.random.default_rng([_SEED, record.person, record.visit])
        cover = [record.made["cover"][name] for name in COVERS]
        for _ in range(_COPIES):
            row = _moved(person, slips, rng)
            if row is not None:
                rows.append((*row, record.made["truth"], cover))
    return rows


def pair(drawn: list[Outlined], slips: list[Slip]) -> list[Pair]:
    """Return people who were drawn twice, both times moved by the errors of one photo.

    Most of what posture sees wrongly in a person it sees wrongly in the next photo too.
    """
    first = {record.person: (record, person) for record, person in drawn if record.visit == 0}
    twice = [
        (first[again.person], (again, person))
        for again, person in drawn
        if again.visit > 0 and again.person in first
    ]
    plain = [ends for ends in twice if all(is_plain(record) for record, _ in ends)]
    parts = Parallel(n_jobs=-1)(delayed(_pairs)(plain[i::_PARTS], slips) for i in range(_PARTS))
    return [one for part in parts for one in part]


def _pairs(twice: list[tuple[Outlined, Outlined]], slips: list[Slip]) -> list[Pair]:
    pairs = []
    for (before, first), (after, second) in twice:
        rng = np.random.default_rng([_SEED, after.person, after.visit])
        true = [after.made["truth"][n] - before.made["truth"][n] for n in ON_BACK]
        for _ in range(_COPIES):
            slip = slips[rng.integers(len(slips))]
            turned = rng.normal(0, rng.choice(TURNED_SD_DEG, 2))
            ends = [
                shapes.slipped(one, slip, float(turn))
                for one, turn in zip((first, second), turned, strict=True)
            ]
            if ends[0] is not None and ends[1] is not None:
                pairs.append(Pair(ends[0][0], ends[1][0], np.array(true)))
    return pairs


def is_plain(record: Record) -> bool:
    """Tell whether so little covers a person's back that they are learned from."""
    return all(record.cover[name] <= most for name, most in zip(COVERS, MOST, strict=True))


def _moved(
    person: Drawn, slips: list[Slip], rng: np.random.Generator
) -> tuple[Array, float, float] | None:
    slip = slips[rng.integers(len(slips))]
    sd = float(rng.choice(TURNED_SD_DEG))
    row = shapes.slipped(person, slip, float(rng.normal(0, sd)))
    if row is None:
        return None
    numbers, neck = row
    return numbers, sd, neck


def find(folder: Path) -> list[Found]:
    """Return how far off posture is in each photo of the fit split in which it finds someone."""
    standing = track(list(records.read("fit", folder, "standing")), "finding people")
    found = Parallel(n_jobs=-1)(delayed(_found)(record, folder) for record in standing)
    return [one for one in found if one is not None]


def _found(record: Record, folder: Path) -> Found | None:
    slip = shapes.slip(record, folder)
    return None if slip is None else (record, *slip)
