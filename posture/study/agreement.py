"""Computes intraclass correlations and Bland and Altman's limits; it knows nothing of photos."""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from posture.study.figures import Agreement, Correlation, Dot, Figure

if TYPE_CHECKING:
    from collections.abc import Sequence

_Z95: Final = 1.96


def correlation(table: Sequence[Sequence[float]]) -> Correlation | None:
    """Return the intraclass correlations of one photo, with their 95 % confidence intervals.

    Parameters
    ----------
    table : sequence of sequence of float, shape (people, occasions)
        The same occasions of all people, two of each at least.

    Returns
    -------
    Correlation or None
        Intervals have two decimals. None where the numbers tell no correlation, for example where
        all are the same.

    Notes
    -----
    ICC(2,1) and ICC(3,1) as Shrout and Fleiss define them (Psychological Bulletin 1979;86:420), by
    pingouin, which calls them ICC(A,1) and ICC(C,1); intervals of McGraw and Wong (Psychological
    Methods 1996;1:30).
    """
    import pandas as pd  # type: ignore[import-untyped]
    from pingouin import intraclass_corr  # type: ignore[import-untyped]

    numbers = np.asarray(table, dtype=float)
    if np.ptp(numbers) == 0:
        return None
    people, occasions = numbers.shape
    person, occasion = np.indices(numbers.shape)
    long = pd.DataFrame(
        {"person": person.ravel(), "occasion": occasion.ravel(), "value": numbers.ravel()}
    )
    # What is not finite is left out below; what pandas will once remove is pingouin's business.
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        found = intraclass_corr(long, targets="person", raters="occasion", ratings="value")
    found = found.set_index("Type")
    icc2, icc3 = (
        Figure(float(found.at[kind, "ICC"]), *map(float, found.at[kind, "CI95"]))
        for kind in ("ICC(A,1)", "ICC(C,1)")
    )
    if not all(math.isfinite(n) for one in (icc2, icc3) for n in (one.value, one.low, one.high)):
        return None
    return Correlation(icc2, icc3, people, occasions)


def bland_altman(
    between: Literal["raters", "sessions"], first: str, second: str, dots: Sequence[Dot]
) -> Agreement:
    """Return bias and limits of agreement, each with its 95 % confidence interval.

    Parameters
    ----------
    between : {"raters", "sessions"}
        What is compared.
    first, second : str
        Their labels.
    dots : sequence of Dot
        Two people at least, each once.

    Returns
    -------
    Agreement
        In the unit of the differences.

    Notes
    -----
    Limits are bias ± 1.96 s, where s is the standard deviation of the n differences. The variance
    of the bias is s² / n and that of a limit s² (1 / n + 1.96² / 2 (n - 1)); intervals are of
    Student's t with n - 1 degrees of freedom (Bland and Altman, Statistical Methods in Medical
    Research 1999;8:135).
    """
    from scipy.stats import t

    differences = np.array([dot.difference for dot in dots])
    n, spread = len(dots), float(differences.std(ddof=1))
    bias, reach = float(differences.mean()), float(t.ppf(0.975, n - 1)) * spread
    of_bias = reach * math.sqrt(1 / n)
    of_limit = reach * math.sqrt(1 / n + _Z95**2 / (2 * (n - 1)))
    lower, upper = bias - _Z95 * spread, bias + _Z95 * spread
    return Agreement(
        between,
        first,
        second,
        Figure(bias, bias - of_bias, bias + of_bias),
        Figure(lower, lower - of_limit, lower + of_limit),
        Figure(upper, upper - of_limit, upper + of_limit),
        spread / math.sqrt(2),
        tuple(dots),
    )
