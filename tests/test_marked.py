"""Angles from marked points, against geometry made by hand."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.marking.bony import fitted
from posture.marking.curves import measure_spine
from posture.marking.marked import facing_of, measure_joints, measure_pelvis
from posture.marking.marks import BONY_POINTS, PALPATION_SD_MM, Mark
from posture.marking.sight import Rise, Sight, Size
from posture.quantities import Measurement
from posture.tilt import Vertical, measure_alignment

LEVEL = Vertical(0.0, 0.0, found=True)
SIGHT = Sight("right", LEVEL, 0.5, 850.0, Rise(0.0, 0.0))
SIZE = Size(850.0, None, 0.5)


def pelvis(tilt_deg: float, length: float = 75.0, facing: str = "right") -> dict[str, Mark]:
    """Return ASIS and PSIS whose line is tilted."""
    turn = 1 if facing == "right" else -1
    along = np.radians(tilt_deg)
    return {
        "asis": Mark(300 + turn * length * np.cos(along), 400 + length * np.sin(along)),
        "psis": Mark(300, 400),
    }


def value(measured: Measurement | None) -> float:
    """Return the number of a measurement that must be there."""
    assert measured is not None
    assert measured.value is not None
    return measured.value


@given(st.floats(-45, 45), st.sampled_from(["right", "left"]), st.floats(-5, 5))
def test_pelvic_tilt_is_the_angle_of_the_line(tilt: float, facing: str, lean: float) -> None:
    """PSIS to ASIS against the horizontal; mirrored the same, and turned with the vertical."""
    marks = pelvis(tilt, facing=facing)
    sight = replace(SIGHT, facing=facing)
    measured = measure_pelvis(marks, sight)
    assert value(measured) == pytest.approx(tilt)
    assert measured is not None
    assert measured.tier == "marked"
    assert measured.points == ("asis", "psis")
    # True up leaning to the right by `lean`: the true horizontal sinks to the right by as much.
    turned = replace(sight, vertical=replace(LEVEL, lean_deg=lean))
    sinks = lean if facing == "right" else -lean
    assert value(measure_pelvis(marks, turned)) == pytest.approx(tilt - sinks)


def test_a_point_moved_moves_the_tilt_as_geometry_says() -> None:
    """Forty pixels down at the ASIS: the change is that of the line, wherever the camera stands."""
    before = pelvis(10.0)
    after = before | {"asis": replace(before["asis"], y=before["asis"].y + 40)}
    forward, down = after["asis"].x - 300, after["asis"].y - 400
    for rise in (0.0, 0.1, -0.05):
        sight = replace(SIGHT, rise=Rise(rise, 0.05))
        change = value(measure_pelvis(after, sight)) - value(measure_pelvis(before, sight))
        assert change == pytest.approx(math.degrees(math.atan2(down, forward)) - 10.0)


def test_a_camera_that_stands_high_is_made_up_for() -> None:
    """The near ASIS looks lower from above: the angle is less than the photo's line says."""
    above = measure_pelvis(pelvis(10.0), replace(SIGHT, rise=Rise(0.1, 0.0)))
    assert value(above) == pytest.approx(10.0 - math.degrees(0.05))


@pytest.mark.parametrize("source", ["placed", "sticker"])
def test_the_interval_is_that_of_points_thrown_about(source: str) -> None:
    """Of 20 000 pelves whose points err as told, 95 % have an angle within the half interval."""
    marks = {name: replace(m, source=source, sd_px=1.0) for name, m in pelvis(12.0).items()}
    sight = replace(SIGHT, vertical=Vertical(0.0, 0.5, found=True), placement_mm=14.0)
    measured = measure_pelvis(marks, sight)
    assert measured is not None
    assert measured.high is not None
    rng = np.random.default_rng(3)
    on_skin = (7.0 if source == "sticker" else PALPATION_SD_MM) * 0.5
    ends = rng.normal(0, math.hypot(1.0, on_skin), (20_000, 2, 2))
    line = np.array([marks["asis"].at - marks["psis"].at]) + ends[:, 0] - ends[:, 1]
    thrown = np.degrees(np.arctan2(line[:, 1], line[:, 0])) + rng.normal(0, 0.5, 20_000)
    half = measured.high - value(measured)
    assert np.mean(np.abs(thrown - value(measured)) <= half) == pytest.approx(0.95, abs=0.005)
    assert measured.mdc95 == pytest.approx(math.sqrt(2) * half)


