"""Finds stickers taped to bony points in a photo, and names them by where they lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from posture.blobs import Blob, find_blobs
from posture.naming import name_stickers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from posture.bony import Guess
    from posture.photo import Photo

# Stickers are sought within this distance of where a point is expected, in standard deviations.
_FAR_SD: Final = 4.0
# What a sticker can be: its diameters in millimetres, seen from beside and of a scale that is a
# little wrong; how like an ellipse it is; how much of the ring around it has its colour.
_SMALLEST_MM, _LARGEST_MM, _THINNEST_MM = 6.0, 30.0, 2.5
_LEAST_OVERLAP: Final = 0.78
_MOST_GOES_ON: Final = 0.30
# A logistic regression on spots of rendered people with stickers and without, of the calibrate
# split: what each number of `_evidence` weighs, and that another spot is alike. The offset is
# chosen so that few who wear none are given one.
_WEIGHTS: Final = (4.7, -1.6, -0.85, -0.6, -8.3, 2.4, 8.5, -0.55)
_OFFSET: Final = -26.0
_PAIRED: Final = 0.2
_SUREST: Final = 8.0
# Spots are alike if their colours differ by less than this share of their contrast, and their sizes
# by less than this ratio; more of them than this are a pattern.
_ALIKE: Final = 0.35
_SIZES: Final = 2.2
_MOST_ALIKE: Final = 8
# Standard deviation of a middle as a share of the diameter: light from above shifts that of a dome.
_SD: Final = 0.09
# A sticker on the spine stands out beyond the mask, whose edge is a few millimetres off itself.
_OFF_BODY_MM: Final = 12
_BESIDE: Final = 40
_INSIDE: Final = 0.5
_CENTRE: Final = 0.5  # a pixel's centre lies half a pixel from its corner
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
        What it can mark, most likely first; one if it is sure.
    """

    x: float
    y: float
    sd_px: float
    diameter_px: float
    names: tuple[str, ...]


def find_stickers(
    photo: Photo,
    body: NDArray[np.float32],
    expected: Mapping[str, Guess],
    px_per_mm: float,
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

    Returns
    -------
    tuple of Sticker
        From the highest in the photo to the lowest.
    """
    import cv2

    if not expected or px_per_mm <= 0:
        return ()
    box = _box(photo, expected, px_per_mm)
    if box is None:
        return ()
    rows, columns = box
    per_mm = px_per_mm / np.array(photo.scale)
    cut = photo.pixels[rows, columns]
    size = [max(1, round(n / k)) for n, k in zip(cut.shape[1::-1], per_mm, strict=True)]
    shrinks = size[0] < cut.shape[1]
    way = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    even = np.asarray(cv2.resize(cut, size, interpolation=way), dtype=np.float32) / 255
    lab = np.asarray(cv2.cvtColor(even, cv2.COLOR_RGB2LAB), dtype=np.float32)
    step = np.array([(columns.stop - columns.start) / size[0], (rows.stop - rows.start) / size[1]])
    where = _near_body(body, photo, box, size) & _near_expected(expected, photo, box, size)
    spots = []
    for blob in _blobs_where(lab, where):
        at = np.array([blob.x, blob.y]) + _CENTRE
        x, y = at * step + (columns.start, rows.start)
        spots.append((float(x * photo.scale[0]), float(y * photo.scale[1]), blob))
    spots.sort(key=lambda spot: spot[1])
    odds = _odds([blob for *_, blob in spots])
    names = name_stickers([(x, y) for x, y, _ in spots], odds, expected, px_per_mm)
    return tuple(
        Sticker(x, y, _SD * blob.major * px_per_mm, blob.major * px_per_mm, own)
        for (x, y, blob), own in zip(spots, names, strict=True)
        if own
    )


def _blobs_where(lab: NDArray[np.float32], where: NDArray[np.bool_]) -> list[Blob]:
    """Return the spots that are like stickers, looking no farther than needed."""
    rows, columns = (np.flatnonzero(where.any(axis=axis)) for axis in (1, 0))
    if not rows.size:
        return []
    top, left = max(0, rows[0] - _BESIDE), max(0, columns[0] - _BESIDE)
    cut = slice(top, rows[-1] + _BESIDE), slice(left, columns[-1] + _BESIDE)
    blobs = _distinct([b for b in find_blobs(lab[cut], where[cut]) if _is_sticker(b)])
    return [replace(b, x=b.x + left, y=b.y + top) for b in blobs]


def _box(
    photo: Photo, expected: Mapping[str, Guess], px_per_mm: float
) -> tuple[slice, slice] | None:
    """Return rows and columns of the photo's pixels where stickers can lie."""
    at = np.array([(e.x, e.y) for e in expected.values()])
    sd = np.sqrt([np.diag(np.array(e.covariance)) for e in expected.values()])
    reach = _FAR_SD * sd + _BESIDE * px_per_mm
    low = np.floor((at - reach).min(axis=0) / photo.scale).astype(int)
    high = np.ceil((at + reach).max(axis=0) / photo.scale).astype(int)
    height, width = photo.pixels.shape[:2]
    left, top = np.maximum(low, 0)
    right, bottom = np.minimum(high, (width, height))
    if min(right - left, bottom - top) < _LEAST_PX:
        return None
    return slice(int(top), int(bottom)), slice(int(left), int(right))


def _near_body(
    body: NDArray[np.float32], photo: Photo, box: tuple[slice, slice], size: Sequence[int]
) -> NDArray[np.bool_]:
    """Return where the body is, or is close, in the image of one pixel a millimetre."""
    import cv2

    rows, columns = box
    height, width = photo.pixels.shape[:2]
    scale = np.array([body.shape[1] / width, body.shape[0] / height])
    step = np.array([(columns.stop - columns.start) / size[0], (rows.stop - rows.start) / size[1]])
    move = np.array(
        [
            [scale[0] * step[0], 0, (columns.start + step[0] / 2) * scale[0] - 0.5],
            [0, scale[1] * step[1], (rows.start + step[1] / 2) * scale[1] - 0.5],
        ]
    )
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    here = cv2.warpAffine(body, move, tuple(size), flags=flags)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * _OFF_BODY_MM + 1,) * 2)
    return np.asarray(cv2.dilate((here > _INSIDE).astype(np.uint8), disc) > 0)


