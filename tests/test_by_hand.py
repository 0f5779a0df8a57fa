"""Photos that are refused, measured by the points that a person placed."""

import math
from dataclasses import replace

import numpy as np
import pytest

from posture import assess
from posture.drawing.figure import lay_out
from posture.marking.marks import BONY_POINTS, Corrections, DrawnLine, KnownDistance, Mark
from posture.pose import Pose

from .people import FakeDetector, pose, turned
from .told import MASK, PELVIS, PHOTO, assessed, own_points


def test_a_line_in_a_photo_that_is_turned_is_used() -> None:
    """Where nobody stands to gainsay it, a line that leans 20 degrees is believed."""
    line = DrawnLine(100, 800, 100 + 700 * 0.364, 100)
    told = assess(PHOTO, detector=FakeDetector(()), corrections=Corrections(PELVIS, line))
    assert told.vertical is not None
    assert told.vertical.lean_deg == pytest.approx(20.0, abs=0.1)


def on_its_side(
    marks: dict[str, Mark], turn: float, *, swapped: bool = False
) -> tuple[Pose, Corrections]:
    """Return who stands, with marks and a line along the true vertical, the photo turned."""

    def turn_(x: float, y: float) -> tuple[float, float]:
        x, y = turned(np.array([x, y]), turn)
        return float(x), float(y)

    low, high = turn_(450, 800), turn_(450, 200)
    line = DrawnLine(*high, *low) if swapped else DrawnLine(*low, *high)
    points = {name: Mark(*turn_(mark.x, mark.y)) for name, mark in marks.items()}
    upright = pose(mask=MASK)
    return replace(upright, xy_px=turned(upright.xy_px, turn)), Corrections(points, line)


TURNS = [sign * turn for turn in (80.0, 88.0, 90.0, 92.0, 100.0) for sign in (1, -1)]


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("turn", TURNS)
def test_a_photo_on_its_side_is_measured_by_a_drawn_line(turn: float, swapped: bool) -> None:
    """Whichever end was drawn first: which way is up the person tells who was found."""
    dy = 75 * math.tan(math.radians(10.3))
    marks = {"asis": Mark(360, 470), "psis": Mark(285, 470 - dy)}
    someone, told = on_its_side(marks, turn, swapped=swapped)
    result = assessed(told, someone)
    assert [reason.code for reason in result.reasons] == ["not_upright"]
    assert (result.status, result.facing) == ("measured", "right")
    assert result.pelvic_tilt.value == pytest.approx(10.3 + result.tips_deg)
    assert result.vertical is not None
    assert result.vertical.lean_deg == pytest.approx(turn)
    assert lay_out(result)


@pytest.mark.parametrize("found", [True, False])
@pytest.mark.parametrize("turn", TURNS)
def test_a_back_in_a_photo_on_its_side_is_that_of_an_upright_one(turn: float, found: bool) -> None:
    """All of it, drawn too; where nobody was found the spine tells which way is up."""
    marks = own_points(assessed(Corrections()), BONY_POINTS)
    _, upright = on_its_side(marks, 0.0)
    expected = assess(PHOTO, detector=FakeDetector(()), corrections=upright)
    someone, told = on_its_side(marks, turn)
    people = (someone,) if found else ()
    result = assess(PHOTO, detector=FakeDetector(people), corrections=told)
    for quantity in ("pelvic_tilt", "lumbar_curve", "thoracic_curve", "sacral_inclination"):
        before, after = (r.measurements[f"{quantity}_deg"].value for r in (expected, result))
        assert before is not None
        assert after == pytest.approx(before, abs=0.01)
    assert result.back is not None
    assert expected.back is not None
    for end, was in (
        (result.back.lumbosacral, expected.back.lumbosacral),
        (result.back.thoracolumbar, expected.back.thoracolumbar),
    ):
        at = turned(np.array([was.x_px, was.y_px]), turn)
        assert (end.x_px, end.y_px) == pytest.approx(tuple(at), abs=0.01)
        assert end.contour_deg == pytest.approx(was.contour_deg + turn, abs=0.01)
    assert lay_out(result)


def test_a_line_by_which_the_person_lies_is_not_used_in_a_turned_photo() -> None:
    """Called vertical, but drawn along the floor: a note says so."""
    someone, told = on_its_side(PELVIS, 90.0)
    told = replace(told, line=DrawnLine(300, 800, 310, 100))
    result = assessed(told, someone)
    assert (result.status, result.vertical) == ("refused", None)
    assert any("by it the person leans by" in note for note in result.notes)


def test_points_that_are_mixed_up_are_noticed_by_who_was_found() -> None:
    """ASIS for PSIS: not the opposite tilt of somebody who looks the other way."""
    swapped = {"asis": PELVIS["psis"], "psis": PELVIS["asis"]}
    crouching = pose(knee=(420.0, 620.0), mask=MASK)
    assert assessed(Corrections(PELVIS), crouching).pelvic_tilt.tier == "marked"
    assert assessed(Corrections(swapped), crouching).pelvic_tilt.reasons == ("points_implausible",)


