"""What a change is called: its size, its direction, and whether it is more than noise."""

from typing import get_args

import pytest

from posture import verdicts
from posture.change import Change, Hindrance
from posture.language import using
from posture.quantities import (
    KNEE_ANGLE,
    LUMBAR_CURVE,
    OFFSETS_CM,
    OFFSETS_PCT,
    PELVIC_TILT,
    QUANTITIES,
    TRUNK_LEAN,
    Quantity,
)


def told(quantity: Quantity, value: float, mdc95: float) -> Change:
    """Return a change that is compared as `posture.compare` does."""
    more = abs(value) > mdc95
    return Change(quantity, value, mdc95, "changed" if more else "not distinguishable")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            told(PELVIC_TILT, 12.0, 4.1),
            "Pelvic tilt: changed (12 degrees more anterior, least change 4.1).",
        ),
        (
            told(PELVIC_TILT, -1.04, 4.02),
            "Pelvic tilt: not distinguishable from measurement noise "
            "(1 degree more posterior, least change 4.1).",
        ),
        (
            told(LUMBAR_CURVE, -7.26, 4.0),
            "Lumbar curve: changed (7.3 degrees more rounded, least change 4).",
        ),
        (told(KNEE_ANGLE, 3.3, 2.2), "Knee angle: changed (3.3 degrees larger, least change 2.2)."),
        (
            told(TRUNK_LEAN, 0.04, 1.5),
            "Trunk lean: not distinguishable from measurement noise "
            "(no difference, least change 1.5).",
        ),
        (
            told(OFFSETS_PCT[0], -2.3, 1.0),
            "Ear offset: changed (2.3 % of stature further backward, least change 1).",
        ),
        (
            told(OFFSETS_CM[1], 2.3, 1.0),
            "Shoulder offset: changed (2.3 cm further forward, least change 1).",
        ),
    ],
)
def test_a_change_is_one_sentence(change: Change, sentence: str) -> None:
    """Size with its unit, direction in a word, least change rounded up, verdict."""
    assert verdicts.sentence(change) == sentence


@pytest.mark.parametrize("value", [4.13, 4.101, 4.0996, 4.04])
@pytest.mark.parametrize("noise", [4.1, 4.0999, 4.12])
def test_numbers_never_contradict_the_verdict(value: float, noise: float) -> None:
    """A change that is told to be more than noise reads larger than the least change, or not."""
    change = told(PELVIC_TILT, value, noise)
    larger = float(verdicts.difference(change).split()[0]) > float(verdicts.least(change))
    assert larger == (change.verdict == "changed")


@pytest.mark.parametrize("why", get_args(Hindrance))
def test_every_hindrance_is_said(why: Hindrance) -> None:
    """What cannot be compared says why, and shows no number."""
    change = Change(PELVIC_TILT, None, None, "not comparable", why)
    said = verdicts.sentence(change)
    assert said == f"Pelvic tilt: cannot be compared, since {verdicts.hindrance(change)}."
    assert verdicts.hindrance(change)
    assert why not in said
    assert verdicts.difference(change) == verdicts.least(change) == ""


def test_a_hindrance_that_nobody_told_is_left_out() -> None:
    """The verdict then stands alone."""
    change = Change(PELVIC_TILT, None, None, "not comparable")
    assert verdicts.sentence(change) == "Pelvic tilt: cannot be compared."
    assert verdicts.hindrance(told(PELVIC_TILT, 1, 2)) == ""


@pytest.mark.parametrize("quantity", QUANTITIES, ids=lambda quantity: quantity.name)
def test_both_directions_have_words(quantity: Quantity) -> None:
    """More of a quantity reads otherwise than less of it."""
    more, less = (verdicts.difference(told(quantity, by, 1.0)) for by in (5.0, -5.0))
    assert more.startswith("5 ")
    assert more != less


def test_numbers_are_written_as_the_language_does() -> None:
    """German has a decimal comma."""
    with using("de"):
        assert "4,1" in verdicts.sentence(told(PELVIC_TILT, 12.5, 4.1))
        assert "12,5" in verdicts.difference(told(PELVIC_TILT, 12.5, 4.1))
