"""The contour against masks whose edges are known."""

import numpy as np
import pytest

from posture.outline import ROW_STEP, find_outline
from posture.photo import Photo
from posture.shape import Facing

from . import people
from .people import SIZE, STATURE_PX, Array, back_contour, pose, soft_mask

BACK = back_contour(25, -18)
BLANK = Photo.open(np.full((SIZE[1], SIZE[0], 3), 128, np.uint8))


def back_x(back: Array, rows: Array) -> Array:
    """Return where a back stands at given heights."""
    order = np.argsort(back[:, 1])
    return np.interp(rows, back[order, 1], back[order, 0])


@pytest.mark.parametrize("softness", [0.5, 2.0, 6.0])
def test_back_is_found_to_a_tenth_of_a_pixel(softness: float) -> None:
    """However soft the mask's edge, its half-level is read between pixels."""
    found = find_outline(pose(mask=soft_mask(BACK, softness=softness)), BLANK)
    rows = found.back_px[:, 1]
    seen = (rows > BACK[:, 1].min()) & (rows < BACK[:, 1].max())
    error = found.back_px[seen, 0] - back_x(BACK, rows[seen])
    assert np.abs(error).max() < (0.1 if softness > 1 else 0.5)
    front = found.front_px[seen, 0] - back_x(BACK, rows[seen])
    assert front == pytest.approx(150, abs=0.6)


def test_rows_run_from_thigh_to_neck_at_a_fixed_share_of_stature() -> None:
    """The contour starts below the hip, ends above the shoulder, and its rows are evenly spaced."""
    person = pose(mask=soft_mask(BACK))
    rows = find_outline(person, BLANK).back_px[:, 1]
    assert rows[0] > person.near("hip")[1]
    assert rows[-1] < person.near("shoulder")[1]
    assert np.diff(rows) == pytest.approx(-ROW_STEP * person.stature_px)


def test_a_mirrored_person_has_the_mirrored_outline() -> None:
    """Facing left gives the same back, mirrored, point for point."""
    right = find_outline(pose(mask=soft_mask(BACK)), BLANK)
    left = find_outline(pose("left", mask=soft_mask(BACK)), BLANK)
    assert left.back_px * (-1, 1) + (SIZE[0], 0) == pytest.approx(right.back_px, nan_ok=True)
    assert (left.hidden == right.hidden).all()


