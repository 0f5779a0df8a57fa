"""What changed between two photos, on assessments made by hand."""

import dataclasses

import numpy as np
import pytest

from posture import compare, estimator
from posture.assessment import Assessment
from posture.quantities import OFFSETS_CM, OFFSETS_PCT, PELVIC_TILT, Measurement
from posture.visit import Arms, Conditions, together

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


MARKED = Measurement(PELVIC_TILT, 3.0, 1.0, 5.0, "marked", mdc95=2.0, relative=3.0)


@pytest.mark.parametrize(
    ("other", "hindrance"),
    [
        (seen(None), "noise_unknown"),
        (seen(3.0, None), "noise_unknown"),
        (seen(3.0, facing="left"), "other_side"),
        (make_refused(), "not_measured"),
        (
            dataclasses.replace(seen(3.0), measurements={PELVIC_TILT.key: MARKED}),
            "other_tier",
        ),
    ],
    ids=["no relative", "no noise known", "other side", "refused", "other tier"],
)
def test_it_is_said_what_hinders_a_comparison(other: Assessment, hindrance: str) -> None:
    """In either order the same; between photos alike nothing does."""
    for pair in ((seen(3.0), other), (other, seen(3.0))):
        assert compare(*pair)["pelvic_tilt_deg"].hindrance == hindrance
    assert compare(seen(3.0), seen(4.0))["pelvic_tilt_deg"].hindrance is None


@pytest.mark.parametrize(
    ("before", "after", "hindrance"),
    [
        ("hanging", "crossed", "other_arms"),
        ("crossed", "crossed", None),
        (None, "crossed", None),
        (None, None, None),
    ],
)
def test_arms_held_differently_hinder(
    before: Arms | None, after: Arms | None, hindrance: str | None
) -> None:
    """Where it was told of both visits, and of either order."""
    visits = [together([seen(3.0)], Conditions(arms=arms)) for arms in (before, after)]
    for pair in (visits, visits[::-1]):
        change = compare(*pair)["pelvic_tilt_deg"]
        assert change.hindrance == hindrance
        assert (change.verdict == "not comparable") == (hindrance is not None)


def test_clothes_do_not_hinder() -> None:
    """They have to be the same, but this is not looked at."""
    visits = [together([seen(3.0)], Conditions(clothes=worn)) for worn in ("bare", "tight")]
    assert compare(*visits)["pelvic_tilt_deg"].hindrance is None


def test_centimetres_of_other_heights_say_so() -> None:
    """The height is what hinders, not the number."""
    cm = OFFSETS_CM[0]
    found = {cm.key: Measurement(cm, 4, 2, 6, "outline", mdc95=1.0, relative=4)}
    one, other = (
        dataclasses.replace(make_assessment(), stature_cm=height, measurements=found)
        for height in (170.0, 180.0)
    )
    assert compare(one, other)[cm.key].hindrance == "other_height"


def test_the_noise_that_a_clinic_measured_takes_the_place_of_ours() -> None:
    """For the quantity and tier that it was measured of alone, even where ours is not known."""
    own = {("pelvic_tilt_deg", "outline"): 1.5, ("lumbar_curve_deg", "marked"): 0.5}
    for mdc95 in (3.0, None):
        change = compare(seen(0.0, mdc95), seen(2.0, mdc95), own=own)["pelvic_tilt_deg"]
        assert (change.mdc95, change.verdict) == (1.5, "changed")
    other_tier = {("pelvic_tilt_deg", "marked"): 1.5}
    change = compare(seen(0.0), seen(2.0), own=other_tier)["pelvic_tilt_deg"]
    assert (change.mdc95, change.verdict) == (pytest.approx(3.0), "not distinguishable")


def test_several_photos_average_noise_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ours and a clinic's own, which is of one photo each time, alike."""
    monkeypatch.setattr(estimator, "shared", lambda _: 0.4)
    one, three = together([seen(0.0)]), together([seen(value) for value in (1.0, 2.0, 3.0)])
    left = 0.4 + 0.6 / 3
    for own in (None, {("pelvic_tilt_deg", "outline"): 3.0}):
        change = compare(one, three, own=own)["pelvic_tilt_deg"]
        assert change.value == pytest.approx(2.0)
        assert change.mdc95 == pytest.approx(3.0 * np.sqrt((1 + left) / 2))


def test_what_only_one_photo_has_is_left_out() -> None:
    """For example centimetres, where the height was given once."""
    whole = seen(3.0)
    part = dataclasses.replace(whole, measurements={"pelvic_tilt_deg": whole.pelvic_tilt})
    assert list(compare(whole, part)) == list(compare(part, whole)) == ["pelvic_tilt_deg"]
