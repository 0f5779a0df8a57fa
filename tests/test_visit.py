"""Several photos of one stance put together, on assessments made by hand."""

import json
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture import estimator
from posture.assessment import Assessment
from posture.quantities import LUMBAR_CURVE, OFFSETS_CM, OFFSETS_PCT, PELVIC_TILT, Measurement
from posture.records.form import from_json, to_json
from posture.visit import Conditions, Stance, averaging, together

from .factory import make_assessment, make_refused

KEY = PELVIC_TILT.key
SHARED = 0.4


@pytest.fixture(autouse=True)
def _shared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let photos have two fifths of their noise in common, whatever was measured."""
    monkeypatch.setattr(estimator, "shared", lambda _: SHARED)


def number(value: float, half: float = 10.0, mdc95: float | None = 3.0) -> Measurement:
    """Return a pelvic tilt read off the outline."""
    low, high = value - half, value + half
    return Measurement(PELVIC_TILT, value, low, high, "outline", mdc95=mdc95, relative=2 * value)


def photo(tilt: Measurement, **given: str) -> Assessment:
    """Return an assessment of which nothing but pelvic tilt matters."""
    whole = make_assessment(**given)
    return replace(whole, measurements={**whole.measurements, KEY: tilt})


def tilt_of(*numbers: Measurement) -> Measurement:
    """Return the pelvic tilt of photos of one stance."""
    return together([photo(one) for one in numbers]).measurements[KEY]


def test_numbers_are_averaged() -> None:
    """What is shown, and what changes are the difference of."""
    stance = together([photo(number(value)) for value in (4.0, 9.0, 11.0)])
    tilt = stance.measurements[KEY]
    assert (tilt.value, tilt.relative) == (8.0, 16.0)
    assert (stance.counts[KEY], stance.left_out, stance.facing) == (3, 0, "right")


def test_one_photo_is_itself() -> None:
    """No number, interval or least change moves."""
    one = make_assessment()
    assert dict(together([one]).measurements) == dict(one.measurements)


def test_the_least_change_shrinks_by_what_differs() -> None:
    """Of 3 and 5, by root mean square; of two photos 0.4 + 0.6 / 2 of the variance are left."""
    tilt = tilt_of(number(1.0, mdc95=3.0), number(1.0, mdc95=5.0))
    assert tilt.mdc95 == pytest.approx(((9 + 25) / 2 * 0.7) ** 0.5)


def test_the_interval_narrows_by_noise_alone() -> None:
    """Of 100, a photo's noise is 4² / 2 = 8; of three photos 0.4 + 0.6 / 3 of that are left."""
    tilt = tilt_of(*(number(value, half=10.0, mdc95=4.0) for value in (5.0, 6.0, 7.0)))
    half = (100 - 8 * 0.4) ** 0.5
    assert (tilt.low, tilt.high) == pytest.approx((6 - half, 6 + half))


def test_an_interval_holds_no_more_noise_than_itself() -> None:
    """Where the least change is wider than the interval, all of the interval counts as noise."""
    tilt = tilt_of(number(0.0, half=1.0, mdc95=8.0), number(0.0, half=1.0, mdc95=8.0))
    assert tilt.high == pytest.approx(0.7**0.5)


def test_each_side_of_a_lopsided_interval_is_averaged() -> None:
    """Without noise known, it is the mean of the distances to each end."""
    tilt = tilt_of(
        replace(number(10.0, mdc95=None), low=8.0, high=11.0),
        replace(number(20.0, mdc95=None), low=16.0, high=25.0),
    )
    assert (tilt.low, tilt.value, tilt.high) == (12.0, 15.0, 18.0)
    assert tilt.mdc95 is None


@pytest.mark.parametrize("lacks", ["mdc95", "relative"])
def test_what_one_photo_lacks_has_no_mean(lacks: str) -> None:
    """A change needs noise and a relative number of every photo that it stands on."""
    tilt = tilt_of(number(1.0), replace(number(3.0), **{lacks: None}))
    assert tilt.value == 2.0
    assert getattr(tilt, lacks) is None


def test_marked_numbers_are_averaged_but_not_surer() -> None:
    """Stickers stay where they were put, in every photo."""
    one, other = (replace(number(value), tier="marked") for value in (4.0, 8.0))
    tilt = tilt_of(one, other)
    assert tilt.tier == "marked"
    assert (tilt.low, tilt.value, tilt.high) == (-4.0, 6.0, 16.0)
    assert tilt.mdc95 == pytest.approx(3.0)


def test_the_surest_tier_counts_alone() -> None:
    """One marked number outweighs two of the outline."""
    marked = replace(number(30.0), tier="marked")
    stance = together([photo(number(1.0)), photo(marked), photo(number(2.0))])
    assert (stance.measurements[KEY], stance.counts[KEY]) == (marked, 1)


def test_what_is_refused_in_one_photo_is_left_out() -> None:
    """The others stand; reasons that limit them are all said, once."""
    limited = replace(number(4.0), reasons=("turned",))
    both = replace(number(6.0), reasons=("turned", "loose_clothing"))
    hidden = Measurement.refused(PELVIC_TILT, "back_hidden")
    stance = together([photo(hidden), photo(limited), photo(both)])
    tilt = stance.measurements[KEY]
    assert (tilt.value, stance.counts[KEY]) == (5.0, 2)
    assert tilt.reasons == ("turned", "loose_clothing")
    assert stance.counts[LUMBAR_CURVE.key] == 3


