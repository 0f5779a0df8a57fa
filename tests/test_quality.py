"""What is refused, and for which reason."""

import cv2
import numpy as np
import pytest

from posture import quality
from posture.landmarks import Pose
from posture.photo import Photo
from posture.tilt import Back, Inflection

from . import people
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
def test_a_standing_person_from_the_side_is_measured(facing: people.Facing) -> None:
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


@pytest.mark.parametrize("turn", [-180, -90, -12, 12, 90])
def test_a_turned_photo_is_told_from_a_person_who_bends(turn: float) -> None:
    """Whoever leans as a whole, leg and trunk alike, is in a turned photo."""
    c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
    upright = pose()
    turned = (upright.xy_px - (300, 450)) @ np.array([[c, s], [-s, c]]) + (300, 450)
    assert refusal(Pose(turned, upright.visibility, upright.mask)) == "not_upright"


@pytest.mark.parametrize("joint", ["nose", "left_shoulder", "right_ankle", "left_wrist"])
def test_a_point_that_was_not_found_is_refused(joint: str) -> None:
    """NaN anywhere is a reason, never an error or a number."""
    assert refusal(pose(**{joint: (float("nan"), 300.0)})) == "missing_points"


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

    assert crowd(first, other(0.9, 250)) == "several_people"
    assert crowd(first, other(0.3, 250)) is None
    assert crowd(first, other(1.0, 10)) is None


def test_a_hidden_back_is_refused() -> None:
    """An arm or hair over the low back refuses it, as does a back without a hollow."""
    at, steep, lost = (
        Inflection(0, 0, deg, 15, found) for deg, found in ((20, True), (-80, True), (20, False))
    )
    assert quality.refuse_back(Back(at, at, 0.0)) is None
    for back, code in (
        (None, "back_hidden"),
        (Back(at, at, 0.5), "back_hidden"),
        (Back(at, steep, 0.0), "back_hidden"),
        (Back(at, lost, 0.0), "no_hollow"),
    ):
        reason = quality.refuse_back(back)
        assert reason is not None
        assert reason.code == code


@pytest.mark.parametrize(
    "code",
    [
        "no_person",
        "several_people",
        "not_side_view",
        "not_standing",
        "person_cut_off",
        "too_small",
        "too_dark_or_blurred",
        "back_hidden",
        "no_hollow",
        "not_upright",
        "missing_points",
        "provisional",
    ],
)
def test_every_reason_is_two_plain_sentences(code: str) -> None:
    """What is wrong and what to do next, each one short sentence."""
    reason = quality.explain(code)
    assert reason.code == code
    for sentence in (reason.message, reason.advice):
        assert sentence.endswith(".")
        assert ". " not in sentence
        assert len(sentence) < 100
