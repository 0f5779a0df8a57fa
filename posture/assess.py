"""The one pipeline, from a photo to an assessment; it draws, prints and stores nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from posture import landmarks, notes, plumb, quality
from posture.assessment import Assessment
from posture.landmarks import Detector
from posture.markers import find_stickers
from posture.marking import bony, corrected, marked
from posture.marking.marks import JOINTS, STATURE_RANGE_CM, Corrections
from posture.marking.rise import rise_of
from posture.marking.sight import Sight
from posture.photo import Photo, PhotoSource
from posture.pose import PARTS, Point, Pose
from posture.quantities import (
    LUMBAR_CURVE,
    PELVIC_TILT,
    QUANTITIES,
    SACRAL_INCLINATION,
    Measurement,
)
from posture.reading import Up, mirrored, points_of, read, up_by_body, up_of, vertical_at
from posture.reasons import Reason, explain
from posture.tilt import Vertical

if TYPE_CHECKING:
    from posture.back import Back
    from posture.markers import Sticker
    from posture.marking.bony import Guess
    from posture.quality import View


def assess(
    photo: Photo | PhotoSource,
    *,
    detector: Detector | None = None,
    stature_cm: float | None = None,
    corrections: Corrections | None = None,
    markers: bool = False,
    people: tuple[Pose, ...] | None = None,
) -> Assessment:
    """Measure a person's posture in a side-view photo.

    Parameters
    ----------
    photo : Photo, path, bytes, binary file object, PIL image or array
        The photo, or whatever `Photo.open` reads.
    detector : Detector, optional
        What finds the person; the default is one shared `MediaPipeDetector`.
    stature_cm : float, optional
        Standing height in centimetres, within ``STATURE_RANGE_CM``; adds the plumb offsets in
        centimetres.
    corrections : Corrections, optional
        Points that a person placed, and lines that they drew. What stands on placed points alone
        is measured from them (tier ``"marked"``). In a photo that is refused that is the pelvis,
        and the spine once ASIS and PSIS are placed, if it is not turned or a line is drawn in it; a
        person who is not seen from the side is refused all the same.
    markers : bool
        Whether to look for stickers on the skin and to measure from those that can be one bony
        point alone. A placed point goes before a sticker.
    people : tuple of Pose, optional
        What `find_people` returned for this photo and detector, so as not to look again.

    Returns
    -------
    Assessment
        A photo that cannot be measured gives an assessment whose measurements are refused, each
        with its reason.

    Raises
    ------
    PhotoError
        If it is not a photo that can be read.
    ModelError
        If the pose model or a library is missing or damaged.
    ValueError
        If the height lies outside its range.
    """
    low, high = STATURE_RANGE_CM
    if stature_cm is not None and not low <= stature_cm <= high:
        raise ValueError(f"A standing height is {low:g} to {high:g} centimetres.")
    photo = photo if isinstance(photo, Photo) else Photo.open(photo)
    detector = detector or landmarks.default_detector()
    told = Corrections() if corrections is None else corrections
    case = _Case(photo, detector.name, stature_cm, told, markers)
    poses = find_people(photo, detector) if people is None else people
    reason = quality.refuse_people(poses, photo)
    if reason:
        return _without_pose(case, reason)
    found = poses[0]
    # A joint that was placed makes no side view of another, nor the reverse.
    view = quality.view_of(found)
    reason = quality.refuse_person(found, photo, view)
    placed = {n: m.at for n, m in case.corrections.points.items() if n in JOINTS}
    pose = found.with_near(placed)
    wrong = quality.refuse_person(pose, photo, view, found=found) if placed else reason
    if wrong:
        reason = reason or explain("points_implausible")
        return _without_pose(case, reason, view=view, found=found)
    return _measure(found, pose, case, doubt=reason)


@dataclass(frozen=True, slots=True, eq=False)
class _Case:
    """A photo, what a person told about it, and whether stickers are looked for."""

    photo: Photo
    model: str
    stature_cm: float | None
    corrections: Corrections
    markers: bool


def find_people(photo: Photo, detector: Detector) -> tuple[Pose, ...]:
    """Return the people in a photo, the largest first, found while that one faces right.

    The model is not symmetric: in a photo and its mirror image it finds masks and joints that
    differ by a degree or two in the angles, and sometimes other people. So everything that is
    decided and measured comes from the same one of the two.
    """
    found = detector.detect(photo)
    if not found or found[0].facing == "right":
        return found
    again = detector.detect(mirrored(photo))
    return tuple(pose.mirrored(photo.width) for pose in again)


def _measure(found: Pose, pose: Pose, case: _Case, *, doubt: Reason | None) -> Assessment:
    """Measure a person by the joints found, the same with those placed, and marks."""
    photo, facing, told = case.photo, found.facing, case.corrections
    up = up_of(photo, found, told.line)
    not_used = corrected.doubt_of_distance(told, case.stature_cm, pose.stature_px)
    distance = None if not_used else told.distance
    size = corrected.size_of(distance, case.stature_cm, pose.stature_px)
    seen = read(found, pose, photo, up.used, size.stature_cm, doubt)
    stickers: tuple[Sticker, ...] = ()
    of_stickers: tuple[str, ...] = ()
    if case.markers:
        stickers = find_stickers(photo, found.mask, seen.guesses, size.px_per_mm, facing)
        of_stickers = corrected.said_of_stickers(stickers, told)
        told = corrected.taped(told, stickers)
    vertical, marks = seen.vertical, told.points
    rise = rise_of(found, up.shown, vertical.lean_deg)
    sight = Sight(facing, vertical, size.px_per_mm, size.stature_px, rise, told.placement_mm)
    alignment = marked.measure_joints(seen.alignment, seen.joints, marks, sight, size)
    by_outline = {m.quantity.key: m for m in (*seen.on_back, *alignment)}
    by_marks, spine = corrected.by_marks(marks, sight)
    by_key = by_outline | corrected.cross_checked(by_marks, by_outline)
    guesses = seen.guesses
    said = by_outline[PELVIC_TILT.key].value
    if said is not None:
        guesses = bony.tilted(guesses, said - sight.tips_deg, facing, vertical.lean_deg)
    of_program = points_of(found) | _estimated(guesses)
    back = corrected.back_through(marks, spine, sight) or seen.back
    if back is not None:
        back = _with_skin(back, by_key, vertical.forward_deg(facing))
    said_of = (
        *photo.notes,
        *(notes.PART_UNSEEN[part] for part in PARTS if part in pose.unseen),
        up.note,
        not_used,
        *of_stickers,
        notes.tipped(sight.tips_deg) if _is_marked(by_key) else "",
    )
    return Assessment(
        photo_name=photo.name,
        width=photo.width,
        height=photo.height,
        status="measured",
        view="side",
        facing=facing,
        reasons=(),
        measurements=_in_order(by_key),
        points=of_program | points_of(pose) | _inflections(back) | corrected.placed(marks),
        outline=seen.outline,
        back=back,
        notes=tuple(filter(None, said_of)),
        model=case.model,
        stature_cm=case.stature_cm,
        vertical=vertical,
        evidence=seen.evidence,
        corrections=told,
        stickers=stickers,
        found=of_program | _inflections(seen.back),
        marks_say=by_marks,
        outline_says={k: by_outline[k] for k in by_marks if by_outline[k].value is not None},
        skin_px=None if spine is None else spine.skin_px,
        tips_deg=sight.tips_deg,
    )


def _without_pose(
    case: _Case, reason: Reason, *, view: View | None = None, found: Pose | None = None
) -> Assessment:
    """Measure what placed points alone tell, if the photo as a whole is refused."""
    photo, told, marks = case.photo, case.corrections, case.corrections.points
    of_photo = (*photo.notes, notes.NO_SEARCH) if case.markers else photo.notes
    refused = Assessment(
        photo_name=photo.name,
        width=photo.width,
        height=photo.height,
        status="refused",
        view=view,
        facing=None,
        reasons=(reason,),
        measurements={q.key: Measurement.refused(q, reason.code) for q in QUANTITIES},
        points=corrected.placed(marks),
        outline=None,
        back=None,
        notes=of_photo,
        model=case.model,
        stature_cm=case.stature_cm,
        corrections=told,
        found={} if found is None or view != "side" else points_of(found) | _guessed(found),
    )
    needs_line = reason.code == "not_upright"
    lacking = corrected.lacking(told, needs_line=needs_line)
    if not quality.can_be_marked(reason, view):
        lacking = notes.OTHER_VIEW if marks else ""
    if lacking or not marks:
        return replace(refused, notes=tuple(filter(None, (*of_photo, lacking))))
    up = _up_by_hand(case, reason, found)
    if needs_line and up.note:
        return replace(refused, notes=(*of_photo, up.note))
    asis, psis = marks["asis"], marks["psis"]
    vertical = vertical_at(up.used, (asis.at + psis.at) / 2)
    # Points that are mixed up would tell the wrong side.
    if found is not None and quality.shows_side(found, photo, view, reason):
        facing = found.facing
    else:
        facing = marked.facing_of(asis, psis, vertical.lean_deg)
    not_used = corrected.doubt_by_hand(told)
    px_per_mm = None if not_used or told.distance is None else told.distance.px_per_cm / 10
    rise = rise_of(None, up.shown, vertical.lean_deg)
    sight = Sight(facing, vertical, px_per_mm, None, rise, told.placement_mm)
    by_marks, spine = corrected.by_marks(marks, sight)
    back = corrected.back_through(marks, spine, sight)
    if back is not None:
        back = _with_skin(back, by_marks, vertical.forward_deg(facing))
    refused = replace(refused, measurements={**refused.measurements, **by_marks})
    if all(measured.value is None for measured in by_marks.values()):
        wrong = explain("points_implausible")
        said = tuple(filter(None, (*of_photo, up.note, not_used)))
        return replace(refused, reasons=tuple(dict.fromkeys((reason, wrong))), notes=said)
    tipped = notes.tipped(sight.tips_deg) if _is_marked(by_marks) else ""
    return replace(
        refused,
        status="measured",
        facing=facing,
        back=back,
        notes=tuple(filter(None, (*of_photo, notes.BY_HAND, up.note, not_used, tipped))),
        vertical=vertical,
        skin_px=None if spine is None else spine.skin_px,
        tips_deg=sight.tips_deg,
    )


def _up_by_hand(case: _Case, reason: Reason, found: Pose | None) -> Up:
    """Return where up is in a photo that is refused."""
    photo, line = case.photo, case.corrections.line
    if line is not None and found is not None and reason.code == "not_upright":
        return up_by_body(photo, line, found.trunk_up())
    up = up_of(photo, None, line)
    body_up = marked.body_up(case.corrections.points)
    # In a photo on its side often nobody is found: then the spine tells which way is up.
    if line is None or found is not None or body_up is None or up.used.source == "drawn":
        return up
    by_spine = up_by_body(photo, line, body_up)
    return by_spine if by_spine.used.source == "drawn" and plumb.lies(body_up) else up


def _guessed(pose: Pose) -> dict[str, Point]:
    """Return the bony points by hip and shoulder alone."""
    return _estimated(
        bony.guess(None, pose.near("hip"), pose.near("shoulder"), pose.facing, Vertical())
    )


def _estimated(guesses: Mapping[str, Guess]) -> dict[str, Point]:
    return {name: Point(at.x, at.y, 0.0, "estimated") for name, at in guesses.items()}


def _inflections(back: Back | None) -> dict[str, Point]:
    if back is None:
        return {}
    ends = {"lumbosacral": back.lumbosacral, "thoracolumbar": back.thoracolumbar}
    return {name: Point(end.x_px, end.y_px, 1.0, "estimated") for name, end in ends.items()}


def _is_marked(measured: Mapping[str, Measurement]) -> bool:
    tilt = measured.get(PELVIC_TILT.key)
    return tilt is not None and tilt.tier == "marked"


def _with_skin(back: Back, measured: Mapping[str, Measurement], upright_deg: float) -> Back:
    sacral, lumbar = measured[SACRAL_INCLINATION.key].value, measured[LUMBAR_CURVE.key].value
    if sacral is None or lumbar is None:
        return back
    return back.with_skin(sacral, lumbar, upright_deg)


def _in_order(measured: Mapping[str, Measurement]) -> dict[str, Measurement]:
    ordered = {}
    for quantity in QUANTITIES:
        for unit in ("deg", "pct", "cm"):
            key = f"{quantity.name}_{unit}"
            if key in measured:
                ordered[key] = measured[key]
    return ordered
