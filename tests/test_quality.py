"""What is refused, and for which reason."""

import cv2
import numpy as np
import pytest

from posture import quality
from posture.back import Back, Inflection
from posture.photo import Photo
from posture.pose import Part, Pose
from posture.shape import Facing
from posture.tilt import Cover

from .people import photo, pose

PHOTO = photo()


def refusal(person: Pose, taken: Photo = PHOTO) -> str | None:
    """Return the code for which a person is refused."""
    reason = quality.refuse_person(person, taken, quality.view_of(person))
    return reason.code if reason else None


def crowd(*persons: Pose) -> str | None:
    """Return the code for which the people found are refused."""
    reason = quality.refuse_people(persons, PHOTO)
    return reason.code if reason else None


@pytest.mark.parametrize("facing", ["left", "right"])
def test_a_standing_person_from_the_side_is_measured(facing: Facing) -> None:
    """Upright, in profile, whole: nothing to refuse, whichever way they look."""
    assert refusal(pose(facing)) is None
    assert crowd(pose(facing)) is None


@pytest.mark.parametrize(
    ("left", "right", "toe", "view"),
    [
        (300, 300, 360, "side"),
        (330, 300, 360, "side"),
        (300, 330, 360, "side"),
        (380, 280, 330, "oblique"),
        (380, 210, 290, "front"),
        (210, 380, 290, "back"),
    ],
)
def test_view_by_shoulders_and_feet(left: float, right: float, toe: float, view: str) -> None:
    """Narrow shoulders over long feet is the side; which shoulder is left tells front from back."""
    seen = pose(left_shoulder=(left, 240), right_shoulder=(right, 240), foot_index=(toe, 885))
    assert quality.view_of(seen) == view
    assert refusal(seen) == (None if view == "side" else "not_side_view")


@pytest.mark.parametrize(
    "moved",
    [
        {"knee": (420.0, 620.0)},
        {"left_knee": (400.0, 640.0)},
        {"hip": (130.0, 660.0), "shoulder": (160.0, 430.0)},
        {"shoulder": (520.0, 400.0)},
        {"left_ankle": (420.0, 867.0)},
    ],
    ids=["squat", "one knee up", "sitting", "bending forward", "stride"],
)
def test_whoever_does_not_stand_is_refused(moved: dict[str, tuple[float, float]]) -> None:
    """Each of these looks like a profile, but is no quiet standing."""
    assert refusal(pose(**moved)) == "not_standing"


@pytest.mark.parametrize(
    "moved",
    [{"ear": (310.0, -30.0)}, {"ankle": (300.0, 930.0), "heel": (280.0, 940.0)}],
    ids=["head", "feet"],
)
def test_a_person_cut_off_is_refused(moved: dict[str, tuple[float, float]]) -> None:
    """Joints beyond the frame are guesses."""
    assert refusal(pose(**moved)) == "person_cut_off"


BEYOND: dict[Part, dict[str, tuple[float, float]]] = {
    "head": {"ear": (310.0, -60.0), "nose": (370.0, -55.0)},
    "feet": {"ankle": (300.0, 960.0), "heel": (285.0, 975.0), "foot_index": (360.0, 980.0)},
}


@pytest.mark.parametrize("unseen", [("head",), ("feet",), ("head", "feet")])
def test_head_and_feet_may_lie_outside_the_photo(unseen: tuple[Part, ...]) -> None:
    """From shoulders to knees in view is enough."""
    places = {name: place for part in unseen for name, place in BEYOND[part].items()}
    assert refusal(pose(unseen=unseen, **places)) is None


@pytest.mark.parametrize(
    ("moved", "code"),
    [
        ({"knee": (305.0, 930.0)}, "person_cut_off"),
        ({"shoulder": (300.0, -30.0)}, "person_cut_off"),
        ({"knee": (305.0, 560.0)}, "person_cut_off"),
        ({"left_shoulder": (390.0, 240.0), "right_shoulder": (210.0, 240.0)}, "not_side_view"),
        ({"knee": (440.0, 600.0)}, "person_cut_off"),
        ({"left_knee": (340.0, 668.0)}, "not_standing"),
    ],
    ids=["no knees", "no shoulders", "misplaced", "from the front", "sitting", "stride"],
)
def test_whoever_is_cut_off_is_judged_by_what_is_seen(
    moved: dict[str, tuple[float, float]], code: str
) -> None:
    """Without head and feet, trunk and thighs still say how the person stands."""
    places = {**BEYOND["head"], **BEYOND["feet"], **moved}
    assert refusal(pose(unseen=("head", "feet"), **places)) == code


@pytest.mark.parametrize("turn", [-180, -90, -12, 12, 90])
def test_a_turned_photo_is_told_from_a_person_who_bends(turn: float) -> None:
    """Whoever leans as a whole, leg and trunk alike, is in a turned photo."""
    c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    upright = pose()
    turned = (upright.xy_px - (300, 450)) @ np.array([[c, s], [-s, c]]) + (300, 450)
    assert refusal(Pose(turned, upright.visibility, upright.mask)) == "not_upright"


@pytest.mark.parametrize("joint", ["nose", "left_shoulder", "right_ankle", "left_wrist"])
def test_a_point_that_was_not_found_is_refused(joint: str) -> None:
    """NaN anywhere is a reason, never an error or a number; in a second find it is nobody."""
    assert crowd(pose(**{joint: (float("nan"), 300.0)})) == "missing_points"


