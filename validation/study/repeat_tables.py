"""Writes what repeated photos tell as Markdown: changes, copies, the vertical; it computes none."""

from __future__ import annotations

from posture.quantities import QUANTITIES
from validation.study.accuracy import Results
from validation.study.repeats import FOLLOWED
from validation.study.tables import counted, deg, number, share, table, titled


def of_changes(changes: Results) -> str:
    """Return how well change is told."""
    head = (
        "change of",
        "pairs",
        "mean true change",
        "its 95th percentile",
        "MAE",
        "slope through 0",
        "slope, least squares",
        "median least change",
        "values subtracted: MAE",
        "their slope through 0",
    )
    told = (
        "change of",
        "noise within least change",
        "told, right way",
        "real, told",
        "small, not told",
    )
    parts = []
    for where, columns in changes.items():
        rows, second = [], []
        for q in QUANTITIES:
            found = columns[q.name]
            true = (number(found[part], 2) for part in ("mean_true", "p95_true"))
            read = (deg(found[part], 2) for part in ("mae", "through_origin", "least_squares"))
            plain = (deg(found["of_values"][part], 2) for part in ("mae", "through_origin"))
            row = (titled(q), found["mae"].n, *true, *read, number(found["mdc95"]), *plain)
            rows.append(row)
            if q in FOLLOWED:
                parts_told = ("noise_within", "told_right_way", "real_told", "small_not_told")
                second.append((titled(q), *(counted(found[part]) for part in parts_told)))
        title = "All pairs" if where == "all" else "Both photos show upright lines"
        parts.append(f"### {title}\n\n{table(head, rows)}\n{table(told, second)}")
    return "\n".join(parts)


def of_repeatability(repeats: Results) -> str:
    """Return how alike copies of a photo are read."""
    spreads = table(
        ("quantity", "photos", "median SD", "95th percentile of SD", "copies refused"),
        (
            (
                titled(q),
                repeats[q.name]["median"].n,
                deg(repeats[q.name]["median"], 2),
                deg(repeats[q.name]["p95"], 2),
                counted(repeats[q.name]["copies_refused"]),
            )
            for q in FOLLOWED
        ),
    )
    parts = [spreads]
    for q in FOLLOWED[:2]:
        rows = (
            (
                name,
                m["n"],
                number(m["median"], 2),
                number(m["p95"], 2),
                number(m["bias"], 2),
                m["refused"],
            )
            for name, m in repeats[q.name]["by_change"].items()
        )
        head = ("change", "copies", "median difference", "95th percentile", "bias", "refused")
        parts.append(f"{titled(q)}, copy against original:\n\n{table(head, rows)}")
    return "\n".join(parts)


def of_vertical(vertical: Results) -> str:
    """Return how the true vertical is found, and what a turned camera costs."""
    rooms = table(
        ("room with", "n", "found", "median error", "95th percentile", "within its own 95 %"),
        (
            (
                name,
                found["found"].n,
                share(found["found"]),
                deg(found["median"], 2),
                number(found["p95"], 2),
                share(found["within_own_95"]),
            )
            for name, found in vertical["rooms"].items()
        ),
    )
    by_roll = vertical["by_roll"]
    names = [name for name in by_roll["all"] if name != "worse"]
    rolls = table(
        ("photos", *(f"{name} degrees" for name in names), "last less first"),
        (
            (
                where,
                *(f"{deg(found[name], 2)}, n {found[name].n}" for name in names),
                deg(found["worse"], 2),
            )
            for where, found in by_roll.items()
        ),
    )
    return f"{rooms}\nMAE of pelvic tilt by the camera's roll:\n\n{rolls}"
