"""Reading points back from JSON."""

import json
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture import PointsError, export, reopen
from posture.marks import Corrections, DrawnLine, KnownDistance, Mark
from posture.pose import Point

from .factory import make_assessment

TOLD = Corrections(
    {"asis": Mark(330.25, 410.5, "placed", 0.5), "psis": Mark(270.0, 400.75, "sticker", 0.12)},
    DrawnLine(20, 30, 22, 500, "vertical"),
    KnownDistance(100, 100, 100, 300, 50),
    8.0,
)


def exported(told: Corrections = TOLD, stature_cm: float | None = 172.0) -> dict:
    """Return what an assessment with some corrections is exported as."""
    made = make_assessment()
    placed = {n: Point(m.x, m.y, 1.0, m.source) for n, m in told.points.items()}
    made = replace(
        made,
        corrections=told,
        points=made.points | placed,
        found=made.points,
        stature_cm=stature_cm,
    )
    return export.to_dict(made)


def test_an_export_comes_back_as_it_was_told() -> None:
    """Points, line, distance, placement and height, and not what the program found."""
    again = reopen.read(json.dumps(exported()))
    assert again.corrections == TOLD
    assert again.stature_cm == 172.0


def test_a_point_moved_in_the_file_counts_as_placed() -> None:
    """Of what the program found, only what lies elsewhere now."""
    told = exported()
    told["points"]["hip"]["x"] += 3
    again = reopen.read(json.dumps(told)).corrections
    assert again.points.keys() == {"asis", "psis", "hip"}
    assert again.points["hip"].source == "placed"


def test_a_short_form_will_do() -> None:
    """Points alone, as numbers."""
    again = reopen.read('{"points": {"asis": [330, 410.5], "psis": {"x": 270, "y": 400}}}')
    assert again.corrections.points == {"asis": Mark(330, 410.5), "psis": Mark(270, 400)}


def test_the_right_one_of_several_photos_is_taken() -> None:
    """One object a line, chosen by the photo's name."""
    lines = []
    for name, x in (("a.jpg", 1.0), ("b.jpg", 2.0)):
        lines.append(json.dumps({"photo": {"name": name}, "points": {"asis": [x, 5]}}))
    assert reopen.read("\n".join(lines), name="b.jpg").corrections.points["asis"].x == 2.0
    with pytest.raises(PointsError, match=r"0 times of c\.jpg, among 2 photos"):
        reopen.read("\n".join(lines), name="c.jpg")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no json",
        "[]",
        "3",
        "\xff",
        '{"points": 3}',
        '{"points": {"asis": 3}}',
        '{"points": {"asis": [1]}}',
        '{"points": {"asis": ["1", 2]}}',
        '{"points": {"asis": [true, 2]}}',
        '{"points": {"asis": [NaN, 2]}}',
        '{"points": {"asis": [Infinity, 2]}}',
        '{"points": {"asis": [1e300, 2]}}',
        '{"points": {"coccyx": [1, 2]}}',
        '{"points": {"asis": {"x": 1, "y": 2, "sd_px": -1}}}',
        '{"points": {}, "told": 3}',
        '{"points": {}, "told": {"placement_mm": "much"}}',
        '{"points": {}, "told": {"placement_mm": 51}}',
        '{"points": {}, "told": {"distance": {"x1": 1, "y1": 2, "x2": 3, "y2": 9, "cm": 301}}}',
        '{"points": {}, "told": {"line": {"x1": 1, "y1": 2, "x2": 3}}}',
        '{"points": {}, "told": {"line": {"x1": 1, "y1": 2, "x2": 3, "y2": 9}}}',
        '{"points": {}, "told": {"line": {"x1": 1, "y1": 2, "x2": 1, "y2": 2}}}',
        '{"points": {}, "told": {"distance": {"x1": 1, "y1": 2, "x2": 3, "y2": 9, "cm": 0}}}',
        '{"points": {}, "stature_cm": 1.72}',
        "[" * 100_000,
    ],
)
def test_what_cannot_be_is_one_sentence(text: str) -> None:
    """What is wrong and what to do."""
    with pytest.raises(PointsError) as caught:
        reopen.read(text)
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


@given(st.binary(max_size=60))
def test_no_bytes_break_it(data: bytes) -> None:
    """Anything but a file of points is told by that one error."""
    with suppress(PointsError):
        reopen.read(data)


def test_points_of_another_photo_are_noticed() -> None:
    """They lie outside."""
    with pytest.raises(PointsError, match="outside this photo of 300 by 900"):
        reopen.fit_in(TOLD, 300, 900)
    reopen.fit_in(TOLD, 600, 900)
