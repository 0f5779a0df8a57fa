"""Finds what looks like a sticker in a picture of a known scale, with a small network.

It knows millimetres and colours; of bodies and names it knows only what `validation.fit_stickers`
taught the network, which it reads from ``stickers.onnx``.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    import cv2
    from numpy.typing import NDArray

    Array = NDArray[np.float32]

FILE: Final = Path(__file__).with_name("stickers.onnx")
#: Millimetres to a pixel of the picture that the network sees.
MM_PER_PX: Final = 1.0
#: What a sticker can mark, as the network tells it.
KINDS: Final = ("asis", "psis", "spine")
# The network answers for cells of so many pixels a side, and takes pictures of a multiple of these.
_CELL: Final = 4
_BLOCK: Final = 16
#: What it is less sure of than this, as a logarithm of odds, is not looked at.
LEAST: Final = -4.0
_MOST: Final = 60  # spots that are looked at, the likeliest first
# Answers so near to each other are about one sticker, unless it is sure of both; and nearer than
# the second anyway.
_ONE_PX: Final = 6.0
_SAME_PX: Final = 2.5
_SURE: Final = 0.0
_LARGEST_SD: Final = 4.0

_own = threading.local()


@dataclass(frozen=True, slots=True)
class Spot:
    """One that looks like a sticker, in pixels of a picture, counted from its corner.

    Attributes
    ----------
    x, y : float
        Its middle.
    sd : float
        Standard deviation of the middle along each axis.
    diameter : float
        Of the sticker itself, however it is turned.
    sure : mapping of str to float
        The network's answer for the kinds it can be: logarithms of odds.
    """

    x: float
    y: float
    sd: float
    diameter: float
    sure: Mapping[str, float]


def find_spots(picture: NDArray[np.uint8]) -> list[Spot]:
    """Find all that may be a sticker, the likeliest first.

    Parameters
    ----------
    picture : ndarray of uint8, shape (h, w, 3)
        RGB, ``MM_PER_PX`` to a pixel, of a person who looks to the right.
    """
    spots: list[Spot] = []
    answers = sorted(_answers(_ask(picture)), key=lambda spot: -max(spot.sure.values()))
    for spot in answers[:_MOST]:
        (kind,) = spot.sure
        far = [math.dist((spot.x, spot.y), (other.x, other.y)) for other in spots]
        near = [i for i in np.argsort(far) if far[i] < _ONE_PX]
        is_another = spot.sure[kind] > _SURE and all(kind not in spots[i].sure for i in near)
        if not near or (is_another and far[near[0]] > _SAME_PX):
            spots.append(spot)
        else:
            first = spots[near[0]]
            spots[near[0]] = replace(first, sure={**spot.sure, **first.sure})
    return spots


def _network() -> cv2.dnn.Net:
    """Return this thread's own network: one can answer only one at a time."""
    import cv2

    if not hasattr(_own, "network"):
        _own.network = cv2.dnn.readNetFromONNX(str(FILE))
    network: cv2.dnn.Net = _own.network
    return network


def _ask(picture: NDArray[np.uint8]) -> Array:
    """Return the network's answers, shape (5, kinds, rows, columns) of cells."""
    height, width = picture.shape[:2]
    padded = np.pad(picture, ((0, -height % _BLOCK), (0, -width % _BLOCK), (0, 0)), mode="edge")
    levels = padded.transpose(2, 0, 1)[None].astype(np.float32) / 255
    network = _network()
    network.setInput(np.ascontiguousarray(levels))
    (answer,) = network.forward()
    rows, columns = -(-height // _CELL), -(-width // _CELL)
    return np.asarray(answer.reshape(5, len(KINDS), *answer.shape[1:])[..., :rows, :columns])


def _answers(answer: Array) -> Iterator[Spot]:
    """Give the network's answers where it is surer than in all cells around."""
    import cv2

    sure, across, down, log_sd, log_diameter = answer
    for kind, here in enumerate(sure):
        highest = cv2.dilate(here, np.ones((3, 3), np.uint8))
        for row, column in np.argwhere((here >= highest) & (here > LEAST)):
            at = kind, row, column
            yield Spot(
                x=float((column + 0.5) * _CELL + across[at]),
                y=float((row + 0.5) * _CELL + down[at]),
                sd=float(min(np.exp(log_sd[at]), _LARGEST_SD)),
                diameter=float(np.exp(min(log_diameter[at], 4.0))),
                sure={KINDS[kind]: float(here[row, column])},
            )