@pytest.mark.parametrize(("cm", "is_used"), [(5.0, False), (15.0, True), (40.0, False)])
def test_by_hand_a_distance_is_held_against_the_pelvis(cm: float, is_used: bool) -> None:
    """ASIS and PSIS, which it runs along here, lie 8 to 25 cm apart."""
    distance = KnownDistance(360, 470, 285, 455, cm)
    told = assess(
        PHOTO, detector=FakeDetector(()), corrections=Corrections(PELVIS, distance=distance)
    )
    assert told.pelvic_tilt.tier == "marked"
    assert any("not used" in note for note in told.notes) is not is_used


@pytest.mark.parametrize("side", ["right", "left"])
def test_a_photo_without_a_person_is_measured_by_hand(side: str) -> None:
    """Pelvis and spine, with the reason why nothing else is, on either side."""
    back = own_points(assessed(Corrections()), BONY_POINTS)
    if side == "left":
        back = {name: replace(mark, x=PHOTO.width - mark.x) for name, mark in back.items()}
    detector = FakeDetector(())
    result = assess(PHOTO, detector=detector, corrections=Corrections(back))
    assert (result.status, result.view, result.facing) == ("measured", None, side)
    assert [reason.code for reason in result.reasons] == ["no_person"]
    assert result.pelvic_tilt.tier == "marked"
    assert result.lumbar_curve.tier == "marked"
    assert result.measurements["trunk_lean_deg"].reasons == ("no_person",)
    assert result.back is not None


def test_a_person_seen_from_the_front_is_refused_all_the_same() -> None:
    """In another view the line of the pelvis is another angle."""
    frontal = pose(
        left_shoulder=(390.0, 240.0), right_shoulder=(210.0, 240.0), foot_index=(285.0, 885.0)
    )
    result = assessed(Corrections(PELVIS), frontal)
    assert result.status == "refused"
    assert result.pelvic_tilt.reasons == ("not_side_view",)


def test_whoever_crouches_is_measured_where_points_are_placed() -> None:
    """The refusal of the rest stays."""
    result = assessed(Corrections(PELVIS), pose(knee=(420.0, 620.0), mask=MASK))
    assert result.pelvic_tilt.tier == "marked"
    assert result.lumbar_curve.reasons == ("not_standing",)


@pytest.mark.parametrize(("view", "left", "right"), [("front", 390, 210), ("back", 210, 390)])
def test_whoever_crouches_towards_the_camera_is_refused(view: str, left: int, right: int) -> None:
    """In another view the line of the pelvis is another angle, whatever else is wrong."""
    frontal = pose(
        left_shoulder=(left, 240.0),
        right_shoulder=(right, 240.0),
        foot_index=(285.0, 885.0),
        knee=(420.0, 620.0),
    )
    result = assessed(Corrections(PELVIS), frontal)
    assert [reason.code for reason in result.reasons] == ["not_standing"]
    assert (result.status, result.view) == ("refused", view)
    assert result.pelvic_tilt.value is None
    assert any("not seen from the side" in note for note in result.notes)


@pytest.mark.parametrize(
    ("names", "turn", "lacks"),
    [
        (("asis",), None, "this photo needs ASIS and PSIS."),
        (("c7", "t12", "l3", "s1"), None, "needs ASIS and PSIS."),
        (("asis", "psis"), 90.0, "needs a line drawn along something vertical or horizontal."),
        (("asis",), 90.0, "needs ASIS and PSIS, and a line drawn along"),
    ],
)
def test_a_refused_photo_says_what_placed_points_lack(
    names: tuple[str, ...], turn: float | None, lacks: str
) -> None:
    """They are not passed over in silence; without any there is nothing to say."""
    marks = own_points(assessed(Corrections()), names)
    people = () if turn is None else (on_its_side(marks, turn)[0],)
    result = assess(PHOTO, detector=FakeDetector(people), corrections=Corrections(marks))
    assert result.status == "refused"
    assert any(lacks in note for note in result.notes)
    plain = assess(PHOTO, detector=FakeDetector(people))
    assert plain.notes == PHOTO.notes


def test_a_photo_without_one_number_is_not_measured() -> None:
    """Points that make no pelvis leave it refused, and are given as a reason too."""
    marks = {"asis": Mark(285, 300), "psis": Mark(286, 470)}
    result = assess(PHOTO, detector=FakeDetector(()), corrections=Corrections(marks))
    assert result.status == "refused"
    assert [reason.code for reason in result.reasons] == ["no_person", "points_implausible"]
    assert result.pelvic_tilt.reasons == ("points_implausible",)
