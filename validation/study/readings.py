"""Puts observed pictures beside their truth, one row a photo, and sorts them into groups."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from posture.quantities import QUANTITIES, Quantity
from validation.people.parts import Array, IntArray
from validation.records import Record

CROPS: Final = ("headless", "trunk")
#: What a change is the difference of.
Part = Literal["relative", "value"]
_KEYS: Final = {quantity.name: quantity.key for quantity in QUANTITIES}

Groups = dict[str, dict[str, list[Record]]]


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """One quantity in the photos in which it was not refused: columns of equal length.

    Attributes
    ----------
    person : ndarray of int
        Who; some people are there twice.
    true, value, low, high, mdc95 : ndarray
        The truth, and what posture said.
    """

    person: IntArray
    true: Array
    value: Array
    low: Array
    high: Array
    mdc95: Array


def read(quantity: Quantity, pictures: Iterable[Record], variant: str = "whole") -> Readings:
    """Return what was read of a quantity."""
    rows = []
    for record in pictures:
        found = record.seen.get(variant, {}).get("measurements", {}).get(quantity.key)
        if found is not None and found["value"] is not None:
            said = [found[name] for name in ("value", "low", "high", "mdc95")]
            rows.append([record.person, record.made["truth"][quantity.name], *said])
    columns = np.array(rows, dtype=float).reshape(-1, 6).T
    return Readings(columns[0].astype(np.int64), *columns[1:])


def accepted(quantity: Quantity, record: Record, variant: str = "whole") -> bool:
    """Tell whether a quantity was read in a photo."""
    return len(read(quantity, [record], variant).value) > 0


def changed(first: Record, second: Record, name: str, part: Part = "relative") -> float | None:
    """Return by how much a quantity changed between two photos of a person, as posture reads it.

    Every figure of change comes from here.

    Parameters
    ----------
    first, second : Record
        The photos.
    name : str
        Of the quantity.
    part : {"relative", "value"}
        As `posture.change` compares them, or the one value less the other.

    Returns
    -------
    float or None
        None where either photo was refused, or they show different sides of the person.
    """
    if first.seen["whole"].get("facing") != second.seen["whole"].get("facing"):
        return None
    one, two = ((_said(name, record) or {}).get(part) for record in (first, second))
    return None if one is None or two is None else two - one


def least_change(first: Record, second: Record, name: str) -> float:
    """Return the change that `posture.change` takes for noise at the most; NaN if not known."""
    noises = [(_said(name, record) or {}).get("mdc95") for record in (first, second)]
    return float(np.hypot(*np.array(noises, dtype=float)) / np.sqrt(2))


def own_up(name: str, record: Record) -> float:
    """Return what a photo read would say if its own up were taken for the vertical; NaN unknown."""
    if _said(name, record) is None:
        return np.nan
    values = record.seen["whole"].get("own_up") or {}
    return float(values.get(_KEYS[name], np.nan))


def _said(name: str, record: Record) -> dict[str, float | None] | None:
    found = record.seen.get("whole", {}).get("measurements", {}).get(_KEYS[name])
    return None if found is None or found["value"] is None else found


def grouped(pictures: list[Record]) -> Groups:
    """Sort whole photos into the groups that are told apart."""
    weights = [_weight(r) for r in pictures if r.visit == 0]
    thirds = np.percentile(weights, [100 / 3, 200 / 3]) if weights else np.full(2, np.nan)

    def of(name: str) -> Callable[[Record], str]:
        part, field = name.split(".")
        return lambda record: str(record.made["subject"][part][field])

    kinds: dict[str, Callable[[Record], str]] = {
        "clothes": of("wear.fit"),
        "arms": of("stance.arms"),
        "sex": lambda r: "female" if _phenotype(r, "gender") > 0.5 else "male",  # noqa: PLR2004
        "build": lambda r: ("light", "middle", "heavy")[int(np.sum(_weight(r) > thirds))],
        "turned by": lambda r: binned(abs(camera(r, "yaw_deg")), (0, 3, 6, 10, 15)),
        "hair": of("hair.style"),
        "vertical": lambda r: "shown" if r.seen["whole"].get("vertical_found") else "not shown",
    }
    order = {
        "clothes": ("bare", "tight", "normal", "loose"),
        "sex": ("female", "male"),
        "build": ("light", "middle", "heavy"),
        "turned by": ("0-3", "3-6", "6-10", "10-15"),
    }
    result: Groups = {}
    for kind, name in kinds.items():
        names = [name(record) for record in pictures]
        result[kind] = {
            group: [r for r, n in zip(pictures, names, strict=True) if n == group]
            for group in order.get(kind, sorted(set(names)))
        }
    return result


def camera(record: Record, field: str) -> float:
    """Return a setting of the camera."""
    return float(record.made["subject"]["camera"][field])


def binned(number: float, edges: tuple[float, ...]) -> str:
    """Return the name of the bin of a number, for example ``"3-6"``; the last has no end."""
    i = int(np.clip(np.searchsorted(edges, number, side="right") - 1, 0, len(edges) - 2))
    return f"{edges[i]:g}-{edges[i + 1]:g}"


def _phenotype(record: Record, name: str) -> float:
    return float(record.made["subject"]["person"]["phenotype"][name])


def _weight(record: Record) -> float:
    return _phenotype(record, "weight")
