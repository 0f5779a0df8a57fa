"""Whatever a model finds and a person tells, an assessment holds numbers that can be, or none."""

import csv
import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posture import Assessment, assess, overlay
from posture.export import to_json
from posture.interchange.record import Record
from posture.interchange.table import to_csv
from posture.marking.marks import PLACEABLE, Corrections, DrawnLine, KnownDistance, Mark
from posture.pose import PARTS, POINT_NAMES, Pose
from posture.quantities import KNEE_ANGLE
from posture.records import form
from posture.visit import together

from .people import SIZE, FakeDetector, pose
from .told import MASK, PHOTO

STANDING = pose(mask=MASK)
SOUND = assess(PHOTO, detector=FakeDetector((STANDING,))).points
#: No number of any body is larger: a right angle twice, a whole stature to either side.
LARGEST = {"deg": 180.0, "pct": 100.0, "cm": 250.0}
NOWHERE = (math.nan, math.inf, -math.inf, 1e300, -1e300)

_inside = st.tuples(st.floats(0, SIZE[0]), st.floats(0, SIZE[1]))
_anywhere = st.one_of(
    _inside,
    st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)),
    st.tuples(*[st.sampled_from((0.0, 300.0, *NOWHERE))] * 2),
)


@st.composite
def masks(draw: st.DrawFn, shape: tuple[int, int]) -> Any:
    """Make a mask: of a body or of none, of noise, of no numbers."""
    kind = draw(st.sampled_from(("body", "none", "all", "half", "noise", "nan", "cut")))
    if kind in ("body", "cut") and shape == MASK.shape:
        mask = MASK.copy()
        if kind == "cut":
            rows = sorted(draw(st.tuples(st.integers(0, SIZE[1]), st.integers(0, SIZE[1]))))
            mask[slice(*rows)] = draw(st.sampled_from((0.0, 1.0, 0.5)))
        return mask
    if kind == "noise":
        seed = draw(st.integers(0, 99))
        return np.random.default_rng(seed).random(shape, np.float32)
    level = {"none": 0.0, "nan": math.nan, "half": 0.5}.get(kind, 1.0)
    return np.full(shape, level, np.float32)


@st.composite
def poses(draw: st.DrawFn, shape: tuple[int, int] = MASK.shape) -> Pose:
    """Make a person: who stands, made smaller, moved, turned, with joints that are elsewhere."""
    xy = STANDING.xy_px.copy()
    if draw(st.booleans()):
        scale = draw(st.one_of(st.floats(0.2, 1.5), st.sampled_from((0.0, -1.0, 1e-9, 1e3))))
        turn = math.radians(draw(st.one_of(st.floats(-20, 20), st.floats(-180, 180))))
        about = np.array([300.0, 500.0])
        c, s = math.cos(turn), math.sin(turn)
        xy = (xy - about) @ np.array([[c, s], [-s, c]]) * scale + about
        xy = xy + draw(st.tuples(st.floats(-900, 900), st.floats(-900, 900)))
    jitter = draw(st.sampled_from((0.0, 1.0, 8.0, 40.0)))
    xy = xy + np.random.default_rng(draw(st.integers(0, 999))).normal(0, jitter, xy.shape)
    for row in draw(st.sets(st.integers(0, len(POINT_NAMES) - 1), max_size=3)):
        xy[row] = draw(_anywhere)
    visibility = np.ones(len(xy))
    for row in draw(st.sets(st.integers(0, len(POINT_NAMES) - 1), max_size=3)):
        visibility[row] = draw(st.sampled_from((0.0, 0.5, math.nan)))
    looks = draw(st.sampled_from((None, "left", "right")))
    unseen = draw(st.frozensets(st.sampled_from(sorted(PARTS))))
    return Pose(xy, visibility, draw(masks(shape)), unseen, looks)


