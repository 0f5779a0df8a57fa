"""The pipeline with a fake detector: what is refused, what stands, and what is written down."""

import json

import numpy as np
import pytest

from posture import Assessment, Photo, assess
from posture.assess import QUANTITIES
from posture.export import to_json
from posture.landmarks import Pose

from .people import SIZE, FakeDetector, back_contour, photo, pose, soft_mask

MASK = soft_mask(back_contour(25, -18))
PHOTO = photo()
BESIDE = pose(ear=(500.0, 150.0), shoulder=(510.0, 240.0), hip=(505.0, 480.0))
FRONTAL = pose(
    left_shoulder=(390.0, 240.0), right_shoulder=(210.0, 240.0), foot_index=(285.0, 885.0)
)


def assessed(*found: Pose, **options: float) -> Assessment:
    """Assess a photo in which these people are found."""
    return assess(PHOTO, detector=FakeDetector(found), **options)


def test_a_person_is_measured_in_full() -> None:
    """Every quantity has a value inside its interval, a tier and the points it stands on."""
    result = assessed(pose(mask=MASK))
    assert result.status == "measured"
    assert (result.view, result.facing) == ("side", "right")
    assert list(result.measurements) == [q.key for q in QUANTITIES]
    for measured in result.measurements.values():
        assert measured.value is not None
        assert measured.low is not None
        assert measured.high is not None
        assert measured.low < measured.value < measured.high
        assert measured.tier == "outline"
        assert set(measured.points) <= set(result.points)
    assert result.pelvic_tilt is result.measurements["pelvic_tilt_deg"]
    assert result.lumbar_curve is result.measurements["lumbar_curve_deg"]


def test_the_lumbar_curve_is_the_angle_between_the_tangents_shown() -> None:
    """What is drawn on the photo is what the number says."""
    result = assessed(pose(mask=MASK))
    assert result.back is not None
    shown = result.back.lumbosacral.skin_deg - result.back.thoracolumbar.skin_deg
    assert result.lumbar_curve.value == pytest.approx(shown)


def test_a_mirrored_person_measures_the_same_on_the_other_side() -> None:
    """Facing left gives the same numbers, and points mirrored."""
    right = assessed(pose(mask=MASK))
    mirror = Photo.open(PHOTO.pixels[:, ::-1])
    left = assess(mirror, detector=FakeDetector((pose("left", mask=MASK),)))
    assert left.facing == "left"
    for key, measured in right.measurements.items():
        assert left.measurements[key].value == pytest.approx(measured.value)
    for name, point in right.points.items():
        assert left.points[name].x == pytest.approx(SIZE[0] - point.x)
        assert left.points[name].y == pytest.approx(point.y)


def test_a_person_facing_left_is_looked_at_in_the_mirror() -> None:
    """The detector sees the second time what a person facing right would look like."""
    detector = FakeDetector((pose("left", mask=MASK),))
    assess(PHOTO, detector=detector)
    original, mirrored = (seen.pixels for seen in detector.seen)
    assert (mirrored == original[:, ::-1]).all()


SQUAT = pose(knee=(420.0, 620.0), mask=MASK)


@pytest.mark.parametrize(
    ("in_mirror", "code"),
    [
        ((SQUAT,), "not_standing"),
        ((FRONTAL,), "not_side_view"),
        ((pose(mask=MASK), BESIDE), "several_people"),
        ((), "no_person"),
    ],
)
def test_what_is_decided_and_what_is_measured_come_from_one_detection(
    in_mirror: tuple[Pose, ...], code: str
) -> None:
    """If the mirror image shows something else, that is what counts, for refusals too."""
    detector = FakeDetector((pose("left", mask=MASK),), in_mirror)
    assert [reason.code for reason in assess(PHOTO, detector=detector).reasons] == [code]


@pytest.mark.parametrize("stature_cm", [float("nan"), float("inf"), -170.0, 0.0, 1.72, 300.0])
def test_an_unbelievable_height_is_refused(stature_cm: float) -> None:
    """A height that no person has gives no numbers in centimetres."""
    with pytest.raises(ValueError, match="50 to 250"):
        assessed(pose(mask=MASK), stature_cm=stature_cm)


@pytest.mark.parametrize("joint", ["nose", "left_ear", "right_elbow", "left_wrist", "left_hip"])
def test_missing_points_are_a_refusal(joint: str) -> None:
    """A detector that leaves out a point gives a refused assessment and sound JSON."""
    result = assessed(pose(mask=MASK, **{joint: (float("nan"), float("nan"))}))
    assert result.status == "refused"
    assert json.loads(to_json(result), parse_constant=pytest.fail)["status"] == "refused"


def test_an_arm_over_the_hollow_refuses_the_back_and_leaves_the_rest() -> None:
    """Pelvis and spine are refused together; trunk, knee and plumb line stand."""
    behind = {"elbow": (215.0, 400.0), "wrist": (240.0, 470.0), "index": (245.0, 480.0)}
    result = assessed(pose(mask=MASK, **behind))
    refused = {key for key, m in result.measurements.items() if m.value is None}
    assert result.status == "measured"
    assert refused == {
        "pelvic_tilt_deg",
        "lumbar_curve_deg",
        "thoracic_curve_deg",
        "sacral_inclination_deg",
    }
    assert all(result.measurements[key].reasons == ("back_hidden",) for key in refused)
    assert result.back is None


@pytest.mark.parametrize(
    ("found", "code", "view"),
    [
        ((), "no_person", None),
        ((pose(), BESIDE), "several_people", None),
        ((FRONTAL,), "not_side_view", "front"),
        ((pose(left_knee=(420.0, 640.0)),), "not_standing", "side"),
    ],
)
def test_a_refused_photo_says_why_and_gives_no_number(
    found: tuple[Pose, ...], code: str, view: str | None
) -> None:
    """Every measurement is refused for the photo's reason."""
    result = assessed(*found)
    assert result.status == "refused"
    assert [reason.code for reason in result.reasons] == [code]
    assert result.view == view
    assert all(m.value is None and m.reasons == (code,) for m in result.measurements.values())


def test_a_stature_adds_centimetres() -> None:
    """With a stature every plumb offset comes in centimetres as well, in proportion."""
    result = assessed(pose(mask=MASK), stature_cm=170)
    for joint in ("ear", "shoulder", "hip", "knee"):
        percent = result.measurements[f"{joint}_offset_pct"].value
        assert percent is not None
        assert result.measurements[f"{joint}_offset_cm"].value == pytest.approx(percent * 1.7)


def test_json_holds_the_assessment_without_nan() -> None:
    """One line, the documented keys, null for what is refused, whatever the outline lacks."""
    mask = MASK.copy()
    mask[200:260] = 0
    for result in (assessed(pose(mask=mask)), assessed()):
        text = to_json(result)
        assert "\n" not in text
        read = json.loads(text, parse_constant=pytest.fail)
        assert set(read) == {
            "schema", "photo", "status", "view", "facing", "stature_cm", "reasons", "measurements",
            "points", "contour", "software", "model",
        }  # fmt: skip
        assert read["schema"] == "posture/1"
        assert read["photo"]["name"] == "test.png"
        assert list(read["measurements"]) == [q.key for q in QUANTITIES]
        for key, measured in read["measurements"].items():
            value = result.measurements[key].value
            assert measured["value"] == (None if value is None else pytest.approx(value, abs=0.01))
            assert all(set(r) == {"code", "message", "advice"} for r in measured["reasons"])
        assert np.isfinite(np.array(read["contour"]["back"])).all()
