"""The picture and the vectors show what the assessment says, and nothing else."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from posture import Assessment, Photo, assess
from posture.drawing.figure import lay_out
from posture.drawing.placement import FORBIDDEN, Box, Room
from posture.drawing.shapes import Area, Dot, Label, Stroke
from posture.overlay import draw, to_layer, to_png, to_svg
from posture.tilt import Vertical
from tests.factory import make_assessment, make_photo, make_refused

SAMPLE = Path(__file__).parents[1] / "samples" / "standing_ponytail.jpg"
SVG = "{http://www.w3.org/2000/svg}"
SIZES = [(600, 900), (300, 400), (300, 1200), (220, 1024), (2016, 1512), (3024, 4032), (1600, 500)]


def strokes(assessment: Assessment, role: str) -> list[Stroke]:
    """Return the lines of one role."""
    return [s for s in lay_out(assessment) if isinstance(s, Stroke) and s.role == role]


def labels(assessment: Assessment) -> dict[str, Label]:
    """Return the labels by their role."""
    return {s.role: s for s in lay_out(assessment) if isinstance(s, Label)}


def words(label: Label) -> str:
    """Return what a label says."""
    return " ".join(line.text for line in label.lines)


def forward_deg(stroke: Stroke, facing: str) -> float:
    """Return a line's direction from the vertical, -90 to 90 degrees, + = forward with height."""
    (x0, y0), (x1, y1) = stroke.points
    forward, up = (x1 - x0) * (1 if facing == "right" else -1), y0 - y1
    return float(np.degrees(np.arctan(forward / up)))


@pytest.mark.parametrize("make", [make_assessment, make_refused])
def test_draws_on_a_copy(make: Callable[[], Assessment]) -> None:
    """The photo stays as it was; the picture is a writable array of the same shape and type."""
    photo = make_photo()
    before = photo.pixels.copy()
    picture = draw(photo, make())
    assert picture.shape == photo.pixels.shape
    assert picture.dtype == np.uint8
    assert picture.flags.writeable
    np.testing.assert_array_equal(photo.pixels, before)


def test_draws_something_where_it_is_laid_out() -> None:
    """The pelvis's line is blue in the picture, at the photo's working size."""
    assessment = make_assessment(width=3000, height=4500)
    photo = make_photo(3000, 4500)
    (pelvis,) = strokes(assessment, "pelvis")
    x, y = (0.7 * np.array(pelvis.points[0]) + 0.3 * np.array(pelvis.points[1])) / photo.scale
    assert photo.pixels.shape[0] == 2048
    red, _, blue = draw(photo, assessment)[int(y), int(x)].astype(int)
    assert blue - red > 100


def test_mirrored_person_gives_the_mirrored_picture() -> None:
    """Apart from text, who looks to the left is drawn as the mirror image of the right."""
    photo = make_photo()
    right, left = make_assessment(facing="right"), make_assessment(facing="left")
    one, other = draw(photo, right).astype(int), draw(photo, left)[:, ::-1].astype(int)
    beside_text = np.ones(one.shape[:2], bool)
    for label in labels(right).values():
        box = label.box
        beside_text[int(box.y) - 2 : int(box.y + box.height) + 3][
            :, int(box.x) - 2 : int(box.x + box.width) + 3
        ] = False
    differing = np.abs(one - other).max(axis=2)[beside_text]
    assert (np.abs(one - 128).max(axis=2)[beside_text] > 40).sum() > 2000
    assert np.mean(differing > 40) < 0.001


@pytest.mark.parametrize("facing", ["right", "left"])
@pytest.mark.parametrize("value", [-12.0, 0.0, 9.0, 31.0])
def test_pelvis_line_has_the_tilt(facing: str, value: float) -> None:
    """The pelvis's line is inclined by the value; anterior tilt puts its front end lower."""
    (line,) = strokes(make_assessment(facing=facing, tilt_deg=value), "pelvis")
    (x0, y0), (x1, y1) = line.points
    forward = (x1 - x0) * (1 if facing == "right" else -1)
    assert forward > 0
    assert np.degrees(np.arctan2(y1 - y0, forward)) == pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize("facing", ["right", "left"])
