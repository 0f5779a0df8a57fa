"""Finds small round spots that differ from their surroundings, and measures their shape.

It knows millimetres and colours; of bodies and names it knows nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from posture.ground import median_ground, patterned_ground

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float32]
    Flags = NDArray[np.bool_]

# Windows of the median that stands for what lies behind a spot, and how large the spots within it
# are; then the same of a ground with a pattern. All in millimetres.
_WINDOWS: Final = ((21, 5.0, 15.0), (47, 11.0, 32.0))
_PATTERNED: Final = (5.0, 32.0)
# Spots are cut out where they differ from what lies behind them by more than this, in units of Lab:
# near half of their contrast. The lighter part of a target may stand out much less than the darker.
_LEVELS: Final = (5.0, 7.5, 11.0, 16.5, 25.0, 37.0, 55.0)
_OF_CONTRAST: Final = (0.36, 0.64)
_OF_TARGET: Final = (0.10, 0.50)
# Across the border of two colours of a target runs a line that is like the ground: it is bridged.
_BRIDGED: Final = 5
_TWO_COLOURS: Final = 0.6
_BLUR: Final = 0.7
_HALF: Final = 0.5
_FEWEST_PIXELS: Final = 12
_LEAST_FILLED: Final = 0.35  # of the box around a spot
_MARGIN: Final = 30
_RING: Final = (2, 6)
_EDGE: Final = (0.25, 0.75)
_IN_HOLE: Final = 0.75
_LARGEST_HOLE: Final = 0.4  # of the whole
_MIDDLE: Final = 0.6  # of the ellipse's radius
_ALIKE: Final = 0.4  # as a share of the contrast
_ROUND_ENOUGH: Final = 0.7
_SECTORS: Final = 12
_GAP: Final = (2.5, 5.5)


@dataclass(frozen=True, slots=True)
class Blob:
    """One spot, in pixels of the image it was found in; a pixel's centre lies at its index.

    Attributes
    ----------
    x, y : float
        Its middle.
    major, minor : float
        Full axes of the ellipse with its moments.
    colour : tuple of float
        Lab, of its inside; of a target, one of the two.
    contrast : float
        Distance in Lab from what lies behind it.
    overlap : float
        Area in common with an ellipse of its moments and size, over their union.
    goes_on : float
        Share of the ring around it that has its own colour.
    elsewhere : float
        The same of its wider surroundings.
    apart : float
        How much its ring differs from it on the side where it is likest, in Lab.
    restless : float
        How far the ring differs from what lies behind, 90th percentile, as a share of the contrast.
    uneven : float
        Standard deviation of its inside as a share of its contrast.
    """

    x: float
    y: float
    major: float
    minor: float
    colour: tuple[float, float, float]
    contrast: float
    overlap: float
    goes_on: float
    elsewhere: float
    apart: float
    restless: float
    uneven: float


@dataclass(frozen=True, slots=True, eq=False)
class _Cut:
    """A cut-out with one spot: its colours, those behind it, and the pixels it covers."""

    lab: Array
    behind: Array
    unlike: Array
    inside: Flags
    is_target: bool

    def grown(self, by: int) -> Flags:
        """Return the pixels the spot covers, and those so near to it."""
        import cv2

        disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * by + 1,) * 2)
        return np.asarray(cv2.dilate(self.inside.astype(np.uint8), disc) > 0)


def find_blobs(lab: Array, where: Flags) -> list[Blob]:
    """Find spots in an image with one pixel a millimetre; one spot may be found several times.

    Parameters
    ----------
    lab : ndarray of float32, shape (h, w, 3)
        Lightness, a and b, in units of Lab.
    where : ndarray of bool, shape (h, w)
        Where the middles may lie.
    """
    import cv2

    smooth = np.asarray(cv2.GaussianBlur(lab, (0, 0), _BLUR), dtype=np.float32)
    plain = [median_ground(lab, window) for window, *_ in _WINDOWS]
    grounds = [(own, limits[1:]) for own, limits in zip(plain, _WINDOWS, strict=True)]
    grounds.append((patterned_ground(smooth, plain[-1], where), _PATTERNED))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_BRIDGED, _BRIDGED))
    found: list[Blob] = []
    for behind, sizes in grounds:
        unlike = np.sqrt(((smooth - behind) ** 2).sum(axis=2))
        for is_target in (False, True):
            if is_target:
                unlike = np.asarray(cv2.morphologyEx(unlike, cv2.MORPH_CLOSE, disc))
            for inside, left, top in _components(unlike, where, sizes, is_target):
                cut = slice(top, top + inside.shape[0]), slice(left, left + inside.shape[1])
                seen = _Cut(lab[cut], behind[cut], unlike[cut], inside, is_target)
                blob = _measured(seen, sizes, left, top)
                if blob:
                    found.append(blob)
    return found


def _components(
    unlike: Array, where: Flags, sizes: tuple[float, float], is_target: bool
) -> Iterator[tuple[Flags, int, int]]:
    """Give cut-outs with a spot each: its pixels, and the left and top of the cut-out."""
    import cv2

    height, width = unlike.shape
    smallest, largest = sizes
    least, most = _OF_TARGET if is_target else _OF_CONTRAST
    for level in _LEVELS:
        over = (unlike > level).astype(np.uint8)
        _, labels, stats, middles = cv2.connectedComponentsWithStats(over, connectivity=4)
        column, row = np.round(middles).astype(int).T
        fits = (
            (stats[:, 2:4].max(axis=1) <= 1.2 * largest)
            & (np.hypot(*stats[:, 2:4].T) >= smallest)
            & (stats[:, 4] >= _FEWEST_PIXELS)
            & (stats[:, 4] >= _LEAST_FILLED * stats[:, 2] * stats[:, 3])
            & where[np.clip(row, 0, height - 1), np.clip(column, 0, width - 1)]
        )
        for i in np.flatnonzero(fits):
            x, y, w, h, _ = (int(n) for n in stats[i])
            top, left = max(0, y - _MARGIN), max(0, x - _MARGIN)
            cut = slice(top, y + h + _MARGIN), slice(left, x + w + _MARGIN)
            inside = labels[cut] == i
            if least <= level / np.percentile(unlike[cut][inside], 90) <= most:
                yield inside, left, top


def _cover(cut: _Cut) -> tuple[Array, Array, float] | None:
    """Return how far each pixel is the spot's, the spot's colours, and its contrast."""
    if cut.is_target:
        return _cover_of_target(cut)
    core = cut.inside & (cut.unlike >= np.median(cut.unlike[cut.inside]))
    colour = np.median(cut.lab[core], axis=0)
    towards = colour - cut.behind
    square = (towards**2).sum(axis=2)
    contrast = float(np.sqrt(np.median(square[cut.inside])))
    along = ((cut.lab - cut.behind) * towards).sum(axis=2)
    share = np.clip(along / np.maximum(square, 25.0), 0.0, 1.0)
    return np.where(_filled(cut.inside), np.maximum(share, _IN_HOLE), share), colour[None], contrast


def _filled(inside: Flags) -> Flags:
    """Return the pixels that a spot covers, with the hole of a ring but not of a thin outline."""
    import cv2

    spot = inside.astype(np.uint8)
    edges, _ = cv2.findContours(spot, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    whole = np.asarray(cv2.drawContours(spot, edges, -1, 1, cv2.FILLED) > 0)
    return whole if inside.sum() >= (1 - _LARGEST_HOLE) * whole.sum() else inside


def _cover_of_target(cut: _Cut) -> tuple[Array, Array, float] | None:
    """Return the same of a spot of two colours; None if it has but one."""
    own = cut.lab[cut.inside]
    _, _, axes = np.linalg.svd(own - own.mean(axis=0), full_matrices=False)
    along = own @ axes[0]
    first = along > (along.min() + along.max()) / 2
    if first.all() or not first.any():
        return None
    colours = np.array([np.median(own[p], axis=0) for p in (first, ~first)])
    contrasts = np.linalg.norm(colours - cut.behind[cut.inside].mean(axis=0), axis=1)
    if np.linalg.norm(colours[0] - colours[1]) < _TWO_COLOURS * contrasts.max():
        return None
    nearest = ((cut.lab[..., None, :] - colours) ** 2).sum(axis=3).argmin(axis=2)
    share = np.clip(cut.unlike / np.maximum(contrasts, 5.0)[nearest], 0.0, 1.0)
    whole = np.where(_filled(cut.inside), np.maximum(share, _IN_HOLE), share)
    return whole, colours, float(contrasts.max())


def _measured(cut: _Cut, sizes: tuple[float, float], left: int, top: int) -> Blob | None:
    """Measure the spot of a cut-out; None if it has not the size or the shape."""
    cover = _cover(cut)
    if cover is None:
        return None
    share, colours, contrast = cover
    near = cut.grown(_RING[0])
    low, high = _EDGE
    weight = np.where(near, np.clip((share - low) / (high - low), 0.0, 1.0), 0.0)
    total = float(weight.sum())
    if total < _FEWEST_PIXELS:
        return None
    y, x = np.mgrid[: weight.shape[0], : weight.shape[1]]
    mx, my = float((weight * x).sum() / total), float((weight * y).sum() / total)
    dx, dy = x - mx, y - my
    xx, yy, xy = (float((weight * p).sum() / total) for p in (dx * dx, dy * dy, dx * dy))
    values, vectors = np.linalg.eigh([[xx, xy], [xy, yy]])
    minor, major = 4 * np.sqrt(np.maximum(values, 0.02))
    if not sizes[0] <= major <= sizes[1]:
        return None
    ux, uy = vectors[:, 1]
    along, across = dx * ux + dy * uy, dy * ux - dx * uy
    radius = np.hypot(along / (major / 2), across / (minor / 2))
    mine = (share > _HALF) & near
    ellipse = radius <= np.sqrt(mine.sum() / (np.pi / 4 * major * minor))
    overlap = float((mine & ellipse).sum() / max(1, (mine | ellipse).sum()))
    ring = cut.grown(_RING[1]) & ~near
    if overlap < _ROUND_ENOUGH or not ring.any():
        return None
    differs = np.sqrt(((cut.lab[:, :, None] - colours) ** 2).sum(axis=3)).min(axis=2)
    middle = radius < _MIDDLE
    return Blob(
        x=mx + left,
        y=my + top,
        major=float(major),
        minor=float(minor),
        colour=(float(colours[0][0]), float(colours[0][1]), float(colours[0][2])),
        contrast=contrast,
        overlap=overlap,
        goes_on=float((differs[ring] < _HALF * contrast).mean()),
        elsewhere=float((differs[~near] < _ALIKE * contrast).mean()),
        apart=_likest_side(differs, along, across, (major, minor)),
        restless=float(np.percentile(cut.unlike[ring], 90) / contrast),
        uneven=float(cut.unlike[middle].std() / contrast) if middle.any() else 0.0,
    )


def _likest_side(differs: Array, along: Array, across: Array, axes: tuple[float, float]) -> float:
    """Return the least of what twelve sectors around an ellipse differ by, in the median."""
    inner, outer = (
        np.hypot(along / (axes[0] / 2 + gap), across / (axes[1] / 2 + gap)) <= 1 for gap in _GAP
    )
    ring = outer & ~inner
    turn = np.arctan2(across[ring], along[ring]) / (2 * np.pi) + 0.5
    sector = np.minimum((turn * _SECTORS).astype(int), _SECTORS - 1)
    around = differs[ring]
    return min((float(np.median(around[sector == i])) for i in np.unique(sector)), default=0.0)
