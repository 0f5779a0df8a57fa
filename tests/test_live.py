"""Live pictures: looked at once each, refused as photos are, with wider intervals."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from posture import Photo, live
from posture.assess import assess
from posture.landmarks import Look, MediaPipeDetector
from posture.live import DIFFERS_DEG, Preview
from posture.model_file import PREVIEW_PATH
from posture.pose import Pose
from validation.preview import bound

SAMPLES = Path(__file__).parents[1] / "samples"
LEFT = Photo.open(SAMPLES / "standing_tank_top.jpg")


class Counting:
    """A glancer that remembers what it was shown, and sees one person in it, or nobody."""

    name = "counting"

    def __init__(self, facing_right: Pose | None) -> None:
        self.pose = facing_right
        self.shown: list[Photo] = []
        self.turned = False

    def glance(self, photo: Photo) -> tuple[Pose, ...]:
        """See the person look where they do, if the photo is not a mirror image."""
        self.shown.append(photo)
        if self.pose is None:
            return ()
        is_mirrored = (photo.pixels != PICTURE.pixels).any()
        return (self.pose.mirrored(photo.width) if is_mirrored != self.turned else self.pose,)

    def detect(self, photo: Photo) -> Look:
        """Nobody looks twice at a live picture."""
        raise AssertionError(photo)


PICTURE = replace(LEFT, pixels=np.ascontiguousarray(LEFT.pixels[:, ::-1]))


@pytest.fixture(scope="module")
def glancer() -> MediaPipeDetector:
    """Load the quicker model once."""
    return MediaPipeDetector(PREVIEW_PATH, at_once=False)


@pytest.fixture(scope="module")
def pose(glancer: MediaPipeDetector) -> Pose:
    """Return a person who looks to the right."""
    (found,) = glancer.glance(PICTURE)
    assert found.facing == "right"
    return found


def test_a_picture_is_looked_at_once(pose: Pose) -> None:
    """Only when the person has turned around are there two looks, and then one again."""
    glancer = Counting(pose)
    preview = Preview(glancer)
    assert preview.look(PICTURE).facing == "right"
    assert len(glancer.shown) == 1
    glancer.turned = True
    assert preview.look(PICTURE).facing == "left"
    assert len(glancer.shown) == 3
    assert preview.look(PICTURE).facing == "left"
    assert len(glancer.shown) == 4


def test_an_empty_picture_is_refused_as_a_photo_is() -> None:
    """Nobody there: no number, and the reason that a photo has."""
    found = Preview(Counting(None)).look(PICTURE)
    assert [reason.code for reason in found.reasons] == ["no_person"]
    assert found.pelvic_tilt.value is None


def test_the_intervals_of_the_angles_are_wider(pose: Pose) -> None:
    """By what the quicker model's numbers differ, to both sides; the others stay as they are."""
    glancer = Counting(pose)
    plain = assess(PICTURE, detector=glancer, people=(pose,))
    seen = Preview(glancer).look(PICTURE)
    for key, measurement in plain.measurements.items():
        assert measurement.low is not None
        assert measurement.high is not None
        by = DIFFERS_DEG.get(key, 0.0)
        assert seen.measurements[key].value == measurement.value
        assert seen.measurements[key].low == measurement.low - by
        assert seen.measurements[key].high == measurement.high + by
    assert set(DIFFERS_DEG) <= set(plain.measurements)


def test_a_refused_angle_stays_refused(pose: Pose, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no interval to widen."""
    plain = assess(PICTURE, detector=Counting(pose), people=(pose,))
    none = replace(plain.pelvic_tilt, value=None, low=None, high=None, tier="refused")
    refused = replace(plain, measurements={none.quantity.key: none})
    monkeypatch.setattr(live, "assess", lambda *_given, **_more: refused)
    assert Preview(Counting(pose)).look(PICTURE).pelvic_tilt == none


@pytest.mark.parametrize("picture", [LEFT, PICTURE], ids=["left", "right"])
def test_the_preview_is_near_what_counts(glancer: MediaPipeDetector, picture: Photo) -> None:
    """The quicker model's angles of a sample lie within what was measured of their difference."""
    seen, counts = Preview(glancer).look(picture), assess(picture)
    assert seen.facing == counts.facing
    assert seen.model == "pose_landmarker_lite"
    for key, most in DIFFERS_DEG.items():
        one, other = seen.measurements[key].value, counts.measurements[key].value
        assert one is not None
        assert other is not None
        assert abs(one - other) <= most


def test_nineteen_of_twenty_stay_below_the_bound() -> None:
    """It is the largest of 19 differences, the second of 39; of fewer nothing can be told."""
    assert bound([*range(-18, 1)]) == 18
    assert bound([*range(39)]) == 37
    with pytest.raises(ValueError, match="too few pictures"):
        bound([1.0] * 18)
