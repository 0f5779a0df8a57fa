"""Angles against hand-made geometry, and the properties that every angle must have."""

import dataclasses
import math
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture import estimator, tilt
from posture.estimator import Error, Network
from posture.quantities import (
    LUMBAR_CURVE,
    PELVIC_TILT,
    SACRAL_INCLINATION,
    THORACIC_CURVE,
    Measurement,
)
from posture.shape import Facing, inclination_deg
from posture.tilt import Cover, Vertical

from .people import Array, shape, turned

angles = st.floats(-40, 40)


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
    found = inclination_deg(np.zeros(2), np.array(end), facing)
    assert found == pytest.approx(expected, nan_ok=True)


def test_a_vertical_leans_forward_for_who_looks_that_way() -> None:
    """To the right is forward for who looks to the right."""
    assert Vertical(3.0).forward_deg("right") == 3
    assert Vertical(3.0).forward_deg("left") == -3


UPRIGHT_PHOTO = Vertical()
Place = tuple[float, float]


def alignment(
    joints: Mapping[str, Place], facing: Facing = "right", vertical: Vertical = UPRIGHT_PHOTO
) -> dict[str, Measurement]:
    """Measure the alignment of joints given in pixels."""
    places = {name: np.array(place, float) for name, place in joints.items()}
    measured = tilt.measure_alignment(places, facing, 800, 170, vertical)
    return {m.quantity.key: m for m in measured}


UPRIGHT: dict[str, Place] = {
    "ear": (0, 0),
    "shoulder": (0, 100),
    "hip": (0, 350),
    "knee": (0, 530),
    "ankle": (0, 720),
}


def difference(key: str, **moved: Place) -> float:
    """Return by how much a measure changes when joints of an upright person move."""
    before, after = alignment(UPRIGHT)[key].value, alignment({**UPRIGHT, **moved})[key].value
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


def rolled(turn: float, joints: Mapping[str, Place]) -> dict[str, Place]:
    """Return joints in a photo that is turned clockwise."""
    places = {name: turned(np.array(place, float), turn) for name, place in joints.items()}
    return {name: (float(x), float(y)) for name, (x, y) in places.items()}


CROOKED: dict[str, Place] = {**UPRIGHT, "knee": (20, 530), "shoulder": (30, 100), "ear": (70, 0)}


@given(turn=angles)
def test_a_turned_photo_turns_the_trunk_and_not_the_knee(turn: float) -> None:
    """Turned forward by t degrees: trunk lean plus t, knee angle as before."""
    before, after = alignment(CROOKED), alignment(rolled(turn, CROOKED))
    for key, change in (("trunk_lean_deg", turn), ("knee_angle_deg", 0)):
        old, new = before[key].value, after[key].value
        assert old is not None
        assert new == pytest.approx(old + change, abs=1e-6)


@given(turn=st.floats(-20, 20), facing=st.sampled_from(["right", "left"]))
def test_a_photo_turned_with_its_vertical_measures_the_same(turn: float, facing: Facing) -> None:
    """What a rolled camera does to lean and offsets, the true vertical undoes."""
    before = alignment(CROOKED, facing)
    after = alignment(rolled(turn, CROOKED), facing, Vertical(turn))
    assert len(before) == 10
    for key, measured in before.items():
        assert after[key].value == pytest.approx(measured.value, abs=1e-6), key


def half(measured: Measurement) -> float:
    """Return half the interval, which must be even."""
    assert measured.value is not None
    assert measured.low is not None
    assert measured.high is not None
    assert measured.high - measured.value == pytest.approx(measured.value - measured.low)
    return measured.high - measured.value


def test_an_unsure_vertical_widens_what_stands_on_it() -> None:
    """By its own 95 %, in squares; an offset by the height of its joint; the knee not at all."""
    sure, unsure = alignment(UPRIGHT), alignment(UPRIGHT, vertical=Vertical(0.0, 2.0))
    for key, by in (
        ("trunk_lean_deg", 1.96 * 2),
        ("knee_angle_deg", 0),
        ("ear_offset_pct", 1.96 * 2 * np.pi / 180 * (93.6 - 3.9)),
        ("ear_offset_cm", 1.96 * 2 * np.pi / 180 * (93.6 - 3.9) * 1.7),
        ("knee_offset_pct", 1.96 * 2 * np.pi / 180 * (28.5 - 3.9)),
    ):
        assert half(unsure[key]) == pytest.approx(np.hypot(half(sure[key]), by)), key
        old, new = sure[key].mdc95, unsure[key].mdc95
        assert old is not None
        assert new == pytest.approx(np.hypot(old, np.sqrt(2) * by)), key
        assert sure[key].value == unsure[key].value


