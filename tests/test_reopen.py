"""Reading points back from JSON."""

import json
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture import OtherPhotoError, PointsError, export
from posture.marking import reopen
from posture.marking.marks import Corrections, DrawnLine, KnownDistance, Mark
from posture.marking.reopen import Reopened
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


@pytest.mark.parametrize("source", ["detected", "estimated"])
def test_what_the_program_found_nobody_placed(source: str) -> None:
    """Nor where the file does not say where it was found."""
    told = exported()
    told["points"]["heel"] = {"x": 100.0, "y": 5000.0, "source": source, "found": None}
    assert "heel" not in reopen.read(json.dumps(told)).corrections.points


def test_a_short_form_will_do() -> None:
    """Points alone, as numbers."""
    again = reopen.read('{"points": {"asis": [330, 410.5], "psis": {"x": 270, "y": 400}}}')
    assert again.corrections.points == {"asis": Mark(330, 410.5), "psis": Mark(270, 400)}


def told_of(*names: str | None) -> str:
    """Return points of photos by these names, one a line, their x counted from 1."""
    return "\n".join(
        json.dumps({"photo": {"name": name}, "points": {"asis": [x, 5]}})
        for x, name in enumerate(names, 1)
    )


@pytest.mark.parametrize(
    ("names", "name", "x"),
    [
        (("a.jpg", "b.jpg"), "b.jpg", 2),
        ((None, "b.jpg"), "b.jpg", 2),
        ((None, "b.jpg"), "c.jpg", 1),
        ((None,), "c.jpg", 1),
        (("a.jpg",), None, 1),
    ],
)
def test_a_photo_has_its_own_points(
    names: tuple[str | None, ...], name: str | None, x: int
) -> None:
    """Those by its name, or else those without a name; unasked, the only ones."""
    assert reopen.read(told_of(*names), name=name).corrections.points["asis"].x == x


def test_points_of_other_photos_are_not_taken() -> None:
    """The error names them, in one short sentence whatever they are called."""
    with pytest.raises(OtherPhotoError, match=r"saved for a\.jpg, not for b\.jpg") as caught:
        reopen.read(told_of("a.jpg"), name="b.jpg")
    assert caught.value.saved_for == ("a.jpg",)
    with pytest.raises(OtherPhotoError) as caught:
        reopen.read(told_of(*(f"{n}\n" + "x" * 999 for n in range(9))), name="b.jpg")
    assert len(caught.value.saved_for) == 9
    assert "and 6 more" in str(caught.value)
    assert len(str(caught.value)) < 400
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["a.jpg", None])
def test_points_told_twice_are_not_chosen_from(name: str | None) -> None:
    """One would be as good as the other."""
    with pytest.raises(PointsError, match="once and does 2 times"):
        reopen.read(told_of("a.jpg", "a.jpg"), name=name)


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
        '{"told": {"line": {"x1": 1, "y1": 2, "x2": 1, "y2": 9, "along": "vertical"}}}',
        '{"points": {}, "told": {"distance": {"x1": 1, "y1": 2, "x2": 1, "y2": 9, "cm": 9}}}',
        '{"points": {}, "told": {"distance": {"x1": 1, "y1": 2, "x2": 3, "y2": 9, "cm": 0}}}',
        '{"points": {}, "stature_cm": 1.72}',
        '{"points": {}, "photo": {"width": "wide", "height": 900}}',
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
        reopen.fit_in(Reopened(TOLD), 300, 900)
    reopen.fit_in(Reopened(TOLD), 600, 900)


@pytest.mark.parametrize("size", [(600, 800), (900, 600), (1200, 1800)])
def test_points_of_a_photo_of_another_size_are_noticed(size: tuple[int, int]) -> None:
    """Though all of them lie inside."""
    told = reopen.read(json.dumps(exported()))
    reopen.fit_in(told, 600, 900)
    with pytest.raises(PointsError, match="saved for a photo of 600 by 900 pixels and not of"):
        reopen.fit_in(told, *size)


@pytest.mark.parametrize(
    "drawn",
    [{"line": DrawnLine(20, 30, 90_000, 500)}, {"distance": KnownDistance(9, 9, 9, -9, 50)}],
)
def test_lines_of_another_photo_are_noticed(drawn: dict) -> None:
    """Their ends lie outside."""
    with pytest.raises(PointsError, match=r"An end of the (line|distance) lies outside"):
        reopen.fit_in(Reopened(replace(TOLD, **drawn)), 600, 900)
