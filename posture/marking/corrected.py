"""Brings what a person told about a photo to what is measured: points, scale, cross-check."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from posture import notes
from posture.back import along_skin
from posture.marking import curves, marked
from posture.marking.marks import (
    STATURE_RANGE_CM,
    USUAL_STATURE_CM,
    Corrections,
    KnownDistance,
    Mark,
)
from posture.marking.sight import Size
from posture.pose import Point
from posture.quantities import LUMBAR_CURVE, PELVIC_TILT, SACRAL_INCLINATION

if TYPE_CHECKING:
    from posture.back import Back
    from posture.markers import Sticker
    from posture.marking.bony import Guess
    from posture.marking.curves import Spine
    from posture.marking.sight import Sight
    from posture.quantities import Measurement

# Beyond these a known distance is drawn or told wrongly; chosen. A stature is found with a standard
# deviation of 2.5 % at most.
_OTHER_STATURE: Final = 0.15
_PELVIS_RANGE_CM: Final = (8.0, 25.0)
# Between the errors of marks and outline: 0.48 to 0.63 for the three angles of 31 to 37 people of
# the calibrate split.
_CORRELATION: Final = 0.5


def size_of(distance: KnownDistance | None, given_cm: float | None, stature_px: float) -> Size:
    """Return how large a person is: by a known distance, as it was given, or else as usual."""
    if distance is None:
        return Size(stature_px, given_cm, stature_px / (10 * (given_cm or USUAL_STATURE_CM)))
    return Size(stature_px, stature_px / distance.px_per_cm, distance.px_per_cm / 10)


def doubt_of_distance(told: Corrections, given_cm: float | None, stature_px: float) -> str:
    """Return in a sentence why a known distance is not believed of a person who was found.

    Returns
    -------
    str
        Empty if it is believed: if the person is by it as tall as people are, and about as tall as
        was given.
    """
    distance = told.distance
    if distance is None:
        return ""
    tall_cm = _centimetres(stature_px, distance)
    if given_cm is not None and abs(tall_cm / given_cm - 1) > _OTHER_STATURE:
        return notes.distance_not_used(tall_cm, given_cm)
    low, high = STATURE_RANGE_CM
    return "" if low <= tall_cm <= high else notes.distance_not_used(tall_cm, None)


def doubt_by_hand(told: Corrections) -> str:
    """Return the same where only points are placed: by them a pelvis is as long as pelves are."""
    if told.distance is None or not {"asis", "psis"} <= told.points.keys():
        return ""
    apart_px = float(np.hypot(*(told.points["asis"].at - told.points["psis"].at)))
    long_cm, (low, high) = _centimetres(apart_px, told.distance), _PELVIS_RANGE_CM
    return "" if low <= long_cm <= high else notes.distance_not_used_by_hand(long_cm)


def lacking(told: Corrections, *, needs_line: bool) -> str:
    """Return in a sentence what placed points lack to be measured in a photo that is refused.

    Returns
    -------
    str
        Empty if they lack nothing, or if nothing is placed.
    """
    if not told.points:
        return ""
    lacks_line = needs_line and told.line is None
    if {"asis", "psis"} <= told.points.keys():
        return notes.LINE_LACKING if lacks_line else ""
    return notes.BOTH_LACKING if lacks_line else notes.PELVIS_LACKING


def _centimetres(length_px: float, distance: KnownDistance) -> float:
    return length_px / distance.px_per_cm if distance.px_per_cm else math.inf


def taped(told: Corrections, stickers: Sequence[Sticker]) -> Corrections:
    """Add the stickers that are sure; a placed point goes before them."""
    sure = {
        sticker.names[0]: Mark(sticker.x, sticker.y, "sticker", sticker.sd_px)
        for sticker in stickers
        if sticker.sure
    }
    return replace(told, points={**sure, **told.points})


def said_of_stickers(stickers: Sequence[Sticker], told: Corrections) -> tuple[str, ...]:
    """Return in sentences what nobody was told of the stickers that were found."""
    if not stickers:
        return (notes.NO_STICKERS,)
    return tuple(
        notes.sticker_unnamed(sticker.x, sticker.y, sticker.names)
        for sticker in stickers
        if not sticker.sure and not _is_named(sticker, told)
    )


def _is_named(sticker: Sticker, told: Corrections) -> bool:
    """Tell whether a placed point lies on a sticker."""
    marks = (told.points[name] for name in sticker.names if name in told.points)
    at = (sticker.x, sticker.y)
    return any(math.dist(at, (mark.x, mark.y)) <= sticker.diameter_px for mark in marks)


def placed(marks: Mapping[str, Mark]) -> dict[str, Point]:
    """Return marks as points of an assessment."""
    return {name: Point(mark.x, mark.y, 1.0, mark.source) for name, mark in marks.items()}


def estimated(guesses: Mapping[str, Guess]) -> dict[str, Point]:
    """Return guesses as points of an assessment."""
    return {name: Point(at.x, at.y, 0.0, "estimated") for name, at in guesses.items()}


def by_marks(
    marks: Mapping[str, Mark], sight: Sight
) -> tuple[dict[str, Measurement], Spine | None]:
    """Return what marked points tell of pelvis and back, by key, and the back through them."""
    pelvis, spine = marked.measure_pelvis(marks, sight), curves.measure_spine(marks, sight)
    measured = [] if pelvis is None else [pelvis]
    measured += [] if spine is None else spine.measurements
    return {m.quantity.key: m for m in measured}, spine


def back_through(marks: Mapping[str, Mark], spine: Spine | None, sight: Sight) -> Back | None:
    """Return where the hollow of a marked back ends; None if its lumbar curve is not measured."""
    if spine is None:
        return None
    measured = {m.quantity.name for m in spine.measurements if m.value is not None}
    if LUMBAR_CURVE.name not in measured:
        return None
    high = marks["t12"] if "t12" in marks else marks["l1"]
    skin, low, top = (sight.upright(xy) for xy in (spine.skin_px, marks["s1"].at, high.at))
    return along_skin(spine.skin_px, skin, low, top, sight.vertical.forward_deg(sight.facing))


def along_measured(back: Back, measured: Mapping[str, Measurement], forward_deg: float) -> Back:
    """Return a back whose tangents are those that were measured, if they were."""
    sacral, lumbar = measured[SACRAL_INCLINATION.key].value, measured[LUMBAR_CURVE.key].value
    if sacral is None or lumbar is None:
        return back
    return back.with_skin(sacral, lumbar, forward_deg)


def said_of_tip(measured: Mapping[str, Measurement], sight: Sight) -> str:
    """Say how the camera's height moved a marked pelvic tilt; empty if it is not marked."""
    tilted = measured.get(PELVIC_TILT.key)
    is_marked = tilted is not None and tilted.tier == "marked"
    return notes.tipped(sight.tips_deg) if is_marked else ""


