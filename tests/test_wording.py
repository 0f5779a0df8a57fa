"""What people read: numbers with their interval, plain sentences, and no verdict."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture import verdicts, wording
from posture.change import Change
from posture.quantities import (
    KNEE_ANGLE,
    LUMBAR_CURVE,
    OFFSETS_CM,
    OFFSETS_PCT,
    PELVIC_TILT,
    QUANTITIES,
    Measurement,
    Quantity,
)
from posture.tilt import _PELVIC_ANATOMY_SD_DEG, Vertical

VERDICTS = (
    r"\b(ab)?normal|\bhealthy|\bgood\b|\bbad\b|\bpoor|disorder|\bshould\b|\bmust\b|exercise|stretch"
    r"|diagnos|pain|excessive|hyperlordosis|cobb"
)


def measured(
    quantity: Quantity, value: float, half: float, mdc95: float | None = None
) -> Measurement:
    """Return a measurement with an even interval."""
    return Measurement(quantity, value, value - half, value + half, "outline", mdc95=mdc95)


numbers = st.builds(
    measured,
    st.sampled_from((*QUANTITIES, *OFFSETS_CM)),
    st.floats(-90, 90),
    st.floats(0, 40),
    st.none() | st.floats(0, 40),
)


@pytest.mark.parametrize(
    ("measurement", "text"),
    [
        (measured(PELVIC_TILT, 9.4, 14.4), "9° ± 14"),
        (measured(PELVIC_TILT, 9.44, 1.26), "9.4° ± 1.3"),
        (measured(PELVIC_TILT, -0.3, 2.0), "0° ± 2"),
        (measured(PELVIC_TILT, -0.04, 1.0), "0.0° ± 1.0"),
        (measured(OFFSETS_PCT[3], 3.42, 1.18), "3.4 % ± 1.2"),
        (measured(OFFSETS_CM[0], -6.2, 6.1), "-6 cm ± 6"),
        (Measurement.refused(PELVIC_TILT, "back_hidden"), "not measured"),
        (Measurement(PELVIC_TILT, 10.0, 7.0, 18.0, "marked"), "10° ± 8"),
    ],
)
def test_short_shows_no_more_digits_than_the_interval_carries(
    measurement: Measurement, text: str
) -> None:
    """Whole numbers from a half width of 2 on, one decimal below, never a minus zero."""
    assert wording.short(measurement) == text


@pytest.mark.parametrize(
    ("measurement", "text"),
    [
        (
            measured(PELVIC_TILT, 9.4, 14.4),
            "The front of the pelvis is lower than the back by about 9 degrees (anterior tilt), "
            "by a best guess: this photo does not tell for certain. "
            "The true value lies between 5 degrees posterior and 24 degrees anterior, "
            "95 times in 100.",
        ),
        (
            measured(PELVIC_TILT, 9.4, 12.0),
            "The front of the pelvis is lower than the back by about 9 degrees (anterior tilt), "
            "by a best guess: this photo does not tell for certain. "
            "The true value lies between 3 degrees posterior and 21 degrees anterior, "
            "95 times in 100; most of that width is because pelves differ in shape, "
            "which no photo shows.",
        ),
        (
            replace(measured(PELVIC_TILT, 0.2, 14.4), tier="marked"),
            "The front and the back of the pelvis are about level, "
            "by a best guess: this photo does not tell for certain. "
            "The true value lies between 14 degrees posterior and 15 degrees anterior, "
            "95 times in 100.",
        ),
        (
            replace(measured(PELVIC_TILT, -9.4, 3.0), tier="marked"),
            "The front of the pelvis is higher than the back by about 9 degrees (posterior tilt). "
            "The true value lies between 6 and 12 degrees posterior, 95 times in 100.",
        ),
        (
            measured(LUMBAR_CURVE, 0.2, 1.2),
            "The low back hollows inward by about 0.2 degrees, measured on the skin (lordosis), "
            "by a best guess: this photo does not tell for certain. "
            "The true value lies between 1.0 degrees rounded and 1.4 degrees hollow, "
            "95 times in 100.",
        ),
        (
            measured(KNEE_ANGLE, 171.0, 5.0),
            "Thigh and shank meet at about 171 degrees at the knee, where 180 is straight. "
            "The true value lies between 166 and 176 degrees, 95 times in 100.",
        ),
        (
            Measurement.refused(LUMBAR_CURVE, "back_hidden"),
            "Lumbar curve was not measured in this photo.",
        ),
    ],
)
def test_a_sentence_names_direction_value_and_interval(measurement: Measurement, text: str) -> None:
    """The value, then the interval with both ends named by where they point.

    Pelves differ in shape; once other errors are as large, that is no longer most of the width.
    """
    assert wording.sentence(measurement) == text


@given(numbers, numbers)
def test_no_word_judges_or_advises(one: Measurement, other: Measurement) -> None:
    """Whatever the numbers, no text is a verdict, a diagnosis or advice."""
    tilt = replace(one, quantity=PELVIC_TILT)
    curve = replace(other, quantity=LUMBAR_CURVE)
    said = wording.sentence(one), wording.short(one), wording.change(one)
    for text in (*said, wording.pair(tilt, curve)):
        assert not re.search(VERDICTS, text, re.IGNORECASE)


@given(numbers)
def test_interval_and_short_agree_in_their_unit_and_have_no_minus_zero(m: Measurement) -> None:
    """Every number carries its interval, in the same unit, and zero has no sign."""
    short, interval = wording.short(m), wording.interval(m)
    assert "±" in short
    assert " to " in interval
    assert not re.search(r"-0(?![.\d])|-0\.0(?!\d)", f"{short} {interval} {wording.sentence(m)}")
    unit = {"deg": "°", "pct": "%", "cm": "cm"}[m.quantity.unit]
    assert unit in short
    assert interval.endswith(unit)


@given(numbers)
def test_the_direction_follows_the_number_that_is_shown(m: Measurement) -> None:
    """A value shown as 0 has no direction; any other has the one of its sign, if it is sure."""
    shown = float(wording.short(m).split("±")[0].strip("°%cm "))
    low, high = (float(end.strip("°%cm ")) for end in wording.interval(m).split(" to "))
    sign = (shown > 0) - (shown < 0)
    name = {1: m.quantity.positive, -1: m.quantity.negative, 0: ""}[sign]
    unsure = low < 0 < high
    assert wording.direction(m) == ("direction uncertain" if name and unsure else name)


@given(numbers)
def test_no_minus_stands_beside_a_direction(m: Measurement) -> None:
    """'-5 backward' would read as a double negative; without a direction the sign is needed."""
    text, direction = wording.amount(m), wording.direction(m)
    if direction in ("", "direction uncertain"):
        assert text == wording.short(m)
    else:
        assert text == wording.short(m).lstrip("-")


@pytest.mark.parametrize(
    ("measurement", "value", "interval"),
    [
        (measured(PELVIC_TILT, -5, 3), "5° ± 3 posterior", "2 to 8° posterior"),
        (measured(PELVIC_TILT, 9, 3), "9° ± 3 anterior", "6 to 12° anterior"),
        (
            measured(PELVIC_TILT, -5, 14),
            "-5° ± 14, direction uncertain",
            "19° posterior to 9° anterior",
        ),
        (measured(PELVIC_TILT, 0.2, 14), "0° ± 14", "14° posterior to 14° anterior"),
        (measured(PELVIC_TILT, -14, 14.2), "14° ± 14 posterior", "0 to 28° posterior"),
        (measured(KNEE_ANGLE, 171, 5), "171° ± 5", "166 to 176°"),
        (measured(OFFSETS_CM[0], -6.2, 3), "6 cm ± 3 backward", "3 to 9 cm backward"),
        (Measurement.refused(PELVIC_TILT, "back_hidden"), "not measured", "not measured"),
    ],
)
def test_value_and_interval_name_their_directions(
    measurement: Measurement, value: str, interval: str
) -> None:
    """Where a direction has a name, it stands in place of the sign."""
    assert wording.directed(measurement) == value
    assert wording.directed_interval(measurement) == interval


def test_the_pair_says_when_the_direction_is_not_sure() -> None:
    """Of an angle whose interval is on both sides of 0, no direction is stated."""
    curve = measured(LUMBAR_CURVE, 30, 18)
    assert wording.pair(measured(PELVIC_TILT, 20, 14), curve) == (
        "Hips and low back together: the pelvis tips forward and the low back hollows inward."
    )
    assert wording.pair(measured(PELVIC_TILT, -5, 14), curve) == (
        "Hips and low back together: this photo does not tell for certain whether the pelvis "
        "tips forward or backward; the low back hollows inward."
    )
    assert wording.pair(measured(PELVIC_TILT, -5, 14), measured(LUMBAR_CURVE, 5, 18)) == (
        "Hips and low back together: this photo does not tell for certain whether the pelvis "
        "tips forward or backward and whether the low back hollows inward or rounds outward."
    )


def test_sentence_and_pair_agree_about_an_interval_that_begins_near_zero() -> None:
    """An end that is shown as 0 is on neither side, in every text."""
    curve = measured(LUMBAR_CURVE, 17.9, 18.06)
    assert "between 0 and 36 degrees" in wording.sentence(curve)
    assert wording.pair(measured(PELVIC_TILT, 20, 14), curve) == (
        "Hips and low back together: the pelvis tips forward and the low back hollows inward."
    )
    assert wording.direction(curve) == "lordosis"


def test_the_pair_names_the_half_that_is_missing() -> None:
    """With one angle refused, the sentence says which; with both, that neither was measured."""
    tilt, curve = measured(PELVIC_TILT, 5, 14), Measurement.refused(LUMBAR_CURVE, "back_hidden")
    assert "lumbar curve was not measured" in wording.pair(tilt, curve)
    neither = wording.pair(Measurement.refused(PELVIC_TILT, "back_hidden"), curve)
    assert "neither was measured" in neither


def test_everything_that_is_measured_has_a_name() -> None:
    """No two quantities of one unit share a label."""
    labels = [wording.label(quantity) for quantity in QUANTITIES]
    assert len(set(labels)) == len(labels) == 10
    assert wording.label(PELVIC_TILT) == "Pelvic tilt"


def test_the_shape_of_pelves_is_as_wide_as_the_estimator_takes_it() -> None:
    """Words and numbers stand on the same spread between pelves."""
    assert pytest.approx(1.96 * _PELVIC_ANATOMY_SD_DEG * 2**0.5) == wording._MOSTLY_SHAPE


@pytest.mark.parametrize(
    ("quantity", "mdc95", "short", "size"),
    [
        (PELVIC_TILT, 5.2, "6°", "6 degrees"),
        (PELVIC_TILT, 5.0, "5°", "5 degrees"),
        (LUMBAR_CURVE, 2.0, "2°", "2 degrees"),
        (LUMBAR_CURVE, 0.91, "1.0°", "1.0 degrees"),
        (OFFSETS_PCT[0], 1.92, "2.0 %", "2.0 % of stature"),
        (OFFSETS_CM[0], 0.3, "0.3 cm", "0.3 cm"),
    ],
)
def test_the_least_change_is_never_said_smaller_than_it_is(
    quantity: Quantity, mdc95: float, short: str, size: str
) -> None:
    """It is rounded up, to the digits that it can carry, and said in one plain sentence."""
    measurement = measured(quantity, 9, 5, mdc95)
    assert wording.least_change(measurement) == short
    assert wording.change(measurement) == (
        f"Between two photos of the same person, only a change of more than {size} "
        "is more than noise: compare the photos, do not subtract the values."
    )


@pytest.mark.parametrize(
    ("value", "said"), [(5.24, "+5.2°"), (-0.96, "-1.0°"), (-0.01, "+0.0°"), (None, "")]
)
def test_a_change_has_its_sign(value: float | None, said: str) -> None:
    """Nothing is said where nothing was compared."""
    assert verdicts.changed(Change(PELVIC_TILT, value, 3.0, "changed")) == said


def test_what_a_change_has_to_exceed_is_rounded_up() -> None:
    """To the decimal in which the change is shown, so that both agree with the verdict."""
    assert verdicts.beyond(Change(PELVIC_TILT, 3.2, 3.07, "changed")) == "3.1°"
    assert verdicts.beyond(Change(PELVIC_TILT, 3.2, 3.0, "changed")) == "3.0°"
    assert verdicts.beyond(Change(PELVIC_TILT, None, None, "not comparable")) == ""


def test_of_several_photos_the_coarsest_says_what_is_noise() -> None:
    """A photo without a number says nothing; nor does any other sentence without one."""
    refused = Measurement.refused(PELVIC_TILT, "back_hidden")
    fine, coarse = (measured(PELVIC_TILT, 9, 12, mdc95) for mdc95 in (4.0, 7.0))
    assert "more than 7 degrees" in wording.change(fine, refused, coarse)
    assert wording.change(refused, measured(PELVIC_TILT, 9, 12)) == ""
    assert wording.least_change(refused) == ""


@pytest.mark.parametrize(
    ("vertical", "text"),
    [
        (
            Vertical(2.06, 0.3, True),
            "The photo is turned by 2.1 degrees: corrected by upright lines in the room.",
        ),
        (
            Vertical(-2.06, 0.3, True),
            "The photo is turned by 2.1 degrees: corrected by upright lines in the room.",
        ),
        (Vertical(-0.04, 0.3, True), "The photo is upright, by upright lines in the room."),
        (
            Vertical(0.0, 2.0, False),
            "No upright lines were found: a tilted camera would tilt every angle to the vertical.",
        ),
        (None, ""),
    ],
)
def test_where_the_vertical_comes_from_is_said(vertical: Vertical | None, text: str) -> None:
    """Whether the photo shows it, and what was done about it."""
    assert wording.vertical(vertical) == text