@pytest.mark.parametrize("sd_px", [0.0, 1e-4, 1e-2])
def test_of_points_known_exactly_the_vertical_s_error_is_left(sd_px: float) -> None:
    """However small their own error: 1.96 standard deviations of the vertical."""
    marks = {name: replace(m, source="sticker", sd_px=sd_px) for name, m in pelvis(12.0).items()}
    sight = replace(SIGHT, vertical=Vertical(0.0, 0.5, found=True), placement_mm=0.0)
    measured = measure_pelvis(marks, sight)
    assert measured is not None
    assert measured.high is not None
    assert measured.high - value(measured) == pytest.approx(0.98, abs=0.01)


def test_points_a_few_pixels_apart_tell_nothing() -> None:
    """An interval from points nearer than their error reaches all the way round."""
    measured = measure_pelvis(pelvis(0.0, length=2.0), SIGHT)
    assert measured is not None
    assert measured.high is not None
    assert measured.high > 90


@pytest.mark.parametrize("marks", [pelvis(75.0), pelvis(0.0, facing="left"), pelvis(0.0, length=0)])
def test_mixed_up_points_are_refused(marks: dict[str, Mark]) -> None:
    """ASIS behind PSIS, above it, or at the same place: no pelvis."""
    measured = measure_pelvis(marks, SIGHT)
    assert measured is not None
    assert measured.reasons == ("points_implausible",)


def test_both_points_are_needed() -> None:
    """One is nothing."""
    marks = pelvis(10.0)
    assert measure_pelvis({"asis": marks["asis"]}, SIGHT) is None


@pytest.mark.parametrize("lean", [0.0, 85.0, 100.0, -95.0, 180.0])
def test_the_pelvis_tells_where_a_person_looks(lean: float) -> None:
    """ASIS lies before PSIS, along the true horizontal of a photo that is turned."""
    for facing in ("right", "left"):
        upright = Sight(facing, replace(LEVEL, lean_deg=lean), 0.5, 850.0, Rise(0.0, 0.0))
        forward, up = upright.to_photo(np.array([[75.0, -12.0], [0.0, 0.0]]))
        assert facing_of(Mark(*forward), Mark(*up), lean) == facing


def usual_back(stature_px: float = 850.0) -> dict[str, Mark]:
    """Return the bony points of the most frequent kind of back."""
    known = fitted()
    mean = known["back/means"][known["back/shares"].argmax()]
    at = mean[: 2 * len(BONY_POINTS)].reshape(-1, 2) * stature_px / 100
    return {n: Mark(300 + x, 500 - y) for n, (x, y) in zip(BONY_POINTS, at, strict=True)}


def angles(marks: dict[str, Mark], sight: Sight = SIGHT) -> dict[str, Measurement]:
    """Return what spinous points tell, by name."""
    spine = measure_spine(marks, sight)
    return {} if spine is None else {m.quantity.name: m for m in spine.measurements}


def test_curves_do_not_hang_on_size_place_or_side() -> None:
    """The same back larger, elsewhere or mirrored has the same angles."""
    marks = usual_back()
    known = angles(marks)
    assert set(known) == {"lumbar_curve", "sacral_inclination", "thoracic_curve"}
    larger = {n: Mark(2 * m.x + 50, 2 * m.y - 9, sd_px=2 * m.sd_px) for n, m in marks.items()}
    mirrored = {n: replace(m, x=600 - m.x) for n, m in marks.items()}
    for other, sight in (
        (larger, replace(SIGHT, px_per_mm=1.0, stature_px=1700.0)),
        (mirrored, replace(SIGHT, facing="left")),
    ):
        for name, measured in angles(other, sight).items():
            assert value(measured) == pytest.approx(value(known[name]), abs=1e-6)


