"""Names stickers by where they lie, all of them together; what stays open stays open."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from posture.marking.marks import SPINE
from posture.marking.spots import KINDS, LEAST

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from posture.marking.bony import Guess
    from posture.marking.spots import Spot

    Array = NDArray[np.float64]

Names = tuple[str, ...]

FILE: Final = Path(__file__).with_name("stickers.npz")
# Who tapes anything tapes the pelvis, half of them the spine too, and some wear none after all: how
# many, and how often each sticker is worn and seen; chosen.
_PELVIS: Final[Mapping[str, float]] = {"asis": 0.9, "psis": 0.9}
_SPINE: Final[Mapping[str, float]] = {"c7": 0.6, "t12": 0.4, "l1": 0.4, "l3": 0.8, "s1": 0.8}
_BARE: Final = 0.4
_WORN: Final[Sequence[tuple[float, Mapping[str, float]]]] = (
    (0.3, _PELVIS),
    (0.3, {**_PELVIS, **_SPINE}),
)
#: What lies farther from where a point is expected than this, in standard deviations, is not its
#: sticker.
FAR_SD: Final = 6.0
# Points and stickers lie farther off in photos, and more of them far off, than the guesses say: a
# t distribution of so many degrees of freedom.
_FREEDOM: Final = 5.0
# No answer of the network tells more than this.
_SUREST: Final = 8.0
# A sticker on the PSIS and one on S1 often cover each other: within so many square decimetres.
_ONE_SPOT: Final[Names] = ("psis", "s1")
_ONE_SPOT_DM2: Final = 0.02
# Spots that are less likely any sticker than this change nothing.
_NOTHING: Final = 1e-4
_TINY: Final = 1e-300
# More than so many stickers nobody wears: the next answer tells how busy skin and clothes are.
_MOST_WORN: Final = 7
# A name is given as well if it is at most so many times less likely than the likeliest.
_LIKELY: Final = 10.0
# How likely a spot must be any sticker to be one, and the one of its name to be sure; chosen.
_SEEN: Final = 0.4
_SURE: Final = 0.9


@dataclass(frozen=True, slots=True)
class Scales:
    """What turns the network's answers, and how far a spot lies from where a point is expected.

    Attributes
    ----------
    slope : float
        Of an answer.
    offset : mapping of str to float
        Added to it, by kind. The sum is the logarithm of how much rather a spot is such a sticker
        than what else lies, by chance, anywhere on a square decimetre of a body.
    busy : float
        Taken from it for each unit of the answer for the best spot that can be none of those worn.
    wider : float
        How many times as far points lie off as their guesses say.
    enough : float
        The least evidence of somebody who wears stickers.
    off : float
        How many times as far middles are off as the network says.
    """

    slope: float
    offset: Mapping[str, float]
    busy: float
    wider: float
    enough: float
    off: float


@cache
def fitted() -> Scales:
    """Return what `validation.fit_naming` fitted."""
    with np.load(FILE) as data:
        told = {name: data[name] for name in data.files}
    offset = dict(zip(KINDS, told.pop("offset").tolist(), strict=True))
    return Scales(offset=offset, **{name: float(value) for name, value in told.items()})


@dataclass(frozen=True, slots=True)
class Named:
    """What a spot marks.

    Attributes
    ----------
    names : tuple of str
        Likeliest first; none if it is rather no sticker.
    sure : bool
        Whether it is a sticker, and the one of its only name.
    """

    names: tuple[str, ...]
    sure: bool


def name_stickers(
    spots: Sequence[Spot], expected: Mapping[str, Guess], px_per_mm: float, scales: Scales
) -> tuple[list[Named], float]:
    """Return what each of several spots marks, and whether stickers are worn at all.

    All ways to give the spots different names, or none, are weighed together.

    Parameters
    ----------
    spots : sequence of Spot
        From the top down.
    expected : mapping of str to Guess
        Where the bony points are to be expected.
    px_per_mm : float
        Photo pixels in one millimetre.
    scales : Scales
        What was fitted.

    Returns
    -------
    list of Named
        One a spot.
    float
        Logarithm of how many times likelier it is, the spots seen, that stickers are worn than that
        none are.
    """
    choices = choices_of(expected)
    like = likelihoods(spots, expected, px_per_mm, choices, scales)
    weighed = np.zeros((len(spots), 1 + len(choices)))
    weighed[:, 0] = _BARE
    worn = 0.0
    for share, usual in _ways(choices):
        own, every = _weights(like * usual, choices)
        weighed += share * own
        worn += share * every
    return [_named(row, choices) for row in weighed], float(np.log(worn / _BARE))


def choices_of(expected: Mapping[str, Guess]) -> list[Names]:
    """Return what one spot can be: a sticker, or two that the photo shows as one."""
    names = [name for name in ("asis", "psis", *SPINE) if name in expected]
    return [*((name,) for name in names), *([_ONE_SPOT] if set(_ONE_SPOT) <= set(names) else [])]


def log_share(like: Array, choices: Sequence[Names], names: Sequence[Names]) -> float:
    """Return the logarithm of how likely the names are that spots are given, of all ways.

    Parameters
    ----------
    like : ndarray, shape (n, k)
        What `likelihoods` returned.
    choices : sequence of tuple of str
        Its k choices.
    names : sequence of tuple of str
        One a spot, empty if it is no sticker.
    """
    given = [(i, choices.index(each)) for i, each in enumerate(names) if each in choices]
    given = [(i, k) for i, k in given if like[i, k] > 0]
    every, these = _BARE, 0.0 if given else _BARE
    for share, usual in _ways(choices):
        odds = like * usual
        every += share * _weights(odds[odds.sum(axis=1) > _NOTHING], choices)[1]
        these += share * math.prod(odds[i, k] for i, k in given)
    return math.log(max(these / every, _TINY))


def _ways(choices: Sequence[Names]) -> list[tuple[float, Array]]:
    """Return how stickers are worn: how likely none is seen then, and the odds of each choice."""
    ways = []
    for share, worn in _WORN:
        unseen = share * math.prod(1 - usual for usual in worn.values())
        odds = {name: usual / (1 - usual) for name, usual in worn.items()}
        each = [math.prod(odds.get(name, 0.0) for name in choice) for choice in choices]
        ways.append((unseen, np.array(each)))
    return ways


def likelihoods(
    spots: Sequence[Spot],
    expected: Mapping[str, Guess],
    px_per_mm: float,
    choices: Sequence[Names],
    scales: Scales,
) -> Array:
    """Return how much rather each spot is each choice than no sticker, shape (n, k)."""
    answers = sorted((max(spot.sure.values()) for spot in spots), reverse=True)
    busy = scales.busy * (answers[_MOST_WORN] if len(answers) > _MOST_WORN else LEAST)
    odds = {}
    for kind in KINDS:
        seen = np.array([spot.sure.get(kind, -np.inf) for spot in spots])
        odds[kind] = np.exp(np.minimum(scales.slope * seen + scales.offset[kind] - busy, _SUREST))
    at = np.array([(spot.x, spot.y) for spot in spots]).reshape(-1, 2)
    like = np.zeros((len(spots), len(choices)))
    for k, choice in enumerate(choices):
        density = np.prod([_density(at, expected[n], px_per_mm, scales) for n in choice], axis=0)
        looks = [odds[name if name in KINDS else "spine"] for name in choice]
        like[:, k] = density * np.max(looks, axis=0) * _ONE_SPOT_DM2 ** (len(choice) - 1)
    return like


def _density(at: Array, guess: Guess, px_per_mm: float, scales: Scales) -> Array:
    """Return how densely a sticker is to be expected at places, in a square decimetre."""
    to_dm = 1 / (100 * px_per_mm)
    covariance = np.array(guess.covariance) * to_dm**2
    off = (at - (guess.x, guess.y)) * to_dm
    far = np.einsum("ij,jk,ik->i", off, np.linalg.inv(covariance), off)
    density = (1 + far / scales.wider**2 / _FREEDOM) ** (-1 - _FREEDOM / 2)
    density /= 2 * np.pi * scales.wider**2 * np.sqrt(np.linalg.det(covariance))
    return np.where(far < FAR_SD**2, density, 0.0)


def _named(weights: Array, choices: Sequence[Names]) -> Named:
    """Return the name that a spot has by the weights of none and of each choice."""
    own: dict[str, float] = {}
    for choice, weight in zip(choices, weights[1:], strict=True):
        for name in choice:
            own[name] = own.get(name, 0.0) + float(weight)
    every, most = float(weights.sum()), max(own.values(), default=0.0)
    if weights[0] >= (1 - _SEEN) * every:
        return Named((), sure=False)
    likely = sorted((n for n in own if own[n] * _LIKELY >= most), key=lambda n: -own[n])
    return Named(tuple(likely), sure=len(likely) == 1 and most > _SURE * every)


def _weights(like: Array, choices: Sequence[Names]) -> tuple[Array, float]:
    """Return, per spot, the weights of being none and of each choice, and the sum of all ways.

    They are summed over all ways to name the other spots: no name twice, and those of the spine in
    their order. All that matters of the spots above one is which names off the spine are used and
    which is the lowest used on it.
    """
    states = [(used, low) for used in range(4) for low in range(-1, len(SPINE))]
    number = {state: i for i, state in enumerate(states)}
    steps = []
    for k, choice in enumerate(choices):
        bits = sum(1 << KINDS.index(name) for name in choice if name not in SPINE)
        at = max((SPINE.index(name) for name in choice if name in SPINE), default=-1)
        for (used, low), i in number.items():
            if not used & bits and (at < 0 or at > low):
                steps.append((i, k, number[used | bits, max(low, at)]))
    start, name, end = np.array(steps, dtype=int).reshape(-1, 3).T
    above = np.zeros((len(like) + 1, len(states)))
    above[0, number[0, -1]] = 1
    for i, own in enumerate(like):
        above[i + 1] = above[i]
        np.add.at(above[i + 1], end, above[i, start] * own[name])
    below = np.ones(len(states))
    weights = np.zeros((len(like), 1 + len(choices)))
    for i in range(len(like) - 1, -1, -1):
        own = like[i, name]
        weights[i, 0] = above[i] @ below
        np.add.at(weights[i], 1 + name, above[i, start] * own * below[end])
        following = below.copy()
        np.add.at(following, start, own * below[end])
        below = following
    return weights, float(above[-1].sum())
