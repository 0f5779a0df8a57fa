"""How a contour hangs, against contours made by hand."""

import numpy as np
import pytest

from posture.cloth import hanging

from .people import Array

UP = np.arange(-0.9, 1.1, 0.005)
FLAT = 0.0 * UP
#: Where the numbers of each side stand: hems of two lengths, three straight runs, bends.
SIDES = {"back": slice(3, 20), "front": slice(20, 37)}
HEM_HEIGHTS = (4, 7, 21, 24)
LENGTHS = (0.02, 0.04)


def side(forward: Array) -> Array:
    """Return a contour that lies so far before the hip."""
    return np.column_stack([forward, UP])


def hangs(back: Array = FLAT, front: Array = FLAT) -> Array:
    """Return the numbers of a body 0.6 trunks deep whose back and front are shifted forward."""
    return hanging(side(back - 0.3), side(front + 0.3))


def hems(numbers: Array, of: str) -> Array:
    """Return size, height and lasting size of the hems of a side, for both lengths."""
    return numbers[SIDES[of]][:6].reshape(2, 3) / (20, 3, 20)


def strays(numbers: Array, of: str) -> Array:
    """Return how far the runs of a side stray from straight lines."""
    return numbers[SIDES[of]][6:15].reshape(3, 3)[:, 2] / 50


def test_an_upright_body_by_hand() -> None:
    """It is as deep everywhere, has no hem, no bend and no slope."""
    numbers = hangs()
    assert len(numbers) == 37
    assert numbers[:3] == pytest.approx(6)
    others = np.delete(numbers, [0, 1, 2, *HEM_HEIGHTS])
    assert others == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("height", [-0.4, -0.2, 0.0])
@pytest.mark.parametrize(("of", "other", "outwards"), [("back", "front", -1), ("front", "back", 1)])
def test_a_hem_is_seen_on_its_side_at_its_height(
    height: float, of: str, other: str, outwards: int
) -> None:
    """What is above stands out by a twentieth of the trunk; the other side has no hem."""
    numbers = hangs(**{of: np.where(height < UP, outwards * 0.05, 0.0)})
    for length, (size, place, _) in zip(LENGTHS, hems(numbers, of), strict=True):
        assert 0.8 * 0.05 < size <= 0.05
        assert height - length - 0.01 <= place <= height + 0.01
    assert hems(numbers, other)[:, [0, 2]] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(("of", "outwards"), [("back", -1), ("front", 1)])
def test_what_is_no_hem(of: str, outwards: int) -> None:
    """A step inwards from below, a step as high as a waist, an even slope."""
    for contour in (
        np.where(UP > -0.2, -outwards * 0.05, 0.0),
        np.where(UP > 0.6, outwards * 0.05, 0.0),
        outwards * 0.5 * UP,
    ):
        assert (hems(hangs(**{of: contour}), of)[:, 0] < 0.2 * 0.05).all()


@pytest.mark.parametrize(("of", "other"), [("back", "front"), ("front", "back")])
def test_a_straight_run_strays_less_than_a_curved_one(of: str, other: str) -> None:
    """However it leans; a parabola bends by its own factor; the other side is not concerned."""
    straight, curved = (hangs(**{of: contour}) for contour in (0.3 * UP, 0.3 * UP + 0.5 * UP**2))
    assert strays(straight, of) == pytest.approx(0, abs=1e-9)
    assert (strays(curved, of) > 0.004).all()
    runs = [numbers[SIDES[of]][6:15].reshape(3, 3) / (3, 5, 50) for numbers in (straight, curved)]
    assert runs[0][:, :2] == pytest.approx(np.tile([0.0, 0.3], (3, 1)), abs=1e-9)
    assert runs[1][:, :2] == pytest.approx(np.tile([0.5, 0.3], (3, 1)), abs=1e-3)
    assert (curved[SIDES[of]][15:] > straight[SIDES[of]][15:]).all()
    assert strays(curved, other) == pytest.approx(0, abs=1e-9)


WAVY = 0.1 * np.sin(7 * UP) + np.where(UP > -0.25, -0.04, 0.0)


def test_the_scale_is_kept() -> None:
    """Twice as far out, every number is twice as large but the heights of hems, which stay."""
    once = hanging(side(WAVY - 0.3), side(0.3 - 0.5 * WAVY))
    twice = hanging(side(2 * WAVY - 0.6), side(0.6 - WAVY))
    expected = 2 * once
    expected[list(HEM_HEIGHTS)] /= 2
    assert twice == pytest.approx(expected)


def test_rows_in_any_number_and_order_hang_the_same() -> None:
    """A photo of twice the size has twice the rows; none of them says more of a straight line."""
    back, front = side(0.2 * UP - 0.3), side(0.3 - 0.1 * UP)
    numbers = hanging(back, front)
    others = np.delete(np.arange(37), HEM_HEIGHTS)
    assert hanging(back[::-1], front[::-1]) == pytest.approx(numbers)
    assert hanging(back[::3], front[::2])[others] == pytest.approx(numbers[others], abs=1e-9)


@pytest.mark.parametrize("column", [0, 1, slice(None)], ids=["forward", "up", "both"])
def test_rows_of_nan_are_bridged(column: int | slice) -> None:
    """By a straight line, behind and in front."""
    wavy, there = side(WAVY), (UP > 0.2) & (UP < 0.4)
    gap = wavy.copy()
    gap[there, column] = np.nan
    bridge = np.interp(UP, UP[~there], WAVY[~there])
    front = side(0.4 + FLAT)
    assert np.isfinite(hanging(gap, front)).all()
    assert hanging(gap, front) == pytest.approx(hanging(side(bridge), front))
    assert hanging(front - (1, 0), gap) == pytest.approx(hanging(front - (1, 0), side(bridge)))
