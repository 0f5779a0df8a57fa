"""Lays out what is drawn over a photo: shapes in photo pixels with colours and widths.

It draws nothing itself, so that the raster picture and the vector picture show the same thing.
Inside, the person is mirrored to look to the right, so that a mirrored photo is laid out mirrored.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from posture.drawing.labels import place_labels
from posture.drawing.shapes import (
    ORANGE,
    SKY_BLUE,
    WHITE,
    XY,
    Area,
    Dot,
    Form,
    Shape,
    Stroke,
    mirrored,
)
from posture.drawing.sheet import Sheet
from posture.marking.marks import BONY_POINTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from posture.assessment import Assessment
    from posture.back import Back
    from posture.outline import Outline
    from posture.quantities import Measurement

    Array = NDArray[np.float64]

# Lengths as shares of stature.
_TANGENT: Final = 0.09
_ARC: Final = 0.10
_FARTHEST_MEETING: Final = 0.12
_PELVIS: Final = 0.13
_PELVIS_ABOVE_HIP: Final = 0.02

_PARALLEL_DEG: Final = 3.0
_LYING_DEG: Final = 45.0
_JOINTS: Final = ("ear", "shoulder", "hip", "knee", "ankle")
_INFLECTIONS: Final = ("lumbosacral", "thoracolumbar")
_FORMS: Final[dict[str, Form]] = {
    "detected": "disc",
    "estimated": "diamond",
    "placed": "square",
    "sticker": "hexagon",
}
_COLOURS: Final = {
    **dict.fromkeys((*_INFLECTIONS, *BONY_POINTS), ORANGE),
    **dict.fromkeys(("asis", "psis"), SKY_BLUE),
}


def lay_out(assessment: Assessment) -> tuple[Shape, ...]:
    """Lay out everything that is drawn over a photo.

    Parameters
    ----------
    assessment : Assessment
        What `posture.assess` returned.

    Returns
    -------
    tuple of Shape
        In the order in which they are drawn, in pixels of the upright photo. What is not measured
        is not drawn, its label says so; nothing at all if the photo is refused.
    """
    if assessment.status == "refused" or assessment.facing is None:
        return ()
    shapes = tuple(_shapes(Sheet(assessment)))
    if assessment.facing == "left":
        return tuple(mirrored(shape, assessment.width) for shape in shapes)
    return shapes


def _shapes(sheet: Sheet) -> Iterator[Shape]:
    """Yield every shape, lines first and labels last."""
    assessment = sheet.assessment
    drawn: list[Shape] = [*_plumb(sheet)]
    if assessment.outline is not None:
        drawn += _contour(sheet, assessment.outline, assessment.back)
    if assessment.pelvic_tilt.tier == "marked":
        pelvis = [*_marked_pelvis(sheet)]
    else:
        pelvis = [*_pelvis(sheet, assessment.pelvic_tilt)]
    if assessment.skin_px is not None and len(assessment.skin_px) > 1:
        drawn.append(_skin(sheet, assessment.skin_px))
    curve = _curve(sheet, assessment.lumbar_curve, assessment.back)
    drawn += [*pelvis, *curve, *_dots(sheet)]
    yield from drawn
    yield from place_labels(sheet, drawn)


def _plumb(sheet: Sheet) -> Iterator[Stroke]:
    """Yield the true vertical through the ankle, from the feet to the crown."""
    # In a photo on its side, feet and crown are not known.
    if "ankle" in sheet.points and abs(sheet.upright_deg) < _LYING_DEG:
        x, y = sheet.points["ankle"]
        lean = np.tan(np.radians(sheet.upright_deg))
        ends = np.array([[x + (y - end) * lean, end] for end in (sheet.foot, sheet.crown)])
        dash = (2.6 * sheet.line, 2.6 * sheet.line)
        yield Stroke("plumb", _xy(ends), WHITE, 0.6 * sheet.line, dash)


def _contour(sheet: Sheet, outline: Outline, back: Back | None) -> Iterator[Stroke]:
    """Yield the contour of the back: its hollow bold, where it is hidden dashed."""
    contour = sheet.flip(outline.back_px)
    known = np.isfinite(contour).all(axis=1)
    kind = np.where(known, np.where(outline.hidden, "back_hidden", "back"), "")
    if back is not None:
        high, low = back.thoracolumbar.y_px, back.lumbosacral.y_px
        between = (contour[:, 1] >= high) & (contour[:, 1] <= low)
        kind = np.where(between & (kind == "back"), "back_lumbar", kind)
    starts = np.flatnonzero(kind[1:] != kind[:-1]) + 1
    dash = (1.2 * sheet.line, 1.6 * sheet.line)
    for start, end in zip([0, *starts], [*starts, len(kind)], strict=True):
        # One point more, so that no gap opens between two stretches.
        run = contour[start : end + 1]
        run = run[np.isfinite(run).all(axis=1)]
        role = str(kind[start]) if len(kind) else ""
        if role and len(run) > 1:
            width = (1.2 if role == "back_lumbar" else 0.6) * sheet.line
            yield Stroke(role, _xy(run), WHITE, width, dash if role == "back_hidden" else ())


def _pelvis(sheet: Sheet, tilt_: Measurement) -> Iterator[Shape]:
    """Yield the pelvis's line over the true horizontal: a sketch, since neither end is seen."""
    if tilt_.value is None or "hip" not in sheet.points:
        return
    centre = sheet.points["hip"] - (0, _PELVIS_ABOVE_HIP * sheet.stature)
    half = _PELVIS / 2 * sheet.stature
    level_deg = 90 + sheet.upright_deg
    inclined_deg = level_deg + tilt_.value
    level, inclined = _towards(level_deg), _towards(inclined_deg)
    for to_front in (1, -1):
        arc = _arc(centre, 0.85 * half * to_front, level_deg, inclined_deg)
        yield Area("pelvis_angle", _xy(np.vstack([centre, arc])), SKY_BLUE, 0.55)
    dash = (1.6 * sheet.line, 1.4 * sheet.line)
    reach = 1.25 * half
    ends = np.array([centre - reach * level, centre + reach * level])
    yield Stroke("pelvis_level", _xy(ends), SKY_BLUE, 0.6 * sheet.line, dash)
    ends = np.array([centre - half * inclined, centre + half * inclined])
    across = 2.2 * sheet.line * np.array([-inclined[1], inclined[0]])
    for end in ends:
        tick = np.array([end - across, end + across])
        yield Stroke("pelvis_end", _xy(tick), SKY_BLUE, 0.8 * sheet.line)
    front = _arc(centre, 0.85 * half, level_deg, inclined_deg)
    yield Stroke("pelvis_arc", _xy(front), SKY_BLUE, 0.6 * sheet.line)
    yield Stroke("pelvis", _xy(ends), SKY_BLUE, sheet.line)


