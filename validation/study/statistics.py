"""Computes what the accuracy page states, each with its 95 % interval: numpy alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np

from validation.people.parts import Array, IntArray

DRAWS: Final = 2000
SEED: Final = 1
_NORMAL_95: Final = 1.959964
_TAILS: Final = (2.5, 97.5)

Statistic = Callable[[IntArray], float]


@dataclass(frozen=True, slots=True)
class Estimate:
    """One number of the page; NaN where there is nothing to compute it from.

    Attributes
    ----------
    value, low, high : float
        The number and its 95 % interval.
    n : int
        From how many photos, pairs or copies.
    """

    value: float
    low: float
    high: float
    n: int

    def rounded(self) -> dict[str, Any]:
        """Return it for a file, with None for what is not known."""
        known = {
            name: round(number, 3) + 0.0 if np.isfinite(number) else None
            for name, number in (("value", self.value), ("low", self.low), ("high", self.high))
        }
        return {**known, "n": self.n}


def share(hits: float, n: int) -> Estimate:
    """Return a share with Wilson's interval; ``hits`` may be an average over draws."""
    if n == 0:
        return Estimate(np.nan, np.nan, np.nan, 0)
    p, z2 = hits / n, _NORMAL_95**2
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = _NORMAL_95 * np.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return Estimate(p, float(max(middle - half, 0.0)), float(min(middle + half, 1.0)), n)


def mean(values: Array, people: IntArray) -> Estimate:
    """Return a mean; whole people are drawn anew, with all their photos."""
    if not len(values):
        return Estimate(np.nan, np.nan, np.nan, 0)
    who, of = np.unique(people, return_inverse=True)
    weights = _drawn(len(who))
    sums, counts = (np.bincount(of, w, len(who)) for w in (values, np.ones(len(values))))
    low, high = np.percentile((weights @ sums) / (weights @ counts), _TAILS)
    return Estimate(float(np.mean(values)), float(low), float(high), len(values))


def bootstrap(statistic: Statistic, people: IntArray) -> Estimate:
    """Return any statistic of rows, given by their numbers; whole people are drawn anew."""
    if not len(people):
        return Estimate(np.nan, np.nan, np.nan, 0)
    who, of = np.unique(people, return_inverse=True)
    drawn = (np.repeat(np.arange(len(of)), weights[of]) for weights in _drawn(len(who)))
    draws = np.array([statistic(rows) for rows in drawn])
    draws = draws[np.isfinite(draws)]
    low, high = np.percentile(draws, _TAILS) if len(draws) else (np.nan, np.nan)
    return Estimate(statistic(np.arange(len(people))), float(low), float(high), len(people))


@cache
def _drawn(people: int) -> IntArray:
    """Return how often each of some people is drawn, shape (DRAWS, people)."""
    rng = np.random.default_rng(SEED)
    return rng.multinomial(people, np.full(people, 1 / people), DRAWS)


def errors(true: Array, read: Array, people: IntArray) -> dict[str, Any]:
    """Return how far readings are from the truth.

    Returns
    -------
    dict
        ``mae`` and ``bias`` as `Estimate`; ``sd``, ``p95`` of the absolute error, ``r2``, and
        ``mae_of_mean``: of saying the mean of these very people, always.
    """
    error = read - true
    enough = len(error) > 1
    return {
        "n": len(error),
        "people": len(np.unique(people)),
        "mae": mean(np.abs(error), people),
        "bias": mean(error, people),
        "sd": float(error.std(ddof=1)) if enough else np.nan,
        "p95": float(np.percentile(np.abs(error), 95)) if enough else np.nan,
        "r2": r2(true, read) if enough else np.nan,
        "mae_of_mean": float(np.abs(true - true.mean()).mean()) if enough else np.nan,
    }


def r2(true: Array, read: Array) -> float:
    """Return the share of the variance of the truth that readings hold; below 0 if none."""
    spread = float(np.sum((true - true.mean()) ** 2))
    return float(1 - np.sum((read - true) ** 2) / spread) if spread > 0 else np.nan


def slope_through_origin(true: Array, read: Array) -> float:
    """Return by how much a reading changes for each degree of true change; NaN without any."""
    spread = float(true @ true)
    return float(true @ read / spread) if spread > 0 else np.nan


def slope(true: Array, read: Array) -> float:
    """Return the slope of ordinary least squares of readings on the truth."""
    return slope_through_origin(true - true.mean(), read - read.mean())


def held(true: Array, low: Array, high: Array, sd: float = 0.0, draws: int = 200) -> Array:
    """Return how surely each interval holds the truth, 0 to 1.

    With `sd`, the truth differs from that of the rendered body by what no body shows: so many
    draws of it, by a fixed seed, are averaged.
    """
    if sd == 0:
        return np.asarray((low <= true) & (true <= high), dtype=float)
    moved = true + np.random.default_rng(SEED).normal(0, sd, (draws, len(true)))
    return np.asarray(((low <= moved) & (moved <= high)).mean(axis=0))


def ridge(inputs: Array, goal: Array) -> Callable[[Array], Array]:
    """Return a linear fit, shrunk by as much as generalised cross-validation finds best."""
    centre, spread, offset = inputs.mean(axis=0), inputs.std(axis=0) + 1e-9, goal.mean()
    u, s, vt = np.linalg.svd((inputs - centre) / spread, full_matrices=False)
    along = u.T @ (goal - offset)

    def loss(penalty: float) -> float:
        kept = s**2 / (s**2 + penalty)
        left = goal - offset - u @ (kept * along)
        return float(np.mean(left**2) / (1 - (1 + kept.sum()) / len(goal)) ** 2)

    penalties = np.logspace(-1, 4, 26)
    best = penalties[np.argmin([loss(p) for p in penalties])]
    weights = vt.T @ (s / (s**2 + best) * along)
    return lambda rows: np.asarray((rows - centre) / spread @ weights + offset)
