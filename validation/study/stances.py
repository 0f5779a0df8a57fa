"""Says how wrongly photos of one stance are read, and how that differs among them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from posture.quantities import Quantity
from validation.people.parts import Array
from validation.records import Record
from validation.study.readings import camera

#: Photos of some people, by person, then visit.
People = Mapping[int, list[list[Record]]]
# In which the camera of photos of one stance differs; the size of the person follows its distance.
_SETTINGS: Final = ("yaw_deg", "roll_deg", "pitch_deg", "distance_m", "height_m")


def read_in(quantity: Quantity, photos: list[Record]) -> list[Record]:
    """Return the photos that a quantity is read in, of the side that they truly show."""
    return [
        record
        for record in photos
        if record.seen["whole"]["measurements"].get(quantity.key, {}).get("relative") is not None
        and record.seen["whole"]["facing"] == record.made["facing"]
    ]


def errors(quantity: Quantity, photos: list[Record]) -> Array:
    """Return read less true in the photos that a quantity is read in.

    Read is what a change is the difference of.
    """
    return np.array(
        [
            record.seen["whole"]["measurements"][quantity.key]["relative"]
            - record.made["truth"][quantity.name]
            for record in read_in(quantity, photos)
        ],
        dtype=float,
    )


def follows_camera(quantity: Quantity, people: People) -> float:
    """Return how much of what errors differ by within a stance follows the camera's settings.

    Returns
    -------
    float
        As variance, of a linear fit to all settings at once, less what chance explains; so it may
        be below 0. NaN of too few photos.
    """
    rows, apart, stances = [], [], 0
    for photos in (photos for visits in people.values() for photos in visits):
        read = read_in(quantity, photos)
        if len(read) > 1:
            settings = np.array([[camera(record, name) for name in _SETTINGS] for record in read])
            error = errors(quantity, photos)
            rows.append(settings - settings.mean(axis=0))
            apart.append(error - error.mean())
            stances += 1
    free = sum(map(len, apart)) - stances
    if free <= len(_SETTINGS):
        return np.nan
    given, wanted = np.concatenate(rows), np.concatenate(apart)
    left = wanted - given @ np.linalg.lstsq(given, wanted, rcond=None)[0]
    unexplained = (left @ left / (free - len(_SETTINGS))) / (wanted @ wanted / free)
    return float(1.0 - unexplained)