def _marked_pelvis(sheet: Sheet) -> Iterator[Shape]:
    """Yield the line from PSIS to ASIS where they were marked, over the true horizontal."""
    psis, asis = sheet.points["psis"], sheet.points["asis"]
    reach = float(np.hypot(*(asis - psis)))
    level_deg = 90 + sheet.upright_deg
    inclined_deg = float(np.degrees(np.arctan2(asis[0] - psis[0], psis[1] - asis[1])))
    # The short way round, also in a photo on its side.
    inclined_deg = level_deg + (inclined_deg - level_deg + 180) % 360 - 180
    arc = _arc(psis, 0.8 * reach, level_deg, inclined_deg)
    yield Area("pelvis_angle", _xy(np.vstack([psis, arc])), SKY_BLUE, 0.55)
    dash = (1.6 * sheet.line, 1.4 * sheet.line)
    level = np.array([psis, psis + 1.15 * reach * _towards(level_deg)])
    yield Stroke("pelvis_level", _xy(level), SKY_BLUE, 0.6 * sheet.line, dash)
    yield Stroke("pelvis_arc", _xy(arc), SKY_BLUE, 0.6 * sheet.line)
    yield Stroke("pelvis", _xy(np.array([psis, asis])), SKY_BLUE, sheet.line)