@pytest.mark.parametrize(("curve", "lean"), [(33.0, 0.0), (4.0, 10.0), (-8.0, 0.0), (60.0, -5.0)])
def test_tangents_have_the_directions_of_the_inflections(
    facing: str, curve: float, lean: float
) -> None:
    """Each tangent passes through the middle at its inflection, along its direction."""
    assessment = make_assessment(facing=facing, curve_deg=curve, lean_deg=lean)
    for name in ("lumbosacral", "thoracolumbar"):
        inflection = getattr(assessment.back, name)
        (tangent,) = strokes(assessment, f"tangent_{name}")
        assert forward_deg(tangent, facing) == pytest.approx(inflection.skin_deg, abs=1e-6)
        middle = np.mean(tangent.points, axis=0)
        np.testing.assert_allclose(middle, (inflection.x_px, inflection.y_px), atol=1e-6)


@pytest.mark.parametrize(("curve", "lean"), [(33.0, 0.0), (5.0, 25.0), (1.0, 0.0), (-8.0, 0.0)])
def test_arc_of_the_curve_spans_the_value(curve: float, lean: float) -> None:
    """The arc lies near the back and spans the curve, even where the tangents hardly meet."""
    assessment = make_assessment(curve_deg=curve, lean_deg=lean)
    (area,) = (s for s in lay_out(assessment) if isinstance(s, Area) and s.role == "lumbar_angle")
    apex, arc = np.array(area.points[0]), np.array(area.points[1:])
    upper, lower = (np.degrees(np.arctan2(*((p - apex) * (1, -1)))) for p in (arc[0], arc[-1]))
    assert lower - upper == pytest.approx(curve, abs=1e-6)
    back = assessment.outline.back_px
    assert np.hypot(*(back - apex).T).min() < 0.06 * assessment.height


def test_form_tells_found_points_from_computed_ones() -> None:
    """Joints are discs, inflections diamonds, placed points squares: not by colour alone."""
    assessment = make_assessment()
    points = dict(assessment.points)
    points["hip"] = replace(points["hip"], source="placed")
    dots = [s for s in lay_out(replace(assessment, points=points)) if isinstance(s, Dot)]
    forms = {dot.role: dot.form for dot in dots}
    assert forms == {
        "ear": "disc",
        "shoulder": "disc",
        "hip": "square",
        "knee": "disc",
        "ankle": "disc",
        "lumbosacral": "diamond",
        "thoracolumbar": "diamond",
    }


def test_lines_differ_by_more_than_their_colour() -> None:
    """Of two lines of one colour that may be confused, one is dashed and the other is not."""
    shapes = [s for s in lay_out(make_assessment()) if isinstance(s, Stroke)]
    plumb, back = (next(s for s in shapes if s.role == role) for role in ("plumb", "back"))
    level, pelvis = (next(s for s in shapes if s.role == r) for r in ("pelvis_level", "pelvis"))
    assert plumb.dash
    assert level.dash
    assert not back.dash
    assert not pelvis.dash


def test_plumb_line_is_vertical_through_the_ankle() -> None:
    """The plumb line reaches from the feet over the ear's height, at the ankle's x."""
    assessment = make_assessment()
    ((bottom, top),) = (line.points for line in strokes(assessment, "plumb"))
    assert bottom[0] == top[0] == assessment.points["ankle"].x
    assert bottom[1] >= assessment.points["heel"].y
    assert top[1] < assessment.points["ear"].y


@pytest.mark.parametrize("facing", ["right", "left"])
@pytest.mark.parametrize("lean", [3.0, -2.0])
@pytest.mark.parametrize("found", [True, False])
def test_angles_are_drawn_against_the_true_vertical(facing: str, lean: float, found: bool) -> None:
    """The plumb line leans with the vertical, the level is square to it, the tilt is on top."""
    assessment = make_assessment(facing=facing, vertical=Vertical(lean, 0.3, found))
    (plumb,) = strokes(assessment, "plumb")
    to_front = 1 if facing == "right" else -1
    assert forward_deg(plumb, facing) == pytest.approx(to_front * lean, abs=1e-6)
    (x0, y0), (x1, y1) = plumb.points
    ankle = assessment.points["ankle"]
    assert np.interp(ankle.y, [y1, y0], [x1, x0]) == pytest.approx(ankle.x, abs=1e-6)
    below_level = {}
    for role in ("pelvis_level", "pelvis"):
        (line,) = strokes(assessment, role)
        (x0, y0), (x1, y1) = line.points
        below_level[role] = np.degrees(np.arctan2(y1 - y0, to_front * (x1 - x0)))
    assert below_level["pelvis_level"] == pytest.approx(to_front * lean, abs=1e-6)
    assert below_level["pelvis"] - below_level["pelvis_level"] == pytest.approx(9.0, abs=1e-6)


