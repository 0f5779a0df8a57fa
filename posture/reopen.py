"""Reads what a person told about a photo back from JSON; it trusts nothing that it reads."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from posture.errors import PointsError
from posture.marks import (
    DISTANCE_RANGE_CM,
    PLACEABLE,
    PLACEMENT_MM,
    PLACEMENT_RANGE_MM,
    STATURE_RANGE_CM,
    UNKNOWN_SD_PX,
    Corrections,
    DrawnLine,
    KnownDistance,
    Mark,
)

_MOVED_PX: Final = 0.011  # positions are written with two decimals
_FARTHEST_PX: Final = 1e6


@dataclass(frozen=True, slots=True)
class Reopened:
    """What a person told about a photo.

    Attributes
    ----------
    corrections : Corrections
        Points and lines.
    stature_cm : float or None
        Standing height.
    """

    corrections: Corrections
    stature_cm: float | None = None


def read(text: str | bytes, *, name: str = "") -> Reopened:
    """Read the points and lines of one photo, and its person's height.

    Parameters
    ----------
    text : str or bytes
        JSON: what `posture.export.to_json` wrote, edited or not, one object or several, one a
        line; or an object with ``points`` alone, each ``{"x": …, "y": …}`` or ``[x, y]`` in pixels
        of the upright photo.
    name : str
        The photo's name, by which one of several is chosen; one that names no photo will do.

    Returns
    -------
    Reopened
        Of an exported point that the program found or estimated, only one that was moved since
        counts as placed.

    Raises
    ------
    PointsError
        If it is no such file; the sentence says what is wrong and what to do.
    """
    told = _of_photo(_objects(text), name)
    points = told.get("points", {})
    if not isinstance(points, Mapping):
        raise PointsError('The points are not a list by name: write {"points": {"asis": [x, y]}}.')
    marks = {key: _mark(key, at) for key, at in points.items() if key in PLACEABLE}
    unknown = points.keys() - set(PLACEABLE) - {"lumbosacral", "thoracolumbar"}
    if unknown:
        names = ", ".join(PLACEABLE)
        raise PointsError(
            f"There is no point called {sorted(unknown)[0]!r}: the names are {names}."
        )
    drawn = told.get("told") or {}
    if not isinstance(drawn, Mapping):
        raise PointsError("What was drawn cannot be read: leave 'told' as it was exported.")
    placement = _number(
        drawn.get("placement_mm", PLACEMENT_MM), "placement_mm", *PLACEMENT_RANGE_MM
    )
    corrections = Corrections(
        {key: mark for key, mark in marks.items() if mark is not None},
        _line(drawn.get("line")),
        _distance(drawn.get("distance")),
        placement,
    )
    stature = told.get("stature_cm")
    if stature is not None:
        stature = _number(stature, "stature_cm", *STATURE_RANGE_CM)
    return Reopened(corrections, stature)


def fit_in(corrections: Corrections, width: int, height: int) -> None:
    """Check that points lie in a photo of this size.

    Raises
    ------
    PointsError
        If one does not: they are another photo's.
    """
    for name, mark in corrections.points.items():
        if not (0 <= mark.x <= width and 0 <= mark.y <= height):
            raise PointsError(
                f"The point {name} lies outside this photo of {width} by {height} pixels: give the "
                "points of this photo, at the size it was measured in."
            )


def _objects(text: str | bytes) -> list[Mapping[str, Any]]:
    try:
        whole = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        try:
            read_ = json.loads(whole)
            objects = read_ if isinstance(read_, list) else [read_]
        except json.JSONDecodeError:
            objects = [json.loads(line) for line in whole.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        raise PointsError("The file of points is not JSON: give one that posture wrote.") from None
    if not objects or not all(isinstance(one, Mapping) for one in objects):
        raise PointsError("The file of points holds no points: give one that posture wrote.")
    return objects


def _of_photo(objects: list[Mapping[str, Any]], name: str) -> Mapping[str, Any]:
    named = [one for one in objects if _name(one) in (name, None)]
    if len(objects) == 1:
        return objects[0]
    if len(named) != 1:
        raise PointsError(
            f"The file of points tells {len(named)} times of {name or 'this photo'}, among "
            f"{len(objects)} photos: it should once."
        )
    return named[0]


def _name(one: Mapping[str, Any]) -> str | None:
    photo = one.get("photo")
    return photo.get("name") if isinstance(photo, Mapping) else None


def _mark(name: str, at: Any) -> Mark | None:  # noqa: ANN401 - whatever a file holds
    if isinstance(at, list | tuple) and len(at) == 2:  # noqa: PLR2004 - x and y
        at = {"x": at[0], "y": at[1], "source": "placed"}
    if not isinstance(at, Mapping) or not {"x", "y"} <= at.keys():
        raise PointsError(f"The point {name} has no place: give its x and y in pixels.")
    x, y = (_number(at[axis], name, -_FARTHEST_PX, _FARTHEST_PX) for axis in ("x", "y"))
    sd_px = _number(at.get("sd_px", UNKNOWN_SD_PX), f"{name}'s sd_px", 0.0, _FARTHEST_PX)
    source: Literal["placed", "sticker"] = "sticker" if at.get("source") == "sticker" else "placed"
    if at.get("source", "placed") in ("placed", "sticker"):
        return Mark(x, y, source, sd_px)
    found = at.get("found")
    if isinstance(found, list) and len(found) == 2:  # noqa: PLR2004
        was = [_number(n, name, -_FARTHEST_PX, _FARTHEST_PX) for n in found]
        if math.dist(was, (x, y)) <= _MOVED_PX:
            return None
    return Mark(x, y, "placed", sd_px)


def _line(told: Any) -> DrawnLine | None:  # noqa: ANN401
    if told is None:
        return None
    ends = _ends(told, "line")
    if not isinstance(told, Mapping) or told.get("along") not in ("vertical", "horizontal"):
        raise PointsError("A drawn line runs along 'vertical' or 'horizontal': say which.")
    return DrawnLine(*ends, told["along"])


def _distance(told: Any) -> KnownDistance | None:  # noqa: ANN401
    if told is None:
        return None
    ends = _ends(told, "distance")
    return KnownDistance(*ends, _number(told.get("cm"), "the distance's cm", *DISTANCE_RANGE_CM))


def _ends(told: Any, what: str) -> tuple[float, float, float, float]:  # noqa: ANN401
    if not isinstance(told, Mapping):
        raise PointsError(f"The {what} cannot be read: leave it as it was exported.")
    x1, y1, x2, y2 = (
        _number(told.get(key), f"the {what}'s {key}", -_FARTHEST_PX, _FARTHEST_PX)
        for key in ("x1", "y1", "x2", "y2")
    )
    if math.dist((x1, y1), (x2, y2)) < 1:
        raise PointsError(f"The {what}'s ends are one point: draw it longer.")
    return x1, y1, x2, y2


def _number(value: Any, what: str, low: float, high: float) -> float:  # noqa: ANN401
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not low <= value <= high:
        raise PointsError(f"In the file of points, {what} is not a number that can be: correct it.")
    return float(value)
