"""The contour against masks whose edges are known."""

import numpy as np
import pytest

from posture.outline import ROW_STEP, find_outline

from . import people
from .people import SIZE, Array, back_contour, pose, soft_mask

BACK = back_contour(25, -18)


def back_x(back: Array, rows: Array) -> Array:
    """Return where a back stands at given heights."""
    order = np.argsort(back[:, 1])
    return np.interp(rows, back[order, 1], back[order, 0])


@pytest.mark.parametrize("softness", [0.5, 2.0, 6.0])
def test_back_is_found_to_a_tenth_of_a_pixel(softness: float) -> None:
    """However soft the mask's edge, its half-level is read between pixels."""
    found = find_outline(pose(mask=soft_mask(BACK, softness=softness)), SIZE[0])
    rows = found.back_px[:, 1]
    seen = (rows > BACK[:, 1].min()) & (rows < BACK[:, 1].max())
    error = found.back_px[seen, 0] - back_x(BACK, rows[seen])
    assert np.abs(error).max() < (0.1 if softness > 1 else 0.5)
    front = found.front_px[seen, 0] - back_x(BACK, rows[seen])
    assert front == pytest.approx(150, abs=0.6)


def test_rows_run_from_thigh_to_neck_at_a_fixed_share_of_stature() -> None:
    """The contour starts below the hip, ends above the shoulder, and its rows are evenly spaced."""
    person = pose(mask=soft_mask(BACK))
    rows = find_outline(person, SIZE[0]).back_px[:, 1]
    assert rows[0] > person.near("hip")[1]
    assert rows[-1] < person.near("shoulder")[1]
    assert np.diff(rows) == pytest.approx(-ROW_STEP * person.stature_px)


def test_a_mirrored_person_has_the_mirrored_outline() -> None:
    """Facing left gives the same back, mirrored, point for point."""
    right = find_outline(pose(mask=soft_mask(BACK)), SIZE[0])
    left = find_outline(pose("left", mask=soft_mask(BACK)), SIZE[0])
    assert left.back_px * (-1, 1) + (SIZE[0], 0) == pytest.approx(right.back_px, nan_ok=True)
    assert (left.hidden == right.hidden).all()


def test_a_smaller_mask_gives_the_same_outline_in_photo_pixels() -> None:
    """The mask may have fewer pixels than the photo; positions stay those of the photo."""
    mask = soft_mask(BACK, softness=6)
    height, width = mask.shape
    half = mask.reshape(height // 2, 2, width // 2, 2).mean(axis=(1, 3))
    whole = find_outline(pose(mask=mask), SIZE[0]).back_px
    assert find_outline(pose(mask=half), SIZE[0]).back_px == pytest.approx(
        whole, abs=0.3, nan_ok=True
    )


def test_an_arm_behind_the_back_hides_it() -> None:
    """Where the forearm lies on the contour, and only there, it is marked as hidden."""
    elbow, wrist = ((float(back_x(BACK, np.array([y]))[0]), y) for y in (400.0, 470.0))
    mask = soft_mask(BACK)
    assert not find_outline(pose(mask=mask), SIZE[0]).hidden[50:-60].any()
    found = find_outline(pose(mask=mask, elbow=elbow, wrist=wrist, index=wrist), SIZE[0])
    rows = found.back_px[:, 1]
    assert found.hidden[(rows > 400) & (rows < 470)].all()
    assert not found.hidden[(rows > 520) & (rows < 535)].any()


def test_a_separate_arm_or_chair_behind_is_not_taken_for_the_back() -> None:
    """Of several bodies in a row, the one that holds the trunk's middle gives the back."""
    mask = soft_mask(BACK)
    mask[380:420, 20:80] = 1
    found = find_outline(pose(mask=mask), SIZE[0])
    rows = found.back_px[:, 1]
    there = (rows > 385) & (rows < 415)
    assert found.back_px[there, 0] == pytest.approx(back_x(BACK, rows[there]), abs=0.1)


def test_a_back_beyond_the_photo_is_hidden() -> None:
    """Where the body reaches the photo's edge, its end is unknown: NaN, and hidden."""
    mask = soft_mask(BACK)
    mask[400:450, :300] = 1
    found = find_outline(pose(mask=mask), SIZE[0])
    rows = found.back_px[:, 1]
    there = (rows > 402) & (rows < 448)
    assert np.isnan(found.back_px[there, 0]).all()
    assert found.hidden[there].all()


def test_a_person_without_height_has_an_empty_outline() -> None:
    """Joints all in one place give no rows rather than an error."""
    flat = people.pose(**dict.fromkeys(people.JOINTS, (300.0, 300.0)))
    assert find_outline(flat, SIZE[0]).back_px.shape == (0, 2)
