"""Stickers drawn on photos, at places known to a part of a pixel."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from posture.assess import find_people
from posture.landmarks import default_detector
from posture.markers import Sticker, find_stickers
from posture.marking.bony import Guess
from posture.marking.corrected import size_of
from posture.photo import Photo
from posture.reading import read, up_of
from posture.shape import Facing

Pixels = NDArray[np.float64]

ROOT = Path(__file__).parents[1]
PEOPLE = ("standing_flat_back", "standing_tank_top", "standing_striped_shirt")
RED, WHITE, BLACK = (230, 40, 50), (245, 245, 240), (25, 25, 28)


@dataclass(frozen=True, slots=True, eq=False)
class Person:
    """A sample, and what is known of its person before stickers are looked for."""

    pixels: Pixels
    body: NDArray[np.float32]
    expected: Mapping[str, Guess]
    px_per_mm: float
    facing: Facing
    points: Mapping[str, tuple[float, float]]

    def found(self, pixels: Pixels | None = None, times: float = 1.0) -> tuple[Sticker, ...]:
        """Return the stickers found in a picture of this person, or in one so much larger."""
        expected = {
            name: Guess(at.x * times, at.y * times, at.covariance * times**2)
            for name, at in self.expected.items()
        }
        shown = np.round(self.pixels if pixels is None else pixels)
        photo = Photo.open(np.clip(shown, 0, 255).astype(np.uint8))
        return find_stickers(photo, self.body, expected, self.px_per_mm * times, self.facing)

    def mirrored(self) -> Person:
        """Return the same in the mirror."""
        width = self.pixels.shape[1]
        flip = np.diag([-1.0, 1.0])
        return Person(
            self.pixels[:, ::-1],
            self.body[:, ::-1],
            {
                n: Guess(width - g.x, g.y, flip @ g.covariance @ flip)
                for n, g in self.expected.items()
            },
            self.px_per_mm,
            "left" if self.facing == "right" else "right",
            {n: (width - x, y) for n, (x, y) in self.points.items()},
        )


@cache
def person(name: str) -> Person:
    """Return one of the samples, read by the real model."""
    photo = Photo.open(ROOT / "samples" / f"{name}.jpg")
    (pose,) = find_people(photo, default_detector())
    size = size_of(None, None, pose.stature_px)
    seen = read(pose, pose, photo, up_of(photo, pose, None).used, None, None)
    made = json.loads((ROOT / "samples" / f"{name}.json").read_text("utf-8"))["points"]
    points = {n: (at["x"], at["y"]) for n, at in made.items()}
    pixels = photo.pixels.astype(float)
    return Person(pixels, pose.mask, seen.guesses, size.px_per_mm, pose.facing, points)


def taped(
    picture: Pixels,
    at: tuple[float, float],
    diameter: float,
    *,
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


def off_mm(one: Person, sticker: Sticker, at: tuple[float, float], times: float = 1.0) -> float:
    """Return how far a sticker is found from where it is, in millimetres."""
    return math.dist((sticker.x / times, sticker.y / times), at) / one.px_per_mm


def worn(one: Person, mm: float, **how: Any) -> tuple[Pixels, dict[str, tuple[float, float]]]:
    """Return the picture with stickers on ASIS and PSIS, put off by a part of a pixel."""
    picture, places = one.pixels, {}
    for name, (dx, dy) in (("asis", (0.31, -0.42)), ("psis", (-0.23, 0.37))):
        x, y = one.points[name]
        places[name] = (x + dx, y + dy)
        picture = taped(picture, places[name], mm * one.px_per_mm, **how)
    return picture, places


@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize(
    ("mm", "how"),
    [
        (12.0, {}),
        (16.0, {"colour": (250, 240, 40)}),
        (20.0, {"colour": (40, 250, 90)}),
        (25.0, {"look": "dot"}),
        (12.0, {"look": "quarters"}),
    ],
)
def test_stickers_on_the_pelvis_are_found(name: str, mm: float, how: dict[str, Any]) -> None:
    """Coloured ones and targets, where they are, and what they can mark."""
    one = person(name)
    picture, places = worn(one, mm, **how)
    stickers = one.found(picture)
    for point, at in places.items():
        (sticker,) = [s for s in stickers if off_mm(one, s, at) < 3]
        assert point in sticker.names
        assert sticker.diameter_px == pytest.approx(mm * one.px_per_mm, rel=0.5)
        assert 0 < sticker.sd_px < 3 * one.px_per_mm
    assert len(stickers) == len(places)


def test_a_sticker_seen_from_beside() -> None:
    """It is half as wide as high."""
    one = person("standing_flat_back")
    picture, places = worn(one, 19.0, ratio=0.5)
    stickers = one.found(picture)
    assert [min(off_mm(one, s, at) for at in places.values()) < 3 for s in stickers] == [True] * 2


@pytest.mark.parametrize(
    "name",
    [*PEOPLE, "standing_ponytail", "standing_round_back", "standing_arms_hanging"],
)
def test_nobody_without_stickers_is_given_any(name: str) -> None:
    """Stripes, hems, folds and hands are none."""
    assert person(name).found() == ()


def test_what_lies_off_the_body_or_far_from_every_point_is_left_out() -> None:
    """On the wall beside the back; on the knee."""
    one = person("standing_flat_back")
    picture, places = worn(one, 16.0)
    behind = -1 if one.facing == "right" else 1
    x, y = one.points["psis"]
    for at in ((x + behind * 90 * one.px_per_mm, y), one.points["knee"]):
        picture = taped(picture, at, 16.0 * one.px_per_mm)
    assert len(one.found(picture)) == len(places)


def test_a_mirrored_photo_gives_mirrored_middles() -> None:
    """Names and sizes stay."""
    one = person("standing_tank_top")
    picture, _ = worn(one, 16.0)
    plain, turned = one.found(picture), one.mirrored().found(picture[:, ::-1])
    assert [s.names for s in plain] == [s.names for s in turned] != []
    width = picture.shape[1]
    for first, other in zip(plain, turned, strict=True):
        assert (width - other.x, other.y) == pytest.approx((first.x, first.y), abs=0.3)


@pytest.mark.parametrize("times", [1.7, 3.0])
def test_a_larger_photo(times: float) -> None:
    """Middles come in the photo's own pixels, and sharp stickers are stickers too."""
    one = person("standing_flat_back")
    enlarged = np.asarray(cv2.resize(one.pixels, None, fx=times, fy=times))
    places = {n: (one.points[n][0] * times, one.points[n][1] * times) for n in ("asis", "psis")}
    for at in places.values():
        enlarged = taped(enlarged, at, 16.0 * one.px_per_mm * times)
    stickers = one.found(enlarged, times)
    assert sorted(n for s in stickers for n in s.names[:1]) == ["asis", "psis"]
    for sticker in stickers:
        assert off_mm(one, sticker, one.points[sticker.names[0]], times) < 2


def test_no_points_no_scale_and_points_outside_the_photo() -> None:
    """Nothing is found, and nothing fails."""
    one = person("standing_flat_back")
    photo = Photo.open(one.pixels.astype(np.uint8))
    far = Guess(-5000.0, 300.0, np.eye(2) * 15.0**2)
    for expected, px_per_mm in (({}, 1.0), (one.expected, 0.0), ({"asis": far}, 1.0)):
        assert find_stickers(photo, one.body, expected, px_per_mm, "right") == ()
