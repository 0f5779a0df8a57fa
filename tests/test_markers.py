"""Stickers in pictures drawn by hand, at places known to a part of a pixel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from posture.bony import Guess
from posture.markers import Sticker, find_stickers
from posture.naming import name_stickers
from posture.photo import Photo

Pixels = NDArray[np.float64]

# A body 300 mm deep that looks to the right, before a wall, with one photo pixel a millimetre.
WIDTH, HEIGHT = 600, 1000
LEFT, RIGHT = 150, 450
BODY, WALL = (196, 150, 120), (120, 130, 140)
RED, WHITE, BLACK = (200, 30, 40), (245, 245, 240), (25, 25, 28)
PLACES = {
    "c7": (200.0, 120.0),
    "t12": (190.0, 430.0),
    "l1": (190.0, 480.0),
    "l3": (195.0, 580.0),
    "s1": (160.0, 680.0),
    "psis": (175.0, 720.0),
    "asis": (380.0, 740.0),
}
SD = 15.0


def where(scale: float = 1.0, sd: float = SD) -> dict[str, Guess]:
    """Return where the points are expected in a photo so many times larger."""
    spread = np.eye(2) * (sd * scale) ** 2
    return {n: Guess(x * scale, y * scale, spread) for n, (x, y) in PLACES.items()}


def body() -> NDArray[np.float32]:
    """Return the mask, at a quarter of the photo's size."""
    mask = np.zeros((HEIGHT // 4, WIDTH // 4), np.float32)
    mask[:, LEFT // 4 : RIGHT // 4] = 1
    return mask


def person(
    cloth: tuple[int, int, int] = BODY, pattern: Pixels | None = None, noise: float = 2.0
) -> Pixels:
    """Return a picture of the body; where the pattern is 1 it has half of its brightness."""
    picture = np.empty((HEIGHT, WIDTH, 3))
    picture[:] = WALL
    picture[:, LEFT:RIGHT] = cloth
    if pattern is not None:
        picture[:, LEFT:RIGHT] *= (1 - 0.5 * pattern[:, LEFT:RIGHT])[..., None]
    return picture + np.random.default_rng(3).normal(0, noise, picture.shape)


def stripes(across: int, down: int) -> Pixels:
    """Return stripes, or checks, of so many pixels."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    return np.asarray((x // across + y // down) % 2, dtype=float)


def taped(
    picture: Pixels,
    at: tuple[float, float],
    *,
    diameter: float = 16.0,
    ratio: float = 1.0,
    colour: tuple[int, int, int] = RED,
    look: str = "plain",
) -> Pixels:
    """Return the picture with a sticker, drawn with ten times ten points a pixel.

    ``ratio`` is how much narrower than high it is seen.
    """
    fine, reach = 10, int(diameter) + 2
    left, top = int(at[0]) - reach, int(at[1]) - reach
    y, x = (np.mgrid[: 2 * reach * fine, : 2 * reach * fine] + 0.5) / fine
    u, v = (x + left - at[0]) / (diameter * ratio / 2), (y + top - at[1]) / (diameter / 2)
    radius = np.hypot(u, v)
    colours = np.empty((*radius.shape, 3))
    colours[:] = colour
    if look == "quarters":
        colours[:] = np.where((u * v > 0)[..., None], WHITE, BLACK)
    elif look == "dot":
        colours[:] = np.where((radius < 0.5)[..., None], BLACK, WHITE)
    inside = (radius <= 1)[..., None]
    shape = (2 * reach, fine, 2 * reach, fine)
    share = inside.reshape(*shape, 1).mean(axis=(1, 3))
    seen = (colours * inside).reshape(*shape, 3).mean(axis=(1, 3))
    changed = picture.copy()
    cut = slice(top, top + 2 * reach), slice(left, left + 2 * reach)
    changed[cut] = changed[cut] * (1 - share) + seen
    return changed


def found(picture: Pixels, expected: Mapping[str, Guess] | None = None) -> tuple[Sticker, ...]:
    """Return what is found in a picture of one pixel a millimetre."""
    pixels = np.clip(np.round(picture), 0, 255).astype(np.uint8)
    return find_stickers(Photo.open(pixels), body(), where() if expected is None else expected, 1.0)


def places(stickers: tuple[Sticker, ...]) -> list[tuple[float, float]]:
    """Return the middles."""
    return [(s.x, s.y) for s in stickers]


@pytest.mark.parametrize(
    ("colour", "diameter"),
    [(RED, 8.0), (WHITE, 12.0), (BLACK, 16.0), ((30, 80, 200), 25.0), ((230, 215, 30), 12.0)],
)
def test_a_disc_is_found_to_a_part_of_a_pixel(
    diameter: float, colour: tuple[int, int, int]
) -> None:
    """Bright, white and black ones of 8 to 25 mm, with their size and name."""
    at = (377.3, 741.8)
    (sticker,) = found(taped(person(), at, diameter=diameter, colour=colour))
    assert (sticker.x, sticker.y) == pytest.approx(at, abs=0.2)
    assert sticker.diameter_px == pytest.approx(diameter, rel=0.2)
    assert sticker.names == ("asis",)
    assert 0 < sticker.sd_px < 3


@pytest.mark.parametrize("ratio", [0.4, 0.6, 0.8])
def test_a_disc_seen_from_beside(ratio: float) -> None:
    """Its longer diameter is its own."""
    at = (377.6, 739.2)
    (sticker,) = found(taped(person(), at, ratio=ratio))
    assert (sticker.x, sticker.y) == pytest.approx(at, abs=0.3)
    assert sticker.diameter_px == pytest.approx(16, rel=0.2)


@pytest.mark.parametrize("look", ["quarters", "dot"])
@pytest.mark.parametrize("cloth", [BODY, (90, 110, 150)])
def test_a_black_and_white_target(look: str, cloth: tuple[int, int, int]) -> None:
    """Its middle is that of the whole, not of one of its colours."""
    at = (378.4, 738.7)
    (sticker,) = found(taped(person(cloth), at, diameter=22, look=look))
    assert (sticker.x, sticker.y) == pytest.approx(at, abs=0.5)
    assert sticker.diameter_px == pytest.approx(22, rel=0.2)


def test_a_ring_whose_hole_shows_the_cloth() -> None:
    """The hole is its own."""
    at = (378.4, 738.7)
    ring = taped(taped(person(), at, diameter=22), at, diameter=9, colour=BODY)
    (sticker,) = found(ring)
    assert (sticker.x, sticker.y) == pytest.approx(at, abs=0.4)


@pytest.mark.parametrize("beyond", [0.0, 3.0])
def test_a_sticker_on_the_edge_of_the_body(beyond: float) -> None:
    """Half of it lies before the wall."""
    at = (LEFT - beyond, 682.4)
    (sticker,) = found(taped(person(), at, ratio=0.6))
    assert (sticker.x, sticker.y) == pytest.approx(at, abs=0.5)


@pytest.mark.parametrize("pattern", [stripes(9999, 20), stripes(20, 9999), stripes(18, 18)])
def test_a_bright_sticker_on_patterned_cloth(pattern: Pixels) -> None:
    """It is of neither of the pattern's colours."""
    at = (379.5, 741.5)
    stickers = found(taped(person((190, 190, 200), pattern), at, colour=(250, 60, 20)))
    assert places(stickers) == [pytest.approx(at, abs=0.8)]


@pytest.mark.parametrize(
    "pattern",
    [None, stripes(9999, 20), stripes(20, 9999), stripes(12, 12), stripes(18, 18), stripes(25, 25)],
)
@pytest.mark.parametrize("cloth", [BODY, (60, 70, 160), (190, 190, 200)])
def test_nothing_on_plain_striped_and_checked_bodies(
    pattern: Pixels | None, cloth: tuple[int, int, int]
) -> None:
    """What is alike all over is a pattern."""
    assert found(person(cloth, pattern)) == ()


def test_many_alike_dots_are_a_pattern() -> None:
    """Nobody is taped all over."""
    picture = person()
    for x in range(170, 440, 40):
        for y in range(60, 900, 40):
            picture = taped(picture, (x + 0.3, y + 0.3), diameter=12)
    assert found(picture) == ()


def test_shade_hems_and_an_arm_are_no_stickers() -> None:
    """They have one straight edge, or none."""
    picture = person()
    picture[700:, LEFT:RIGHT] = (40, 60, 120)
    picture[300:800, 300:350] = (170, 125, 100)
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    shade = np.exp(-(((x - 380) / 25) ** 2 + ((y - 640) / 25) ** 2))
    assert found(picture * (1 - 0.5 * shade[..., None])) == ()


def test_what_lies_off_the_body_or_far_from_every_point_is_left_out() -> None:
    """On the wall; on the belly."""
    assert found(taped(person(), (90.0, 680.0))) == ()
    assert found(taped(person(), (400.0, 400.0))) == ()


def test_a_mirrored_photo_gives_mirrored_middles() -> None:
    """Names and sizes stay."""
    picture = taped(taped(person(), (377.3, 741.8)), (173.4, 719.1), ratio=0.6)
    mirrored = {n: replace(e, x=WIDTH - e.x) for n, e in where().items()}
    plain, turned = found(picture), found(picture[:, ::-1], mirrored)
    assert [s.names for s in plain] == [s.names for s in turned] != []
    for one, other in zip(plain, turned, strict=True):
        assert (WIDTH - other.x, other.y) == pytest.approx((one.x, one.y), abs=0.1)


@pytest.mark.parametrize("times", [0.5, 3.0])
def test_a_smaller_and_a_larger_photo(times: float) -> None:
    """Middles come in the photo's own pixels, also where fewer are held."""
    import cv2

    at = (377.3, 741.8)
    picture = np.clip(taped(person(), at), 0, 255).astype(np.uint8)
    way = cv2.INTER_AREA if times < 1 else cv2.INTER_LINEAR
    photo = Photo.open(cv2.resize(picture, None, fx=times, fy=times, interpolation=way))
    (sticker,) = find_stickers(photo, body(), where(times), times)
    assert (sticker.x / times, sticker.y / times) == pytest.approx(at, abs=0.4)
    assert sticker.diameter_px == pytest.approx(16 * times, rel=0.2)


def test_no_points_no_scale_and_points_outside_the_photo() -> None:
    """Nothing is found, and nothing fails."""
    picture = taped(person(), (377.3, 741.8))
    photo = Photo.open(np.clip(picture, 0, 255).astype(np.uint8))
    far = Guess(-5000.0, 300.0, np.eye(2) * SD**2)
    assert find_stickers(photo, body(), {}, 1.0) == ()
    assert find_stickers(photo, body(), where(), 0.0) == ()
    assert find_stickers(photo, body(), {"asis": far}, 1.0) == ()


@settings(max_examples=4, deadline=None)
@given(x=st.floats(365, 395), y=st.floats(725, 755), diameter=st.floats(9, 24))
def test_wherever_it_lies(x: float, y: float, diameter: float) -> None:
    """Its middle does not hang on the grid of pixels."""
    (sticker,) = found(taped(person(), (x, y), diameter=diameter))
    assert (sticker.x, sticker.y) == pytest.approx((x, y), abs=0.25)


def names(*at: tuple[float, float], sd: float = SD) -> list[tuple[str, ...]]:
    """Return the names of sure spots."""
    return name_stickers(list(at), [100.0] * len(at), where(sd=sd), 1.0)


def test_names_of_all_stickers() -> None:
    """Each where it is expected, however far it is from there within reason."""
    assert names(*PLACES.values()) == [(name,) for name in PLACES]
    assert names((395.0, 760.0)) == [("asis",)]
    assert names((300.0, 300.0)) == [()]


def test_t12_or_l1_stays_open() -> None:
    """One sticker between the two may be either; of two the upper is T12."""
    (either,) = names((190.0, 455.0))
    assert set(either) == {"t12", "l1"}
    assert names((190.0, 440.0), (190.0, 470.0)) == [("t12",), ("l1",)]


def test_the_order_along_the_back_decides() -> None:
    """Even if both lie nearer to one place."""
    assert names((190.0, 450.0), (190.0, 495.0), sd=25.0) == [("t12",), ("l1",)]


def test_no_name_is_given_twice_for_sure() -> None:
    """Two spots at one place: neither is surely the only one."""
    given_ = names((378.0, 738.0), (382.0, 742.0))
    assert given_.count(("asis",)) <= 1


def test_a_doubtful_spot_has_no_name() -> None:
    """What hardly looks like a sticker is none, even where one is expected."""
    assert name_stickers([PLACES["asis"]], [1e-6], where(), 1.0) == [()]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 600), st.floats(0, 1000)), max_size=12))
def test_names_are_known_and_in_order(at: list[tuple[float, float]]) -> None:
    """Whatever is seen: sure names appear once, and those of the spine from the neck down."""
    sure = [own[0] for own in names(*sorted(at, key=lambda p: p[1]), sd=60.0) if len(own) == 1]
    assert set(sure) <= set(PLACES)
    spine = [n for n in sure if n in ("c7", "t12", "l1", "l3", "s1")]
    assert spine == sorted(spine, key=list(PLACES).index)