def _near_expected(
    expected: Mapping[str, Guess], photo: Photo, box: tuple[slice, slice], size: Sequence[int]
) -> NDArray[np.bool_]:
    """Return where a bony point can lie."""
    rows, columns = box
    x = (np.arange(size[0]) + 0.5) * (columns.stop - columns.start) / size[0] + columns.start
    y = (np.arange(size[1]) + 0.5) * (rows.stop - rows.start) / size[1] + rows.start
    near = np.zeros((size[1], size[0]), bool)
    for e in expected.values():
        (xx, xy), (_, yy) = np.linalg.inv(np.array(e.covariance))
        dx, dy = x[None, :] * photo.scale[0] - e.x, y[:, None] * photo.scale[1] - e.y
        near |= xx * dx**2 + 2 * xy * dx * dy + yy * dy**2 < _FAR_SD**2
    return near


def _is_sticker(blob: Blob) -> bool:
    """Tell whether a spot may be a sticker at all."""
    return (
        _SMALLEST_MM <= blob.major <= _LARGEST_MM
        and blob.minor >= _THINNEST_MM
        and blob.overlap >= _LEAST_OVERLAP
        and blob.goes_on <= _MOST_GOES_ON
    )


def _distinct(blobs: Sequence[Blob]) -> list[Blob]:
    """Return one of those that cover each other: the one that is most like a sticker."""
    kept: list[Blob] = []
    for blob in sorted(blobs, key=lambda b: -_evidence(b)):
        if all(np.hypot(blob.x - k.x, blob.y - k.y) > (blob.major + k.major) / 4 for k in kept):
            kept.append(blob)
    return kept


def _evidence(blob: Blob) -> float:
    """Return the logarithm of how much rather a spot looks like a sticker than like another."""
    seen = (
        np.log(max(blob.contrast, 1.0)),
        np.log(blob.elsewhere + 0.003),
        np.log(1.02 - min(blob.overlap, 1.0)),
        min(blob.restless, 1.5),
        min(blob.goes_on, 0.3),
        blob.minor / blob.major,
        min(blob.uneven, 0.4),
        np.log(blob.apart + 2.0),
    )
    return float(_OFFSET + sum(w * s for w, s in zip(_WEIGHTS, seen, strict=True)))


def _odds(blobs: Sequence[Blob]) -> list[float]:
    """Return how much rather each spot looks like a sticker than like anything else."""
    odds = []
    for blob in blobs:
        alike = sum(_are_alike(blob, other) for other in blobs if other is not blob)
        sure = float(np.exp(min(_evidence(blob) + _PAIRED * (alike > 0), _SUREST)))
        odds.append(0.0 if alike > _MOST_ALIKE else sure)
    return odds


def _are_alike(first: Blob, second: Blob) -> bool:
    """Tell whether two spots can be stickers of one kind."""
    apart = np.linalg.norm(np.subtract(first.colour, second.colour))
    size = first.major / second.major
    return bool(
        apart < _ALIKE * min(first.contrast, second.contrast) and 1 / _SIZES < size < _SIZES
    )
