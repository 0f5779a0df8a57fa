"""What a study computes: against textbooks, against sets of known noise, and how it behaves."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posture.study import agreement, noise
from posture.study.figures import Dot, Figure
from posture.study.repeatability import study

from .study_set import Truth, make_readings

#: Table 2 of Shrout and Fleiss (Psychological Bulletin 1979;86:420): 6 targets, 4 judges.
SHROUT_FLEISS = [
    [9, 2, 5, 8],
    [6, 1, 3, 2],
    [8, 4, 6, 8],
    [7, 1, 2, 6],
    [10, 5, 6, 9],
    [6, 2, 4, 7],
]


def photos(table: list[list[float]]) -> list[list[list[float]]]:
    """Return a table, a person a row, as photos of sessions of their own."""
    return [[[float(number)] for number in row] for row in table]


def close(figure: Figure, value: float, low: float, high: float, within: float = 0.005) -> bool:
    """Tell whether a figure and its interval are as printed."""
    pairs = ((figure.value, value), (figure.low, low), (figure.high, high))
    return all(abs(one - other) <= within for one, other in pairs)


def test_correlations_are_those_of_shrout_and_fleiss() -> None:
    """ICC(2,1) is 0.29 and ICC(3,1) is 0.71 in the paper; intervals are those of R's psych."""
    found = agreement.correlation(SHROUT_FLEISS)
    assert found is not None
    assert (found.people, found.occasions) == (6, 4)
    assert close(found.icc2, 0.29, 0.02, 0.76)
    assert close(found.icc3, 0.71, 0.34, 0.95)


def test_noise_is_the_mean_square_within_people() -> None:
    """The paper's mean square within targets is 6.26 with 18 degrees of freedom."""
    found = noise.of_sessions(photos(SHROUT_FLEISS))
    assert found.sem.value**2 == pytest.approx(6.26, abs=0.005)
    assert found.repeats == 18
    # Percentiles of chi-square with 18 degrees of freedom, from any table: 31.526 and 8.231.
    assert found.sem.low == pytest.approx(math.sqrt(18 * 6.264 / 31.526), abs=0.001)
    assert found.sem.high == pytest.approx(math.sqrt(18 * 6.264 / 8.231), abs=0.001)
    for least, sem in (
        (found.mdc95.value, found.sem.value),
        (found.mdc95.low, found.sem.low),
        (found.mdc95.high, found.sem.high),
    ):
        assert least == pytest.approx(1.96 * math.sqrt(2) * sem)


def test_of_two_photos_noise_is_half_the_mean_square_of_differences() -> None:
    """Differences 2, -4 and 4 by hand: SEM is the root of (4 + 16 + 16) / 6."""
    found = noise.of_sessions(photos([[10, 12], [9, 5], [0, 4]]))
    assert found.sem.value == pytest.approx(math.sqrt(6))
    assert found.repeats == 3


def test_noise_of_several_photos_a_session_is_that_of_one_photo_of_a_new_one() -> None:
    """By hand: session means 1 and 5 of two photos each that are 2 apart: 8 + (1 - 1/2) * 2 = 9."""
    people = [[[0.0, 2.0], [4.0, 6.0]]] * 3
    found = noise.of_sessions(people)
    assert found.sem.value == pytest.approx(3)
    # Satterthwaite: 81 / (64 / 3 + 1 / 6).
    assert found.repeats == pytest.approx(81 / (64 / 3 + 1 / 6))
    assert noise.of_photos(people).sem.value == pytest.approx(math.sqrt(2))


def test_bland_altman_by_hand() -> None:
    """Differences 1, 2, 3: bias 2, SD 1, t(2) = 4.303; the limits are 1.96 to each side."""
    found = agreement.bland_altman(
        "raters", "r1", "r2", [Dot(str(n), 10.0, n) for n in (1.0, 2.0, 3.0)]
    )
    half = 4.303 / math.sqrt(3)
    assert close(found.bias, 2, 2 - half, 2 + half, 0.001)
    half = 4.303 * math.sqrt(1 / 3 + 1.96**2 / 4)
    assert close(found.upper, 3.96, 3.96 - half, 3.96 + half, 0.001)
    assert close(found.lower, 0.04, 0.04 - half, 0.04 + half, 0.001)
    assert found.sem == pytest.approx(1 / math.sqrt(2))
    assert not found.biased


