"""Several photos of one stance: who is in them, and by how little they differ."""

from dataclasses import fields

import numpy as np
import pytest

from validation import sets, subjects
from validation.recipes import Subject
from validation.sets import Shot

INDICES = range(150)


def drawn(index: int, visit: int, photo: int, split: str = "calibrate") -> Subject:
    """Return what `generate` makes a picture of a series from."""
    shot = Shot(split, "series", index, visit, photo)
    subject = subjects.draw(split, shot.person_index, visit=visit)
    if not photo:
        return subject
    return subjects.once_more(subject, split, shot.person_index, visit=visit, photo=photo)


def test_a_series_has_two_visits_of_three_photos() -> None:
    """Whole people follow one another, so that those made first can be measured."""
    for split in ("calibrate", "test"):
        shots = [shot for shot in sets.plan(split) if shot.kind == "series"]
        assert len(shots) == 360
        assert [s.name for s in shots[6:12]] == [
            f"{split}/series-0001-{end}" for end in ("0", "0-1", "0-2", "1", "1-1", "1-2")
        ]
    assert not [shot for shot in sets.plan("fit") if shot.kind == "series"]


def test_people_of_a_series_are_nobody_else() -> None:
    """Their numbers come after those of every other kind."""
    for split in ("calibrate", "test"):
        mine = {s.person_index for s in sets.plan(split) if s.kind == "series"}
        others = {s.person_index for s in sets.plan(split) if s.kind != "series"}
        assert min(mine) > max(others)


def test_person_clothes_and_room_stay_within_a_series() -> None:
    """Stance, camera and finish alone differ; each photo is drawn the same again."""
    for visit in (0, 1):
        first, second = drawn(3, visit, 0), drawn(3, visit, 1)
        differing = {
            f.name for f in fields(Subject) if getattr(first, f.name) != getattr(second, f.name)
        }
        assert differing == {"stance", "camera", "finish"}
        assert drawn(3, visit, 1) == second
        assert drawn(3, visit, 2) != second
        assert second.stance.arms == first.stance.arms
        assert second.camera.side == first.camera.side


@pytest.mark.parametrize(
    ("part", "name", "sd"),
    [
        ("stance", "pelvis_deg", 0.5),
        ("stance", "balance_m", 0.003),
        ("camera", "roll_deg", 1.0),
        ("camera", "yaw_deg", 1.0),
        ("camera", "distance_m", 0.05),
    ],
)
def test_photos_of_a_stance_differ_by_little(part: str, name: str, sd: float) -> None:
    """By what is said of them, and about the first photo, not away from the one before."""
    off = [
        getattr(getattr(drawn(i, 0, photo), part), name)
        - getattr(getattr(drawn(i, 0, 0), part), name)
        for i in INDICES
        for photo in (1, 2)
    ]
    assert np.std(off) == pytest.approx(sd, rel=0.15)
    assert abs(np.mean(off)) < 0.2 * sd


def test_the_lens_stays_and_the_person_is_in_the_photo() -> None:
    """Nearer is larger; crown and sole are a margin away from the edge, however it is pitched."""
    for i in INDICES:
        before, after = drawn(i, 1, 0).camera, drawn(i, 1, 2).camera
        assert after.fill * after.distance_m == pytest.approx(before.fill * before.distance_m)
        tall = after.fill / 2 + np.tan(np.radians(abs(after.pitch_deg))) * after.fill * (
            after.distance_m / 1.4
        )
        assert tall < 0.5