@pytest.mark.parametrize("joint", list(UPRIGHT))
def test_a_missing_point_refuses_what_stands_on_it_and_nothing_else(joint: str) -> None:
    """NaN in one joint refuses its measures with a reason; the others stay numbers."""
    for measured in alignment({**UPRIGHT, joint: (math.nan, 0)}).values():
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
    tilted = Measurement(PELVIC_TILT, 9.4, 5.6, 13.2, "outline")
    assert str(tilted) == "9.4 deg (95 % interval 5.6 to 13.2), anterior, from the outline"
    level = Measurement(PELVIC_TILT, -0.04, -14.0, 14.0, "outline")
    assert str(level) == "0.0 deg (95 % interval -14.0 to 14.0), from the outline"
    assert str(Measurement.refused(LUMBAR_CURVE, "back_hidden")) == "refused: back_hidden"


@pytest.fixture
def fitted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put networks that always vote the same, corrections and errors by hand for what is fitted."""

    def network(name: str) -> Network:
        votes = {
            "back": {"pelvic_tilt": 11.0, "lumbar_curve": 34.0, "sacral_inclination": 17.0},
            "change": {"pelvic_tilt": -3.0, "lumbar_curve": 5.0, "sacral_inclination": 7.0},
            "neck": {"thoracic_curve": 41.0},
            "cover": {"cloth_cm": 0.7, "arm_share": 0.2, "hair_share": 0.4},
        }[name]
        size = {"back": 167, "change": 169, "neck": 168, "cover": 166}[name]
        layer = (np.zeros((size, len(votes))), np.array(list(votes.values())))
        return Network(tuple(votes), np.zeros(size), np.full(size, 1e6), ((layer,),))

    monkeypatch.setattr(estimator, "network", network)
    corrections = {
        "pelvic_tilt": 1.0,
        "lumbar_curve": -2.0,
        "sacral_inclination": 0.5,
        "thoracic_curve": 3.0,
    }
    error = Error(3.0, {"turned": math.log(2)}, 4.0)
    followed = {"pelvic_tilt": (0.5, 0.25), "sacral_inclination": (0.8, 0.1)}
    monkeypatch.setattr(estimator, "correction", corrections.__getitem__)
    monkeypatch.setattr(estimator, "error", lambda _: error)
    monkeypatch.setattr(estimator, "per_degree", lambda name: followed.get(name, (0.0, 0.0)))


@pytest.mark.usefixtures("fitted")
def test_the_back_gets_what_the_networks_vote_corrected() -> None:
    """Each quantity with its value, the points it stands on and an interval of its own."""
    measured = tilt.measure_back(shape(), UPRIGHT_PHOTO, {})
    assert [(m.quantity, m.value) for m in measured] == [
        (PELVIC_TILT, 12),
        (LUMBAR_CURVE, 32),
        (SACRAL_INCLINATION, 17.5),
        (THORACIC_CURVE, 44),
    ]
    assert [half(m) for m in measured] == pytest.approx([np.hypot(3, 1.96 * 5), 3, 3, 3])
    assert [m.mdc95 for m in measured] == [4, 4, 4, 4]
    assert [m.relative for m in measured] == [-3, 5, 7, 44]
    assert all(m.tier == "outline" and m.points and not m.reasons for m in measured)
    assert tilt.covered(shape()) == Cover(cloth_cm=0.7, arm_share=0.2, hair_share=0.4)


@pytest.mark.parametrize(("sd_deg", "read_as"), [(0.0, 0.0), (1.5, 1.5), (2.0, 2.0), (7.0, 2.0)])
def test_networks_read_how_sure_the_vertical_is(
    sd_deg: float, read_as: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the shape, at most what they learned from; the neck comes last, in steps of 5."""
    person = shape()
    read = tilt.inputs(person.numbers(), sd_deg)
    assert read.tolist() == [*person.numbers(), read_as]
    given: dict[tuple[str, ...], list[list[float]]] = {}

    class Recording(Network):
        def __call__(self, numbers: Array) -> dict[str, float]:
            given.setdefault(self.names, []).append(numbers.tolist())
            return dict.fromkeys(self.names, 0.0)

    def network(name: str) -> Network:
        back = ("pelvic_tilt", "lumbar_curve", "sacral_inclination")
        names, size = {
            "back": (back, 167),
            "neck": (("thoracic_curve",), 168),
            "change": (back[::-1], 169),
        }[name]
        return Recording(names, np.zeros(size), np.ones(size), ())

    monkeypatch.setattr(estimator, "network", network)
    tilt.measure_back(person, Vertical(0.0, sd_deg), {})
    of_back, of_change, of_neck = given.values()
    assert of_back[0] == read.tolist()
    # How sure it is makes no difference to what a change is read from.
    assert of_back[1] == [*person.numbers(), 1.0]
    assert of_change == [[*person.numbers(), 0.0, 0.0, 0.0]]
    assert of_neck == [[*read, person.neck_deg / 5]]