def test_covered_legs_are_refused() -> None:
    """Joints where the mask shows no body are guesses: a table before the legs."""
    mask = np.ones((90, 60), np.float32)
    mask[60:] = 0
    assert refusal(pose(mask=mask)) == "person_cut_off"


def test_a_small_person_is_refused() -> None:
    """Too few pixels carry no hollow."""
    whole = pose()
    small = Pose(whole.xy_px * 0.25, whole.visibility, whole.mask)
    assert refusal(small) == "too_small"


def test_dark_and_blurred_photos_are_refused_and_a_blank_one_shows_nobody() -> None:
    """Darkness and blur are told from an empty photo, with and without a person found."""
    noise = PHOTO.pixels
    bars = np.where(np.arange(noise.shape[1]) // 75 % 2, 220, 20).astype(np.uint8)
    dark = Photo.open(noise // 10)
    blurred = Photo.open(
        cv2.GaussianBlur(np.tile(bars[None, :, None], (noise.shape[0], 1, 3)), (0, 0), 15)
    )
    blank = Photo.open(np.full_like(noise, 200))
    for unclear in (dark, blurred):
        assert refusal(pose(), unclear) == "too_dark_or_blurred"
        nobody = quality.refuse_people([], unclear)
        assert nobody is not None
        assert nobody.code == "too_dark_or_blurred"
    for clear in (blank, PHOTO):
        nobody = quality.refuse_people([], clear)
        assert nobody is not None
        assert nobody.code == "no_person"


def test_a_second_person_is_refused_but_not_a_passer_by_nor_a_double() -> None:
    """Half as tall or more, and elsewhere, counts as a second person."""
    first = pose()

    def other(scale: float, x: float) -> Pose:
        return Pose(first.xy_px * scale + (x, 0), first.visibility, first.mask)

    beside = Pose(first.xy_px * 0.9 + (250, 0), first.visibility, 1 - first.mask)
    assert crowd(first, beside) == "several_people"
    assert crowd(first, other(1.0, 100)) == "several_people"
    assert crowd(first, other(0.3, 250)) is None
    assert crowd(first, other(1.0, 10)) is None
    within = Pose(first.xy_px * (1, 0.6) + (0, 300), first.visibility, first.mask)
    assert crowd(first, within) is None
    folded = pose(knee=(330.0, 400.0), shoulder=(420.0, 300.0))
    assert crowd(first, folded) is None
    elsewhere = Pose(within.xy_px, first.visibility, 1 - first.mask)
    assert crowd(first, elsewhere) == "several_people"


def test_a_hidden_back_is_refused() -> None:
    """An arm or hair over the low back refuses it; a back without a hollow does not."""
    at, steep, lost = (
        Inflection(0, 0, deg, 15, found) for deg, found in ((20, True), (-80, True), (20, False))
    )
    for fine in (Back(at, at, 0.0), Back(at, lost, 0.0), Back(lost, lost, 0.0)):
        assert quality.refuse_back(fine) is None
    for back in (None, Back(at, at, 0.5), Back(at, steep, 0.0), Back(steep, at, 0.0)):
        reason = quality.refuse_back(back)
        assert reason is not None
        assert reason.code == "back_hidden"


@pytest.mark.parametrize(
    ("cover", "code"),
    [
        (Cover(2.0, 0.1, 0.2), None),
        (Cover(2.1, 0.1, 0.2), "loose_clothing"),
        (Cover(2.1, 0.2, 0.2), "back_hidden"),
        (Cover(0.0, 0.1, 0.3), "back_hidden"),
    ],
)
def test_what_covers_the_back_too_much_is_refused(cover: Cover, code: str | None) -> None:
    """Up to the limits it is measured."""
    reason = quality.refuse_cover(cover, Cover(2.0, 0.1, 0.2))
    assert (reason.code if reason else None) == code


@pytest.mark.parametrize("away", [0, 150, 320])
def test_whoever_sits_is_not_standing_even_at_the_edge_of_the_photo(away: float) -> None:
    """Feet beyond the frame sideways, or turned a little: the posture is told first."""
    seat = {"knee": (480.0, 500.0), "ankle": (480.0 + away, 700.0)}
    assert refusal(pose(**seat)) == "not_standing"
    turned = seat | {"left_shoulder": (340.0, 240.0), "right_shoulder": (180.0, 240.0)}
    assert refusal(pose(**turned)) == "not_standing"


def test_a_mask_that_ends_a_little_above_the_ankles_does_not_refuse() -> None:
    """The model's mask sometimes lacks the feet of people in clear view; a table hides more."""
    for rows, code in ((84, None), (76, "person_cut_off")):
        mask = np.zeros((90, 60), np.float32)
        mask[9:rows] = 1
        assert refusal(pose(mask=mask)) == code


def test_how_far_a_person_is_turned() -> None:
    """Nothing with one shoulder before the other; more the wider they stand; 1 at the limit."""
    shares = [
        quality.turned_share(pose(left_shoulder=(300.0 + apart, 240.0)))
        for apart in (0, 15, 30, 45, 60)
    ]
    assert shares[0] == 0
    assert shares == sorted(shares)
    for share, apart in zip(shares, (0, 15, 30, 45, 60), strict=True):
        seen = pose(left_shoulder=(300.0 + apart, 240.0))
        assert (share <= 1) == (quality.view_of(seen) == "side")
    assert quality.turned_share(pose("left", left_shoulder=(330.0, 240.0))) == pytest.approx(
        shares[2]
    )
