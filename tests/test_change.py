"""What changed between two photos, on assessments made by hand."""

import dataclasses

import numpy as np
import pytest

from posture import compare
from posture.assessment import Assessment
from posture.quantities import OFFSETS_CM, OFFSETS_PCT, Measurement

from .factory import make_assessment, make_refused


def seen(relative: float | None, mdc95: float | None = 3.0, **given: str) -> Assessment:
    """Return an assessment whose pelvic tilt is made by hand."""
    whole = make_assessment(mdc95=mdc95, **given)
    tilt = dataclasses.replace(whole.pelvic_tilt, relative=relative)
    return dataclasses.replace(whole, measurements={**whole.measurements, "pelvic_tilt_deg": tilt})


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (10.0, 12.9, "not distinguishable"),
        (10.0, 13.1, "changed"),
        (10.0, 6.9, "changed"),
        (-1.0, 1.0, "not distinguishable"),
    ],
)
def test_a_change_is_told_from_noise(before: float, after: float, verdict: str) -> None:
    """Later less earlier, and more than noise or not, both ways."""
    change = compare(seen(before), seen(after))["pelvic_tilt_deg"]
    assert change.value == pytest.approx(after - before)
    assert (change.mdc95, change.verdict) == (pytest.approx(3.0), verdict)


def test_each_photo_adds_its_own_noise() -> None:
    """Half the square of each, so that two such photos have the noise that each of them says."""
    change = compare(seen(0, 3.0), seen(0, 5.0))["pelvic_tilt_deg"]
    assert change.mdc95 == pytest.approx(np.sqrt((9 + 25) / 2))


def test_values_that_differ_are_no_change() -> None:
    """Only what is relative counts."""
    one, other = seen(4.0), seen(4.0)
    tilt = dataclasses.replace(other.pelvic_tilt, value=40.0)
    other = dataclasses.replace(other, measurements={"pelvic_tilt_deg": tilt})
    assert compare(one, other)["pelvic_tilt_deg"].value == 0


@pytest.mark.parametrize(
    "other",
    [seen(None), seen(3.0, None), seen(3.0, facing="left"), make_refused()],
    ids=["no relative", "no noise known", "other side", "refused"],
)
def test_what_cannot_be_compared(other: Assessment) -> None:
    """In either order there is no number."""
    for pair in ((seen(3.0), other), (other, seen(3.0))):
        change = compare(*pair)["pelvic_tilt_deg"]
        assert (change.value, change.mdc95, change.verdict) == (None, None, "not comparable")


def test_centimetres_of_other_heights_are_not_compared() -> None:
    """Each photo has its own scale; percent of stature have none."""
    percent, cm = OFFSETS_PCT[0], OFFSETS_CM[0]
    one = dataclasses.replace(
        make_assessment(),
        stature_cm=170.0,
        measurements={
            q.key: Measurement(q, 4, 2, 6, "outline", mdc95=1.0, relative=4) for q in (percent, cm)
        },
    )
    other = dataclasses.replace(one, stature_cm=180.0)
    assert compare(one, one)[cm.key].value == 0
    assert compare(one, other)[cm.key].verdict == "not comparable"
    assert compare(one, other)[percent.key].value == 0


def test_what_only_one_photo_has_is_left_out() -> None:
    """For example centimetres, where the height was given once."""
    whole = seen(3.0)
    part = dataclasses.replace(whole, measurements={"pelvic_tilt_deg": whole.pelvic_tilt})
    assert list(compare(whole, part)) == list(compare(part, whole)) == ["pelvic_tilt_deg"]
