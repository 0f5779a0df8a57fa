"""Asks what less would have read: landmarks alone, the photo's own up, the back's contour alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from posture import estimator
from posture.quantities import LUMBAR_CURVE, PELVIC_TILT, Quantity
from posture.shape import BACK_HEIGHTS
from validation.calibrate import accepts
from validation.lessons import COVERS
from validation.people.parts import Array, IntArray
from validation.records import Record
from validation.study.accuracy import Results
from validation.study.readings import own_up
from validation.study.statistics import errors, ridge

_JOINTS: Final = ("ear", "shoulder", "hip", "knee", "ankle")
_LINES: Final = (("shoulder", "ear"), ("hip", "shoulder"), ("knee", "hip"), ("ankle", "knee"))
_FOLDS: Final = 10
_FEWEST_FOLDS: Final = 3  # fewer people tell nothing of a fit
# Where the inflections are sought: as `posture.back`.
_SEAT, _CHEST = (-0.15, 0.45), (0.20, 0.85)

Features = Callable[[Record], Array]
Rows = Callable[[list[Record]], Array]


def baselines(learn: list[Record], check: list[Record]) -> Results:
    """Return the errors of lesser ways, on the very photos in which posture read both angles.

    Parameters
    ----------
    learn, check : list of Record
        Of the calibrate split, and of the one that is reported. If they are the same people, each
        is read by a fit to nine tenths of the others.
    """
    learn, check = _usable(learn), _usable(check)
    person = np.array([r.person for r in check], dtype=np.int64)
    result: Results = {}
    for quantity in (PELVIC_TILT, LUMBAR_CURVE):
        ways: dict[str, Rows] = {
            "posture": _as_it_is(quantity),
            "always the mean": _fitted(quantity, lambda _: np.zeros(1), learn),
            "landmarks alone": _fitted(quantity, landmarks, learn),
            "tangents of the contour": _fitted(quantity, tangents, learn),
            "linear fit to the back's contour": _fitted(quantity, _back, learn),
            "linear fit to the whole shape": _fitted(quantity, _shape, learn),
        }
        if quantity is PELVIC_TILT:
            ways["posture, the photo's own up"] = _from_own_up
        else:
            ways["tangents of the contour, as they are"] = _tangents_as_they_are
        true = np.array([r.made["truth"][quantity.name] for r in check])
        result[quantity.name] = {way: _errors(true, of(check), person) for way, of in ways.items()}
    return result


def _errors(true: Array, said: Array, person: IntArray) -> Results:
    known = np.isfinite(said)
    return errors(true[known], said[known], person[known])


def landmarks(record: Record) -> Array:
    """Return where the joints are, from the hip in shares of the trunk, and directions."""
    seen = record.seen["whole"]
    at = {name: _upright(seen) @ np.array(seen["points"][name]) for name in _JOINTS}
    trunk = float(np.hypot(*(at["shoulder"] - at["hip"])))
    places = [(at[name] - at["hip"]) / trunk for name in _JOINTS if name != "hip"]
    directions = [np.degrees(np.arctan2(*(at[end] - at[start]))) for start, end in _LINES]
    return np.concatenate([*places, directions])


def tangents(record: Record) -> Array:
    """Return the contour's steepest forward lean at the seat, and backward lean at the chest."""
    slope = np.array(record.seen["whole"]["numbers"])[_SLOPE] / 3
    lean = np.degrees(np.arctan(slope))
    heights = BACK_HEIGHTS
    low, high = ((heights > a) & (heights < b) for a, b in (_SEAT, _CHEST))
    return np.array([lean[low].max(), lean[high].min()])


_SLOPE: Final = slice(len(BACK_HEIGHTS), 2 * len(BACK_HEIGHTS))


def _back(record: Record) -> Array:
    return np.array(record.seen["whole"]["numbers"])[: _SLOPE.stop]


def _shape(record: Record) -> Array:
    return np.array(record.seen["whole"]["numbers"])


def _as_it_is(quantity: Quantity) -> Rows:
    return lambda some: np.array([_said(quantity, record) for record in some])


def _tangents_as_they_are(some: list[Record]) -> Array:
    return np.array([low - high for low, high in map(tangents, some)])


def _from_own_up(some: list[Record]) -> Array:
    return np.array([own_up(PELVIC_TILT.name, record) for record in some])


def _upright(seen: dict[str, Any]) -> Array:
    """Return the matrix from pixels, y down, to forward and up."""
    lean = np.radians(seen["vertical"][0])
    right, top = np.array([[np.cos(lean), np.sin(lean)], [np.sin(lean), -np.cos(lean)]])
    return np.stack([right if seen["facing"] == "right" else -right, top])


def _said(quantity: Quantity, record: Record) -> float:
    return float(record.seen["whole"]["measurements"][quantity.key]["value"])


def _usable(pictures: list[Record]) -> list[Record]:
    """Return photos whose back is read under today's limits, whatever they were when observed."""
    bounds = {name: estimator.limit(name) for name in COVERS}
    return [
        record
        for record in pictures
        if accepts(record.seen["whole"], bounds)
        and set(_JOINTS) <= set(record.seen["whole"]["points"])
    ]


def _fitted(quantity: Quantity, features: Features, learn: list[Record]) -> Rows:
    """Return a way that reads a quantity with a linear fit to some features."""

    def fit(some: list[Record]) -> Callable[[Array], Array]:
        goal = np.array([r.made["truth"][quantity.name] for r in some])
        return ridge(np.array([features(r) for r in some]), goal)

    names = {record.name for record in learn}

    def way(check: list[Record]) -> Array:
        if not check or len({record.person % _FOLDS for record in learn}) < _FEWEST_FOLDS:
            return np.full(len(check), np.nan)
        rows = np.array([features(r) for r in check])
        if not any(record.name in names for record in check):
            return fit(learn)(rows)
        fold = np.array([record.person % _FOLDS for record in check])
        said = np.zeros(len(check))
        for i in range(_FOLDS):
            others = [record for record in learn if record.person % _FOLDS != i]
            said[fold == i] = fit(others)(rows[fold == i])
        return said

    return way
