"""How much of a back is bare, against people painted by hand."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from posture import assess, tilt
from posture.photo import Photo
from posture.shape import Facing
from posture.skin import bare_share
from posture.tilt import Cover

from .people import BODY_ROWS, HIP, SHOULDER, SIZE, FakeDetector, pose

SKIN, SHIRT, WALL = (200, 150, 120), (60, 90, 160), (128, 128, 128)
LEFT, RIGHT = 235, 385
BACK = np.column_stack([np.full(400, float(LEFT)), np.arange(600.0, 200.0, -1)])
PERSON = pose(elbow=(360.0, 370.0), eye_outer=(340.0, 150.0))
ARM = (slice(335, 460), slice(345, 430))


def at(height: float) -> int:
    """Return the row that lies so far up from hip to shoulder."""
    return round(float(HIP[1] + height * (SHOULDER - HIP)[1]))


def painted(shirt: tuple[int, int, int] | None, low: float = 0.0, high: float = 1.0) -> Photo:
    """Return a bare person with a shirt between two heights."""
    pixels = np.full((SIZE[1], SIZE[0], 3), WALL, np.uint8)
    pixels[BODY_ROWS, LEFT:RIGHT] = SKIN
    if shirt is not None:
        pixels[at(high) : at(low), LEFT:RIGHT] = shirt
    pixels[ARM] = SKIN
    return Photo.open(pixels)


def lit(photo: Photo, light: NDArray[np.float64]) -> Photo:
    """Return the photo under a light that is 1 where it stays as it is."""
    return Photo.open((photo.pixels * light).astype(np.uint8))


def test_bare_and_dressed() -> None:
    """All of a bare back, nothing under a shirt, half where it ends half way."""
    assert bare_share(painted(None), PERSON, BACK) == 1
    assert bare_share(painted(SHIRT), PERSON, BACK) == 0
    assert bare_share(painted(SHIRT, low=0.4), PERSON, BACK) == pytest.approx(0.5, abs=0.02)


def test_a_shirt_of_the_colour_of_skin_is_not_told_from_it() -> None:
    """That is why a share of bare skin is no proof."""
    assert bare_share(painted(SKIN), PERSON, BACK) == 1


@pytest.mark.parametrize("facing", ["left", "right"])
@pytest.mark.parametrize("shirt", [None, SHIRT])
def test_shade_and_side_make_no_difference(
    facing: Facing, shirt: tuple[int, int, int] | None
) -> None:
    """A back three times darker than the face; a person who faces the other way."""
    light = np.linspace(0.33, 1.0, RIGHT - LEFT)
    across = np.concatenate([np.full(LEFT, 0.33), light, np.ones(SIZE[0] - RIGHT)])
    photo, person, back = lit(painted(shirt), across[None, :, None]), PERSON, BACK
    if facing == "left":
        photo = Photo.open(np.ascontiguousarray(photo.pixels[:, ::-1]))
        person, back = person.mirrored(SIZE[0]), BACK * (-1, 1) + (SIZE[0], 0)
    assert bare_share(photo, person, back) == (shirt is None)


def test_black_cloth_is_no_shaded_skin() -> None:
    """Its channels may stand in the same ratios; it is far too dark."""
    assert bare_share(painted((30, 22, 18)), PERSON, BACK) == 0


def test_an_overexposed_face_is_not_asked() -> None:
    """Hand and forearm tell then."""
    pixels = painted(None).pixels.copy()
    pixels[:240] = 255
    assert bare_share(Photo.open(pixels), PERSON, BACK) == 1


def test_nothing_is_bare_where_skin_is_not_surely_seen() -> None:
    """In a photo without colour, or where face and hand are covered in different colours."""
    grey = painted(None).pixels.mean(axis=2, dtype=float).astype(np.uint8)
    assert bare_share(Photo.open(np.repeat(grey[:, :, None], 3, axis=2)), PERSON, BACK) == 0
    pixels = painted(None).pixels.copy()
    pixels[:240] = SHIRT
    pixels[ARM] = (90, 160, 60)
    assert bare_share(Photo.open(pixels), PERSON, BACK) == 0


def test_an_arm_before_the_back_is_left_out() -> None:
    """Its skin is not that of the back; if nothing else is seen, nothing is said to be bare."""
    over = pose(elbow=(250.0, 370.0), wrist=(250.0, 470.0), index=(250.0, 520.0))
    assert bare_share(painted(None), over, BACK) == 0


def test_rows_of_nan_and_places_outside_the_photo() -> None:
    """They are left out, of the back and of the skin."""
    gaps = BACK.copy()
    gaps[::2] = np.nan
    assert bare_share(painted(None), PERSON, gaps) == 1
    assert bare_share(painted(None), PERSON, np.full((50, 2), np.nan)) == 0
    far = (-900.0, -900.0)
    outside = pose(ear=far, elbow=far, wrist=far, index=far, pinky=far)
    assert bare_share(painted(None), outside, BACK) == 0


def test_a_photo_held_smaller_than_it_is() -> None:
    """Points are given in the photo's own pixels."""
    pixels = np.repeat(np.repeat(painted(SHIRT, low=0.4).pixels, 4, axis=0), 4, axis=1)
    large = replace(PERSON, xy_px=PERSON.xy_px * 4)
    assert bare_share(Photo.open(pixels), large, BACK * 4) == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize(("shirt", "cloth_cm"), [(None, 0.2), (SHIRT, 1.2)])
def test_what_looks_like_cloth_on_a_bare_back_counts_less(
    monkeypatch: pytest.MonkeyPatch, shirt: tuple[int, int, int] | None, cloth_cm: float
) -> None:
    """By one centimetre where all is bare; arms and hair are not concerned."""
    seen = Cover(cloth_cm=1.2, arm_share=0.1, hair_share=0.3)
    monkeypatch.setattr(tilt, "covered", lambda _: seen)
    mask = np.zeros((SIZE[1], SIZE[0]), np.float32)
    mask[BODY_ROWS, LEFT:RIGHT] = 1
    person = replace(PERSON, mask=mask)
    evidence = assess(painted(shirt), detector=FakeDetector((person,))).evidence
    assert evidence is not None
    assert evidence.cover.cloth_cm == pytest.approx(cloth_cm)
    assert replace(evidence.cover, cloth_cm=1.2) == seen
