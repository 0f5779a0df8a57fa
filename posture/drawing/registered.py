"""Lays pictures of two visits over each other, on ankle and scale; it measures nothing."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement, tostring

import numpy as np

from posture.overlay import draw
from posture.photo import Photo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from posture.assessment import Assessment

    Array = NDArray[np.float64]
    Picture = NDArray[np.uint8]

#: Width and height of what is laid over each other, in pixels.
SIZE: Final = (600, 900)
# Where the ankle lies in it, and how long the body is from there to the shoulder, along its bones.
_ANKLE: Final = (0.5, 0.93)
_LENGTH: Final = 0.66
_CHAIN: Final = ("ankle", "knee", "hip", "shoulder")
# What stands for a picture that was not kept.
_BLANK: Final = 40
# Colour and dashes of the first and the second contour: told apart without colour too.
_LINES: Final = (("#808a8c", ""), ("#d9822b", "14 8"))
_TEXT_PX: Final = 30


@dataclass(frozen=True, slots=True)
class Registration:
    """What brings a photo's pixels to the common picture.

    Attributes
    ----------
    turn : ndarray, shape (2, 2)
        Turn and scale.
    shift : ndarray, shape (2,)
        What is added then, in pixels of the common picture.
    """

    turn: Array
    shift: Array

    def __call__(self, points: Array) -> Array:
        """Return photo pixels, shape (n, 2), in the common picture."""
        return np.asarray(points @ self.turn.T + self.shift)


def register(assessment: Assessment) -> Registration | None:
    """Return what brings a person's ankle to one place, their length to one and upright to up.

    Parameters
    ----------
    assessment : Assessment
        What was read in the photo.

    Returns
    -------
    Registration or None
        None if ankle, knee, hip or shoulder are not known.
    """
    if any(name not in assessment.points for name in _CHAIN):
        return None
    chain = np.array([(assessment.points[n].x, assessment.points[n].y) for n in _CHAIN])
    length = sum(float(np.hypot(*(b - a))) for a, b in pairwise(chain))
    if not length:
        return None
    lean = 0.0 if assessment.vertical is None else np.radians(assessment.vertical.lean_deg)
    scale = _LENGTH * SIZE[1] / length
    # A vertical that leans to the right is turned back to the left.
    turn = scale * np.array([[np.cos(lean), np.sin(lean)], [-np.sin(lean), np.cos(lean)]])
    return Registration(turn, np.array(_ANKLE) * SIZE - turn @ chain[0])


def laid(photo: Photo | None, assessment: Assessment, onto: Registration) -> Picture:
    """Return the photo with its lines, brought to the common picture.

    Parameters
    ----------
    photo : Photo or None
        None if it was not kept: then the lines alone.
    assessment : Assessment
        What was read in it.
    onto : Registration
        What `register` returned for it.

    Returns
    -------
    ndarray of uint8, shape (h, w, 3)
        Of ``SIZE``.
    """
    import cv2

    if photo is None:
        shape = (assessment.height, assessment.width, 3)
        photo = Photo(np.full(shape, _BLANK, np.uint8), assessment.width, assessment.height)
    picture = draw(photo, assessment)
    matrix = np.column_stack([onto.turn * photo.scale, onto.shift])
    return np.asarray(
        cv2.warpAffine(
            picture,
            matrix,
            SIZE,
            flags=cv2.INTER_AREA,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=(_BLANK,) * 3,
        ),
        np.uint8,
    )


def contour(assessment: Assessment, onto: Registration) -> Array:
    """Return the contour of the back in the common picture, shape (n, 2); NaN where it is hidden.

    Empty if there is none.
    """
    if assessment.outline is None:
        return np.empty((0, 2))
    found = onto(assessment.outline.back_px)
    found[assessment.outline.hidden] = np.nan
    return found


def contours_svg(named: Sequence[tuple[str, Array]]) -> str:
    """Return two contours over each other as an SVG document, each with its name below.

    Parameters
    ----------
    named : sequence of (str, ndarray)
        What each is called, and what `contour` returned.
    """
    width, height = SIZE
    room = 2.2 * _TEXT_PX * len(_LINES)
    known = [line[np.isfinite(line).all(axis=1)] for _, line in named]
    top, low = (
        (float(min(ys)), float(max(ys)))
        if (ys := [y for line in known for y in line[:, 1]])
        else (0.0, float(height))
    )
    svg = Element("svg", {"xmlns": "http://www.w3.org/2000/svg"})
    svg.set("viewBox", f"0 {top - 20:.0f} {width} {low - top + 20 + room:.0f}")
    for number, ((name, _), line, (colour, dash)) in enumerate(
        zip(named, known, _LINES, strict=True)
    ):
        look = {"fill": "none", "stroke": colour, "stroke-width": "5", "stroke-dasharray": dash}
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in line)
        SubElement(svg, "polyline", {**look, "points": points})
        y = low + _TEXT_PX * 2 * (number + 1)
        SubElement(svg, "polyline", {**look, "points": f"20,{y - 10} 120,{y - 10}"})
        place = {"x": "140", "y": f"{y}", "font-size": f"{_TEXT_PX}", "fill": colour}
        place["font-family"] = "Helvetica, Arial, sans-serif"
        SubElement(svg, "text", place).text = name
    return tostring(svg, encoding="unicode")