def test_a_level_photo_is_drawn_as_without_a_vertical() -> None:
    """Where the vertical is the photo's own, however it was found, nothing changes."""
    plain = lay_out(make_assessment())
    for found in (True, False):
        assert lay_out(make_assessment(vertical=Vertical(0.0, 0.3, found))) == plain


@pytest.mark.parametrize("size", SIZES)
def test_a_label_says_that_the_photo_is_turned(size: tuple[int, int]) -> None:
    """It lies in the frame and off the other labels; what hardly leans needs none."""
    width, height = size
    turned = make_assessment(width=width, height=height, vertical=Vertical(-2.06, 0.3, True))
    found = labels(turned)
    assert words(found["vertical"]) == "True vertical photo turned 2.1°"
    box = found["vertical"].box
    assert box.x >= 0
    assert box.y >= 0
    assert box.x + box.width <= width
    assert box.y + box.height <= height
    assert not any(box.overlaps(found[role].box) for role in ("lumbar", "pelvis"))
    draw(make_photo(width, height), turned)
    assert "photo turned 2.1°" in to_svg(turned)
    assert "vertical" not in labels(make_assessment(vertical=Vertical(0.3, 0.3, True)))


@pytest.mark.parametrize("facing", ["right", "left"])
@pytest.mark.parametrize(
    "unseen", [("ear",), ("ankle", "heel", "foot_index"), ("ear", "ankle", "heel", "foot_index")]
)
def test_sizes_do_not_need_head_and_feet(facing: str, unseen: tuple[str, ...]) -> None:
    """Where head or feet are outside the photo, hip and shoulder tell how large the person is."""
    whole = make_assessment(facing=facing)
    cut = make_assessment(facing=facing, unseen=unseen, vertical=Vertical(2.0, 2.0, False))
    for role in ("pelvis", "tangent_lumbosacral"):
        (one,), (other,) = strokes(whole, role), strokes(cut, role)
        lengths = [np.hypot(*np.subtract(*line.points)) for line in (one, other)]
        assert lengths[1] == pytest.approx(lengths[0], rel=0.06)
    assert bool(strokes(cut, "plumb")) == ("ankle" not in unseen)
    assert "vertical" in labels(cut)
    assert not {s.role for s in lay_out(cut) if isinstance(s, Dot)} & set(unseen)
    draw(make_photo(), cut)


def test_hidden_stretch_of_the_back_is_dashed() -> None:
    """Where an arm may lie on the contour it is dashed; without a body, nothing is drawn."""
    assessment = make_assessment()
    outline = assessment.outline
    hidden = np.zeros(len(outline.hidden), bool)
    hidden[150:180] = True
    back_px = outline.back_px.copy()
    back_px[160:170] = np.nan
    assessment = replace(assessment, outline=replace(outline, back_px=back_px, hidden=hidden))
    runs = strokes(assessment, "back_hidden")
    assert runs
    assert all(run.dash for run in runs)
    rows = [y for s in lay_out(assessment) if s.role.startswith("back") for _, y in s.points]
    gap = outline.back_px[160:170, 1]
    assert not any(gap.min() <= y <= gap.max() for y in rows)


@pytest.mark.parametrize("facing", ["right", "left"])
@pytest.mark.parametrize("size", SIZES)
def test_labels_find_room(facing: str, size: tuple[int, int]) -> None:
    """Labels lie in the frame, off each other and off the low back, in photos of any shape."""
    width, height = size
    assessment = make_assessment(facing=facing, width=width, height=height)
    lumbar, pelvis = labels(assessment)["lumbar"].box, labels(assessment)["pelvis"].box
    for box in (lumbar, pelvis):
        assert box.x >= 0
        assert box.y >= 0
        assert box.x + box.width <= width
        assert box.y + box.height <= height
        (low_back,) = strokes(assessment, "back_lumbar")
        assert not any(box.holds(x, y) for x, y in low_back.points)
    assert not lumbar.overlaps(pelvis)
    draw(make_photo(width, height), assessment)


