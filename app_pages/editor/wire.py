"""Turns corrections into what the browser is told, and checks what it tells."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final, Literal

from posture.marking.marks import (
    DISTANCE_RANGE_CM,
    LEAST_LENGTH_PX,
    PLACEABLE,
    Corrections,
    DrawnLine,
    KnownDistance,
    Mark,
)

#: Standard deviation of a point placed by hand at least, in photo pixels.
LEAST_SD_PX: Final = 0.5


def to_browser(corrections: Corrections) -> dict[str, Any]:
    """Return corrections as the browser takes them."""
    line, distance = corrections.line, corrections.distance
    return {
        "points": {
            name: {"x": mark.x, "y": mark.y, "source": mark.source, "sd_px": mark.sd_px}
            for name, mark in corrections.points.items()
        },
        "line": line and {**_ends(line), "along": line.along},
        "distance": distance and {**_ends(distance), "cm": distance.cm},
    }


def from_browser(told: object, width: int, height: int) -> Corrections:
    """Return what the browser tells as corrections, without what makes no sense.

    Parameters
    ----------
    told : object
        Anything at all.
    width, height : int
        Size of the upright photo: what lies outside is moved to its edge.
    """
    told = _mapping(told)
    marks = {
        name: _mark(mark, width, height)
        for name, mark in _mapping(told.get("points")).items()
        if name in PLACEABLE
    }
    return Corrections(
        points={name: mark for name, mark in marks.items() if mark is not None},
        line=_line(_mapping(told.get("line")), width, height),
        distance=_distance(_mapping(told.get("distance")), width, height),
    )


def _ends(drawn: DrawnLine | KnownDistance) -> dict[str, float]:
    return {"x1": drawn.x1, "y1": drawn.y1, "x2": drawn.x2, "y2": drawn.y2}


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _number(value: object, low: float, high: float) -> float | None:
    """Return a finite number moved into a range, or None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return min(max(number, low), high) if math.isfinite(number) else None


def _mark(told: object, width: int, height: int) -> Mark | None:
    told = _mapping(told)
    x, y = _number(told.get("x"), 0, width), _number(told.get("y"), 0, height)
    source: Literal["placed", "sticker"] = (
        "sticker" if told.get("source") == "sticker" else "placed"
    )
    least = 0.0 if source == "sticker" else LEAST_SD_PX  # a sticker's middle is found finer
    sd_px = _number(told.get("sd_px"), least, max(width, height))
    if x is None or y is None or sd_px is None:
        return None
    return Mark(x, y, source, sd_px)


def _both_ends(
    told: Mapping[str, object], width: int, height: int
) -> tuple[float, float, float, float] | None:
    x1, x2 = (_number(told.get(name), 0, width) for name in ("x1", "x2"))
    y1, y2 = (_number(told.get(name), 0, height) for name in ("y1", "y2"))
    if x1 is None or x2 is None or y1 is None or y2 is None:
        return None
    return (x1, y1, x2, y2) if math.hypot(x2 - x1, y2 - y1) >= LEAST_LENGTH_PX else None


def _line(told: Mapping[str, object], width: int, height: int) -> DrawnLine | None:
    ends = _both_ends(told, width, height)
    if ends is None:
        return None
    return DrawnLine(*ends, "horizontal" if told.get("along") == "horizontal" else "vertical")


def _distance(told: Mapping[str, object], width: int, height: int) -> KnownDistance | None:
    ends, cm = _both_ends(told, width, height), _number(told.get("cm"), 0, math.inf)
    low, high = DISTANCE_RANGE_CM
    if ends is None or cm is None or not low <= cm <= high:
        return None
    return KnownDistance(*ends, cm)
