"""Finds stickers taped to bony points in a photo, and names them by where they lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from posture.marking.naming import FAR_SD, fitted, name_stickers
from posture.marking.spots import MM_PER_PX, find_spots

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from posture.marking.bony import Guess
    from posture.marking.spots import Spot
    from posture.photo import Photo
    from posture.shape import Facing

    Array = NDArray[np.float64]

# What lies about a sticker tells what it is.
_AROUND_MM: Final = 60.0
# A sticker on the spine stands out beyond the mask, whose edge is a few millimetres off itself.
_OFF_BODY_MM: Final = 12.0
_INSIDE: Final = 0.5
_LEAST_PX: Final = 8


@dataclass(frozen=True, slots=True)
class Sticker:
    """One sticker on the body.

    Attributes
    ----------
    x, y : float
        Its middle, in pixels of the upright photo.
    sd_px : float
        Standard deviation of the middle along each axis.
    diameter_px : float
        Its larger diameter.
    names : tuple of str
        What it can mark, most likely first.
    sure : bool
        Whether it is surely a sticker, and the one of its only name; else somebody is to be asked.
    """

    x: float
    y: float
    sd_px: float
    diameter_px: float
    names: tuple[str, ...]
    sure: bool


def find_stickers(
    photo: Photo,
    body: NDArray[np.float32],
    expected: Mapping[str, Guess],
    px_per_mm: float,
    facing: Facing,
) -> tuple[Sticker, ...]:
    """Find the stickers on a body and name them.

    Parameters
    ----------
    photo : Photo
        The photo.
    body : ndarray, shape (h, w)
        Soft mask of the body over the whole photo, at any size.
    expected : mapping of str to Guess
        Where the bony points are to be expected; of a missing one no sticker is sought.
    px_per_mm : float
        Photo pixels in one millimetre at the person.
    facing : {"left", "right"}
        Where the person looks in the photo.

    Returns
    -------
    tuple of Sticker
        From the highest in the photo to the lowest.
    """
    spots, scales = look(photo, body, expected, px_per_mm, facing), fitted()
    if not spots:
        return ()
    named, evidence = name_stickers(spots, expected, px_per_mm, scales)
    # Who wears one sticker wears others: together they tell whether there are any.
    if evidence < scales.enough:
        return ()
    return tuple(
        Sticker(spot.x, spot.y, scales.off * spot.sd, spot.diameter, one.names, one.sure)
        for spot, one in zip(spots, named, strict=True)
        if one.names
    )


def look(
    photo: Photo,
    body: NDArray[np.float32],
    expected: Mapping[str, Guess],
    px_per_mm: float,
    facing: Facing,
) -> list[Spot]:
    """Return what may be a sticker on a body, from the top down, in pixels of the photo.

    It takes what `find_stickers` takes.
    """
    if not expected or px_per_mm <= 0:
        return []
    cut = _Cut.about(photo, expected, px_per_mm, turned=facing == "left")
    if cut is None:
        return []
    spots, px, reach = [], MM_PER_PX * px_per_mm, _OFF_BODY_MM * px_per_mm
    for spot in find_spots(cut.picture()):
        x, y = cut.to_photo(np.array([spot.x, spot.y])).tolist()
        if _is_on(body, photo, np.array([x, y]), reach):
            spots.append(replace(spot, x=x, y=y, sd=spot.sd * px, diameter=spot.diameter * px))
    return sorted(spots, key=lambda spot: spot.y)


@dataclass(frozen=True, slots=True, eq=False)
class _Cut:
    """The part of a photo where stickers can lie, as a picture of a known scale.

    Attributes
    ----------
    photo : Photo
        The photo.
    rows, columns : slice
        Which of its pixels.
    size : tuple of int
        Width and height of the picture.
    turned : bool
        Whether the picture is mirrored, so that the person looks to the right.
    """

    photo: Photo
    rows: slice
    columns: slice
    size: tuple[int, int]
    turned: bool

    @classmethod
    def about(
        cls, photo: Photo, expected: Mapping[str, Guess], px_per_mm: float, *, turned: bool
    ) -> _Cut | None:
        """Return the part about all that is expected; None if it lies outside of the photo."""
        at = np.array([(e.x, e.y) for e in expected.values()])
        sd = np.sqrt([np.diag(np.array(e.covariance)) for e in expected.values()])
        reach = FAR_SD * sd + _AROUND_MM * px_per_mm
        low = np.floor((at - reach).min(axis=0) / photo.scale).astype(int)
        high = np.ceil((at + reach).max(axis=0) / photo.scale).astype(int)
        height, width = photo.pixels.shape[:2]
        (left, top), (right, bottom) = np.maximum(low, 0), np.minimum(high, (width, height))
        if min(right - left, bottom - top) < _LEAST_PX:
            return None
        across, down = np.array(photo.scale) / (MM_PER_PX * px_per_mm)
        size = max(1, round((right - left) * across)), max(1, round((bottom - top) * down))
        rows, columns = slice(int(top), int(bottom)), slice(int(left), int(right))
        return cls(photo, rows, columns, size, turned)

    def picture(self) -> NDArray[np.uint8]:
        """Return the picture."""
        import cv2

        cut = self.photo.pixels[self.rows, self.columns]
        way = cv2.INTER_AREA if self.size[0] < cut.shape[1] else cv2.INTER_CUBIC
        picture = np.asarray(cv2.resize(cut, self.size, interpolation=way), dtype=np.uint8)
        return picture[:, ::-1] if self.turned else picture

    def to_photo(self, xy: Array) -> Array:
        """Return where places of the picture, shape (..., 2), are in the photo."""
        width, height = self.size
        share = np.asarray(xy) / (width, height)
        if self.turned:
            share = share * (-1, 1) + (1, 0)
        low = np.array([self.columns.start, self.rows.start])
        high = np.array([self.columns.stop, self.rows.stop])
        return np.asarray((low + share * (high - low)) * self.photo.scale)


def _is_on(body: NDArray[np.float32], photo: Photo, at: Array, reach_px: float) -> bool:
    """Tell whether a place of the photo lies on the body, or so near to it."""
    scale = np.array(body.shape[::-1]) / (photo.width, photo.height)
    left, top = np.maximum(np.floor((at - reach_px) * scale).astype(int), 0)
    right, bottom = np.maximum(np.ceil((at + reach_px) * scale).astype(int), 0)
    return bool((body[top:bottom, left:right] > _INSIDE).any())