@pytest.mark.parametrize("shift", [-0.35, -0.2, 0.2, 0.35])
def test_labels_find_room_beside_a_person_at_the_edge(shift: float) -> None:
    """With the back or the front close to the frame, labels still keep off the low back."""
    whole = make_assessment()
    by = np.array([shift * whole.width, 0])
    outline, back = whole.outline, whole.back
    moved = replace(
        whole,
        points={name: replace(p, x=p.x + by[0]) for name, p in whole.points.items()},
        outline=replace(outline, back_px=outline.back_px + by, front_px=outline.front_px + by),
        back=replace(
            back,
            lumbosacral=replace(back.lumbosacral, x_px=back.lumbosacral.x_px + by[0]),
            thoracolumbar=replace(back.thoracolumbar, x_px=back.thoracolumbar.x_px + by[0]),
        ),
    )
    boxes = [label.box for label in labels(moved).values()]
    (low_back,) = strokes(moved, "back_lumbar")
    assert all(box.x >= 0 and box.x + box.width <= whole.width for box in boxes)
    assert not any(box.holds(x, y) for box in boxes for x, y in low_back.points)
    assert not boxes[0].overlaps(boxes[1])


def test_labels_say_value_and_interval() -> None:
    """Both angles are named with their value, half their interval and their tier."""
    found = labels(make_assessment(tilt_deg=9.2, curve_deg=33.4))
    assert words(found["pelvis"]) == "Pelvic tilt 9° ± 14 outline estimate"
    assert words(found["lumbar"]) == "Lumbar curve 33° ± 14 outline estimate"


def test_text_fits_its_box() -> None:
    """Every line of text lies in its label's box, right of the coloured bar."""
    for label in labels(make_assessment(tilt_deg=None, curve_deg=-133.3)).values():
        for line in label.lines:
            assert line.x > label.bar.x + label.bar.width
            assert line.x + line.width < label.box.x + label.box.width
            assert label.box.y < line.y - 0.7 * line.size < line.y < label.box.y + label.box.height


def test_refused_measurement_is_named_and_not_drawn() -> None:
    """A refused angle has no line, arc or tint; its label says so, beside the other's."""
    curve_only = make_assessment(tilt_deg=None)
    lines = {s.role for s in lay_out(curve_only) if not isinstance(s, Label)}
    assert not {role for role in lines if role.startswith("pelvis")}
    assert words(labels(curve_only)["pelvis"]) == "Pelvic tilt not measured"
    assert strokes(curve_only, "tangent_lumbosacral")
    tilt_only = make_assessment(curve_deg=None)
    assert not [s for s in lay_out(tilt_only) if s.role.startswith(("tangent", "lumbar_"))]
    assert words(labels(tilt_only)["lumbar"]) == "Lumbar curve not measured"
    assert strokes(tilt_only, "pelvis")


def test_refused_photo_is_shown_as_it_is() -> None:
    """A photo refused as a whole has nothing drawn on it, in pixels and in vectors."""
    photo, refused = make_photo(), make_refused()
    assert lay_out(refused) == ()
    np.testing.assert_array_equal(draw(photo, refused), photo.pixels)
    assert ElementTree.fromstring(to_svg(refused)).findall(f"{SVG}polyline") == []


def test_missing_points_are_left_out() -> None:
    """Points that are not finite or absent leave out what stands on them, without an error."""
    assessment = make_assessment()
    points = {"ear": replace(assessment.points["ear"], x=float("nan"))}
    bare = replace(assessment, points=points, outline=None, back=None)
    roles = {shape.role for shape in lay_out(bare)}
    assert roles == {"pelvis", "lumbar"}
    draw(make_photo(), bare)


@pytest.mark.parametrize("photo", [None, make_photo()])
def test_svg_is_safe_xml_with_both_values(photo: Photo | None) -> None:
    """The vectors parse, hold both values as text, and nothing of the file's name."""
    assessment = make_assessment(photo_name="<script>alert(1)</script>&\x00\x1b.jpg")
    text = to_svg(assessment, photo)
    root = ElementTree.fromstring(text)
    said = " ".join(node.text for node in root.iter(f"{SVG}text"))
    assert "Pelvic tilt 9° ± 14" in said
    assert "Lumbar curve 33° ± 14" in said
    assert "<script" not in text
    assert "alert" not in text
    assert root.get("viewBox") == "0 0 600 900"


