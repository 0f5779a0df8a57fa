"""Holds the targets of accuracy, and says which were met."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from posture.quantities import LUMBAR_CURVE, PELVIC_TILT, QUANTITIES
from validation.sets import EXPECTED
from validation.study.accuracy import FEWEST, WHOLE, Results
from validation.study.statistics import Estimate

Unit = Literal["share", "deg", "slope"]

_NAMES: Final = {PELVIC_TILT.name: "pelvic tilt", LUMBAR_CURVE.name: "lumbar curve"}
_CHANGE_DEG: Final = {PELVIC_TILT.name: 1.5, LUMBAR_CURVE.name: 2.5}
_SPREAD_DEG: Final = {PELVIC_TILT.name: (0.3, 1.5), LUMBAR_CURVE.name: (0.6, 3.0)}
_SLOPE: Final = (0.9, 1.1)
_COVERAGE: Final = (0.93, 0.97)
#: Coverage wanted in every group.
GROUP_COVERAGE: Final = (0.90, 0.99)


@dataclass(frozen=True, slots=True)
class Target:
    """What was to be reached, and what was.

    Attributes
    ----------
    what, goal : str
        In words.
    measured : Estimate
        With its interval.
    unit : {"share", "deg", "slope"}
        Of what was measured.
    met : bool
        By the measured value itself, not by its interval; false if nothing could be measured.
    """

    what: str
    goal: str
    measured: Estimate
    unit: Unit
    met: bool


def targets(results: Results) -> list[Target]:
    """Return every target with what was measured."""
    return [
        *_coverage(results["coverage"]),
        *_acceptance(results["acceptance"]),
        *_changes(results["changes"]),
        *_repeats(results["repeatability"]),
        *_vertical(results["vertical"]),
    ]


def _coverage(coverage: Results) -> Iterator[Target]:
    overall = coverage["all accepted"]
    for quantity in QUANTITIES:
        name = _NAMES.get(quantity.name, quantity.name.replace("_", " "))
        yield _between(
            f"95 % interval of {name} holds the truth",
            overall[quantity.name]["held"],
            *_COVERAGE,
        )
    for name, words in _NAMES.items():
        groups = {
            group: columns[name]["held"]
            for group, columns in coverage.items()
            if group not in WHOLE and name in columns and columns[name]["held"].n >= FEWEST
        }
        by_share = sorted(groups, key=lambda group: groups[group].value)
        ends = {by_share[0]: "least", by_share[-1]: "most"} if groups else {}
        for group, which in ends.items():
            what = f"the same, {words}, in the group of {FEWEST} or more held {which} ({group})"
            yield _between(what, groups[group], *GROUP_COVERAGE)


def _acceptance(acceptance: Results) -> Iterator[Target]:
    yield _at_least("tight clothes or none, clear back: both angles read", _tight(acceptance), 0.97)
    headless = acceptance["crops"]["headless"]["measured"]
    yield _at_least("photos without the head: measured", headless, 0.9)
    loose = acceptance["loose"]["refused"]
    yield _at_least("cloth more than 2 cm off the back: curve refused", loose, 0.9)
    refusals = acceptance["to_be_refused"]
    for part, words, least in (
        ("refused", "to be refused: refused", 0.98),
        ("right", "to be refused: refused with the right reason", 0.95),
    ):
        worst = _worst(refusals, part)
        yield _at_least(f"pictures {words}, all kinds", refusals["all"][part], least)
        yield _at_least(f"pictures {words}, worst kind ({worst})", refusals[worst][part], least)


def _worst(refusals: Results, part: str) -> str:
    return min(EXPECTED, key=lambda kind: float(refusals[kind][part].value))


def _tight(acceptance: Results) -> Estimate:
    measured: Estimate = acceptance["tight"]["read"]
    return measured


def _changes(changes: Results) -> Iterator[Target]:
    for where, columns in changes.items():
        for name, words in _NAMES.items():
            found, pairs = columns[name], f"{words}, {where} pairs"
            yield _at_most(f"change of {pairs}: mean error", found["mae"], _CHANGE_DEG[name])
            for part, way in (
                ("through_origin", "read on true change, through 0"),
                ("least_squares", "read on true change, least squares"),
            ):
                low, high = _SLOPE
                yield _between(f"change of {pairs}: {way}", found[part], low, high, unit="slope")


def _repeats(repeats: Results) -> Iterator[Target]:
    for name, words in _NAMES.items():
        median, p95 = _SPREAD_DEG[name]
        what = f"SD of {words} over copies of a photo"
        yield _at_most(f"{what}: median", repeats[name]["median"], median)
        yield _at_most(f"{what}: 95th percentile", repeats[name]["p95"], p95)


def _vertical(vertical: Results) -> Iterator[Target]:
    median = vertical["rooms"]["verticals"]["median"]
    yield _at_most("vertical where the room shows it: median error", median, 0.5)
    for where in ("all", "vertical shown"):
        worse: Estimate = vertical["by_roll"][where]["worse"]
        yield Target(
            f"pelvic tilt: mean error at 3.5-5 degrees of roll less that at 0-1, {where}",
            "not above 0 beyond its interval",
            worse,
            "deg",
            worse.low <= 0,
        )


def _between(
    what: str, measured: Estimate, low: float, high: float, unit: Unit = "share"
) -> Target:
    goal = f"{low:.0%} to {high:.0%}".replace("%", " %") if unit == "share" else f"{low} to {high}"
    return Target(what, goal, measured, unit, bool(low <= measured.value <= high))


def _at_least(what: str, measured: Estimate, least: float) -> Target:
    goal = f"{100 * least:.0f} % or more"
    return Target(what, goal, measured, "share", bool(measured.value >= least))


def _at_most(what: str, measured: Estimate, most: float) -> Target:
    return Target(what, f"{most} or less", measured, "deg", bool(measured.value <= most))
