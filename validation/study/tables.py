"""Writes tables and numbers of the accuracy page as Markdown; it computes none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from posture.quantities import QUANTITIES, Quantity
from validation.sets import EXPECTED
from validation.study.accuracy import FEWEST, WHOLE, Results
from validation.study.statistics import Estimate
from validation.study.targets import GROUP_COVERAGE, Target

_UNKNOWN: Final = "not measured"
_ERRORS: Final = (
    "photos (people)",
    "MAE",
    "bias",
    "SD",
    "95th percentile",
    "R2",
    "MAE of the mean",
)


def number(value: float, places: int = 1) -> str:
    """Return a number in words, or that it was not measured."""
    return f"{round(value, places) + 0.0:.{places}f}" if np.isfinite(value) else _UNKNOWN


def deg(estimate: Estimate, places: int = 1) -> str:
    """Return a number with its interval."""
    if not np.isfinite(estimate.value):
        return _UNKNOWN
    low, high = number(estimate.low, places), number(estimate.high, places)
    return f"{number(estimate.value, places)} ({low} to {high})"


def share(estimate: Estimate) -> str:
    """Return a share in percent with its interval."""
    if not np.isfinite(estimate.value):
        return _UNKNOWN
    low, high = (f"{100 * end:.0f}" for end in (estimate.low, estimate.high))
    return f"{100 * estimate.value:.1f} % ({low} to {high})"


def counted(estimate: Estimate) -> str:
    """Return a share with its interval and of how many."""
    return f"{share(estimate)}, n {estimate.n}"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table; all columns but the first are set to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines) + "\n"


def titled(quantity: Quantity) -> str:
    """Return a quantity's name as a heading has it."""
    unit = {"deg": "degrees", "pct": "% of stature", "cm": "cm"}[quantity.unit]
    return f"{quantity.name.replace('_', ' ').capitalize()} ({unit})"


def of_targets(reached: list[Target]) -> str:
    """Return the table of targets."""
    return table(
        ("what", "target", "measured (95 % interval)", "n", ""),
        (
            (
                target.what,
                target.goal,
                share(target.measured) if target.unit == "share" else deg(target.measured, 2),
                target.measured.n,
                _verdict(target),
            )
            for target in reached
        ),
    )


def _verdict(target: Target) -> str:
    if not np.isfinite(target.measured.value):
        return "not measured"
    return "met" if target.met else "**not met**"


def of_errors(accuracy: Results) -> str:
    """Return one table for all, then one a quantity by group."""
    parts = []
    for group in WHOLE:
        rows = ((titled(q), *_errors(accuracy[group][q.name])) for q in QUANTITIES)
        parts.append(f"### {group.capitalize()}\n\n{table(('quantity', *_ERRORS), rows)}")
    for quantity in QUANTITIES:
        rows = (
            (group, *_errors(columns[quantity.name]))
            for group, columns in accuracy.items()
            if group not in WHOLE
        )
        summary = f"<summary>{titled(quantity)} by group</summary>"
        parts.append(f"<details>{summary}\n\n{table(('group', *_ERRORS), rows)}\n</details>\n")
    return "\n".join(parts)


def _errors(found: Results) -> tuple[str, ...]:
    return (
        f"{found['n']} ({found['people']})",
        deg(found["mae"], 2),
        deg(found["bias"], 2),
        number(found["sd"], 2),
        number(found["p95"]),
        number(found["r2"], 2),
        number(found["mae_of_mean"], 2),
    )


def of_coverage(coverage: Results) -> str:
    """Return coverage of every quantity, and of the back's angles by group."""
    overall = coverage["all accepted"]
    every = table(
        ("quantity", "n", "holds the truth", "median half width", "median least change"),
        (
            (
                titled(q),
                overall[q.name]["held"].n,
                share(overall[q.name]["held"]),
                number(overall[q.name]["half"]),
                number(overall[q.name]["mdc95"]),
            )
            for q in QUANTITIES
        ),
    )
    groups = table(
        ("group", *(q.name.replace("_", " ") for q in QUANTITIES)),
        (
            (group, *(_held(columns.get(q.name)) for q in QUANTITIES))
            for group, columns in coverage.items()
            if columns and group not in WHOLE
        ),
    )
    cells = [
        found["held"].value
        for group, columns in coverage.items()
        if group not in WHOLE
        for found in columns.values()
    ]
    low, high = GROUP_COVERAGE
    kept = sum(low <= cell <= high for cell in cells)
    told = (
        f"{kept} of {len(cells)} shares by group and quantity lie within {low:.0%} and {high:.0%}."
    )
    summary = f"<summary>By group, where it has {FEWEST} photos or more</summary>"
    return f"{every}\n{told.replace('%', ' %')}\n\n<details>{summary}\n\n{groups}\n</details>\n"


def _held(found: Results | None) -> str:
    return _UNKNOWN if found is None else counted(found["held"])


def of_acceptance(acceptance: Results) -> str:
    """Return what was measured and refused."""
    head = ("photos", "share (95 % interval)", "n", "reasons given otherwise")
    tight, loose = acceptance["tight"], acceptance["loose"]
    rows: list[tuple[str, Estimate, str]] = [
        ("tight or bare, clear back: both angles read", tight["read"], counts(tight["why_not"]))
    ]
    for crop, found in acceptance["crops"].items():
        refused = {code: n for code, n in found["codes"].items() if code != "measured"}
        rows += [
            (
                f"{crop} crop: measured",
                found["measured"],
                counts(refused),
            ),
            (f"{crop} crop: has a pelvic tilt", found["tilt"], ""),
            (f"{crop} crop, tight or bare, clear back: has one", found["tilt_tight"], ""),
        ]
    rows.append(("cloth over 2 cm off: curve refused", loose["refused"], counts(loose["why"])))
    rows += [
        (f"cloth {gap} cm off: curve refused", found, "")
        for gap, found in loose["by_gap_cm"].items()
    ]
    shares = table(head, ((what, share(e), e.n, codes) for what, e, codes in rows))
    kinds = table(
        ("picture", "n", "refused", "with the right reason", "right reason", "reasons given"),
        (
            (
                kind,
                found["refused"].n,
                share(found["refused"]),
                share(found["right"]),
                f"`{EXPECTED[kind]}`" if kind in EXPECTED else "",
                counts(found["codes"]),
            )
            for kind, found in acceptance["to_be_refused"].items()
        ),
    )
    return f"{shares}\nPictures that must be refused:\n\n{kinds}"


def counts(codes: dict[str, int]) -> str:
    """Return codes with how often each was given."""
    return ", ".join(f"`{code}` {n}" for code, n in codes.items())


def of_baselines(baselines: Results) -> str:
    """Return the errors of lesser ways."""
    parts = []
    for name, ways in baselines.items():
        rows = ((way, *_errors(found)) for way, found in ways.items())
        title = name.replace("_", " ").capitalize()
        parts.append(f"### {title}\n\n{table(('read from', *_ERRORS), rows)}")
    return "\n".join(parts)
