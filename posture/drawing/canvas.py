"""Draws shapes onto pixels, smooth at their edges; it knows nothing of bodies and angles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from posture.drawing.lettering import font
from posture.drawing.shapes import INK, WHITE, Dot, Label, Stroke

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from posture.drawing.placement import Box
    from posture.drawing.shapes import XY, Colour

    Picture = NDArray[np.uint8]

#: How strongly what lies around a line, and below text, is darkened: 0 to 1.
HALO_OPACITY: Final = 0.6
BOX_OPACITY: Final = 0.82
#: Radius of the corners of a label, as a share of its height.
CORNER: Final = 0.16

# OpenCV takes whole numbers: sixteenths of a pixel.
_SHIFT: Final = 4


class Canvas:
    """A picture to draw on, with shapes given in photo pixels."""

    def __init__(self, picture: Picture, scale: tuple[float, float]) -> None:
        self.picture = picture
        self.scale = np.array(scale)
        self.size = float(np.sqrt(scale[0] * scale[1]))

    def lines(self, strokes: Sequence[Stroke]) -> None:
        """Draw lines."""
        for stroke in strokes:
            self._line(self.picture, stroke, stroke.colour, stroke.width, (0, 0))

    def halos(self, strokes: Sequence[Stroke]) -> None:
        """Darken what lies under and around lines, once where they cross."""
        wide = [halo_width(stroke, self.size) for stroke in strokes]
        places = [point for stroke in strokes for point in stroke.points]
        mask, corner = self._mask(places, max(wide, default=0))
        for stroke, width in zip(strokes, wide, strict=True):
            self._line(mask, stroke, (255,), width, corner)
        self._blend(mask, corner, INK, HALO_OPACITY)

    def area(self, outline: Sequence[XY], colour: Colour, opacity: float) -> None:
        """Tint a polygon."""
        mask, corner = self._mask(outline, 0)
        self._fill(mask, outline, (255,), corner)
        self._blend(mask, corner, colour, opacity)

    def dot(self, dot: Dot) -> None:
        """Draw a ringed mark."""
        for outline, colour in dot.rings():
            self._fill(self.picture, outline, colour, (0, 0))

    def label(self, label: Label) -> None:
        """Draw text in its box."""
        from PIL import Image, ImageDraw

        box, bar = label.box, label.bar
        self.area(_rounded(box, CORNER * box.height), INK, BOX_OPACITY)
        self._fill(self.picture, _rounded(bar, bar.width / 2), label.colour, (0, 0))
        left, top = np.maximum(np.array([box.x, box.y]) / self.scale, 0).astype(int)
        right, low = np.ceil(np.array([box.x + box.width, box.y + box.height]) / self.scale)
        part = self.picture[top : int(low), left : int(right)]
        image = Image.fromarray(part)
        pen = ImageDraw.Draw(image)
        for line in label.lines:
            letters = font(max(1.0, line.size / self.size))
            at = (line.x / self.scale[0] - left, line.y / self.scale[1] - top)
            pen.text(at, line.text, WHITE, letters, anchor="ls")
        part[...] = np.asarray(image)

    def _place(self, points: Sequence[XY], corner: tuple[int, int]) -> NDArray[np.int32]:
        """Return points in OpenCV's sixteenths of working pixels, counted from pixel centres."""
        inside = np.array(points) / self.scale - 0.5 - corner
        placed: NDArray[np.int32] = np.rint(inside * (1 << _SHIFT)).astype(np.int32)
        return placed.reshape(-1, 1, 2)

    def _line(
        self,
        onto: Picture,
        stroke: Stroke,
        colour: Sequence[int],
        width: float,
        corner: tuple[int, int],
    ) -> None:
        import cv2

        pieces = [self._place(piece, corner) for piece in _dashes(stroke)]
        thick = max(round(width / self.size), 1)
        cv2.polylines(onto, pieces, False, colour, thick, cv2.LINE_AA, _SHIFT)

    def _fill(
        self,
        onto: Picture,
        outline: Sequence[XY],
        colour: Sequence[int],
        corner: tuple[int, int],
    ) -> None:
        import cv2

        cv2.fillPoly(onto, [self._place(outline, corner)], colour, cv2.LINE_AA, _SHIFT)

    def _mask(self, points: Sequence[XY], around: float) -> tuple[Picture, tuple[int, int]]:
        """Return an empty mask for the part of the picture around points, and its corner."""
        if not points:
            return np.zeros((0, 0), np.uint8), (0, 0)
        height, width = self.picture.shape[:2]
        placed = np.array(points) / self.scale
        margin = around / self.size + 2
        left, top = np.clip(placed.min(axis=0) - margin, 0, (width, height)).astype(int)
        right, low = np.clip(placed.max(axis=0) + margin, 0, (width, height)).astype(int)
        return np.zeros((low - top, right - left), np.uint8), (int(left), int(top))

    def _blend(
        self, mask: Picture, corner: tuple[int, int], colour: Colour, opacity: float
    ) -> None:
        """Mix a colour into the picture where a mask, 0 to 255, says so."""
        rows, columns = np.nonzero(mask)
        share = mask[rows, columns, None] * np.float32(opacity / 255)
        flat = self.picture.reshape(-1, 3)
        places = (rows + corner[1]) * self.picture.shape[1] + columns + corner[0]
        old = flat[places].astype(np.float32)
        flat[places] = old + (np.array(colour, np.float32) - old) * share + np.float32(0.5)


def _dashes(stroke: Stroke) -> Iterator[Sequence[XY]]:
    """Yield the parts of a line that are drawn."""
    if not stroke.dash:
        yield stroke.points
        return
    points = np.array(stroke.points)
    on, off = stroke.dash
    along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    for start in np.arange(0, along[-1], on + off):
        end = min(start + on, along[-1])
        at = [start, *along[(along > start) & (along < end)], end]
        x, y = (np.interp(at, along, column) for column in points.T)
        yield list(zip(x, y, strict=True))


def halo_width(stroke: Stroke, pixel: float) -> float:
    """Return the width of what is darkened around a line; ``pixel`` is one pixel's size."""
    return 1.7 * stroke.width + pixel


def _rounded(box: Box, radius: float) -> list[XY]:
    """Return the outline of a box with round corners."""
    corners = []
    for right, low, turn in ((1, 1, 0), (0, 1, 90), (0, 0, 180), (1, 0, 270)):
        x = box.x + radius + right * (box.width - 2 * radius)
        y = box.y + radius + low * (box.height - 2 * radius)
        for angle in np.radians(turn + np.linspace(0, 90, 9)):
            corners.append((x + radius * float(np.cos(angle)), y + radius * float(np.sin(angle))))
    return corners
