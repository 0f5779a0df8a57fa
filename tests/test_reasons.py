"""Every refusal in words."""

import pytest

from posture.reasons import _REASONS, explain

CODES = (
    "no_person",
    "several_people",
    "not_side_view",
    "not_standing",
    "person_cut_off",
    "head_not_seen",
    "feet_not_seen",
    "not_upright",
    "too_small",
    "too_dark_or_blurred",
    "back_hidden",
    "loose_clothing",
    "points_implausible",
    "marks_disagree",
    "missing_points",
)


def test_the_codes_are_those_that_programs_know() -> None:
    """They are stable: one that goes or comes is a change for whoever reads them."""
    assert tuple(_REASONS) == CODES


@pytest.mark.parametrize("code", CODES)
def test_every_reason_is_two_plain_sentences(code: str) -> None:
    """What is wrong and what to do next, each one short sentence."""
    reason = explain(code)
    assert reason.code == code
    for sentence in (reason.message, reason.advice):
        assert sentence.endswith(".")
        assert ". " not in sentence
        assert len(sentence) < 100