def cross_checked(
    of_marks: Mapping[str, Measurement], of_outline: Mapping[str, Measurement]
) -> dict[str, Measurement]:
    """Return what is said where points are marked, the outline heard as well.

    Where both intervals have nothing in common, the marks alone are believed, with
    ``marks_disagree``. Else curves and sacral inclination are those of both `together`; pelvic
    tilt, which is defined by its points, is that of the marks.
    """
    said = {}
    for key, measured in of_marks.items():
        other = of_outline.get(key)
        if _apart(measured, other):
            measured = replace(measured, reasons=(*measured.reasons, "marks_disagree"))  # noqa: PLW2901
        elif other is not None and measured.quantity is not PELVIC_TILT:
            measured = together(measured, other)  # noqa: PLW2901
        said[key] = measured
    return said


def together(marks: Measurement, outline: Measurement) -> Measurement:
    """Weigh two readings of one quantity by their intervals, their errors being correlated.

    Both are drawn towards the usual, so that they err alike in part.
    """
    if marks.value is None or marks.low is None or marks.high is None:
        return marks
    if outline.value is None or outline.low is None or outline.high is None:
        return marks
    one, other = (marks.high - marks.low) / 2, (outline.high - outline.low) / 2
    shared = _CORRELATION * one * other
    share = float(np.clip((other**2 - shared) / (one**2 + other**2 - 2 * shared), 0.0, 1.0))
    value = share * marks.value + (1 - share) * outline.value
    half = math.sqrt(
        (share * one) ** 2 + ((1 - share) * other) ** 2 + 2 * share * (1 - share) * shared
    )
    return replace(
        marks,
        value=value,
        low=value - half,
        high=value + half,
        mdc95=math.sqrt(2) * half,
        relative=value,
    )


def _apart(one: Measurement, other: Measurement | None) -> bool:
    if other is None or one.low is None or one.high is None:
        return False
    if other.low is None or other.high is None:
        return False
    return one.high < other.low or other.high < one.low
