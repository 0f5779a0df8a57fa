"""Says, for every pixel of an image, which colour would be there if no small spot lay on it."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float32]
    Flags = NDArray[np.bool_]

# Edge of the blocks that have their colours in common, and of the surroundings in which these are
# counted, in pixels; every so many pixels are looked at.
_BLOCK: Final = 24
_AROUND: Final = 64
_STRIDE: Final = 5
_COLOURS: Final = 4
_ROUNDS: Final = 4
# What covers less than this share of the surroundings is no ground: the largest spot covers 0.12.
_LEAST_SHARE: Final = 0.15
_OFFSET: Final = np.array([0, 128, 128], np.float32)


def median_ground(lab: Array, window: int) -> Array:
    """Return the median of each pixel's surroundings: right on plain ground and beside edges."""
    import cv2

    whole = np.clip(lab + _OFFSET, 0, 255).astype(np.uint8)
    return np.asarray(cv2.medianBlur(whole, window), dtype=np.float32) - _OFFSET


def patterned_ground(lab: Array, plain: Array, where: Flags) -> Array:
    """Return the colour likest each pixel's own of those that the ground around it has.

    These are the few colours that cover most of the surroundings, all mixtures of two of them, as
    edges have them, and the colour in ``plain``. Outside ``where`` it is the pixel's own colour.
    """
    height, width = where.shape
    ground = lab.copy()
    tops, lefts = np.arange(0, height, _BLOCK), np.arange(0, width, _BLOCK)
    blocks = [
        (int(top), int(left))
        for top in tops
        for left in lefts
        if where[top : top + _BLOCK, left : left + _BLOCK].any()
    ]
    if not blocks:
        return ground
    for (top, left), colours in zip(blocks, _palettes(lab, blocks), strict=True):
        cut = slice(top, top + _BLOCK), slice(left, left + _BLOCK)
        ground[cut] = _likest(lab[cut], plain[cut], colours)
    return ground


def _palettes(lab: Array, blocks: list[tuple[int, int]]) -> list[Array]:
    """Return the colours that cover most of each block's surroundings."""
    reach = (_AROUND - _BLOCK) // 2
    padded = np.pad(lab, ((reach, _AROUND), (reach, _AROUND), (0, 0)), mode="edge")
    seen = np.stack(
        [
            padded[top : top + _AROUND : _STRIDE, left : left + _AROUND : _STRIDE].reshape(-1, 3)
            for top, left in blocks
        ]
    )
    centres = np.median(seen, axis=1)[:, None]
    for _ in range(_COLOURS - 1):
        apart = _square_apart(seen, centres).min(axis=2)
        farthest = np.take_along_axis(seen, apart.argmax(axis=1)[:, None, None], axis=1)
        centres = np.concatenate([centres, farthest], axis=1)
    for _ in range(_ROUNDS):
        apart = _square_apart(seen, centres)
        member = (apart.argmin(axis=2)[..., None] == np.arange(_COLOURS)).astype(np.float32)
        count = member.sum(axis=1)
        sums = member.transpose(0, 2, 1) @ seen
        centres = np.where(count[..., None] > 0, sums / np.maximum(count, 1)[..., None], centres)
    kept = count >= _LEAST_SHARE * seen.shape[1]
    return [own[keep] for own, keep in zip(centres, kept, strict=True)]


def _square_apart(seen: Array, centres: Array) -> Array:
    """Return squared distances of colours, (b, p, 3), from centres, (b, k, 3), per block."""
    squares = [(colours**2).sum(axis=2) for colours in (seen, centres)]
    both = seen @ centres.transpose(0, 2, 1)
    return np.asarray(squares[0][:, :, None] + squares[1][:, None] - 2 * both)


def _likest(lab: Array, plain: Array, colours: Array) -> Array:
    """Return the colour of the ground that is likest each pixel's own."""
    best = plain.copy()
    nearest = ((lab - plain) ** 2).sum(axis=2)
    ends = [*combinations(colours, 2)] or [(c, c) for c in colours]
    for first, second in ends:
        way = second - first
        along = np.clip((lab - first) @ way / max(float(way @ way), 1e-6), 0, 1)
        mixed = first + along[..., None] * way
        apart = ((lab - mixed) ** 2).sum(axis=2)
        likelier = apart < nearest
        best[likelier], nearest[likelier] = mixed[likelier], apart[likelier]
    return best
