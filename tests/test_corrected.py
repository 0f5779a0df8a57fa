"""The pipeline with what a person told: placed points, drawn lines, scale."""

import json
from dataclasses import replace

import pytest

from posture import Assessment, Photo, assess, reopen, tilt
from posture.export import to_json
from posture.marks import BONY_POINTS, PLACEABLE, Corrections, DrawnLine, KnownDistance, Mark
from posture.pose import Pose
from posture.tilt import Cover

from .people import FakeDetector, back_contour, photo, pose, soft_mask

MASK = soft_mask(back_contour(25, -18))
PHOTO = photo()
PELVIS = {"asis": Mark(360, 470), "psis": Mark(285, 455)}


@pytest.fixture(autouse=True)
def thinly_clad(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take everybody's back to be free: the fitted network takes these crude contours for cloth."""
    monkeypatch.setattr(tilt, "covered", lambda _: Cover(0.3, 0.0, 0.0))


def assessed(told: Corrections, *found: Pose, stature_cm: float | None = None) -> Assessment:
    """Assess a photo in which these people are found, or else one who stands."""
    people = found or (pose(mask=MASK),)
    detector = FakeDetector(people)
    return assess(PHOTO, detector=detector, corrections=told, stature_cm=stature_cm)


def own_points(result: Assessment, names: tuple[str, ...]) -> dict[str, Mark]:
    """Return the program's own points as if placed there."""
    return {n: Mark(result.points[n].x, result.points[n].y) for n in names}


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


def test_a_known_distance_gives_centimetres() -> None:
    """Two hundred pixels are 50 cm: a percent of stature is a quarter of its pixels."""
    result = assessed(Corrections(distance=KnownDistance(100, 100, 100, 300, 50)))
    in_cm = result.measurements["ear_offset_cm"]
    in_pct = result.measurements["ear_offset_pct"]
    assert in_cm.value is not None
    assert in_pct.value is not None
    assert in_cm.value == pytest.approx(in_pct.value / 100 * pose(mask=MASK).stature_px / 4)


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


def test_people_found_before_are_not_looked_for_again() -> None:
    """What was found is given; the detector has nothing to do."""
    detector = FakeDetector(())
    result = assess(Photo.open(PHOTO.pixels), detector=detector, people=(pose(mask=MASK),))
    assert result.status == "measured"
    assert detector.seen == []
