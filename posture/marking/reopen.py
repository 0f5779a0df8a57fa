"""Reads what a person told about a photo back from JSON; it trusts nothing that it reads."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from posture.errors import OtherPhotoError, PointsError
from posture.language import gettext as _
from posture.marking.marks import (
    DISTANCE_RANGE_CM,
    LEAST_LENGTH_PX,
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
_SHOWN: Final = 60  # characters of a photo's name, and ...
_NAMED: Final = 3  # names at most


@dataclass(frozen=True, slots=True)
class Reopened:
    """What a person told about a photo.

    Attributes
    ----------
    corrections : Corrections
        Points and lines.
    stature_cm : float or None
        Standing height.
    saved_for : str or None
        The photo's name in the file; None if the file does not name it.
    size : tuple of int, or None
        The photo's width and height in the file; None if the file does not tell them.
    """

    corrections: Corrections
    stature_cm: float | None = None
    saved_for: str | None = None
    size: tuple[int, int] | None = None


def read(text: str | bytes, *, name: str | None = None) -> Reopened:
    """Read the points and lines of one photo, and its person's height.

    Parameters
    ----------
    text : str or bytes
        JSON: what `posture.export.to_json` wrote, edited or not, one object or several, one a
        line; or an object with ``points`` alone, each ``{"x": …, "y": …}`` or ``[x, y]`` in pixels
        of the upright photo.
    name : str, optional
        The photo's name: what the file tells of that photo is taken, or else what it tells of a
        photo without a name. If left out, the file must tell of one photo, whatever its name.

    Returns
    -------
    Reopened
        Of an exported point that the program found or estimated, only one that was moved since
        counts as placed.

    Raises
    ------
    PointsError
        If it is no such file; the sentence says what is wrong and what to do.
    OtherPhotoError
        If it tells of photos of other names alone.
    """
    told = _of_photo(_objects(text), name)
    points = told.get("points", {})
    if not isinstance(points, Mapping):
        raise PointsError(
            _("The points are not a list by name: write {example}.").format(
                example='{"points": {"asis": [x, y]}}'
            )
        )
    marks = {key: _mark(key, at) for key, at in points.items() if key in PLACEABLE}
    unknown = points.keys() - set(PLACEABLE) - {"lumbosacral", "thoracolumbar"}
    if unknown:
        names = ", ".join(PLACEABLE)
        raise PointsError(
            _("There is no point called '{name}': the names are {names}.").format(
                name=_listed((min(unknown),)), names=names
            )
        )
    drawn = told.get("told") or {}
    if not isinstance(drawn, Mapping):
        raise PointsError(_("What was drawn cannot be read: leave 'told' as it was exported."))
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
    return Reopened(corrections, stature, _name(told), _size(told))


def fit_in(told: Reopened, width: int, height: int) -> None:
    """Check that points, and the ends of what was drawn, can be of a photo of this size.

    Raises
    ------
    PointsError
        If they were saved for a photo of another size, or lie outside of this one.
    """
    if told.size is not None and told.size != (width, height):
        raise PointsError(
            _(
                "The points were saved for a photo of {saved_width} by {saved_height} pixels and "
                "not of {width} by {height}: give the points of this photo, at the size it was "
                "measured in."
            ).format(
                saved_width=told.size[0], saved_height=told.size[1], width=width, height=height
            )
        )
    corrections = told.corrections
    placed = [
        (
            _(
                "The point {name} lies outside this photo of {width} by {height} pixels: give the "
                "points of this photo, at the size it was measured in."
            ),
            (name, mark.x, mark.y),
        )
        for name, mark in corrections.points.items()
    ]
    line = _(
        "An end of the line lies outside this photo of {width} by {height} pixels: give the points "
        "of this photo, at the size it was measured in."
    )
    distance = _(
        "An end of the distance lies outside this photo of {width} by {height} pixels: give the "
        "points of this photo, at the size it was measured in."
    )
    for said, drawn in ((line, corrections.line), (distance, corrections.distance)):
        if drawn is not None:
            placed += [(said, ("", drawn.x1, drawn.y1)), (said, ("", drawn.x2, drawn.y2))]
    for said, (name, x, y) in placed:
        if not (0 <= x <= width and 0 <= y <= height):
            raise PointsError(said.format(name=name, width=width, height=height))


def _objects(text: str | bytes) -> list[Mapping[str, Any]]:
    try:
        whole = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        try:
            read_ = json.loads(whole)
            objects = read_ if isinstance(read_, list) else [read_]
        except json.JSONDecodeError:
            objects = [json.loads(line) for line in whole.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        raise PointsError(
            _("The file of points is not JSON: give one that posture wrote.")
        ) from None
    if not objects or not all(isinstance(one, Mapping) for one in objects):
        raise PointsError(_("The file of points holds no points: give one that posture wrote."))
    return objects


def _of_photo(objects: list[Mapping[str, Any]], name: str | None) -> Mapping[str, Any]:
    told = objects
    if name is not None:
        told = [one for one in objects if _name(one) == name]
        told = told or [one for one in objects if _name(one) is None]
        if not told:
            names = tuple(dict.fromkeys(filter(None, map(_name, objects))))
            raise OtherPhotoError(
                _(
                    "The points were saved for {names}, not for {name}: give the points of this "
                    "photo, or if it is the same one, give it the name that it had."
                ).format(names=_listed(names), name=_listed((name,))),
                names,
            )
    if len(told) > 1:
        of = _("one photo") if name is None else _listed((name,))
        raise PointsError(
            _(
                "The file of points should tell of {photo} once and does {count} times: keep one "
                "of them in it."
            ).format(photo=of, count=len(told))
        )
    return told[0]


def _name(one: Mapping[str, Any]) -> str | None:
    photo = one.get("photo")
    name = photo.get("name") if isinstance(photo, Mapping) else None
    return name if name and isinstance(name, str) else None


def _size(one: Mapping[str, Any]) -> tuple[int, int] | None:
    photo = one.get("photo")
    if not isinstance(photo, Mapping) or not {"width", "height"} <= photo.keys():
        return None
    width = _number(photo["width"], _("the photo's width"), 1, _FARTHEST_PX)
    height = _number(photo["height"], _("the photo's height"), 1, _FARTHEST_PX)
    return round(width), round(height)


def _listed(names: tuple[str, ...]) -> str:
    """Return names for a sentence, without what a terminal would obey."""
    safe = ["".join(c if c.isprintable() else "?" for c in name) for name in names]
    short = [name if len(name) <= _SHOWN else f"{name[:_SHOWN]}…" for name in safe]
    more = len(short) - _NAMED
    shown = ", ".join(short[:_NAMED])
    if more <= 0:
        return shown
    return _("{names} and {count} more").format(names=shown, count=more)


def _mark(name: str, at: Any) -> Mark | None:  # noqa: ANN401 - whatever a file holds
    if isinstance(at, list | tuple) and len(at) == 2:  # noqa: PLR2004 - x and y
        at = {"x": at[0], "y": at[1], "source": "placed"}
    if not isinstance(at, Mapping) or not {"x", "y"} <= at.keys():
        raise PointsError(
            _("The point {name} has no place: give its x and y in pixels.").format(name=name)
        )
    x, y = (_number(at[axis], name, -_FARTHEST_PX, _FARTHEST_PX) for axis in ("x", "y"))
    its_sd = _("{name}'s {field}").format(name=name, field="sd_px")
    sd_px = _number(at.get("sd_px", UNKNOWN_SD_PX), its_sd, 0.0, _FARTHEST_PX)
    source: Literal["placed", "sticker"] = "sticker" if at.get("source") == "sticker" else "placed"
    if at.get("source", "placed") in ("placed", "sticker"):
        return Mark(x, y, source, sd_px)
    found = at.get("found")
    if not (isinstance(found, list) and len(found) == 2):  # noqa: PLR2004
        return None  # the program's own: nothing tells that it was moved
    was = [_number(n, name, -_FARTHEST_PX, _FARTHEST_PX) for n in found]
    return None if math.dist(was, (x, y)) <= _MOVED_PX else Mark(x, y, "placed", sd_px)


def _line(told: Any) -> DrawnLine | None:  # noqa: ANN401
    if told is None:
        return None
    ends = _ends(
        told,
        field=_("the line's {field}"),
        unread=_("The line cannot be read: leave it as it was exported."),
        short=_("The line is shorter than {least} pixels: draw it longer."),
    )
    if not isinstance(told, Mapping) or told.get("along") not in ("vertical", "horizontal"):
        raise PointsError(_("A drawn line runs along 'vertical' or 'horizontal': say which."))
    return DrawnLine(*ends, told["along"])


def _distance(told: Any) -> KnownDistance | None:  # noqa: ANN401
    if told is None:
        return None
    field = _("the distance's {field}")
    ends = _ends(
        told,
        field=field,
        unread=_("The distance cannot be read: leave it as it was exported."),
        short=_("The distance is shorter than {least} pixels: draw it longer."),
    )
    centimetres = _number(told.get("cm"), field.format(field="cm"), *DISTANCE_RANGE_CM)
    return KnownDistance(*ends, centimetres)


def _ends(
    told: Any,  # noqa: ANN401
    *,
    field: str,
    unread: str,
    short: str,
) -> tuple[float, float, float, float]:
    """Return both ends of what was drawn, or raise the sentence for what is wrong with them."""
    if not isinstance(told, Mapping):
        raise PointsError(unread)
    x1, y1, x2, y2 = (
        _number(told.get(key), field.format(field=key), -_FARTHEST_PX, _FARTHEST_PX)
        for key in ("x1", "y1", "x2", "y2")
    )
    if math.dist((x1, y1), (x2, y2)) < LEAST_LENGTH_PX:
        raise PointsError(short.format(least=f"{LEAST_LENGTH_PX:.0f}"))
    return x1, y1, x2, y2


def _number(value: Any, what: str, low: float, high: float) -> float:  # noqa: ANN401
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not low <= value <= high:
        raise PointsError(
            _("In the file of points, {what} is not a number that can be: correct it.").format(
                what=what
            )
        )
    return float(value)
