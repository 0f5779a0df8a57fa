"""Computes how well change is told, how alike copies of a photo are read, and the vertical."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from posture.quantities import (
    LUMBAR_CURVE,
    PELVIC_TILT,
    QUANTITIES,
    SACRAL_INCLINATION,
    THORACIC_CURVE,
    Quantity,
)
from validation import variants
from validation.people.parts import Array, IntArray
from validation.records import Record
from validation.study import statistics
from validation.study.accuracy import Results
from validation.study.readings import (
    Part,
    binned,
    camera,
    changed,
    least_change,
    own_up,
    read,
)
from validation.study.statistics import Estimate, bootstrap, mean, share

#: Quantities whose repeatability is told, and how surely a change of them.
FOLLOWED: Final = (PELVIC_TILT, LUMBAR_CURVE, SACRAL_INCLINATION, THORACIC_CURVE)
_ROLLS_DEG: Final = (0, 1, 2, 3.5, 5)


def pairs(pictures: list[Record]) -> list[tuple[Record, Record]]:
    """Return the first and the next photo of each person who was photographed again."""
    first = {record.person: record for record in pictures if record.visit == 0}
    again = (record for record in pictures if record.visit > 0)
    return [(first[r.person], r) for r in again if r.person in first]


def change(
    quantity: Quantity, twice: list[tuple[Record, Record]], part: Part = "relative"
) -> Array:
    """Return columns of person, true change, read change and the least that is more than noise."""
    name, rows = quantity.name, []
    for before, after in twice:
        said = changed(before, after, name, part)
        if said is not None:
            true = after.made["truth"][name] - before.made["truth"][name]
            rows.append((before.person, true, said, least_change(before, after, name)))
    return np.array(rows, dtype=float).reshape(-1, 4).T


def changes(pictures: list[Record]) -> Results:
    """Return how well change within a person is read: all, and where both photos show uprights."""
    twice = pairs(pictures)
    upright = [p for p in twice if all(r.seen["whole"].get("vertical_found") for r in p)]
    return {
        where: {
            q.name: _change(change(q, some)) | {"of_values": _read(change(q, some, "value"))}
            for q in QUANTITIES
        }
        for where, some in (("all", twice), ("vertical shown", upright))
    }


def _change(columns: Array) -> Results:
    true, said, mdc = columns[1:]
    told, real = np.abs(said) > mdc, np.abs(true) > mdc
    right = np.sign(said) == np.sign(true)
    return {
        **_read(columns),
        "mean_true": float(np.abs(true).mean()) if len(true) else np.nan,
        "p95_true": float(np.percentile(np.abs(true), 95)) if len(true) else np.nan,
        "mdc95": float(np.median(mdc)) if len(mdc) else np.nan,
        "noise_within": share(float((np.abs(said - true) <= mdc).sum()), len(mdc)),
        "told_right_way": share(float((told & right).sum()), int(told.sum())),
        "real_told": share(float((real & told & right).sum()), int(real.sum())),
        "small_not_told": share(float((~real & ~told).sum()), int((~real).sum())),
    }


def _read(columns: Array) -> Results:
    """Return how wrongly change is read."""
    person, (true, said, _) = columns[0].astype(np.int64), columns[1:]
    return {
        "mae": mean(np.abs(said - true), person),
        "through_origin": _slope(statistics.slope_through_origin, true, said, person),
        "least_squares": _slope(statistics.slope, true, said, person),
    }


def _slope(of: Any, true: Array, said: Array, person: IntArray) -> Estimate:  # noqa: ANN401
    return bootstrap(lambda rows: of(true[rows], said[rows]), person)


def repeatability(pictures: list[Record]) -> Results:
    """Return how much the readings of one photo differ over its copies."""
    copied = [r for r in pictures if any(name in r.seen for name in variants.CHANGES)]
    return {q.name: _repeatability(q, copied) for q in FOLLOWED}


def _repeatability(quantity: Quantity, copied: list[Record]) -> Results:
    spreads: list[float] = []
    people: list[int] = []
    moved: dict[str, list[float]] = {name: [] for name in variants.CHANGES}
    lost = dict.fromkeys(variants.CHANGES, 0)
    photos = [r for r in copied if len(read(quantity, [r]).value)]
    for record in photos:
        original = read(quantity, [record]).value[0]
        values = [original]
        for name in variants.CHANGES:
            if name not in record.seen:
                continue
            found = read(quantity, [record], name).value
            values += found.tolist()
            moved[name] += (found - original).tolist()
            lost[name] += not len(found)
        if len(values) > 1:
            spreads.append(float(np.std(values, ddof=1)))
            people.append(record.person)
    sd, person = np.array(spreads), np.array(people, dtype=np.int64)
    return {
        "median": bootstrap(lambda rows: float(np.median(sd[rows])), person),
        "p95": bootstrap(lambda rows: float(np.percentile(sd[rows], 95)), person),
        "by_change": {name: _moved(moved[name], lost[name]) for name in variants.CHANGES},
        "copies_refused": share(
            sum(lost.values()), sum(map(len, moved.values())) + sum(lost.values())
        ),
    }


def _moved(moved: list[float], lost: int) -> Results:
    size = np.abs(moved)
    return {
        "n": len(moved),
        "median": float(np.median(size)) if moved else np.nan,
        "p95": float(np.percentile(size, 95)) if moved else np.nan,
        "bias": float(np.mean(moved)) if moved else np.nan,
        "refused": lost,
    }


def vertical(pictures: list[Record]) -> Results:
    """Return how well the true vertical is found, and what a turned camera costs."""
    seen = [r for r in pictures if "vertical" in r.seen["whole"]]
    result: Results = {}
    for name, there in (("verticals", True), ("no verticals", False)):
        rooms = [r for r in seen if r.made["subject"]["room"]["verticals"] is there]
        found = [r for r in rooms if r.seen["whole"]["vertical_found"]]
        off = np.array([_off(r) for r in found])
        sd = np.array([r.seen["whole"]["vertical"][1] for r in found])
        person = np.array([r.person for r in found], dtype=np.int64)
        result[name] = {
            "found": share(len(found), len(rooms)),
            "median": _median(np.abs(off), person),
            "p95": float(np.percentile(np.abs(off), 95)) if len(off) else np.nan,
            "within_own_95": share(float((np.abs(off) <= 1.96 * sd).sum()), len(off)),
        }
    return {"rooms": result, "by_roll": _by_roll(pictures)}


def _median(values: Array, person: IntArray) -> Estimate:
    return bootstrap(lambda rows: float(np.median(values[rows])), person)


def _off(record: Record) -> float:
    return float(record.seen["whole"]["vertical"][0] - record.made["vertical_deg"])


def _by_roll(pictures: list[Record]) -> Results:
    """Return the error of pelvic tilt by how far the camera was turned about its axis."""
    shown = [r for r in pictures if r.seen["whole"].get("vertical_found")]
    hidden = [r for r in pictures if not r.seen["whole"].get("vertical_found")]
    return {
        "all": _rolled(pictures),
        "vertical shown": _rolled(shown),
        "vertical shown, but the photo's own up taken": _rolled(shown, by_own_up=True),
        "vertical not shown": _rolled(hidden),
    }


def _rolled(members: list[Record], *, by_own_up: bool = False) -> Results:
    names = [binned(roll, _ROLLS_DEG) for roll in _ROLLS_DEG[:-1]]
    sizes: dict[str, list[float]] = {name: [] for name in names}
    people: dict[str, list[int]] = {name: [] for name in names}
    for record in members:
        name = binned(abs(camera(record, "roll_deg")), _ROLLS_DEG)
        for true, value in _tilts(record, by_own_up=by_own_up):
            sizes[name].append(abs(value - true))
            people[name].append(record.person)
    result: Results = {
        name: mean(np.array(sizes[name]), np.array(people[name], dtype=np.int64)) for name in names
    }
    ends = names[0], names[-1]
    size = np.concatenate([sizes[name] for name in ends])
    person = np.concatenate([people[name] for name in ends]).astype(np.int64)
    is_turned = np.arange(len(size)) >= len(sizes[ends[0]])

    def worse(rows: IntArray) -> float:
        far, near = rows[is_turned[rows]], rows[~is_turned[rows]]
        return float(size[far].mean() - size[near].mean()) if len(far) and len(near) else np.nan

    both = 0 < int(is_turned.sum()) < len(size)
    result["worse"] = bootstrap(worse, person) if both else Estimate(np.nan, np.nan, np.nan, 0)
    return result


def _tilts(record: Record, *, by_own_up: bool) -> list[tuple[float, float]]:
    """Return the true and the read tilt of a photo, or nothing."""
    found = read(PELVIC_TILT, [record])
    values = np.array([own_up(PELVIC_TILT.name, record)]) if by_own_up else found.value
    return [(t, v) for t, v in zip(found.true, values, strict=False) if np.isfinite(v)]
