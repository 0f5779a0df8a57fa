"""Finds the most likely back through marked points, and its angles: numpy alone.

Backs of rendered people, as points, angles and the skin over the spine, are held as a mixture of
normal distributions in ``bony.npz``. Given some points, each with its error, what the mixture says
of everything else is again a mixture of normal distributions, exactly. The curve through the points
is its mean: with one distribution this is kriging, of which smoothing splines are a special case
(Kimeldorf and Wahba 1970, Ann. Math. Stat. 41:495), and several let it bend as backs do.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from posture.marking.bony import ANGLES, MIDLINE_POINTS, fitted
from posture.marking.marks import BONY_POINTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

_TOLD: Final = 2 * len(BONY_POINTS)
_SCALES: Final = np.linspace(-2.0, 2.0, 9)  # standard deviations that are tried
_ANYWHERE: Final = 1e3  # percent of stature: where S1 lies is not known
_LEAST_SD: Final = 0.05  # percent of stature: the fitted backs are no truer than this
_TAIL: Final = 0.025


@dataclass(frozen=True, slots=True, eq=False)
class Observed:
    """A marked point, upright: the person faces +x, y is up.

    Attributes
    ----------
    at : ndarray, shape (2,)
        Where it lies, in any one unit.
    covariance : ndarray, shape (2, 2)
        Of its error, in that unit squared.
    """

    at: Array
    covariance: Array


@dataclass(frozen=True, slots=True, eq=False)
class LikelyBack:
    """What points tell of a back.

    Attributes
    ----------
    angles : mapping of str to tuple of float
        Median and 95 % interval in degrees of each of `posture.marking.bony.ANGLES`.
    skin : ndarray, shape (33, 2)
        The most likely skin over the spine from the gluteal cleft to the neck, in the frame and
        unit of the points.
    strangeness : float
        How far the points lie from the usual: about 1 for a usual back, in root mean squares.
    """

    angles: Mapping[str, tuple[float, float, float]]
    skin: Array
    strangeness: float


def most_likely(
    observed: Mapping[str, Observed],
    stature: float,
    stature_sd_share: float,
    vertical_sd_deg: float,
) -> LikelyBack:
    """Return the most likely back through marked points.

    Parameters
    ----------
    observed : mapping of str to Observed
        By the names in `posture.marking.marks.BONY_POINTS`; at least two.
    stature : float
        Standing height in the unit of the points, about.
    stature_sd_share : float
        How unsure that is, as a share.
    vertical_sd_deg : float
        How unsure is which way is up.
    """
    known = fitted()
    names = list(observed)
    rows = np.array([[2 * BONY_POINTS.index(n), 2 * BONY_POINTS.index(n) + 1] for n in names])
    rows = rows.ravel()
    places = np.array([observed[n].at for n in names])
    middle = places.mean(axis=0)
    noise = np.zeros((len(rows), len(rows)))
    for i, name in enumerate(names):
        noise[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] = observed[name].covariance
    across = ((places - middle) @ np.array([[0.0, 1.0], [-1.0, 0.0]])).ravel()
    noise += np.radians(vertical_sd_deg) ** 2 * np.outer(across, across)

    # All points together may lie anywhere.
    everywhere = np.tile(np.eye(2), (len(names), len(names))) * _ANYWHERE**2
    logs, means, variances, skins, squares = [], [], [], [], []
    scales = 100 / stature * np.exp(_SCALES * stature_sd_share)
    for by, z in zip(scales, _SCALES, strict=True):
        seen = ((places - middle) * by).ravel()
        error = noise * by**2 + np.eye(len(rows)) * _LEAST_SD**2 + everywhere
        for share, mean, covariance in zip(
            known["back/shares"], known["back/means"], known["back/covariances"], strict=True
        ):
            total = covariance[np.ix_(rows, rows)] + error
            off = seen - mean[rows]
            solved = np.linalg.solve(total, np.column_stack([off, covariance[rows]]))
            square = float(off @ solved[:, 0])
            logs.append(
                math.log(share)
                - (z**2 + square + np.linalg.slogdet(total)[1]) / 2
                + len(rows) * math.log(by)
            )
            told = slice(_TOLD, _TOLD + len(ANGLES))
            after = mean + covariance[:, rows] @ solved[:, 0]
            shift = _ANYWHERE**2 * solved[:, 0].reshape(-1, 2).sum(axis=0)
            means.append(after[told])
            variances.append(
                np.diag(covariance)[told]
                - np.einsum("ij,ji->i", covariance[told][:, rows], solved[:, 1:][:, told])
            )
            skins.append((after[told.stop :].reshape(MIDLINE_POINTS, 2) + shift) / by + middle)
            squares.append(square)
    weights = np.exp(np.array(logs) - max(logs))
    weights /= weights.sum()
    sds = np.sqrt(np.maximum(variances, 0.0))
    angles = {
        name: _interval(weights, np.array(means)[:, i], sds[:, i]) for i, name in enumerate(ANGLES)
    }
    free = max(len(rows) - 2, 1)
    return LikelyBack(
        angles,
        np.einsum("k,kij->ij", weights, np.array(skins)),
        float(np.sqrt(weights @ np.array(squares) / free)),
    )


def _interval(weights: Array, means: Array, sds: Array) -> tuple[float, float, float]:
    """Return the median and 95 % interval of a mixture of normal distributions."""
    median, low, high = (_quantile(weights, means, sds, q) for q in (0.5, _TAIL, 1 - _TAIL))
    return median, low, high


def _quantile(weights: Array, means: Array, sds: Array, wanted: float) -> float:
    heavy = weights > weights.max() * 1e-6
    weights, means, sds = weights[heavy] / weights[heavy].sum(), means[heavy], sds[heavy] + 1e-9
    low, high = float((means - 8 * sds).min()), float((means + 8 * sds).max())
    for _ in range(60):
        at = (low + high) / 2
        below = sum(
            w * math.erfc((m - at) / (s * math.sqrt(2))) / 2
            for w, m, s in zip(weights, means, sds, strict=True)
        )
        low, high = (at, high) if below < wanted else (low, at)
    return (low + high) / 2
