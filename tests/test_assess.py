"""The pipeline with a fake detector: what is refused, what stands, and what is written down."""

import json
import pickle
from dataclasses import replace

import cv2
import numpy as np
import pytest

from posture import Assessment, Photo, assess, estimator, tilt
from posture.assess import find_people
from posture.export import to_json
from posture.pose import Part, Pose
from posture.quantities import ON_THE_BACK, QUANTITIES
from posture.shape import Facing
from posture.tilt import Cover

from .people import JOINTS, SIZE, FakeDetector, back_contour, photo, pose, soft_mask

MASK = soft_mask(back_contour(25, -18))
PHOTO = photo()
# A whole second body, 200 pixels to the right.
BESIDE = pose(
    mask=np.roll(MASK, 200, axis=1),
    nose=(570.0, 155.0),
    **{joint: (x + 200, y) for joint, (x, y) in JOINTS.items()},
)
FRONTAL = pose(
    left_shoulder=(390.0, 240.0), right_shoulder=(210.0, 240.0), foot_index=(285.0, 885.0)
)

THIN = Cover(cloth_cm=0.3, arm_share=0.0, hair_share=0.0)


@pytest.fixture(autouse=True)
def thinly_clad(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take everybody's back to be free: the fitted network takes these crude contours for cloth."""
    monkeypatch.setattr(tilt, "covered", lambda _: THIN)


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
        assert measured.value is not None
        assert left.measurements[key].value == pytest.approx(measured.value)
    for name, point in right.points.items():
        assert left.points[name].x == pytest.approx(SIZE[0] - point.x)
        assert left.points[name].y == pytest.approx(point.y)
    assert left.evidence is not None
    assert right.evidence is not None
    seen = right.evidence.shape.numbers()
    assert left.evidence.shape.numbers() == pytest.approx(seen, abs=1e-6)


def test_whom_the_first_look_overlooks_counts() -> None:
    """Somebody beside the person, found at the second look alone, is somebody in the photo."""
    alone, overlooked = (pose(mask=MASK),), (BESIDE,)
    assert assess(PHOTO, detector=FakeDetector(alone)).status == "measured"
    detector = FakeDetector(alone, overlooked)
    assert [reason.code for reason in assess(PHOTO, detector=detector).reasons] == [
        "several_people"
    ]
    assert find_people(PHOTO, detector) == alone + overlooked


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
    assert result.evidence is not None
    assert not result.evidence.back_seen


ON_THE_BACK_KEYS = [quantity.key for quantity in ON_THE_BACK]


@pytest.mark.parametrize(
    ("cover", "code"),
    [
        (replace(THIN, cloth_cm=9.0), "loose_clothing"),
        (replace(THIN, arm_share=0.9), "back_hidden"),
        (replace(THIN, hair_share=0.9), "back_hidden"),
    ],
)
def test_what_covers_the_back_refuses_it_and_leaves_the_rest(
    monkeypatch: pytest.MonkeyPatch, cover: Cover, code: str
) -> None:
    """Cloth far off the skin, an arm or hair hides the hollow; the joints are seen all the same."""
    monkeypatch.setattr(tilt, "covered", lambda _: cover)
    result = assessed(pose(mask=MASK))
    assert result.status == "measured"
    assert result.back is None
    for key, measured in result.measurements.items():
        expected = (code,) if key in ON_THE_BACK_KEYS else ()
        assert measured.reasons == expected, key
    assert "lumbosacral" not in result.points
    assert result.evidence is not None
    assert result.evidence.cover == cover
    assert result.evidence.back_seen


@pytest.mark.parametrize("name", ["cloth_cm", "arm_share", "hair_share"])
def test_cover_is_held_against_its_own_fitted_limit(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """At the limit the back is still read, just beyond it no more."""
    limit = estimator.limit(name)
    for amount, read in ((limit, True), (limit * 1.01, False)):
        cover = replace(THIN, **{name: amount})
        monkeypatch.setattr(tilt, "covered", lambda _, cover=cover: cover)
        assert (assessed(pose(mask=MASK)).pelvic_tilt.value is not None) == read


def test_a_back_that_is_not_seen_up_to_the_shoulder_is_hidden() -> None:
    """Without a contour there is no evidence and no number on it."""
    mask = MASK.copy()
    mask[:400] = 0
    result = assessed(pose(mask=mask))
    assert result.status == "measured"
    assert result.evidence is None
    for key, measured in result.measurements.items():
        assert measured.reasons == (("back_hidden",) if key in ON_THE_BACK_KEYS else ()), key


def test_what_the_numbers_stand_on_by_hand() -> None:
    """In the best circumstances nothing widens; each has its own sign where it is met."""
    plain = assessed(pose(mask=MASK))
    assert plain.evidence is not None
    assert plain.evidence.vertical == plain.vertical
    best = dict(plain.evidence.circumstances)
    assert plain.evidence.cover == THIN
    assert plain.evidence.back_seen
    assert best.pop("cloth") == pytest.approx(THIN.cloth_cm / estimator.limit("cloth_cm"))
    assert best == dict.fromkeys(("turned", "hidden", "flat", "cropped", "arm", "hair"), 0)
    rows = np.arange(600.0, 100.0, -1.0)
    round_back = soft_mask(np.column_stack([235 + 0.001 * (rows - 360) ** 2, rows]))
    for person, name in (
        (pose(mask=MASK, left_shoulder=(330.0, 240.0)), "turned"),
        (pose(mask=round_back), "flat"),
        (pose(mask=MASK, unseen=("feet",)), "cropped"),
    ):
        evidence = assessed(person).evidence
        assert evidence is not None
        assert 0 < evidence.circumstances[name] <= 1, name


def room(lean_px: float) -> Photo:
    """Return a room with three door posts that lean to the right by so much in 800 pixels."""
    noise = np.random.default_rng(0).normal(170, 2, SIZE[::-1])
    picture = np.clip(noise, 0, 255).astype(np.uint8)
    for x in (60.0, 500.0, 560.0):
        foot, top = (round(16 * (x + side * lean_px / 2)) for side in (-1, 1))
        cv2.line(picture, (foot, 16 * 850), (top, 16 * 50), 60, 4, cv2.LINE_AA, 4)
    return Photo.open(np.repeat(picture[:, :, None], 3, axis=2))


@pytest.mark.parametrize("facing", ["right", "left"])
def test_the_true_vertical_of_the_room_is_what_angles_are_taken_from(facing: Facing) -> None:
    """Where the photo shows that it is rolled, leans and offsets follow the room, curves do not."""
    level, rolled = (
        assess(room(lean), detector=FakeDetector((pose(facing, mask=MASK),))) for lean in (0, 40)
    )
    lean = np.degrees(np.arctan(40 / 800))
    forward = lean if facing == "right" else -lean
    for result, angle in ((level, 0.0), (rolled, lean)):
        assert result.vertical is not None
        assert result.vertical.found
        assert result.vertical.lean_deg == pytest.approx(angle, abs=0.15)
        assert 0 < result.vertical.sd_deg < 1
    before, after = (result.measurements for result in (level, rolled))

    def change(key: str) -> float:
        old, new = before[key].value, after[key].value
        assert old is not None
        assert new is not None
        return new - old

    assert change("trunk_lean_deg") == pytest.approx(-forward, abs=0.2)
    assert change("knee_angle_deg") == 0
    assert change("hip_offset_pct") < 0 if facing == "right" else change("hip_offset_pct") > 0


def test_without_lines_the_photo_is_taken_to_be_upright_and_less_sure() -> None:
    """Noise shows no vertical: its own up is assumed, and the intervals are wider."""
    person = pose(mask=MASK)
    assumed, seen = assessed(person), assess(room(0), detector=FakeDetector((person,)))
    assert assumed.vertical is not None
    assert not assumed.vertical.found
    assert assumed.vertical.lean_deg == 0

    def width(result: Assessment, key: str) -> float:
        low, high = result.measurements[key].low, result.measurements[key].high
        assert low is not None
        assert high is not None
        return high - low

    for key in ("pelvic_tilt_deg", "trunk_lean_deg", "ear_offset_pct"):
        assert width(assumed, key) > width(seen, key), key
    assert width(assumed, "knee_angle_deg") == pytest.approx(width(seen, "knee_angle_deg"))


@pytest.mark.parametrize("unseen", [("head",), ("feet",), ("head", "feet")])
def test_who_lacks_head_or_feet_is_measured_without_what_needs_them(
    unseen: tuple[Part, ...],
) -> None:
    """Pelvis, low back and trunk stand; the rest says why not, as does a note."""
    result = assessed(pose(mask=MASK, unseen=unseen), stature_cm=170)
    whole = assessed(pose(mask=MASK), stature_cm=170)
    assert result.status == "measured"
    needs = {
        "head": {"thoracic_curve_deg", "ear_offset_pct", "ear_offset_cm"},
        "feet": {"knee_angle_deg"} | {key for key in whole.measurements if "_offset_" in key},
    }
    refused = {key for key, m in result.measurements.items() if m.value is None}
    assert refused == set().union(*(needs[part] for part in unseen))
    for key in refused:
        codes = tuple(f"{part}_not_seen" for part in unseen if key in needs[part])
        assert result.measurements[key].reasons == codes
    for key in set(result.measurements) - refused:
        assert result.measurements[key].value == pytest.approx(whole.measurements[key].value, abs=1)
    guessed = {"head": {"ear"}, "feet": {"ankle", "heel", "foot_index"}}
    assert set(result.points) == set(whole.points) - set().union(*(guessed[p] for p in unseen))
    assert [note.split()[1] for note in result.notes] == list(unseen)


@pytest.mark.parametrize(
    ("found", "code", "view"),
    [
        ((), "no_person", None),
        ((pose(mask=MASK), BESIDE), "several_people", None),
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
            "schema", "photo", "status", "view", "facing", "stature_cm", "tips_deg", "reasons",
            "measurements", "points", "told", "stickers", "marks_say", "outline_says", "contour",
            "software", "model",
        }  # fmt: skip
        assert read["schema"] == "posture/1"
        assert read["photo"]["name"] == "test.png"
        assert list(read["measurements"]) == [q.key for q in QUANTITIES]
        for key, measured in read["measurements"].items():
            value = result.measurements[key].value
            assert measured["value"] == (None if value is None else pytest.approx(value, abs=0.01))
            assert all(set(r) == {"code", "message", "advice"} for r in measured["reasons"])
        assert np.isfinite(np.array(read["contour"]["back"])).all()


def test_an_assessment_can_be_sent_to_another_process() -> None:
    """Pickled and read again it says the same, of a photo that is measured or refused."""
    for result in (assessed(pose(mask=MASK)), assessed()):
        again = pickle.loads(pickle.dumps(result))
        assert to_json(again) == to_json(result)
        assert again.corrections == result.corrections