@pytest.mark.usefixtures("fitted")
def test_the_back_of_who_has_no_head_in_the_photo() -> None:
    """Only the thoracic curve, which needs the neck, is refused."""
    *others, thoracic = tilt.measure_back(shape(ear=False), UPRIGHT_PHOTO, {})
    assert thoracic == Measurement.refused(THORACIC_CURVE, "missing_points")
    assert [m.value for m in others] == [12, 32, 17.5]


@pytest.mark.usefixtures("fitted")
def test_circumstances_and_an_unsure_vertical_widen_the_back() -> None:
    """Circumstances widen every interval; the vertical those that follow it, by how much."""
    turned = tilt.measure_back(shape(), UPRIGHT_PHOTO, {"turned": 1.0})
    assert [half(m) for m in turned] == pytest.approx([np.hypot(6, 1.96 * 5), 6, 6, 6])
    unsure = tilt.measure_back(shape(), Vertical(0.0, 1.5), {})
    by = 1.96 * 1.5
    expected = [np.linalg.norm([3, 0.5 * by, 1.96 * 5]), 3, np.hypot(3, 0.8 * by), 3]
    assert [half(m) for m in unsure] == pytest.approx(expected)
    assert unsure[0].mdc95 == pytest.approx(np.hypot(4, np.sqrt(2) * 0.25 * by))
    assert unsure[1].mdc95 == 4


def test_covers_come_near_their_limits() -> None:
    """0 where there is nothing, 1 at the limit and beyond, in between in proportion."""
    cover = Cover(cloth_cm=0.5, arm_share=-0.1, hair_share=0.9)
    assert cover.circumstances(Cover(2.0, 0.2, 0.4)) == {"cloth": 0.25, "arm": 0, "hair": 1}


@pytest.mark.usefixtures("fitted")
def test_circumstances_widen_what_is_read_off_the_joints() -> None:
    """As they widen what is read off the back."""
    places = {name: np.array(place, float) for name, place in UPRIGHT.items()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(estimator, "correction", lambda _: 0.0)
        lean, *_ = tilt.measure_alignment(places, "right", 800, circumstances={"turned": 1.0})
    assert half(lean) == pytest.approx(6)


def test_strange_people_get_wider_intervals(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the fitted networks: whoever is unlike those they were fitted to is less sure."""
    error = Error(3.0, {"strange": math.log(2)}, 4.0)
    monkeypatch.setattr(estimator, "error", lambda _: error)
    usual = shape()
    odd = dataclasses.replace(usual, back=usual.back * 3, front=usual.front * 2)
    for one, other in zip(
        *(tilt.measure_back(person, UPRIGHT_PHOTO, {}) for person in (usual, odd)), strict=True
    ):
        assert half(other) > half(one) + 0.1


def test_the_interval_of_pelvic_tilt_holds_the_anatomy_that_no_outline_shows() -> None:
    """Healthy pelves differ by SD 5 degrees at one position: no interval is narrower than that."""
    measured = tilt.measure_back(shape(), UPRIGHT_PHOTO, {})
    assert half(measured[0]) > 1.96 * 5
