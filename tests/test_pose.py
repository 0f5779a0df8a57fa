"""One person's points: their names, sides, size, and the mirror."""

import numpy as np
import pytest

from posture.pose import POINT_NAMES, Part

from .people import SIZE, pose


def test_every_point_of_the_model_has_a_name_of_its_own() -> None:
    """The model returns 33 points; what has a left has a right."""
    assert len(POINT_NAMES) == len(set(POINT_NAMES)) == 33
    assert {name.replace("left", "right") for name in POINT_NAMES} <= set(POINT_NAMES)


def test_a_mirrored_person_swaps_left_and_right_and_comes_back() -> None:
    """Mirroring twice gives the same person; once, the left ankle is where the right one was."""
    person = pose(left_ankle=(310.0, 860.0), mask=np.random.default_rng(0).random((90, 60)))
    mirrored = person.mirrored(SIZE[0])
    assert mirrored.at("right_ankle") == pytest.approx([SIZE[0] - 310, 860])
    assert mirrored.facing == "left"
    back = mirrored.mirrored(SIZE[0])
    assert back.xy_px == pytest.approx(person.xy_px)
    assert (back.mask == person.mask).all()


def test_the_near_side_is_the_one_that_faces_the_camera() -> None:
    """Who looks to the right shows the right side."""
    person = pose(right_hip=(301.0, 480.0), left_hip=(280.0, 470.0))
    assert person.near("hip").tolist() == [301.0, 480.0]
    assert person.mirrored(SIZE[0]).near("hip").tolist() == [SIZE[0] - 301.0, 480.0]


def test_stature_by_hand() -> None:
    """The ear stands 89.7 % of stature above the ankle; upside down there is no stature."""
    person = pose(ear=(300.0, 100.0), ankle=(300.0, 997.0))
    assert person.stature_px == pytest.approx(1000)
    assert pose(ear=(300.0, 900.0), ankle=(300.0, 100.0)).stature_px == 0


@pytest.mark.parametrize(
    ("unseen", "high", "low", "share"),
    [
        (("head",), "shoulder", "ankle", 0.818 - 0.039),
        (("feet",), "ear", "knee", 0.936 - 0.285),
        (("head", "feet"), "shoulder", "knee", 0.818 - 0.285),
    ],
)
def test_stature_of_who_is_cut_off(
    unseen: tuple[Part, ...], high: str, low: str, share: float
) -> None:
    """The shoulder stands in for the head and the knee for the feet."""
    places = {"ear": (0.0, 5000.0), "ankle": (0.0, 5000.0)} | {high: (0.0, 100.0)}
    person = pose(unseen=unseen, **places | {low: (0.0, 100.0 + 1000 * share)})
    assert person.stature_px == pytest.approx(1000)


def test_facing_does_not_ask_what_lies_outside_the_photo() -> None:
    """Guessed toes behind the heel do not turn a head that looks to the right, nor the reverse."""
    back = {"foot_index": (100.0, 885.0)}
    assert pose(**back).facing == "left"
    assert pose(unseen=("feet",), **back).facing == "right"
    assert pose(unseen=("head",), nose=(0.0, 155.0)).facing == "right"


def test_the_extent_is_that_of_all_points_whatever_the_posture() -> None:
    """Upside down, too, a person is as tall as the points reach."""
    assert pose(ear=(300.0, 900.0), nose=(300.0, 905.0), ankle=(300.0, 95.0)).extent_px == 810
