"""Draws an assessment over its photo, as pixels or as vectors; it measures nothing.

Both draw the shapes that `posture.drawing.figure` lays out. Exported pictures are made from
pixels alone and so carry none of the photo's metadata.
"""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement, tostring

import numpy as np

from posture.drawing.canvas import BOX_OPACITY, CORNER, HALO_OPACITY, Canvas, halo_width
from posture.drawing.figure import lay_out
from posture.drawing.shapes import INK, WHITE, Area, Dot, Label, Stroke

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from posture.assessment import Assessment
    from posture.drawing.placement import Box
    from posture.drawing.shapes import XY, Colour
    from posture.photo import Photo

    Picture = NDArray[np.uint8]

_SVG: Final = "http://www.w3.org/2000/svg"


def draw(photo: Photo, assessment: Assessment) -> NDArray[np.uint8]:
    """Draw an assessment over a copy of its photo.

    Parameters
    ----------
    photo : Photo
        The photo that was assessed.
    assessment : Assessment
        What `posture.assess` returned for it.

    Returns
    -------
    ndarray of uint8, shape (h, w, 3)
        RGB, at the photo's working size; the photo alone if it was refused.
    """
    picture = photo.pixels.copy()
    canvas = Canvas(picture, photo.scale)
    shapes = lay_out(assessment)
    strokes = [shape for shape in shapes if isinstance(shape, Stroke)]
    canvas.halos(strokes)
    for shape in shapes:
        if isinstance(shape, Area):
            canvas.area(shape.points, shape.colour, shape.opacity)
    canvas.lines(strokes)
    for shape in shapes:
        if isinstance(shape, Dot):
            canvas.dot(shape)
        elif isinstance(shape, Label):
            canvas.label(shape)
    return picture


def to_png(photo: Photo, assessment: Assessment) -> bytes:
    """Return `draw`'s picture as the bytes of a PNG file without metadata."""
    from PIL import Image

    file = BytesIO()
    Image.fromarray(draw(photo, assessment)).save(file, "PNG", compress_level=1)
    return file.getvalue()


def to_screen(photo: Photo, assessment: Assessment, *, widest: int) -> bytes:
    """Return `draw`'s picture as the bytes of a JPEG file, of so many columns at most."""
    import cv2

    pixels = draw(photo, assessment)
    rows, columns = pixels.shape[:2]
    if columns > widest:
        size = (widest, round(rows * widest / columns))
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    return _jpeg(pixels)


def to_jpeg(photo: Photo) -> bytes:
    """Return a photo as the bytes of a JPEG file made anew from its pixels, without metadata."""
    return _jpeg(photo.pixels)


def _jpeg(pixels: Picture) -> bytes:
    from PIL import Image

    file = BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=90)
    return file.getvalue()


def to_svg(assessment: Assessment, photo: Photo | None = None) -> str:
    """Return the same picture as vectors, for print.

    Parameters
    ----------
    assessment : Assessment
        What `posture.assess` returned.
    photo : Photo, optional
        The photo to lie below the lines, put in as a JPEG made anew from its pixels.

    Returns
    -------
    str
        An SVG document in pixels of the upright photo, its text selectable; without a photo, dark
        and coloured lines on white.
    """
    svg = _sheet(assessment)
    size = {"width": svg.attrib["width"], "height": svg.attrib["height"]}
    if photo is None:
        SubElement(svg, "rect", {**size, "fill": "#fff"})
    else:
        href = f"data:image/jpeg;base64,{b64encode(to_jpeg(photo)).decode()}"
        SubElement(svg, "image", {**size, "preserveAspectRatio": "none", "href": href})
    _put_in(svg, assessment, over_photo=photo is not None)
    return tostring(svg, encoding="unicode")


def to_layer(assessment: Assessment) -> str:
    """Return the drawing alone as an SVG document, to be laid over the picture by a browser."""
    svg = _sheet(assessment)
    _put_in(svg, assessment, over_photo=True)
    return tostring(svg, encoding="unicode")


def _sheet(assessment: Assessment) -> Element:
    size = {"width": str(assessment.width), "height": str(assessment.height)}
    svg = Element(
        "svg", {"xmlns": _SVG, **size, "viewBox": f"0 0 {size['width']} {size['height']}"}
    )
    # Not the file's name, which is often the person's.
    SubElement(svg, "title").text = "Posture"
    return svg


def _put_in(svg: Element, assessment: Assessment, *, over_photo: bool) -> None:
    shapes = lay_out(assessment)
    strokes = [shape for shape in shapes if isinstance(shape, Stroke)]
    ink, paper = (WHITE, INK) if over_photo else (INK, WHITE)
    if over_photo:
        halos = SubElement(svg, "g", {"opacity": f"{HALO_OPACITY}"})
        for stroke in strokes:
            _svg_line(halos, stroke, INK, halo_width(stroke, 1.0))
    for shape in shapes:
        if isinstance(shape, Area):
            look = {"fill": _hex(shape.colour), "fill-opacity": f"{shape.opacity}"}
            SubElement(svg, "polygon", {"points": _pairs(shape.points), **look})
    for stroke in strokes:
        _svg_line(svg, stroke, ink if stroke.colour == WHITE else stroke.colour, stroke.width)
    for shape in shapes:
        if isinstance(shape, Dot):
            for outline, colour in shape.rings():
                SubElement(svg, "polygon", {"points": _pairs(outline), "fill": _hex(colour)})
        elif isinstance(shape, Label):
            _svg_label(svg, shape, ink, paper)


def _svg_line(parent: Element, stroke: Stroke, colour: Colour, width: float) -> None:
    look = {
        "class": stroke.role,
        "points": _pairs(stroke.points),
        "fill": "none",
        "stroke": _hex(colour),
        "stroke-width": f"{width:.2f}",
        "stroke-linecap": "round",
        "stroke-linejoin": "round",
    }
    if stroke.dash:
        look["stroke-dasharray"] = " ".join(f"{length:.2f}" for length in stroke.dash)
    SubElement(parent, "polyline", look)


def _svg_label(parent: Element, label: Label, ink: Colour, paper: Colour) -> None:
    corner = CORNER * label.box.height
    colour = _hex(ink if label.colour == WHITE else label.colour)
    look = {"fill": _hex(paper), "fill-opacity": f"{BOX_OPACITY}", "stroke": colour}
    edge = "0" if paper == INK else f"{0.03 * label.box.height:.2f}"
    SubElement(parent, "rect", {**_svg_box(label.box, corner), **look, "stroke-width": edge})
    bar = _svg_box(label.bar, label.bar.width / 2)
    SubElement(parent, "rect", {**bar, "fill": colour})
    for line in label.lines:
        place = {"x": f"{line.x:.2f}", "y": f"{line.y:.2f}", "font-size": f"{line.size:.2f}"}
        # Every viewer has other fonts; the text stays within its box in all of them.
        fit = {"textLength": f"{line.width:.2f}", "lengthAdjust": "spacingAndGlyphs"}
        look = {"font-family": "Helvetica, Arial, sans-serif", "fill": _hex(ink)}
        SubElement(parent, "text", {**place, **fit, **look}).text = line.text


def _svg_box(box: Box, corner: float) -> dict[str, str]:
    numbers = {"x": box.x, "y": box.y, "width": box.width, "height": box.height, "rx": corner}
    return {name: f"{number:.2f}" for name, number in numbers.items()}


def _pairs(points: Sequence[XY]) -> str:
    return " ".join(f"{x:.2f},{y:.2f}" for x, y in points)


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