@st.composite
def told(draw: st.DrawFn) -> Corrections:
    """Make what a person places and draws: near the body, or anywhere that a file may tell."""
    names = draw(st.sets(st.sampled_from(PLACEABLE), max_size=8))
    marks = {}
    for name in sorted(names):
        if draw(st.booleans()) and name in SOUND:
            dx, dy = draw(st.tuples(st.floats(-30, 30), st.floats(-30, 30)))
            x, y = SOUND[name].x + dx, SOUND[name].y + dy
        else:
            x, y = draw(st.one_of(_inside, st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))))
        marks[name] = Mark(x, y, sd_px=draw(st.sampled_from((0.0, 1.0, 50.0, 1e6))))
    ends = st.tuples(_inside, _inside).filter(lambda two: math.dist(*two) >= 8)
    line = distance = None
    if draw(st.booleans()):
        one, other = draw(ends)
        line = DrawnLine(*one, *other, draw(st.sampled_from(("vertical", "horizontal"))))
    if draw(st.booleans()):
        one, other = draw(ends)
        distance = KnownDistance(*one, *other, draw(st.floats(1, 300)))
    return Corrections(marks, line, distance, draw(st.sampled_from((0.0, 9.6, 50.0))))


def holds(result: Assessment) -> None:
    """Hold that every number can be, and that all that is written of them can be read."""
    every = [*result.measurements.values(), *result.marks_say.values()]
    for one in (*every, *result.outline_says.values()):
        most = LARGEST[one.quantity.unit]
        if one.value is None or one.low is None or one.high is None:
            assert one.tier == "refused"
            assert one.value is one.low is one.high is None
            assert one.reasons
        else:
            assert one.tier != "refused"
            least = 0.0 if one.quantity is KNEE_ANGLE else -most
            assert least <= one.value <= least + 2 * most, one
            assert one.low <= one.value <= one.high, one
            assert math.isfinite(one.low)
            assert math.isfinite(one.high)
        for number in (one.mdc95, one.relative):
            assert number is None or math.isfinite(number)
    assert result.status == "measured" or all(one.value is None for one in every)
    json.loads(to_json(result), parse_constant=pytest.fail)
    json.loads(form.to_json(result), parse_constant=pytest.fail)
    stance = together([result, result])
    json.loads(form.to_json(stance), parse_constant=pytest.fail)
    for row in csv.DictReader(to_csv(Record((result,))).splitlines()):
        for name in ("value", "low", "high", "least_change"):
            assert row[name] == "" or math.isfinite(float(row[name]))
    assert "nan" not in overlay.to_svg(result).replace("nanum", "")


@settings(max_examples=60)
@given(
    st.sampled_from((MASK.shape, (90, 60), (1, 1), (3, 700))).flatmap(
        lambda shape: st.lists(poses(shape), max_size=2)
    ),
    st.sampled_from((None, 50.0, 171.5, 250.0)),
)
def test_whoever_is_found(found: list[Pose], stature_cm: float | None) -> None:
    """Standing, lying, of no size, outside the photo, of no numbers: never a fault nor a NaN."""
    detector = FakeDetector(tuple(found))
    holds(assess(PHOTO, detector=detector, stature_cm=stature_cm))


@settings(max_examples=60)
@given(poses(), told(), st.sampled_from((None, 50.0, 171.5)))
def test_whatever_is_placed_and_drawn(
    found: Pose, corrections: Corrections, stature_cm: float | None
) -> None:
    """On whomever: never a fault nor a NaN."""
    holds(
        assess(
            PHOTO,
            detector=FakeDetector((found,)),
            corrections=corrections,
            stature_cm=stature_cm,
        )
    )


@settings(max_examples=60)
@given(told(), st.booleans(), st.sampled_from((None, 50.0, 171.5)))
def test_whatever_is_placed_on_who_stands(
    corrections: Corrections, alone: bool, stature_cm: float | None
) -> None:
    """Also where nobody is found."""
    detector = FakeDetector(() if alone else (STANDING,))
    holds(assess(PHOTO, detector=detector, corrections=corrections, stature_cm=stature_cm))
