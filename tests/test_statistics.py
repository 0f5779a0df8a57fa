"""The statistics of the accuracy page, against sums by hand."""

import numpy as np
import pytest

from validation.study import readings, statistics


def test_wilson_by_hand() -> None:
    """9 of 10: middle (0.9 + z2/20) / (1 + z2/10), known from tables as 0.596 to 0.982."""
    found = statistics.share(9, 10)
    assert found.value == 0.9
    assert (found.low, found.high) == pytest.approx((0.5958, 0.9821), abs=1e-4)
    assert statistics.share(10, 10).high == pytest.approx(1)
    assert np.isnan(statistics.share(0, 0).value)


def test_the_bootstrap_draws_people_and_is_the_same_each_time() -> None:
    """Copies of a person's photos tell nothing new; the shortcut for means is the same."""
    rng = np.random.default_rng(0)
    values, people = rng.normal(2, 1, 40), np.arange(40)
    once = statistics.mean(values, people)
    assert once == statistics.mean(values, people)
    assert once.low < 2 < once.high
    assert once.high - once.low == pytest.approx(4 * 0.98 / 40**0.5, rel=0.25)
    thrice = statistics.mean(np.tile(values, 3), np.tile(people, 3))
    assert (thrice.low, thrice.high) == pytest.approx((once.low, once.high))
    longhand = statistics.bootstrap(lambda rows: float(values[rows].mean()), people)
    assert (longhand.low, longhand.high) == pytest.approx((once.low, once.high))


def test_errors_by_hand() -> None:
    """Errors of 1, -1 and 3: 5/3 on average, biased by 1."""
    true = np.array([0.0, 10.0, 20.0])
    found = statistics.errors(true, true + np.array([1, -1, 3]), np.arange(3))
    assert found["mae"].value == pytest.approx(5 / 3)
    assert found["bias"].value == pytest.approx(1)
    assert found["sd"] == pytest.approx(2)
    assert found["r2"] == pytest.approx(1 - 11 / 200)
    assert found["mae_of_mean"] == pytest.approx(20 / 3)


def test_coverage_by_hand() -> None:
    """Ends count as held; a normal truth is held by 1.96 standard deviations 95 times in 100."""
    true = np.array([0.0, 1.0, 2.0])
    assert statistics.held(true, np.zeros(3), np.ones(3)).tolist() == [1, 1, 0]
    many = np.zeros(500)
    held = statistics.held(many, many - 1.96 * 5, many + 1.96 * 5, sd=5)
    assert held.mean() == pytest.approx(0.95, abs=0.003)
    again = statistics.held(many, many - 1.96 * 5, many + 1.96 * 5, sd=5)
    assert held.tolist() == again.tolist()


def test_slopes_of_change_by_hand() -> None:
    """A constant offset moves the slope through 0, and not that of least squares."""
    true = np.array([-4.0, -2.0, 2.0, 8.0])
    assert statistics.slope_through_origin(true, 0.5 * true) == pytest.approx(0.5)
    assert statistics.slope(true, 0.5 * true + 7) == pytest.approx(0.5)
    assert statistics.slope_through_origin(true, 0.5 * true + 7) == pytest.approx(0.5 + 28 / 88)


def test_ridge_finds_a_line_and_shrinks_noise() -> None:
    """A clean line is found; features that say nothing leave about the mean."""
    rng = np.random.default_rng(0)
    rows = rng.normal(0, 3, (200, 4))
    line = statistics.ridge(rows, rows @ [1, -2, 0, 0.5] + 7)
    assert line(np.eye(4)) == pytest.approx([8, 5, 7, 7.5], abs=0.02)
    goal = rng.normal(0, 1, 200)
    assert np.abs(statistics.ridge(rows, goal)(rows)).max() < 0.5


def test_bins_have_no_end() -> None:
    """A bin holds its lower end, and the last whatever is beyond."""
    edges = (0, 3, 6, 15)
    names = [readings.binned(number, edges) for number in (0, 2.9, 3, 14, 99)]
    assert names == ["0-3", "0-3", "3-6", "6-15", "6-15"]
