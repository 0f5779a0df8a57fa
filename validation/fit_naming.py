"""Fits what turns answers about spots into names of stickers, to people with stickers and without.

python -m validation.fit_naming FOLDER
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from joblib import Parallel, delayed
from rich.progress import track
from scipy.optimize import minimize

from posture import landmarks
from posture.assess import find_people
from posture.markers import look
from posture.marking.bony import Guess
from posture.marking.corrected import size_of
from posture.marking.naming import (
    FILE,
    Scales,
    choices_of,
    likelihoods,
    log_share,
    name_stickers,
)
from posture.marking.spots import KINDS, Spot
from posture.photo import Photo
from posture.reading import read, up_of
from validation import records
from validation.fit import save
from validation.people.parts import Array
from validation.records import Record
from validation.sets import CHOSEN_ON

# A spot is a sticker's if it lies within its radius, or this of it.
_BESIDE_PX: Final = 4.0
_START: Final = Scales(2.0, {"asis": -1.3, "psis": -1.0, "spine": 0.6}, 0.7, 1.4, 0.0, 1.0)
# How many of those who wear none may have enough evidence of stickers.
_FALSE: Final = 0.005
_NORMAL_95: Final = 1.96


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """What was seen on one person.

    Attributes
    ----------
    spots : list of Spot
        From the top down.
    expected : dict of str to Guess
        Where bony points were expected.
    px_per_mm : float
        Photo pixels in one millimetre.
    names : tuple of tuple of str
        Of each spot, what it truly marks.
    off : tuple of float
        By how many of the network's standard deviations the middles of the true ones are off,
        along each axis.
    """

    spots: list[Spot]
    expected: dict[str, Guess]
    px_per_mm: float
    names: tuple[tuple[str, ...], ...]
    off: tuple[float, ...]


def example(record: Record, folder: Path) -> Example | None:
    """Look at one picture; None if nobody is found in it."""
    photo, detector = (
        Photo.open((folder / record.name).with_suffix(".jpg")),
        landmarks.default_detector(),
    )
    people = find_people(photo, detector)
    if not people:
        return None
    (pose, *_) = people
    up = up_of(photo, pose, None)
    expected = dict(read(pose, pose, photo, up.used, None).guesses)
    px_per_mm = size_of(None, None, pose.stature_px).px_per_mm
    spots = look(photo, pose.mask, expected, px_per_mm, pose.facing)
    return told(record, spots, expected, px_per_mm)


def told(
    record: Record, spots: list[Spot], expected: dict[str, Guess], px_per_mm: float
) -> Example:
    """Return what was seen with what each spot truly marks: the nearest to a sticker is it."""
    names: list[tuple[str, ...]] = [()] * len(spots)
    off: list[float] = []
    for name, one in record.made.get("stickers", {}).items():
        away = [math.dist((spot.x, spot.y), one["xy"]) for spot in spots]
        within = max(one["diameter_mm"] / 2 * px_per_mm, _BESIDE_PX)
        if name not in expected or min(away, default=math.inf) > within:
            continue
        nearest = int(np.argmin(away))
        names[nearest] += (name,)
        if len(names[nearest]) == 1:
            spot = spots[nearest]
            off += [(spot.x - one["xy"][0]) / spot.sd, (spot.y - one["xy"][1]) / spot.sd]
    return Example(spots, expected, px_per_mm, tuple(names), tuple(off))


def loss(numbers: Array, examples: Sequence[Example]) -> float:
    """Return minus the mean logarithm of how likely the true names are, all of a photo together."""
    scales = _scales(numbers)
    return -float(np.mean([log_share_of(one, scales) for one in examples]))


def _scales(numbers: Array) -> Scales:
    slope, wider, busy, *offset = numbers
    return replace(
        _START,
        slope=float(np.exp(slope)),
        wider=float(np.exp(wider)),
        busy=float(busy),
        offset=dict(zip(KINDS, map(float, offset), strict=True)),
    )


def log_share_of(one: Example, scales: Scales) -> float:
    """Return the logarithm of how likely the true names of one person's spots are."""
    choices = choices_of(one.expected)
    like = likelihoods(one.spots, one.expected, one.px_per_mm, choices, scales)
    return log_share(like, choices, one.names)


def fit(examples: Sequence[Example]) -> Scales:
    """Return what makes the true names likeliest; few who wear none have enough evidence."""
    start = np.array(
        [np.log(_START.slope), np.log(_START.wider), _START.busy, *_START.offset.values()]
    )
    found = minimize(loss, start, args=(examples,), method="L-BFGS-B", options={"ftol": 1e-7})
    scales = _scales(found.x)
    bare = [one for one in examples if not any(one.names)]
    most = float(np.quantile([_evidence(one, scales) for one in bare], 1 - _FALSE))
    off = np.abs([each for one in examples for each in one.off])
    return replace(
        scales,
        enough=math.ceil(10 * most) / 10,
        off=float(np.quantile(off, 0.95)) / _NORMAL_95,
    )


def _evidence(one: Example, scales: Scales) -> float:
    return name_stickers(one.spots, one.expected, one.px_per_mm, scales)[1]


def main(arguments: list[str] | None = None) -> None:
    """Fit and write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args(arguments)
    pictures = [
        record
        for split, people in CHOSEN_ON.items()
        for record in records.read(split, given.folder, *people)
        if record.visit == 0 and record.person in people[record.kind]
    ]
    seen = Parallel(n_jobs=-1)(
        delayed(example)(record, given.folder) for record in track(pictures, "finding spots")
    )
    scales = fit([one for one in seen if one is not None])
    print(scales)
    save(
        FILE,
        {
            "slope": np.array(scales.slope),
            "offset": np.array([scales.offset[kind] for kind in KINDS]),
            "busy": np.array(scales.busy),
            "wider": np.array(scales.wider),
            "enough": np.array(scales.enough),
            "off": np.array(scales.off),
        },
    )


if __name__ == "__main__":
    main()
