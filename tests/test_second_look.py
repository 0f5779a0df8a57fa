"""Who is hidden for a second look, and who of those found then counts."""

from dataclasses import replace

import numpy as np
import pytest

from posture.photo import Photo
from posture.pose import Pose
from posture.second_look import hide, overlooked

from .people import BODY_ROWS, SIZE, STATURE_PX, photo, pose

PHOTO = photo()


def standing(at: int, *, deep: int = 160, shape: tuple[int, int] = SIZE[::-1]) -> Pose:
    """Return a person whose trunk is at a column, as in a photo of 600 by 900 pixels."""
    person = pose()
    mask = np.zeros(SIZE[::-1], np.float32)
    mask[BODY_ROWS, max(0, at - deep // 2) : max(0, at + deep // 2)] = 1
    rows, columns = (np.arange(n) * m // n for n, m in zip(shape, mask.shape, strict=True))
    return replace(
        person, xy_px=np.add(person.xy_px, (at - 300, 0)), mask=mask[np.ix_(rows, columns)]
    )


def hidden_columns(pixels: np.ndarray) -> np.ndarray:
    """Return the columns in which nothing of a white photo is left."""
    return np.flatnonzero((pixels < 255).all(axis=(0, 2)))


def test_the_body_is_hidden_from_top_to_bottom_and_nothing_beside_it() -> None:
    """Found at any size of picture, and the photo itself stays as it is."""
    white = Photo.open(np.full((900, 600, 3), 255, np.uint8))
    for at in (150, 300, 450):
        small = hide(standing(at), white.pixels, white)
        columns = hidden_columns(small) * 600 / small.shape[1]
        reach = 0.14 * standing(at).extent_px
        assert columns[0] == pytest.approx(at - reach, abs=5)
        assert columns[-1] == pytest.approx(at + reach, abs=5)
        assert len(columns) == np.ptp(hidden_columns(small)) + 1
    assert (white.pixels == 255).all()
    assert max(small.shape) <= 320


def test_of_two_people_in_one_mask_the_one_that_fills_more_is_hidden_whole() -> None:
    """Where the points lie between both, the hidden columns do not."""
    white = Photo.open(np.full((900, 600, 3), 255, np.uint8))
    mixed = standing(300)
    mask = np.maximum(standing(150, deep=110).mask, standing(450).mask)
    small = hide(replace(mixed, mask=mask), white.pixels, white)
    middle = hidden_columns(small).mean() * 600 / small.shape[1]
    assert middle == pytest.approx(450, abs=5)


def test_a_body_beside_the_hidden_one_counts() -> None:
    """It gets a mask of the hidden one's size."""
    first, other = standing(150), standing(420, shape=(300, 200))
    found = overlooked(first, (other,), PHOTO)
    assert len(found) == 1
    assert found[0].mask.shape == first.mask.shape
    assert found[0].xy_px == pytest.approx(other.xy_px)


def blurred(name: str) -> Pose:
    """Return a person beside another whose joint is hardly seen on either side."""
    person = standing(420)
    seen = [person.seen(f"{side}_{name}") for side in ("left", "right")]
    assert max(seen) > 0.97
    unsure = person.visibility.copy()
    unsure[[23, 24] if name == "hip" else [11, 12]] = 0.9
    return replace(person, visibility=unsure)


@pytest.mark.parametrize(
    "other",
    [
        standing(150 + round(0.1 * STATURE_PX)),
        replace(standing(420), xy_px=standing(420).xy_px * (1, 0.5)),
        standing(640),
        blurred("hip"),
        blurred("shoulder"),
    ],
    ids=["the hidden one", "no body", "outside the photo", "unsure hip", "unsure shoulder"],
)
def test_what_is_no_body_beside_the_hidden_one_does_not_count(other: Pose) -> None:
    """What is left of the hidden person, and furniture, is no second person."""
    assert overlooked(standing(150), (other,), PHOTO) == ()
