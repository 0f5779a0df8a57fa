"""Says where the bony points of pelvis and spine lie by the trunk's shape: numpy alone.

What was fitted to rendered people is read from ``bony.npz``, which `validation.fit_bony` writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from posture.marking import profile
from posture.marking.marks import BONY_POINTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from posture.shape import Facing, Shape
    from posture.tilt import Vertical

    Array = NDArray[np.float64]

FILE: Final = Path(__file__).with_name("bony.npz")
#: What the fitted backs tell of angles, and by how many points they hold the skin over the spine.
ANGLES: Final = ("lumbar_curve", "sacral_inclination", "thoracic_curve")
MIDLINE_POINTS: Final = 33


@dataclass(frozen=True, slots=True, eq=False)
class Guess:
    """Where a bony point probably lies.

    Attributes
    ----------
    x, y : float
        In pixels of the upright photo.
    covariance : ndarray, shape (2, 2)
        Of its error, in square pixels, x right and y down.
    """

    x: float
    y: float
    covariance: Array


@cache
def fitted() -> Mapping[str, Array]:
    """Return what was fitted, by name."""
    with np.load(FILE) as data:
        return {name: data[name].astype(float) for name in data.files}


def guess(
    shape: Shape | None, hip: Array, shoulder: Array, facing: Facing, vertical: Vertical
) -> dict[str, Guess]:
    """Guess where the bony points lie.

    Parameters
    ----------
    shape : Shape or None
        The trunk's contour in numbers; without it hip and shoulder alone are gone by.
    hip, shoulder : ndarray, shape (2,)
        Joints of the near side in pixels.
    facing : {"left", "right"}
        Where the person looks in the photo.
    vertical : Vertical
        The true vertical at the hip.

    Returns
    -------
    dict of str to Guess
        By the names in `posture.marking.marks.BONY_POINTS`. On the rendered people they were fitted
        to they are off by 1 to 2 % of stature with a shape, twice that without one.
    """
    known = fitted()
    trunk_px = float(np.hypot(*(shoulder - hip)))
    if shape is None:
        places, covariance = known["trunk/mean"], known["trunk/covariance"]
    else:
        places = shape.numbers() @ known["shape/weights"] + known["shape/offset"]
        covariance = known["shape/covariance"]
    to_photo = profile.to_photo(facing, vertical.lean_deg) * trunk_px
    guesses = {}
    for i, name in enumerate(BONY_POINTS):
        own = slice(2 * i, 2 * i + 2)
        x, y = hip + to_photo @ places[own]
        spread = to_photo @ covariance[own, own] @ to_photo.T
        guesses[name] = Guess(float(x), float(y), spread)
    return guesses


def tilted(
    guesses: Mapping[str, Guess], tilt_deg: float, facing: Facing, lean_deg: float
) -> dict[str, Guess]:
    """Return the guesses with ASIS and PSIS turned about their middle to a tilt that is known."""
    asis, psis = (np.array([guesses[name].x, guesses[name].y]) for name in ("asis", "psis"))
    middle, half = (asis + psis) / 2, float(np.hypot(*(asis - psis))) / 2
    along = np.array([np.cos(np.radians(tilt_deg)), -np.sin(np.radians(tilt_deg))])
    way = half * (profile.to_photo(facing, lean_deg) @ along)
    turned = {"asis": middle + way, "psis": middle - way}
    return {
        **guesses,
        **{n: Guess(float(x), float(y), guesses[n].covariance) for n, (x, y) in turned.items()},
    }
