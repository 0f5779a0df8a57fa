"""The pipeline with what a person told: placed points, drawn lines, scale."""

import json
import math
from dataclasses import replace

import pytest

from posture import Photo, assess, markers, reading, tilt
from posture.export import to_json
from posture.markers import Sticker
from posture.marking import reopen
from posture.marking.marks import (
    BONY_POINTS,
    PLACEABLE,
    Corrections,
    DrawnLine,
    KnownDistance,
    Mark,
)
from posture.plumb import Plumb
from posture.pose import Pose
from posture.tilt import Cover

from .people import FakeDetector, pose
from .told import MASK, PELVIS, PHOTO, assessed, own_points


@pytest.fixture(autouse=True)
def _thinly_clad(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take everybody's back to be free: the fitted network takes these crude contours for cloth."""
    monkeypatch.setattr(tilt, "covered", lambda _: Cover(0.3, 0.0, 0.0))


def test_a_placement_is_kept_where_nothing_is_placed_yet() -> None:
    """It is for the stickers that are looked for."""
    assert assessed(Corrections(placement_mm=3.0)).corrections.placement_mm == 3.0


def test_bony_points_start_where_the_program_guesses() -> None:
    """Each is told as estimated, and the line of the pelvis tilts as the number says."""
    result = assessed(Corrections())
    assert {result.points[name].source for name in BONY_POINTS} == {"estimated"}
    tilted = assessed(Corrections(own_points(result, ("asis", "psis")))).pelvic_tilt.value
    assert tilted is not None
    assert tilted == pytest.approx(result.pelvic_tilt.value, abs=0.01)


def test_placed_points_are_measured_and_the_rest_stays() -> None:
    """Only pelvic tilt is marked; what the outline said of it is kept beside it."""
    plain, placed = assessed(Corrections()), assessed(Corrections(PELVIS))
    assert placed.pelvic_tilt.tier == "marked"
    assert placed.outline_says == {"pelvic_tilt_deg": plain.pelvic_tilt}
    for key, measured in plain.measurements.items():
        if key != "pelvic_tilt_deg":
            assert placed.measurements[key] == measured
    assert placed.points["asis"].source == "placed"
    assert placed.found["asis"] == plain.points["asis"]


def test_a_back_that_is_placed_is_measured_and_drawn() -> None:
    """All three angles of the spine are marked, with the skin through the points."""
    result = assessed(Corrections(own_points(assessed(Corrections()), BONY_POINTS)))
    tiers = {m.quantity.name for m in result.measurements.values() if m.tier == "marked"}
    assert tiers == {"pelvic_tilt", "lumbar_curve", "sacral_inclination", "thoracic_curve"}
    assert result.skin_px is not None
    assert result.back is not None
    shown = result.back.lumbosacral.skin_deg - result.back.thoracolumbar.skin_deg
    assert result.lumbar_curve.value == pytest.approx(shown)


def test_curves_are_weighed_with_the_outline() -> None:
    """Between both, narrower than either; where the outline is refused, of the points alone."""
    marks = own_points(assessed(Corrections()), BONY_POINTS)
    result = assessed(Corrections(marks))
    key = "lumbar_curve_deg"
    alone, outline, both = result.marks_say[key], result.outline_says[key], result.lumbar_curve
    values = [m.value for m in (alone, both, outline)]
    assert values in (sorted(values, key=float), sorted(values, key=float, reverse=True))  # type: ignore[arg-type]
    widths = [m.high - m.low for m in (both, alone, outline)]  # type: ignore[operator]
    assert widths[0] == min(widths)
    assert result.pelvic_tilt == result.marks_say["pelvic_tilt_deg"]


def test_under_loose_clothes_the_points_alone_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """The outline is refused, and the marked numbers stand."""
    marks = own_points(assessed(Corrections()), BONY_POINTS)
    monkeypatch.setattr(tilt, "covered", lambda _: Cover(20.0, 0.0, 0.0))
    assert assessed(Corrections()).lumbar_curve.reasons == ("loose_clothing",)
    result = assessed(Corrections(marks))
    assert result.outline_says == {}
    assert result.lumbar_curve == result.marks_say["lumbar_curve_deg"]
    assert result.lumbar_curve.tier == "marked"


def test_what_contradicts_the_outline_is_said() -> None:
    """The marked number stands, with the reason; one within both intervals has none."""
    assert assessed(Corrections(PELVIS)).pelvic_tilt.reasons == ()
    steep = PELVIS | {"asis": Mark(340, 520)}
    told = assessed(Corrections(steep)).pelvic_tilt
    assert told.value is not None
    assert told.reasons == ("marks_disagree",)


def test_a_moved_joint_moves_what_stands_on_it() -> None:
    """The shoulder ten pixels forward: the trunk leans more, and so does its offset."""
    plain = assessed(Corrections())
    shoulder = plain.points["shoulder"]
    told = assessed(Corrections({"shoulder": Mark(shoulder.x + 10, shoulder.y)}))
    for key in ("trunk_lean_deg", "shoulder_offset_pct"):
        before, after = plain.measurements[key].value, told.measurements[key].value
        assert before is not None
        assert after is not None
        assert after > before + 1


@pytest.mark.parametrize("dx", [-75, 40, 75])
def test_a_moved_shoulder_leaves_view_and_outline_alone(dx: float) -> None:
    """Beside a far shoulder that was found it would be another view, and another outline."""
    plain = assessed(Corrections())
    shoulder = plain.points["shoulder"]
    told = assessed(Corrections({"shoulder": Mark(shoulder.x + dx, shoulder.y)}))
    assert (told.status, told.view, told.reasons) == ("measured", "side", ())
    for key in ("pelvic_tilt_deg", "lumbar_curve_deg", "sacral_inclination_deg"):
        assert told.measurements[key] == plain.measurements[key]
    assert told.found == plain.found


FEET_OUTSIDE = {"ankle": (300.0, 960.0), "heel": (285.0, 975.0), "foot_index": (360.0, 980.0)}


@pytest.mark.parametrize("toe", [False, True])
def test_an_ankle_placed_where_no_feet_were_found_is_measured_from(toe: bool) -> None:
    """Heel and toe stay guesses that nothing needs and nobody is shown, unless placed too."""
    cropped = pose(mask=MASK, unseen=("feet",), **FEET_OUTSIDE)
    assert assessed(Corrections(), cropped).measurements["knee_angle_deg"].value is None
    marks = {"ankle": Mark(300, 867)} | ({"foot_index": Mark(350, 885)} if toe else {})
    told = assessed(Corrections(marks), cropped)
    assert (told.status, told.reasons) == ("measured", ())
    assert told.measurements["knee_angle_deg"].value is not None
    assert told.points["ankle"].source == "placed"
    assert "heel" not in told.points
    assert ("foot_index" in told.points) == toe
    again = reopen.read(to_json(told))
    assert again.corrections.points.keys() == marks.keys()
    reopen.fit_in(again, PHOTO.width, PHOTO.height)


def test_an_ankle_placed_where_the_mask_ends_above_the_feet_is_measured_from() -> None:
    """As without a head: the mask tells nothing of feet that were not found."""
    mask = MASK.copy()
    mask[780:] = 0
    headless = pose(mask=mask, unseen=("head", "feet"), ear=(310.0, -60.0), nose=(370.0, -55.0))
    assert assessed(Corrections(), headless).status == "measured"
    told = assessed(Corrections({"ankle": Mark(302, 866)}), headless)
    assert (told.status, told.reasons) == ("measured", ())
    assert told.measurements["knee_angle_deg"].value is not None


def test_a_toe_behind_its_heel_turns_nobody_round() -> None:
    """The near side stays near, and the other joints stay where they were."""
    plain = assessed(Corrections())
    ear, toe = plain.points["ear"], plain.points["foot_index"]
    told = assessed(Corrections({"ear": Mark(ear.x + 60, ear.y), "foot_index": Mark(100, toe.y)}))
    assert told.facing == "right"
    assert told.points["hip"] == plain.points["hip"]


def test_a_joint_far_from_the_body_refuses_the_photo_and_keeps_what_was_found() -> None:
    """The points are to blame, not the person; the editor can go on, and marks are measured."""
    knee = {"knee": Mark(520, 670)}
    told = assessed(Corrections(knee))
    assert [reason.code for reason in told.reasons] == ["points_implausible"]
    assert told.found.keys() >= set(PLACEABLE)
    assert assessed(Corrections(knee | PELVIS)).pelvic_tilt.tier == "marked"


def test_a_joint_put_right_lets_the_rest_be_measured() -> None:
    """Not the outline, which is read by joints as they were found."""
    wrong = pose(knee=(420.0, 620.0), mask=MASK)
    assert [reason.code for reason in assessed(Corrections(), wrong).reasons] == ["not_standing"]
    both = pose(mask=MASK, right_knee=(420.0, 620.0))
    told = assessed(Corrections({"knee": Mark(305, 670)}), both)
    assert told.status == "measured"
    assert told.measurements["trunk_lean_deg"].value is not None
    assert told.lumbar_curve.reasons == ("not_standing",)


def test_a_placed_shoulder_makes_no_side_view_of_a_frontal_one() -> None:
    """Put upon the far shoulder, it would."""
    frontal = pose(
        left_shoulder=(390.0, 240.0), right_shoulder=(210.0, 240.0), foot_index=(285.0, 885.0)
    )
    told = assessed(Corrections({"shoulder": Mark(390, 240)} | PELVIS), frontal)
    assert (told.status, told.view) == ("refused", "front")


def test_a_drawn_line_is_the_vertical() -> None:
    """A plumb line that leans 3 degrees takes 3 degrees off the trunk's lean."""
    plain = assessed(Corrections())
    line = DrawnLine(300, 800, 300 + 700 * 0.0524, 100)
    told = assessed(Corrections(line=line))
    assert told.vertical is not None
    assert told.vertical.drawn
    assert told.vertical.lean_deg == pytest.approx(3.0, abs=0.1)
    before, after = (r.measurements["trunk_lean_deg"].value for r in (plain, told))
    assert before is not None
    assert after is not None
    leaned = 0.0 if plain.vertical is None else plain.vertical.lean_deg
    assert after - before == pytest.approx(leaned - told.vertical.lean_deg, abs=0.01)


@pytest.mark.parametrize("ends", [(100, 500, 500, 521), (500, 521, 100, 500)])
def test_a_drawn_horizontal_is_as_good(ends: tuple[float, float, float, float]) -> None:
    """Sinking to the right by 3 degrees is true up leaning to the right by 3, from either end."""
    told = assessed(Corrections(line=DrawnLine(*ends, "horizontal")))
    assert told.vertical is not None
    assert told.vertical.lean_deg == pytest.approx(3.0, abs=0.1)


@pytest.mark.parametrize("people", [None, ()])
def test_a_line_that_cannot_be_level_is_not_used(people: tuple[Pose, ...] | None) -> None:
    """Nearly vertical but called horizontal: everything stays, and a note says so."""
    found = (pose(mask=MASK),) if people is None else people
    line = DrawnLine(300, 800, 310, 100, "horizontal")
    plain, told = (
        assess(PHOTO, detector=FakeDetector(found), corrections=Corrections(PELVIS, drawn))
        for drawn in (None, line)
    )
    assert told.measurements == plain.measurements
    assert told.vertical == plain.vertical
    assert told.corrections.line == line
    (note,) = set(told.notes) - set(plain.notes)
    assert "drawn line was not used" in note
    assert ("turn the photo upright" in note) == (not found)


def test_a_line_drawn_along_an_upright_leaves_the_camera_where_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The uprights of the photo still tell its height, and the direction hardly changes."""
    seen = Plumb(0.0, 0.3, 6e-5, 1e-5, 0.0, (300.0, 450.0), "photo")
    monkeypatch.setattr(reading, "plumb_of", lambda *_: seen)
    lean = seen.vertical_at(100, 450)
    dx = 300 * math.tan(math.radians(lean))
    line = DrawnLine(100 - dx, 750, 100 + dx, 150)
    plain, told = assessed(Corrections(PELVIS)), assessed(Corrections(PELVIS, line))
    assert told.vertical is not None
    assert told.vertical.drawn
    assert told.tips_deg == pytest.approx(plain.tips_deg, abs=0.01)


def test_what_the_camera_s_height_does_is_said_beside_a_marked_tilt() -> None:
    """Once, and with the number in the file by which the photo's line becomes the tilt."""
    plain, told = assessed(Corrections()), assessed(Corrections(PELVIS))
    assert not [note for note in plain.notes if "PSIS to ASIS" in note]
    (note,) = (note for note in told.notes if "PSIS to ASIS" in note)
    assert note.startswith(f"{abs(told.tips_deg):.1f} degree")
    assert json.loads(to_json(told))["tips_deg"] == pytest.approx(told.tips_deg, abs=0.006)
    assert told.vertical is not None
    sinks = math.degrees(math.atan2(15, 75)) - told.vertical.lean_deg
    assert told.pelvic_tilt.value == pytest.approx(sinks + told.tips_deg)


@pytest.mark.parametrize(
    ("distance", "stature_cm"),
    [
        (KnownDistance(100, 100, 100, 108, 300), None),
        (KnownDistance(100, 100, 100, 790, 1), None),
        (KnownDistance(100, 100, 100, 100, 50), None),
        (KnownDistance(100, 100, 100, 300, 50), 170.0),  # 200 cm
    ],
)
def test_a_distance_that_makes_nobody_s_height_is_not_used(
    distance: KnownDistance, stature_cm: float | None
) -> None:
    """Nor one that contradicts the height; a note says so, and what was told is kept."""
    plain, told = (
        assessed(Corrections(PELVIS, distance=one), stature_cm=stature_cm)
        for one in (None, distance)
    )
    assert told.measurements == plain.measurements
    assert told.corrections.distance == distance
    (note,) = set(told.notes) - set(plain.notes)
    assert "known distance was not used" in note


def test_a_known_distance_gives_centimetres() -> None:
    """Two hundred pixels are 50 cm: a percent of stature is a quarter of its pixels."""
    result = assessed(Corrections(distance=KnownDistance(100, 100, 100, 300, 50)))
    in_cm = result.measurements["ear_offset_cm"]
    in_pct = result.measurements["ear_offset_pct"]
    assert in_cm.value is not None
    assert in_pct.value is not None
    assert in_cm.value == pytest.approx(in_pct.value / 100 * pose(mask=MASK).stature_px / 4)


def test_json_opens_again_with_the_same_numbers() -> None:
    """Everything told travels in the file: points, line, distance, height."""
    told = Corrections(
        own_points(assessed(Corrections()), PLACEABLE),
        DrawnLine(100, 800, 110, 100),
        KnownDistance(100, 100, 100, 300, 50),
        5.0,
    )
    first = assessed(told, stature_cm=170.0)
    opened = reopen.read(to_json(first))
    again = assessed(opened.corrections, stature_cm=opened.stature_cm)
    one, two = (json.loads(to_json(result))["measurements"] for result in (first, again))
    for key, measured in one.items():
        for number in ("value", "low", "high"):
            assert two[key][number] == pytest.approx(measured[number], abs=0.02)


def test_an_unedited_export_changes_nothing() -> None:
    """Of what the program found, nothing counts as placed."""
    first = assessed(Corrections())
    assert reopen.read(to_json(first)).corrections == Corrections()


def test_what_came_of_a_search_for_stickers_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """That there are none, and where one lies that is not sure, until it is placed."""

    def said(*stickers: Sticker, told: Corrections | None = None) -> set[str]:
        monkeypatch.setattr(markers, "find_stickers", lambda *_: stickers)
        people = FakeDetector((pose(mask=MASK),))
        without = assess(PHOTO, detector=people, corrections=told)
        people = FakeDetector((pose(mask=MASK),))
        result = assess(PHOTO, detector=people, corrections=told, markers=True)
        return set(result.notes) - set(without.notes)

    assert said() == {"No stickers were found."}
    open_ = Sticker(250.4, 380.0, 0.2, 8.0, ("l1", "t12"), sure=False)
    (note,) = said(open_)
    assert note.startswith("What looks like a sticker at 250, 380 may be L1 or T12: ")
    assert said(open_, told=Corrections({"l1": Mark(251, 381)})) == set()
    (note,) = said(replace(open_, names=("l1",)))
    assert note.startswith("What looks like a sticker at 250, 380 may be L1: ")
    assert said(replace(open_, names=("l1",), sure=True)) == set()
    refused = assess(PHOTO, detector=FakeDetector(()), markers=True)
    assert "Stickers were not looked for, since the photo is refused." in refused.notes


def test_people_found_before_are_not_looked_for_again() -> None:
    """What was found is given; the detector has nothing to do."""
    detector = FakeDetector(())
    result = assess(Photo.open(PHOTO.pixels), detector=detector, people=(pose(mask=MASK),))
    assert result.status == "measured"
    assert detector.seen == []
