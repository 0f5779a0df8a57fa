"""Computes how sure means of several photos of one stance are, against people of known angles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any, Final

import numpy as np

from posture import estimator
from posture.assessment import Assessment
from posture.change import compare
from posture.quantities import PELVIC_TILT, QUANTITIES, Measurement, Quantity
from posture.visit import Stance, averaging, together
from validation.people.parts import Array, IntArray
from validation.records import Record
from validation.study import statistics
from validation.study.accuracy import ANATOMY_SD_DEG
from validation.study.stances import People, follows_camera
from validation.study.statistics import Estimate

#: How many photos are put together.
COUNTS: Final = (1, 2, 3)
# A true change of less than this share of one photo's least change is hardly one.
_HARDLY: Final = 0.5


@dataclass(frozen=True, slots=True)
class Read:
    """One quantity of one person, from so many photos a visit: read and true.

    Attributes
    ----------
    true_change, change, least : float
        By how much it changed, was read to, and what is noise at the most.
    verdict : str
        What `posture.change` says.
    ends : tuple of tuple of float
        Of both visits: true value, number and interval.
    """

    true_change: float
    change: float
    least: float
    verdict: str
    ends: tuple[tuple[float, float, float, float], ...]


def as_read(record: Record) -> Assessment:
    """Return what posture said of a photo that was observed."""
    seen, (width, height) = record.seen["whole"], record.made["size"]
    measurements = {}
    for quantity in QUANTITIES:
        said = seen["measurements"].get(quantity.key)
        if said is not None and said["value"] is not None:
            given = {name: said[name] for name in ("value", "low", "high", "mdc95", "relative")}
            measurements[quantity.key] = Measurement(quantity, tier="outline", **given)
        else:
            measurements[quantity.key] = Measurement.refused(quantity)
    return Assessment(
        photo_name=record.name,
        width=width,
        height=height,
        status=seen["status"],
        view=None,
        facing=seen["facing"],
        reasons=(),
        measurements=measurements,
        points={},
        outline=None,
        back=None,
        notes=(),
        model="",
    )


def readings(quantity: Quantity, people: People, count: int) -> dict[int, list[Read]]:
    """Return what is read from every choice of so many photos of each visit, by person.

    Of those people alone of whom the quantity is read in every photo, so that the same people tell
    of one photo as of several.
    """
    result = {}
    for person, visits in people.items():
        said = {record.name: as_read(record) for photos in visits for record in photos}
        if all(_reads(one, quantity) for one in said.values()) and (
            len({one.facing for one in said.values()}) == 1
        ):
            chosen = product(*(combinations(photos, count) for photos in visits))
            result[person] = [_read(quantity, pair, said) for pair in chosen]
    return result


def _reads(one: Assessment, quantity: Quantity) -> bool:
    return one.measurements[quantity.key].value is not None


def _read(
    quantity: Quantity, pair: tuple[tuple[Record, ...], ...], said: Mapping[str, Assessment]
) -> Read:
    stances = [together([said[record.name] for record in photos]) for photos in pair]
    true = [
        float(np.mean([record.made["truth"][quantity.name] for record in photos]))
        for photos in pair
    ]
    change = compare(*stances)[quantity.key]
    assert change.value is not None
    assert change.mdc95 is not None
    ends = tuple((t, *_end(stance, quantity)) for t, stance in zip(true, stances, strict=True))
    return Read(true[1] - true[0], change.value, change.mdc95, change.verdict, ends)


def _end(stance: Stance, quantity: Quantity) -> tuple[float, float, float]:
    found = stance.measurements[quantity.key]
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    return found.value, found.low, found.high


def compute(people: People) -> dict[str, dict[str, Any]]:
    """Return every number that the page states of people whom nothing was fitted to."""
    return {q.name: _of(q, people) for q in QUANTITIES}


def _of(quantity: Quantity, people: People) -> dict[str, Any]:
    by_count = {count: readings(quantity, people, count) for count in COUNTS}
    alone = _squares(by_count[1])
    return {
        "people": len(alone),
        "follows_camera": follows_camera(quantity, people),
        "by_count": {
            count: {
                "left": averaging(quantity.name, "outline", count),
                "left_measured": _ratio(_squares(read), alone),
                **_changes(read, estimator.error(quantity.name).mdc95),
                **_ends(read, ANATOMY_SD_DEG if quantity is PELVIC_TILT else 0.0),
            }
            for count, read in by_count.items()
        },
    }


def _squares(read: dict[int, list[Read]]) -> Array:
    """Return the mean square of what is wrong with the changes of each person."""
    return np.array(
        [np.mean([(r.change - r.true_change) ** 2 for r in of]) for of in read.values()]
    )


def _ratio(squares: Array, alone: Array) -> Estimate:
    """Return how large the noise is beside that of one photo alone."""
    return statistics.bootstrap(
        lambda rows: float(np.sqrt(squares[rows].sum() / alone[rows].sum())),
        np.arange(len(alone)),
    )


def _changes(read: dict[int, list[Read]], of_one: float) -> dict[str, Any]:
    person, every = _rows(read)
    wrong = np.array([abs(r.change - r.true_change) for r in every])
    least = np.array([r.least for r in every])
    size = {who: np.mean([abs(r.true_change) for r in of]) for who, of in read.items()}
    hardly = {who: of for who, of in read.items() if size[who] < _HARDLY * of_one}
    real = {who: of for who, of in read.items() if size[who] > of_one}
    return {
        "least": float(np.median(least)) if len(least) else np.nan,
        "change_mae": statistics.mean(wrong, person),
        "beyond": _share({who: [_is_beyond(r) for r in of] for who, of in read.items()}),
        "told_of_hardly_any": _share(_told(hardly)),
        "told_of_real": _share(_told(real)),
    }


def _is_beyond(read: Read) -> bool:
    return abs(read.change - read.true_change) > read.least


def _told(read: dict[int, list[Read]]) -> dict[int, list[bool]]:
    return {who: [r.verdict == "changed" for r in of] for who, of in read.items()}


def _ends(read: dict[int, list[Read]], sd: float) -> dict[str, Any]:
    person, every = _rows(read)
    ends = np.array([end for r in every for end in r.ends]).reshape(-1, 4).T
    true, value, low, high = ends
    who = np.repeat(person, 2)
    held = statistics.held(true, low, high, sd)
    return {
        "held": _share({p: held[who == p].tolist() for p in read}),
        "half": float(np.median((high - low) / 2)) if len(who) else np.nan,
        "mae": statistics.mean(np.abs(value - true), who),
    }


def _rows(read: dict[int, list[Read]]) -> tuple[IntArray, list[Read]]:
    pairs = list(_flat(read))
    return np.array([who for who, _ in pairs], dtype=np.int64), [r for _, r in pairs]


def _flat(read: dict[int, list[Read]]) -> Iterator[tuple[int, Read]]:
    for who, of in read.items():
        for one in of:
            yield who, one


def _share(hits: Mapping[int, list[bool] | list[float]]) -> Estimate:
    """Return a share; each person counts once, by the mean over what was chosen of theirs."""
    means = [float(np.mean(of)) for of in hits.values() if of]
    return statistics.share(sum(means), len(means))
