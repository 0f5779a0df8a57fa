"""What a photo shows of a person: what lies outside, what is covered, and what is guesswork."""

import numpy as np
import pytest

from posture.framing import (
    are_outside,
    hangs_together,
    is_covered,
    is_guesswork,
    unseen_parts,
)
from posture.pose import PARTS, Part, Pose

from .people import SIZE, photo, pose

PHOTO = photo()
BEYOND: dict[Part, dict[str, tuple[float, float]]] = {
    "head": {"ear": (310.0, -60.0), "nose": (370.0, -55.0)},
    "feet": {"ankle": (300.0, 960.0), "heel": (285.0, 975.0), "foot_index": (360.0, 980.0)},
}


@pytest.mark.parametrize(
    ("place", "outside"),
    [
        ((300.0, 5.0), False),
        ((300.0, -5.0), False),
        ((300.0, -15.0), True),
        ((300.0, 915.0), True),
        ((-15.0, 300.0), True),
        ((SIZE[0] + 15.0, 300.0), True),
    ],
)
def test_a_joint_is_outside_when_it_lies_beyond_the_frame(
    place: tuple[float, float], outside: bool
) -> None:
    """On every side, but not for a hundredth of the person's height."""
    person = pose(hip=place)
    assert are_outside(person, PHOTO, "knee", "hip") is outside
    assert not are_outside(person, PHOTO, "knee", "shoulder")


@pytest.mark.parametrize("parts", [(), ("head",), ("feet",), ("head", "feet")])
def test_parts_beyond_the_frame_are_unseen(parts: tuple[Part, ...]) -> None:
    """Head and feet, each told by its own joints."""
    places = {name: place for part in parts for name, place in BEYOND[part].items()}
    assert unseen_parts(pose(**places), PHOTO) == set(parts)


@pytest.mark.parametrize(("unseen", "beyond"), [({"head", "feet"}, True), (set(), False)])
def test_feet_without_a_body_are_unseen_where_the_head_is_too(
    unseen: set[str], beyond: bool
) -> None:
    """Without a head the mask may end above the feet; with one, something covers them."""
    mask = np.ones((90, 60), np.float32)
    mask[80:] = 0
    assert unseen_parts(pose(mask=mask, **BEYOND["head"] if beyond else {}), PHOTO) == unseen


def test_a_joint_is_covered_where_the_mask_shows_no_body() -> None:
    """Inside and outside the mask, and beyond its end."""
    mask = np.ones((90, 60), np.float32)
    mask[60:75] = 0
    person = pose(mask=mask)
    assert is_covered(person, PHOTO, "knee")
    assert not is_covered(person, PHOTO, "ankle")
    assert is_covered(pose(ankle=(300.0, 1200.0)), PHOTO, "ankle")


SQUEEZED = pose()
SQUEEZED = Pose(
    SQUEEZED.xy_px * (1, 0.4) + (0, 500), SQUEEZED.visibility, SQUEEZED.mask, frozenset({"head"})
)


@pytest.mark.parametrize(
    ("person", "one"),
    [
        (pose(), True),
        (pose("left"), True),
        (SQUEEZED, False),
        (pose(knee=(305.0, 560.0)), False),
        (pose(ankle=(300.0, 720.0)), False),
        (pose(unseen=("feet",), ankle=(300.0, 720.0)), True),
        (pose(knee=(480.0, 600.0)), False),
        (pose(shoulder=(480.0, 300.0)), False),
        (pose(mask=np.zeros((90, 60), np.float32)), False),
        (pose(hip=(float("nan"), 480.0)), False),
    ],
    ids=[
        "whole",
        "mirrored",
        "in a part of its mask",
        "short thigh",
        "short shank",
        "guessed shank",
        "sitting",
        "bending",
        "no mask",
        "no hip",
    ],
)
def test_points_of_a_standing_person_hang_together(person: Pose, one: bool) -> None:
    """Trunk, thigh and shank in proportion, upright, and as large as the mask."""
    assert hangs_together(person, PHOTO) is one


def test_only_whoever_is_cut_off_can_be_guesswork() -> None:
    """A squat in full view is one; the same at the photo's edge is not believed."""
    squat = {"knee": (480.0, 600.0)}
    whole, at_the_edge = (np.zeros((90, 60), np.float32) for _ in range(2))
    whole[9:89], at_the_edge[9:] = 1, 1
    assert not is_guesswork(pose(mask=whole, **squat), PHOTO)
    assert is_guesswork(pose(mask=at_the_edge, **squat), PHOTO)
    assert is_guesswork(pose(mask=whole, unseen=("feet",), **squat), PHOTO)
    assert not is_guesswork(pose(mask=at_the_edge), PHOTO)


def test_every_part_names_joints_of_the_body() -> None:
    """A person can be asked for them on the near side."""
    for joints in PARTS.values():
        for joint in joints:
            assert pose().near(joint).shape == (2,)