@pytest.mark.parametrize(
    "truth",
    [
        Truth(people=10, raters=1, sessions=2),
        Truth(people=10, raters=2, sessions=2),
        Truth(people=10, raters=1, sessions=2, photos=3, sem=1.0, sem_session=1.5),
        Truth(people=10, raters=1, sessions=3, photos=2, sem=2.0, sem_session=0.5),
    ],
    ids=["two photos", "four photos", "sessions differ", "photos differ"],
)
def test_intervals_hold_the_true_noise_95_times_of_100(truth: Truth) -> None:
    """Of 600 generated studies; chance alone takes 95 % to between 92 and 98."""
    rng = np.random.default_rng(20261128)
    true = math.hypot(truth.sem, truth.sem_session)
    held = 0
    for _ in range(600):
        cells = truth.raters * truth.sessions
        posed = rng.normal(0, truth.sd_people, (truth.people, 1, 1)) + rng.normal(
            0, truth.sem_session, (truth.people, cells, 1)
        )
        numbers = posed + rng.normal(0, truth.sem, (truth.people, cells, truth.photos))
        found = noise.of_sessions(numbers.tolist())
        held += found.sem.low <= true <= found.sem.high
    assert 0.92 <= held / 600 <= 0.98


def test_intervals_hold_the_true_correlation_95_times_of_100() -> None:
    """Of 100 generated studies; chance alone takes 95 % to 89 or more."""
    rng = np.random.default_rng(20261128)
    truth = Truth(people=15, sem=3.0)
    held = np.zeros(2)
    for _ in range(100):
        people = rng.normal(0, truth.sd_people, (truth.people, 1))
        found = agreement.correlation((people + rng.normal(0, truth.sem, (15, 3))).tolist())
        assert found is not None
        held += [icc.low <= truth.icc <= icc.high for icc in (found.icc2, found.icc3)]
    assert (held / 100 >= 0.89).all()


def test_95_of_100_pairs_of_photos_differ_by_less_than_the_least_change() -> None:
    """What a study of many people tells holds for others."""
    found = study(make_readings(Truth(people=100), 1)).measures[0]
    others = study(make_readings(Truth(people=500, raters=1), 2)).measures[0]
    assert found.change is not None
    (pairs,) = others.agreements
    below = np.mean([abs(dot.difference) < found.change.mdc95.value for dot in pairs.dots])
    assert below == pytest.approx(0.95, abs=0.03)


finite = st.floats(-50, 50).map(lambda number: round(number, 3))


@settings(max_examples=50)
@given(
    st.lists(st.lists(finite, min_size=2, max_size=4), min_size=3, max_size=6),
    st.floats(-100, 100),
    st.floats(0.1, 10),
)
def test_shifted_numbers_have_the_same_noise_and_stretched_ones_as_much_more(
    table: list[list[float]], by: float, times: float
) -> None:
    """Noise knows no zero, and has the unit of its numbers; of each person, too."""
    before = noise.of_sessions(photos(table)).sem
    shifted = [[number + by + 7 * at for number in row] for at, row in enumerate(table)]
    assert noise.of_sessions(photos(shifted)).sem.value == pytest.approx(before.value, abs=1e-6)
    stretched = [[number * times for number in row] for row in table]
    after = noise.of_sessions(photos(stretched)).sem
    for one, other in ((after.value, before.value), (after.high, before.high)):
        assert one == pytest.approx(times * other, abs=1e-6)


def test_numbers_that_are_all_alike_tell_no_correlation() -> None:
    """No number is not a number; and what people alone explain is a correlation of 1."""
    assert agreement.correlation([[1, 1], [1, 1], [1, 1]]) is None
    whole = agreement.correlation([[1, 1], [2, 2], [3, 3]])
    assert whole is None or whole.icc3.value == pytest.approx(1)


def test_changes_have_a_noise_of_their_own() -> None:
    """The least change is of what changes are the difference of; the value's SEM beside it."""
    truth = Truth(people=30, stretch=1.4)
    for one in study(make_readings(truth, 3)).measures[:2]:
        assert one.change is not None
        assert one.value is not None
        assert one.change.sem.value == pytest.approx(1.4 * one.value.sem.value)
        assert one.value.sem.low <= truth.sem <= one.value.sem.high


def test_a_rater_who_reads_more_is_found_and_counts_as_noise() -> None:
    """A bias of 4 degrees shows between raters, not between sessions, and widens the noise."""
    truth = Truth(people=20, bias=4.0, stretch=1.0)
    one = study(make_readings(truth, 4)).measures[0]
    raters, sessions = one.agreements
    assert (raters.between, raters.first, raters.second) == ("raters", "r1", "r2")
    assert raters.biased
    assert raters.bias.low <= 4.0 <= raters.bias.high
    assert not sessions.biased
    without = study(make_readings(replace(truth, bias=0.0), 4)).measures[0]
    assert one.value is not None
    assert without.value is not None
    assert one.value.sem.value > without.value.sem.value + 0.5
    assert one.correlation is not None
    assert one.correlation.icc3.value > one.correlation.icc2.value + 0.05