def test_svg_shows_every_line_that_is_laid_out() -> None:
    """Vectors and pixels are made from the same shapes."""
    assessment = make_assessment()
    drawn = [node.get("class") for node in ElementTree.fromstring(to_svg(assessment)).iter()]
    expected = [s.role for s in lay_out(assessment) if isinstance(s, Stroke)]
    assert [role for role in drawn if role] == expected


def test_svg_embeds_the_photo_from_its_pixels() -> None:
    """The photo in the vectors is a JPEG of the working size without metadata."""
    root = ElementTree.fromstring(to_svg(make_assessment(), make_photo(shade=200)))
    kind, data = root.find(f"{SVG}image").get("href").split(",")
    assert kind == "data:image/jpeg;base64"
    with Image.open(BytesIO(base64.b64decode(data))) as image:
        assert image.size == (600, 900)
        assert not image.getexif()
        assert "icc_profile" not in image.info
        assert np.abs(np.asarray(image).astype(int) - 200).max() <= 2


def test_png_is_the_picture_without_metadata() -> None:
    """The PNG holds the drawn pixels and no text, EXIF or profile."""
    photo, assessment = make_photo(), make_assessment()
    with Image.open(BytesIO(to_png(photo, assessment))) as image:
        image.load()
        assert image.format == "PNG"
        assert image.info == {}
        np.testing.assert_array_equal(np.asarray(image), draw(photo, assessment))


@pytest.mark.parametrize("shade", [5, 250])
def test_lines_stand_out_on_dark_and_on_bright_photos(shade: int) -> None:
    """Along the plumb line, light and dark pixels differ enough to be seen on any photo."""
    assessment = make_assessment()
    picture = draw(make_photo(shade=shade), assessment)
    x, knee = assessment.points["ankle"].x, assessment.points["knee"].y
    around = picture[int(knee) + 20 : int(knee) + 120, int(x) - 6 : int(x) + 6].astype(int)
    assert np.ptp(around) > 120


def test_text_is_legible_on_a_phone() -> None:
    """In an upright photo shown 330 px wide, the letters of the value are 13 px or more in size."""
    for label in labels(make_assessment(width=3024, height=4032)).values():
        assert max(line.size for line in label.lines) * 330 / 3024 >= 13
        assert min(line.size for line in label.lines) * 330 / 3024 >= 10


def test_boxes_that_touch_do_not_overlap() -> None:
    """Boxes side by side share an edge but no area."""
    assert not Box(0, 0, 10, 10).overlaps(Box(10, 0, 10, 10))
    assert Box(0, 0, 10, 10).overlaps(Box(9, 9, 10, 10))


def test_real_photo_through_the_real_model() -> None:
    """A sample photo, found and measured, is drawn with both angles and their labels."""
    photo = Photo.open(SAMPLE)
    assessment = assess(photo)
    picture = draw(photo, assessment)
    changed = (picture != photo.pixels).any(axis=2).mean()
    assert 0.02 < changed < 0.25
    assert strokes(assessment, "pelvis")
    assert strokes(assessment, "lumbar_arc")
    assert {label.lines[0].text for label in labels(assessment).values()} == {
        "Pelvic tilt",
        "Lumbar curve",
    }


def test_a_layer_is_the_drawing_alone() -> None:
    """It has the lines and words that are drawn over a photo, and neither photo nor paper."""
    assessment = make_assessment()
    over_photo = ElementTree.fromstring(to_svg(assessment, make_photo()))
    layer = ElementTree.fromstring(to_layer(assessment))
    drawn = [node for node in over_photo if node.tag != f"{SVG}image"]
    assert layer.attrib == over_photo.attrib
    assert len(drawn) < len(over_photo)
    assert [ElementTree.tostring(n) for n in layer] == [ElementTree.tostring(n) for n in drawn]


def test_a_line_from_far_outside_takes_the_cells_that_it_passes() -> None:
    """However far: neither time nor memory hang on it."""
    for start, end in (((-1e12, 50.5), (1e12, 50.5)), ((1e9, 50.5), (-3.0, 50.5))):
        room = Room(100, 100, 1)
        room.occupy_line(np.array([start, end]), FORBIDDEN)
        assert set(zip(*np.nonzero(room._cost), strict=True)) == {(50, x) for x in range(100)}
    for start, end in (((-1e9, -1.0), (1e9, -1.0)), ((200.0, 5.0), (200.0, 9.0))):
        room = Room(100, 100, 1)
        room.occupy_line(np.array([start, end]), FORBIDDEN)
        assert not room._cost.any()
