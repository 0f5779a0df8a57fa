"""Writes the two angles beside the body, where there is room for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from posture import wording
from posture.drawing.lettering import font
from posture.drawing.placement import FORBIDDEN, Box, Room
from posture.drawing.shapes import (
    ORANGE,
    SKY_BLUE,
    WHITE,
    XY,
    Colour,
    Dot,
    Label,
    Shape,
    Stroke,
    Text,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from posture.drawing.sheet import Sheet

    Array = NDArray[np.float64]

# Where the body is besides the trunk, for the labels to keep off: two points, and the radius around
# the line between them as a share of stature.
_LIMBS: Final = (
    ("hip", "knee", 0.06),
    ("knee", "ankle", 0.045),
    ("ankle", "foot_index", 0.03),
    ("ear", "ear", 0.08),
    ("shoulder", "ear", 0.04),
)
# Base line and size of a label's lines, in the size of the text.
_ROWS: Final = ((1.05, 0.86), (2.25, 1.12), (3.15, 0.78))
_ROWS_ON_VERTICAL: Final = ((1.05, 0.86), (1.95, 0.78))
# A vertical that leans less than this in the photo looks upright.
_SEEN_TO_LEAN_DEG: Final = 0.5
# What a label pays for each cell, a third of a line of text, that it covers.
_BODY: Final = 0.7
_LINES: Final = 1.5


def place_labels(sheet: Sheet, drawn: Sequence[Shape]) -> Iterator[Stroke | Label]:
    """Yield the labels of the two angles, where there is room, and lines to what they name.

    A third one says so where the true vertical is not the photo's.
    """
    room = _room(sheet, drawn)
    hip = sheet.points.get("hip", np.array([sheet.width / 2, sheet.height / 2]))
    for role, measurement, colour, to_left in (
        ("lumbar", sheet.assessment.lumbar_curve, ORANGE, True),
        ("pelvis", sheet.assessment.pelvic_tilt, SKY_BLUE, False),
    ):
        arcs = [s.points for s in drawn if isinstance(s, Stroke) and s.role == f"{role}_arc"]
        anchor = np.array(arcs[0][len(arcs[0]) // 2]) if arcs else hip
        # Below the front of the hips, most photos have no hand for the label to cover.
        near = anchor if to_left else anchor + np.array([0, 2 * sheet.text])
        words = [wording.label(measurement.quantity), wording.short(measurement)]
        if measurement.value is not None:
            words.append(wording.tier_words(measurement.tier))
        label = _label(sheet, role, words, colour, room, near, to_left, _ROWS)
        if arcs:
            start = _nearest(label.box, anchor)
            ends = (start, (float(anchor[0]), float(anchor[1])))
            yield Stroke(f"{role}_leader", ends, colour, 0.6 * sheet.line)
        yield label
    vertical = sheet.assessment.vertical
    if vertical is not None and abs(vertical.lean_deg) >= _SEEN_TO_LEAN_DEG:
        words = [*wording.vertical_in_short(vertical)]
        feet = np.array([sheet.points.get("ankle", hip)[0], sheet.foot - sheet.text])
        yield _label(sheet, "vertical", words, WHITE, room, feet, True, _ROWS_ON_VERTICAL)


def _label(
    sheet: Sheet,
    role: str,
    words: Sequence[str],
    colour: Colour,
    room: Room,
    anchor: Array,
    to_left: bool,
    places: Sequence[tuple[float, float]],
) -> Label:
    """Return a label of words, one below the other, in free room near the anchor."""
    em = sheet.text
    rows = [(word, *row) for word, row in zip(words, places, strict=False)]
    widths = [_text_width(word, size * em) for word, _, size in rows]
    box = room.take(max(widths) + 1.4 * em, (rows[-1][1] + 0.45) * em, anchor, to_left)
    lines = tuple(
        Text(word, box.x + 1.0 * em, box.y + base * em, size * em, width)
        for (word, base, size), width in zip(rows, widths, strict=True)
    )
    return Label(role, box, lines, colour)


def _room(sheet: Sheet, drawn: Sequence[Shape]) -> Room:
    """Return what of the photo neither the body nor a line covers."""
    room = Room(sheet.width, sheet.height, sheet.text / 3)
    x, y = room.centres
    outline = sheet.assessment.outline
    if outline is not None and len(outline.back_px) > 1:
        back, front = sheet.flip(outline.back_px), sheet.flip(outline.front_px)
        rises = back[::-1, 1]
        left = np.interp(y, rises, back[::-1, 0], np.inf, np.inf)[:, None]
        right = np.interp(y, rises, front[::-1, 0], np.inf, np.inf)[:, None]
        room.occupy((x > left) & (x < right), _BODY)
    for start, end, radius in _LIMBS:
        if start in sheet.points and end in sheet.points:
            near = _distance(x, y, sheet.points[start], sheet.points[end]) < radius * sheet.stature
            room.occupy(near, _BODY)
    for shape in drawn:
        if isinstance(shape, Stroke):
            forbidden = shape.role == "back_lumbar"
            room.occupy_line(np.array(shape.points), FORBIDDEN if forbidden else _LINES)
        elif isinstance(shape, Dot):
            room.occupy_line(np.array([[shape.x, shape.y]]), _LINES)
    return room


def _text_width(text: str, size: float) -> float:
    """Return how wide a text is drawn, in the same unit as its size."""
    return font(100).getlength(text) * size / 100


def _nearest(box: Box, point: Array) -> XY:
    """Return the point of a box's edge, away from its corners, that is nearest to a point."""
    x, y, inset = point[0], point[1], 0.25 * box.height
    across = float(np.clip(x, box.x + inset, box.x + box.width - inset))
    down = float(np.clip(y, box.y + inset, box.y + box.height - inset))
    if box.x <= x <= box.x + box.width:
        return across, box.y if y < box.y else box.y + box.height
    return box.x if x < box.x else box.x + box.width, down


def _distance(x: Array, y: Array, start: Array, end: Array) -> Array:
    """Return how far each cell, (rows, columns), lies from the line between two points."""
    way = end - start
    dx, dy = x - start[0], (y - start[1])[:, None]
    length = float(way @ way)
    share = np.clip((dx * way[0] + dy * way[1]) / length, 0, 1) if length else 0.0
    return np.asarray(np.hypot(dx - share * way[0], dy - share * way[1]))