def test_a_smaller_mask_gives_the_same_outline_in_photo_pixels() -> None:
    """The mask may have fewer pixels than the photo; positions stay those of the photo."""
    mask = soft_mask(BACK, softness=6)
    height, width = mask.shape
    half = mask.reshape(height // 2, 2, width // 2, 2).mean(axis=(1, 3))
    whole = find_outline(pose(mask=mask), BLANK).back_px
    assert find_outline(pose(mask=half), BLANK).back_px == pytest.approx(
        whole, abs=0.3, nan_ok=True
    )


def test_an_arm_behind_the_back_hides_it() -> None:
    """Where the forearm lies on the contour, and only there, it is marked as hidden."""
    elbow, wrist = ((float(back_x(BACK, np.array([y]))[0]), y) for y in (400.0, 470.0))
    mask = soft_mask(BACK)
    assert not find_outline(pose(mask=mask), BLANK).hidden[50:-60].any()
    found = find_outline(pose(mask=mask, elbow=elbow, wrist=wrist, index=wrist), BLANK)
    rows = found.back_px[:, 1]
    assert found.hidden[(rows > 400) & (rows < 470)].all()
    assert not found.hidden[(rows > 520) & (rows < 535)].any()


def test_a_separate_arm_or_chair_behind_is_not_taken_for_the_back() -> None:
    """Of several bodies in a row, the one that holds the trunk's middle gives the back."""
    mask = soft_mask(BACK)
    mask[380:420, 20:80] = 1
    found = find_outline(pose(mask=mask), BLANK)
    rows = found.back_px[:, 1]
    there = (rows > 385) & (rows < 415)
    assert found.back_px[there, 0] == pytest.approx(back_x(BACK, rows[there]), abs=0.1)


def test_a_back_beyond_the_photo_is_hidden() -> None:
    """Where the body reaches the photo's edge, its end is unknown: NaN, and hidden."""
    mask = soft_mask(BACK)
    mask[400:450, :300] = 1
    found = find_outline(pose(mask=mask), BLANK)
    rows = found.back_px[:, 1]
    there = (rows > 402) & (rows < 448)
    assert np.isnan(found.back_px[there, 0]).all()
    assert found.hidden[there].all()


def test_a_person_without_height_has_an_empty_outline() -> None:
    """Joints all in one place give no rows rather than an error."""
    flat = people.pose(**dict.fromkeys(people.JOINTS, (300.0, 300.0)))
    assert find_outline(flat, BLANK).back_px.shape == (0, 2)


def test_what_is_guessed_outside_the_photo_does_not_move_the_outline() -> None:
    """Without head and feet the same back is traced, wherever their points are guessed to be."""
    mask = soft_mask(BACK)
    guessed = {"ear": (250.0, -90.0), "ankle": (380.0, 1200.0)}
    found = find_outline(pose(mask=mask, unseen=("head", "feet"), **guessed), BLANK)
    rows = found.back_px[:, 1]
    assert rows[0] > 520
    assert rows[-1] < 210
    seen = (rows > BACK[:, 1].min()) & (rows < BACK[:, 1].max())
    assert np.abs(found.back_px[seen, 0] - back_x(BACK, rows[seen])).max() < 0.1


def painted(back: Array, facing_left: bool = False) -> Photo:
    """Return a photo of a dark body before a bright wall, whose edge is the given back."""
    body = soft_mask(back, softness=0.7)
    grey = (220 - 160 * body).astype(np.uint8)
    picture = np.repeat(grey[..., None], 3, axis=2)
    return Photo.open(picture[:, ::-1] if facing_left else picture)


@pytest.mark.parametrize("facing", ["right", "left"])
def test_a_coarse_mask_is_moved_to_the_edge_in_the_photo(facing: Facing) -> None:
    """The mask wavers by two pixels about the true back; the photo's edge brings it to half one."""
    wavering = BACK + np.column_stack([2 * np.sin(BACK[:, 1] / 9), np.zeros(len(BACK))])
    photo = painted(BACK, facing == "left")
    found = find_outline(pose(facing, mask=soft_mask(wavering)), photo).back_px
    if facing == "left":
        found = found * (-1, 1) + (SIZE[0], 0)
    seen = (found[:, 1] > BACK[:, 1].min() + 30) & (found[:, 1] < BACK[:, 1].max() - 30)
    error = found[seen, 0] - back_x(BACK, found[seen, 1])
    assert np.abs(error).mean() < 0.5
    assert np.abs(error).max() < 1.0


def test_where_the_mask_lies_hardly_moves_the_contour() -> None:
    """Masks 0.4 % of stature inside and outside the body, five pixels apart: 0.5 remain."""
    photo, off = painted(BACK), (0.004 * STATURE_PX, 0)
    inside, outside = (
        find_outline(pose(mask=soft_mask(back)), photo).back_px for back in (BACK + off, BACK - off)
    )
    rows = inside[:, 1]
    seen = (rows > BACK[:, 1].min() + 30) & (rows < BACK[:, 1].max() - 30)
    assert np.abs(inside[seen, 0] - outside[seen, 0]).max() < 0.5
    assert np.abs(inside[seen, 0] - back_x(BACK, rows[seen])).max() < 1.0


def test_an_edge_far_from_the_body_draws_nothing() -> None:
    """A door frame three centimetres behind the back leaves the contour where it is."""
    photo = painted(BACK)
    pixels = photo.pixels.copy()
    frame = (back_x(BACK, np.arange(SIZE[1]) + 0.5) - 0.018 * STATURE_PX).astype(int)
    for row, column in enumerate(frame):
        pixels[row, :column] = 30
    person = pose(mask=soft_mask(BACK))
    beside = find_outline(person, Photo.open(pixels)).back_px
    rows = beside[:, 1]
    seen = (rows > BACK[:, 1].min() + 30) & (rows < BACK[:, 1].max() - 30)
    assert np.abs(beside[seen, 0] - back_x(BACK, rows[seen])).max() < 1.0