def _skin(sheet: Sheet, skin_px: Array) -> Stroke:
    """Return the most likely skin over the spine through marked points."""
    dash = (1.2 * sheet.line, 0.8 * sheet.line)
    return Stroke("spine", _xy(sheet.flip(skin_px)), ORANGE, 0.6 * sheet.line, dash)


def _curve(sheet: Sheet, curve: Measurement, back: Back | None) -> Iterator[Shape]:
    """Yield the tangents at the two inflections and the arc where they meet."""
    if curve.value is None or back is None:
        return
    low, high = back.lumbosacral, back.thoracolumbar
    at = [sheet.flip(np.array([end.x_px, end.y_px])) for end in (low, high)]
    along = [_towards(low.skin_deg), _towards(high.skin_deg)]
    half, radius = _TANGENT * sheet.stature, _ARC * sheet.stature
    apex = _meeting(at, along)
    if apex is None or max(np.hypot(*(apex - p)) for p in at) > _FARTHEST_MEETING * sheet.stature:
        # They meet far away: the lower tangent is repeated at the upper inflection.
        apex = at[1]
    arc = _arc(apex, radius, high.skin_deg, low.skin_deg)
    yield Area("lumbar_angle", _xy(np.vstack([apex, arc])), ORANGE, 0.5)
    for direction in along:
        leg = np.array([apex, apex + 1.12 * radius * direction])
        dash = (1.2 * sheet.line, 1.2 * sheet.line)
        yield Stroke("lumbar_leg", _xy(leg), ORANGE, 0.6 * sheet.line, dash)
    yield Stroke("lumbar_arc", _xy(arc), ORANGE, 0.6 * sheet.line)
    for name, place, direction in zip(_INFLECTIONS, at, along, strict=True):
        ends = np.array([place - half * direction, place + half * direction])
        yield Stroke(f"tangent_{name}", _xy(ends), ORANGE, sheet.line)


def _dots(sheet: Sheet) -> Iterator[Dot]:
    """Yield joints, inflections and marked points; their form says how they were come by."""
    marked = [name for name in BONY_POINTS if name in sheet.assessment.corrections.points]
    for name in (*_JOINTS, *_INFLECTIONS, *marked):
        if name in sheet.points:
            x, y = sheet.points[name]
            form = _FORMS[sheet.assessment.points[name].source]
            colour = _COLOURS.get(name, WHITE)
            radius = (1.7 if form == "disc" else 2.1) * sheet.line
            yield Dot(name, float(x), float(y), radius, form, colour)


def _towards(deg: float) -> Array:
    """Return the direction at an angle from the vertical, + = to the right, y down."""
    return np.array([np.sin(np.radians(deg)), -np.cos(np.radians(deg))])


def _arc(centre: Array, radius: float, start_deg: float, end_deg: float) -> Array:
    angles = np.linspace(start_deg, end_deg, 25)
    return np.array([centre + radius * _towards(angle) for angle in angles])


def _meeting(at: Sequence[Array], along: Sequence[Array]) -> Array | None:
    """Return where two lines meet; None if they are nearly parallel."""
    matrix = np.column_stack([along[0], -along[1]])
    if abs(np.linalg.det(matrix)) < np.sin(np.radians(_PARALLEL_DEG)):
        return None
    reach = np.linalg.solve(matrix, at[1] - at[0])[0]
    return np.asarray(at[0] + reach * along[0])


def _xy(points: Array) -> tuple[XY, ...]:
    return tuple((float(x), float(y)) for x, y in points)
