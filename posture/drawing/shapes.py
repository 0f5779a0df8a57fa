"""The shapes that a picture is made of, in photo pixels with colours and widths.

They know neither how they are drawn nor what they mean, beyond the name of their role.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

import numpy as np

from posture.drawing.placement import Box

Colour: TypeAlias = tuple[int, int, int]
Form = Literal["disc", "diamond", "square", "hexagon"]
XY: TypeAlias = tuple[float, float]

# Okabe and Ito's colours, told apart with every kind of colour vision.
WHITE: Final[Colour] = (255, 255, 255)
ORANGE: Final[Colour] = (240, 170, 20)
SKY_BLUE: Final[Colour] = (86, 180, 233)
#: Under lines and behind text, so that both can be read on any photo.
INK: Final[Colour] = (14, 20, 28)

# Corners of a mark, and the direction of the first in degrees.
_CORNERS: Final[dict[Form, tuple[int, float]]] = {
    "disc": (40, 0.0),
    "diamond": (4, 0.0),
    "square": (4, 45.0),
    "hexagon": (6, 0.0),
}


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line through points.

    Attributes
    ----------
    role : str
        What the line stands for, for example ``"pelvis"``.
    points : tuple of (float, float)
        Photo pixels.
    colour : tuple of int
        Red, green, blue.
    width : float
        Photo pixels.
    dash : tuple of float
        Lengths of a dash and of the gap after it, photo pixels; empty for an unbroken line.
    """

    role: str
    points: tuple[XY, ...]
    colour: Colour
    width: float
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Area:
    """A tinted polygon: photo pixels, colour, and opacity from 0 to 1."""

    role: str
    points: tuple[XY, ...]
    colour: Colour
    opacity: float


@dataclass(frozen=True, slots=True)
class Dot:
    """A ringed mark at a point; its form says how the point was come by."""

    role: str
    x: float
    y: float
    radius: float
    form: Form
    colour: Colour

    def rings(self) -> tuple[tuple[tuple[XY, ...], Colour], ...]:
        """Return the polygons that the mark is filled with, from the outermost inwards."""
        return tuple(
            (self._outline(share * self.radius), colour)
            for share, colour in ((1.4, INK), (1.0, self.colour), (0.48, INK))
        )

    def _outline(self, radius: float) -> tuple[XY, ...]:
        corners, turn = _CORNERS[self.form]
        angles = np.radians(turn + np.arange(corners) * 360 / corners)
        return tuple(
            (self.x + radius * float(np.cos(a)), self.y + radius * float(np.sin(a))) for a in angles
        )


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text from its left end at (x, y), y on the baseline, ``width`` pixels long."""

    text: str
    x: float
    y: float
    size: float
    width: float


@dataclass(frozen=True, slots=True)
class Label:
    """Text in a box, with a bar in the colour of what it names on the box's left."""

    role: str
    box: Box
    lines: tuple[Text, ...]
    colour: Colour

    @property
    def bar(self) -> Box:
        """The coloured bar at the left end of the box."""
        inset = 0.14 * self.box.height
        return Box(self.box.x + inset, self.box.y + inset, inset / 2, self.box.height - 2 * inset)


Shape: TypeAlias = Stroke | Area | Dot | Label


def mirrored(shape: Shape, width: float) -> Shape:
    """Return a shape in the mirror image of a frame; text is moved, not reversed."""
    if isinstance(shape, Dot):
        return replace(shape, x=width - shape.x)
    if isinstance(shape, Label):
        box = replace(shape.box, x=width - shape.box.x - shape.box.width)
        shift = box.x - shape.box.x
        lines = tuple(replace(line, x=line.x + shift) for line in shape.lines)
        return replace(shape, box=box, lines=lines)
    return replace(shape, points=tuple((width - x, y) for x, y in shape.points))