def test_what_is_refused_in_all_photos_says_every_reason() -> None:
    """One arm, one shirt: both have to go."""
    codes = ("back_hidden", "loose_clothing")
    every = [photo(Measurement.refused(PELVIC_TILT, code)) for code in codes]
    stance = together(every)
    assert (stance.measurements[KEY].tier, stance.counts[KEY]) == ("refused", 0)
    assert stance.measurements[KEY].reasons == codes


def test_refused_photos_are_left_out() -> None:
    """Wherever they stand; if all are, nothing is measured and all are counted."""
    stance = together([make_refused(), photo(number(4.0)), make_refused()])
    assert (stance.measurements[KEY].value, stance.left_out, stance.used) == (4.0, 2, (1,))
    nothing = together([make_refused("no_person"), make_refused()])
    assert (nothing.facing, nothing.left_out, nothing.used) == (None, 2, (0, 1))
    assert nothing.measurements[KEY].reasons == ("no_person", "not_side_view")


def test_photos_of_the_other_side_are_left_out() -> None:
    """Most photos say which side it is, and the first where there are as many."""
    left = photo(number(9.0), facing="left")
    right = [photo(number(value)) for value in (1.0, 3.0)]
    stance = together([left, *right])
    assert (stance.facing, stance.measurements[KEY].value, stance.left_out) == ("right", 2.0, 1)
    assert stance.used == (1, 2)
    assert together([left, right[0]]).facing == "left"


def test_the_records_keep_the_places_of_the_photos() -> None:
    """What was kept before places were told is read too."""
    told = together([make_refused(), make_assessment(), make_assessment()])
    back = from_json(to_json(told), Stance)
    assert back.used == told.used == (1, 2)
    older = {name: part for name, part in json.loads(to_json(told)).items() if name != "used"}
    assert from_json(json.dumps(older).encode(), Stance).used == (0,)


def test_centimetres_need_one_height() -> None:
    """Given once is enough; two heights are one too many, and percent stay."""
    percent, cm = OFFSETS_PCT[0], OFFSETS_CM[0]

    def tall(stature_cm: float | None, value: float) -> Assessment:
        found = {q.key: Measurement(q, value, 0, 9, "outline") for q in (percent, cm)}
        if stature_cm is None:
            del found[cm.key]
        return replace(make_assessment(), stature_cm=stature_cm, measurements=found)

    once = together([tall(None, 2.0), tall(170.0, 4.0)])
    assert once.stature_cm == 170.0
    assert (once.measurements[cm.key].value, once.measurements[percent.key].value) == (4.0, 3.0)
    two = together([tall(180.0, 2.0), tall(170.0, 4.0)])
    assert two.stature_cm is None
    assert list(two.measurements) == [percent.key]


def test_conditions_are_kept() -> None:
    """Nobody told, or as they were told."""
    told = Conditions(arms="clasped", clothes="bare")
    assert together([make_assessment()], told).conditions == told
    assert together([make_assessment()]).conditions == Conditions(None, None)


def test_a_stance_needs_a_photo() -> None:
    """None at all is a mistake of the caller."""
    with pytest.raises(ValueError, match="one photo at least"):
        together([])


@pytest.mark.parametrize(
    ("tier", "count", "left"),
    [
        ("outline", 0, 1.0),
        ("outline", 1, 1.0),
        ("outline", 2, 0.7**0.5),
        ("outline", 3, 0.6**0.5),
        ("outline", 10**9, 0.4**0.5),
        ("marked", 3, 1.0),
    ],
)
def test_what_is_left_of_noise(tier: str, count: int, left: float) -> None:
    """The shared part stays however many photos there are."""
    assert averaging("pelvic_tilt", tier, count) == pytest.approx(left)


positive = st.floats(0.01, 50)
numbers = st.lists(
    st.builds(number, st.floats(-90, 90), positive, st.one_of(st.none(), positive)),
    min_size=1,
    max_size=5,
)


@given(numbers)
def test_an_interval_holds_its_mean_and_is_neither_too_wide_nor_too_narrow(
    every: list[Measurement],
) -> None:
    """It is at most as wide as the widest, and at least as narrow as independent photos make it."""
    tilt = tilt_of(*every)
    assert tilt.low is not None
    assert tilt.value is not None
    assert tilt.high is not None
    assert tilt.low < tilt.value < tilt.high
    assert min(m.value for m in every) - 1e-9 <= tilt.value <= max(m.value for m in every) + 1e-9
    halves = [(m.high - m.low) / 2 for m in every]
    half = (tilt.high - tilt.low) / 2
    assert min(halves) / len(every) ** 0.5 - 1e-9 <= half <= max(halves) + 1e-9
    noises = [m.mdc95 for m in every]
    if None not in noises:
        assert tilt.mdc95 is not None
        assert min(noises) / len(every) ** 0.5 - 1e-9 <= tilt.mdc95 <= max(noises) + 1e-9


@given(numbers, st.randoms(use_true_random=False))
def test_the_order_of_photos_does_not_matter(every: list[Measurement], random: Random) -> None:
    """Numbers, interval and least change are the same."""
    other = list(every)
    random.shuffle(other)
    assert tilt_of(*every) == tilt_of(*other)


@given(positive, positive, st.integers(1, 8))
def test_more_photos_alike_never_widen(half: float, mdc95: float, count: int) -> None:
    """The same numbers again: each photo more narrows interval and least change, or leaves them."""
    fewer, more = (tilt_of(*[number(5.0, half, mdc95)] * n) for n in (count, count + 1))
    assert more.high <= fewer.high + 1e-9
    assert more.mdc95 <= fewer.mdc95
