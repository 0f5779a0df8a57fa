"""Angles against hand-made geometry, and the properties that every angle must have."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture import tilt
from posture.tilt import Back, Facing, Measurement

from .people import HIP, SHOULDER, STATURE_PX, Array, back_contour

ear, knee, ankle = (np.array(p) for p in ((310.0, 150.0), (305.0, 670.0), (300.0, 867.6)))
angles = st.floats(-40, 40)


def read(
    back: Array,
    facing: Facing = "right",
    *,
    hip: Array = HIP,
    shoulder: Array = SHOULDER,
    stature_px: float = STATURE_PX,
    hidden: np.ndarray | None = None,
) -> Back:
    """Read a back that is known to be readable."""
    hidden = np.zeros(len(back), bool) if hidden is None else hidden
    found = tilt.read_back(
        back, hidden, hip=hip, shoulder=shoulder, facing=facing, stature_px=stature_px
    )
    assert found is not None
    return found


def values(back: Back, facing: Facing = "right", *, shift: float = 0.0) -> dict[str, float]:
    """Measure a back by name; the neck line is upright, turned by `shift`."""
    up = np.array([math.sin(math.radians(shift)), -math.cos(math.radians(shift))]) * 100
    up[0] *= 1 if facing == "right" else -1
    measured = tilt.measure_back(back, np.zeros(2), up, facing)
    return {m.quantity.name: m.value for m in measured if m.value is not None}


@pytest.mark.parametrize(
    ("end", "facing", "expected"),
    [
        ((0.0, -10.0), "right", 0.0),
        ((10.0, -10.0), "right", 45.0),
        ((10.0, -10.0), "left", -45.0),
        ((-10.0, 0.0), "left", 90.0),
        ((0.0, 10.0), "right", 180.0),
        ((0.0, 0.0), "right", math.nan),
        ((math.nan, 1.0), "right", math.nan),
    ],
)
def test_inclination_by_hand(end: tuple[float, float], facing: Facing, expected: float) -> None:
    """A line leans forward by the angle that a protractor shows; without a length it has none."""
    found = tilt.inclination_deg(np.zeros(2), np.array(end), facing)
    assert found == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(("sacral", "chest"), [(30, -20), (15, -10), (45, -25), (5, -15)])
def test_contour_tangents_by_hand(sacral: float, chest: float) -> None:
    """Where the contour runs straight at its inflections, tangents are read to half a degree."""
    back = read(back_contour(sacral, chest))
    assert back.lumbosacral.contour_deg == pytest.approx(sacral, abs=0.5)
    assert back.thoracolumbar.contour_deg == pytest.approx(chest, abs=0.5)
    assert back.contour_curve_deg == pytest.approx(sacral - chest, abs=0.7)


def test_inflections_lie_on_the_straight_stretches() -> None:
    """The inflection points are found where the contour was made to have them."""
    contour = back_contour(30, -20)
    back = read(contour)
    for found, (low, high) in (
        (back.lumbosacral, (0.09, 0.17)),
        (back.thoracolumbar, (0.24, 0.32)),
    ):
        walked = np.hypot(*(contour - (found.x_px, found.y_px)).T).argmin() * 0.5 / STATURE_PX
        assert low - 0.02 < walked < high + 0.02


def test_hollow_back_is_lordosis_and_tilts_the_pelvis_forward() -> None:
    """The deeper the hollow between two people who differ in the sacrum alone, the more + both."""
    flat, hollow = (values(read(back_contour(sacral, -15))) for sacral in (10, 40))
    assert hollow["lumbar_curve"] > flat["lumbar_curve"] + 15
    assert hollow["pelvic_tilt"] > flat["pelvic_tilt"] + 15
    assert hollow["sacral_inclination"] > flat["sacral_inclination"] + 15


@given(
    x=st.floats(-500, 500), y=st.floats(-500, 500), scale=st.floats(0.2, 5), mirror=st.booleans()
)
def test_moved_scaled_and_mirrored_backs_measure_the_same(
    x: float, y: float, scale: float, mirror: bool
) -> None:
    """Where a person stands, how large and which way they face changes no angle."""
    contour = back_contour(25, -18)
    before = values(read(contour))
    flip = np.array([-1.0 if mirror else 1.0, 1.0])
    facing: Facing = "left" if mirror else "right"
    moved, hip, shoulder = (p * scale * flip + (x, y) for p in (contour, HIP, SHOULDER))
    back = read(moved, facing, hip=hip, shoulder=shoulder, stature_px=STATURE_PX * scale)
    assert values(back, facing) == pytest.approx(before, abs=1e-6)


@given(turn=angles)
def test_a_turned_photo_turns_every_direction_and_no_curve(turn: float) -> None:
    """Turned forward by t degrees: tilt and sacrum plus t, curves as before."""
    contour = back_contour(25, -18)
    before = values(read(contour))
    c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    rotation = np.array([[c, s], [-s, c]])  # clockwise on a screen, whose y runs down
    turned, shoulder = ((p - HIP) @ rotation + HIP for p in (contour, SHOULDER))
    after = values(read(turned, shoulder=shoulder), shift=turn)
    for name in ("pelvic_tilt", "sacral_inclination"):
        assert after[name] == pytest.approx(before[name] + turn, abs=1e-6)
    for name in ("lumbar_curve", "thoracic_curve"):
        assert after[name] == pytest.approx(before[name], abs=1e-6)


def test_hidden_share_counts_the_stretch_from_hip_to_chest() -> None:
    """An arm across half of the low back hides about half; one on the neck hides nothing."""
    contour = back_contour(25, -18)
    low = (contour[:, 1] < 480) & (contour[:, 1] > 400)
    assert 0.35 < read(contour, hidden=low).hidden_share < 0.75
    assert read(contour, hidden=contour[:, 1] < 200).hidden_share == 0


def test_a_gap_in_the_contour_is_bridged_and_counts_as_hidden() -> None:
    """Rows without body do not stop the reading, and are not taken for seen."""
    contour = back_contour(25, -18)
    contour[(contour[:, 1] < 440) & (contour[:, 1] > 420)] = np.nan
    back = read(contour)
    assert back.hidden_share > 0.05
    assert back.lumbosacral.contour_deg == pytest.approx(25, abs=1)


def test_a_round_or_straight_back_has_no_inflection() -> None:
    """Where the contour turns one way throughout, or not at all, no inflection is claimed."""
    rows = np.arange(560.0, 160.0, -1.0)
    for x in (240 + 0.001 * (rows - 360) ** 2, np.full_like(rows, 240.0)):
        back = read(np.column_stack([x, rows]))
        assert not (back.lumbosacral.found and back.thoracolumbar.found)
    hollow = read(back_contour(25, -18))
    assert hollow.lumbosacral.found
    assert hollow.thoracolumbar.found


@pytest.mark.parametrize("rows", [0, 1, 2, 40])
def test_too_short_a_contour_is_not_read(rows: int) -> None:
    """A contour that does not reach from seat to chest gives no angle at all."""
    contour = back_contour(25, -18)[:rows]
    hidden = np.zeros(rows, bool)
    assert (
        tilt.read_back(
            contour, hidden, hip=HIP, shoulder=SHOULDER, facing="right", stature_px=STATURE_PX
        )
        is None
    )


@pytest.mark.parametrize("stature_px", [0.0, -5.0, math.nan])
def test_without_a_stature_the_back_is_not_read(stature_px: float) -> None:
    """A person without height has no back."""
    contour = back_contour(25, -18)
    hidden = np.zeros(len(contour), bool)
    assert (
        tilt.read_back(
            contour, hidden, hip=HIP, shoulder=SHOULDER, facing="right", stature_px=stature_px
        )
        is None
    )


def alignment(**joints: tuple[float, float]) -> dict[str, Measurement]:
    """Measure the alignment of joints given in pixels, facing right."""
    places = {name: np.array(place, float) for name, place in joints.items()}
    measured = tilt.measure_alignment(places, "right", 800, 170)
    return {m.quantity.key: m for m in measured}


UPRIGHT = {
    "ear": (0, 0),
    "shoulder": (0, 100),
    "hip": (0, 350),
    "knee": (0, 530),
    "ankle": (0, 720),
}


def difference(key: str, **moved: tuple[float, float]) -> float:
    """Return by how much a measure changes when joints of an upright person move."""
    before, after = alignment(**UPRIGHT)[key].value, alignment(**{**UPRIGHT, **moved})[key].value
    assert before is not None
    assert after is not None
    return after - before


def test_alignment_by_hand() -> None:
    """Signs and sizes are those of a drawing: forward is +, a bent knee is below 180."""
    assert difference("trunk_lean_deg", shoulder=(250, 100)) == pytest.approx(45)
    assert difference("trunk_lean_deg", shoulder=(-250, 100)) == pytest.approx(-45)
    assert difference("ear_offset_pct", ear=(80, 0)) == pytest.approx(10)
    assert difference("ear_offset_cm", ear=(80, 0)) == pytest.approx(17)
    assert difference("hip_offset_pct", hip=(-8, 350)) == pytest.approx(-1)
    assert difference("knee_angle_deg", knee=(190, 530), hip=(0, 340)) == pytest.approx(-90)
    assert difference("knee_angle_deg", knee=(-20, 530)) > 0


@given(turn=angles)
def test_a_turned_photo_turns_the_trunk_and_not_the_knee(turn: float) -> None:
    """Turned forward by t degrees: trunk lean plus t, knee angle as before."""
    c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    joints = {**UPRIGHT, "knee": (20, 530), "shoulder": (30, 100)}
    turned = {n: (c * x - s * y, s * x + c * y) for n, (x, y) in joints.items()}
    before, after = alignment(**joints), alignment(**turned)
    for key, change in (("trunk_lean_deg", turn), ("knee_angle_deg", 0)):
        old, new = before[key].value, after[key].value
        assert old is not None
        assert new == pytest.approx(old + change, abs=1e-6)


@pytest.mark.parametrize("joint", list(UPRIGHT))
def test_a_missing_point_refuses_what_stands_on_it_and_nothing_else(joint: str) -> None:
    """NaN in one joint refuses its measures with a reason; the others stay numbers."""
    for measured in alignment(**{**UPRIGHT, joint: (math.nan, 0)}).values():
        if measured.value is None:
            assert measured.reasons == ("missing_points",)
            assert measured.tier == "refused"
            assert measured.low is measured.high is None
        else:
            assert joint not in measured.points
            assert math.isfinite(measured.value)


coordinates = st.one_of(st.floats(-1e5, 1e5), st.sampled_from([math.nan, math.inf, -math.inf]))


@given(
    st.lists(st.tuples(coordinates, coordinates), min_size=5, max_size=5),
    st.one_of(st.floats(0, 1e4), st.just(math.nan)),
)
def test_no_input_gives_a_nan(places: list[tuple[float, float]], stature_px: float) -> None:
    """Whatever the joints, a measurement is a finite number in its interval, or refused."""
    with np.errstate(all="ignore"):
        joints = {n: np.array(p) for n, p in zip(UPRIGHT, places, strict=True)}
        measured = tilt.measure_alignment(joints, "left", stature_px)
    for m in measured:
        if m.value is not None and m.low is not None and m.high is not None:
            assert math.isfinite(m.value)
            assert m.low <= m.value <= m.high
        else:
            assert m.tier == "refused"


def test_a_measurement_says_all_of_itself() -> None:
    """Printed, a number comes with its interval, its sign in words, and its origin."""
    tilted = Measurement(tilt.PELVIC_TILT, 9.4, 5.6, 13.2, "outline")
    assert str(tilted) == "9.4 deg (95 % interval 5.6 to 13.2), anterior, from the outline"
    level = Measurement(tilt.PELVIC_TILT, -0.04, -14.0, 14.0, "outline")
    assert str(level) == "0.0 deg (95 % interval -14.0 to 14.0), from the outline"
    assert str(Measurement.refused(tilt.LUMBAR_CURVE, "back_hidden")) == "refused: back_hidden"


def test_the_interval_of_pelvic_tilt_holds_the_anatomy_that_no_outline_shows() -> None:
    """Healthy pelves differ by SD 5 degrees at one position: no interval is narrower than that."""
    measured = tilt.measure_back(read(back_contour(25, -18)), SHOULDER, ear, "right")
    low, high = measured[0].low, measured[0].high
    assert low is not None
    assert high is not None
    assert high - low > 2 * 1.96 * 5
    assert all(m.reasons == ("provisional",) for m in measured)