def test_a_deeper_hollow_is_a_larger_curve() -> None:
    """L3 further forward."""
    marks = usual_back()
    deeper = marks | {"l3": replace(marks["l3"], x=marks["l3"].x + 8)}
    assert value(angles(deeper)["lumbar_curve"]) > value(angles(marks)["lumbar_curve"]) + 2


def test_more_points_make_surer() -> None:
    """The pelvis and C7 narrow the interval of the lumbar curve."""
    marks = usual_back()
    few = {name: marks[name] for name in ("s1", "l3", "t12")}

    def width(some: dict[str, Mark]) -> float:
        measured = angles(some)["lumbar_curve"]
        assert measured.high is not None
        assert measured.low is not None
        return measured.high - measured.low

    assert width(marks) < width(few)


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (("s1", "l3"), set()),
        (("s1", "t12"), set()),
        (("s1", "l3", "l1"), {"lumbar_curve", "sacral_inclination"}),
        (("c7", "t12", "l3"), {"thoracic_curve"}),
        (("c7", "t12"), set()),
        (("asis", "psis", "c7"), set()),
    ],
)
def test_what_points_reach(names: tuple[str, ...], wanted: set[str]) -> None:
    """An angle is measured where points lie on both of its sides."""
    marks = usual_back()
    assert set(angles({name: marks[name] for name in names})) == wanted


@pytest.mark.parametrize(("one", "other"), [("s1", "l3"), ("l3", "t12"), ("t12", "c7")])
def test_swapped_vertebrae_are_refused(one: str, other: str) -> None:
    """They lie above each other in one order."""
    marks = usual_back()
    marks |= {one: marks[other], other: marks[one]}
    assert {m.reasons for m in angles(marks).values()} == {("points_implausible",)}


def test_the_skin_runs_through_the_points() -> None:
    """The most likely skin passes within half a centimetre of well-placed points."""
    marks = usual_back()
    spine = measure_spine(marks, SIGHT)
    assert spine is not None
    for name in ("s1", "l3", "t12", "c7"):
        away = np.hypot(*(spine.skin_px - marks[name].at).T).min()
        assert away < 0.02 * 850


def test_placed_joints_are_believed() -> None:
    """No usual error is taken off, and the interval is that of the points."""
    joints = {
        "ear": np.array([310.0, 100.0]),
        "shoulder": np.array([300.0, 200.0]),
        "hip": np.array([300.0, 450.0]),
        "knee": np.array([300.0, 650.0]),
        "ankle": np.array([300.0, 850.0]),
    }
    marks = {name: Mark(*xy) for name, xy in joints.items()}
    found = measure_alignment(joints, "right", 850.0, None, LEVEL)
    measured = measure_joints(found, joints, marks, SIGHT, SIZE)
    by_name = {m.quantity.name: m for m in measured}
    lean, knee = by_name["trunk_lean"], by_name["knee_angle"]
    assert (lean.tier, knee.tier) == ("marked", "marked")
    assert value(lean) == pytest.approx(0.0, abs=1e-9)
    assert value(knee) == pytest.approx(180.0)
    sd = math.hypot(1.0, PALPATION_SD_MM * 0.5)
    assert lean.high == pytest.approx(math.degrees(1.96 * sd * math.sqrt(2) / 250), rel=1e-3)
    half = measure_joints(found, joints, {"hip": marks["hip"]}, SIGHT, SIZE)
    assert {m.quantity.name: m.tier for m in half}["trunk_lean"] == "outline"
