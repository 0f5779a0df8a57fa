"""Computes how far apart numbers of one person are, and how well that is known; numbers alone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from posture.study.figures import Figure, Noise

if TYPE_CHECKING:
    from collections.abc import Sequence

    #: The numbers of each person, of each session of theirs, of each photo in it.
    People = Sequence[Sequence[Sequence[float]]]

_Z95: Final = 1.96
_TAILS: Final = (0.975, 0.025)


def of_sessions(people: People) -> Noise:
    """Return the noise of one photo, of sessions of their own.

    Parameters
    ----------
    people : sequence of sequence of sequence of float
        By person, by session, by photo; one person at least has two sessions.

    Returns
    -------
    Noise
        In the unit of the numbers.

    Notes
    -----
    With one photo a session, SEM² is the mean square within people of a one-way analysis of
    variance, Σᵢ Σⱼ (xᵢⱼ - x̄ᵢ)² / Σᵢ (nᵢ - 1): Bland and Altman's within-subject standard deviation
    (BMJ 1996;313:744). Of two photos each that is Σ d² / 2n, which is SD(differences)² / 2 with
    what sessions or raters differ by on average left in, since it is in a later visit too.

    With several photos a session it is V + (1 - h) W, where W is the mean square within sessions, V
    that of the means of sessions within people and h the mean of 1 / photos of those sessions: the
    variance of one photo of a session that is drawn anew, however many photos each has.

    The interval of SEM² is k SEM² / χ², of the chi-square distribution with k degrees of freedom,
    the denominators above; of a sum, Satterthwaite's (Biometrics Bulletin 1946;2:110). It supposes
    that differences are normally distributed and independent: where few raters differ from each
    other, it is too narrow.
    """
    means = [[_mean(photos) for photos in sessions] for sessions in people]
    between, between_df = _within(means)
    photo, photo_df = _within([photos for sessions in people for photos in sessions])
    share = sum(
        (len(sessions) - 1) * _mean([1 / len(photos) for photos in sessions]) for sessions in people
    )
    rest = (1 - share / between_df) * photo
    square = between + rest
    parts = between**2 / between_df + (rest**2 / photo_df if photo_df else 0.0)
    return _noise(square, square**2 / parts if parts else between_df)


def of_photos(people: People) -> Noise:
    """Return the noise of one photo within a session: as `of_sessions`, without what poses add."""
    return _noise(*_within([photos for sessions in people for photos in sessions]))


def _within(groups: Sequence[Sequence[float]]) -> tuple[float, float]:
    """Return the mean square within groups and its degrees of freedom; 0.0 of none."""
    squares = math.fsum(float(np.var(group)) * len(group) for group in groups)
    df = sum(len(group) - 1 for group in groups)
    return (squares / df if df else 0.0), float(df)


def _noise(square: float, df: float) -> Noise:
    from scipy.stats import chi2

    low, high = (math.sqrt(df * square / float(chi2.ppf(tail, df))) for tail in _TAILS)
    sem, least = math.sqrt(square), _Z95 * math.sqrt(2)
    return Noise(Figure(sem, low, high), Figure(least * sem, least * low, least * high), df)


def _mean(numbers: Sequence[float]) -> float:
    return math.fsum(numbers) / len(numbers)
