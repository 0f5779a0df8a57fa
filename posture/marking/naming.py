"""Names stickers by where they lie, all of them together; what stays open stays open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from posture.marking.marks import SPINE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from posture.marking.bony import Guess

    Array = NDArray[np.float64]

#: No spot tells more than this.
MOST: Final = 6.0
_TINY: Final = 1e-12
# How many of those who tape anything tape this; chosen.
_USUAL: Final[Mapping[str, float]] = {"asis": 0.95, "psis": 0.95}
_UNUSUAL: Final = 0.4
#: What lies farther from where a point is expected than this, in standard deviations, is not its
#: sticker.
FAR_SD: Final = 6.0
# Points and stickers lie farther off in photos, and more of them far off, than the guesses say: a
# t distribution of so much larger standard deviations; from the calibrate split.
_WIDER: Final = 1.25
_FREEDOM: Final = 5.0
# A name is given as well if it is at most so many times less likely than the likeliest.
_LIKELY: Final = 10.0


@dataclass(frozen=True, slots=True)
class Named:
    """What a spot marks.

    Attributes
    ----------
    names : tuple of str
        Likeliest first; one if it is sure, none if it is rather no sticker.
    evidence : float
        Logarithm of how much rather it is a sticker than none, ``MOST`` at most.
    """

    names: tuple[str, ...]
    evidence: float


def name_stickers(
    at: Sequence[tuple[float, float]],
    odds: Sequence[Mapping[str, float]],
    expected: Mapping[str, Guess],
    px_per_mm: float,
) -> list[Named]:
    """Return what each of several spots marks.

    All ways to give the spots different names, or none, are weighed together.

    Parameters
    ----------
    at : sequence of tuple of float
        The spots' middles, in photo pixels, from the top down.
    odds : sequence of mapping of str to float
        By name, how much rather each looks like that sticker than like what else lies, by chance,
        anywhere on a square decimetre of a body.
    expected : mapping of str to Guess
        Where the bony points are to be expected.
    px_per_mm : float
        Photo pixels in one millimetre.
    """
    known = [name for name in ("asis", "psis", *SPINE) if name in expected]
    like = np.zeros((len(at), len(known)))
    for k, name in enumerate(known):
        covariance = np.array(expected[name].covariance) / (100 * px_per_mm) ** 2
        off = np.array(at).reshape(-1, 2) - (expected[name].x, expected[name].y)
        off /= 100 * px_per_mm
        far = np.einsum("ij,jk,ik->i", off, np.linalg.inv(covariance), off)
        density = (1 + far / _WIDER**2 / _FREEDOM) ** (-1 - _FREEDOM / 2)
        density /= 2 * np.pi * _WIDER**2 * np.sqrt(np.linalg.det(covariance))
        usual = _USUAL.get(name, _UNUSUAL)
        own = np.array([each.get(name, 0.0) for each in odds])
        like[:, k] = np.where(far < FAR_SD**2, density * usual / (1 - usual) * own, 0)
    named = []
    for none, *weights in _weights(like, known):
        own = np.array(weights)
        likely = own * _LIKELY >= own.max(initial=0.0)
        seen = own[likely].sum() > none + own[~likely].sum()
        names = tuple(known[k] for k in np.argsort(-own) if likely[k]) if seen else ()
        rather = own.sum() / max(none, np.exp(-MOST) * own.sum(), _TINY)
        named.append(Named(names, float(np.log(max(rather, _TINY)))))
    return named


def _weights(like: Array, known: Sequence[str]) -> Array:
    """Return, per spot, the weights of having no name and of each.

    They are summed over all ways to name the other spots: no name twice, and those of the spine in
    their order. All that matters of the spots above one is which names off the spine are used and
    which is the lowest used on it.
    """
    place = [SPINE.index(name) if name in SPINE else -1 for name in known]
    off_spine = [k for k, at in enumerate(place) if at < 0]
    states = [(used, low) for used in range(1 << len(off_spine)) for low in range(-1, len(SPINE))]
    number = {state: i for i, state in enumerate(states)}
    steps = []
    for (used, low), i in number.items():
        for k, at in enumerate(place):
            bit = 1 << off_spine.index(k) if at < 0 else 0
            if at > low or (at < 0 and not used & bit):
                steps.append((i, k, number[used | bit, max(low, at)]))
    start, name, end = np.array(steps, dtype=int).reshape(-1, 3).T
    above = np.zeros((len(like) + 1, len(states)))
    above[0, number[0, -1]] = 1
    for i, own in enumerate(like):
        above[i + 1] = above[i]
        np.add.at(above[i + 1], end, above[i, start] * own[name])
    below = np.ones(len(states))
    weights = np.zeros((len(like), 1 + len(known)))
    for i in range(len(like) - 1, -1, -1):
        own = like[i, name]
        weights[i, 0] = above[i] @ below
        np.add.at(weights[i], 1 + name, above[i, start] * own * below[end])
        following = below.copy()
        np.add.at(following, start, own * below[end])
        below = following
    return weights
