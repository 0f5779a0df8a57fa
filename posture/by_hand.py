"""Measures what placed points alone tell, where a photo as a whole is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from posture import notes, plumb, quality
from posture.assessment import Assessment
from posture.marking import bony, corrected, marked
from posture.marking.rise import rise_of
from posture.marking.sight import Sight
from posture.quantities import QUANTITIES, Measurement
from posture.reading import Up, points_of, up_by_body, up_of, vertical_at
from posture.reasons import Reason, explain
from posture.tilt import Vertical

if TYPE_CHECKING:
    from posture.case import Case
    from posture.pose import Point, Pose
    from posture.quality import View


def measure(
    case: Case, reason: Reason, *, view: View | None = None, found: Pose | None = None
) -> Assessment:
    """Measure what placed points alone tell.

    Parameters
    ----------
    case : Case
        The photo, and what was placed in it.
    reason : Reason
        Why the photo as a whole is refused.
    view : View, optional
        From where the person is seen, if that is known.
    found : Pose, optional
        The only person, if one was found.

    Returns
    -------
    Assessment
        Refused if the points tell nothing, with what they lack among its notes.
    """
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
        back = corrected.along_measured(back, by_marks, vertical.forward_deg(facing))
    refused = replace(refused, measurements={**refused.measurements, **by_marks})
    if all(measured.value is None for measured in by_marks.values()):
        wrong = explain("points_implausible")
        said = tuple(filter(None, (*of_photo, up.note, not_used)))
        return replace(refused, reasons=tuple(dict.fromkeys((reason, wrong))), notes=said)
    tipped = corrected.said_of_tip(by_marks, sight)
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


def _up_by_hand(case: Case, reason: Reason, found: Pose | None) -> Up:
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
    return corrected.estimated(
        bony.guess(None, pose.near("hip"), pose.near("shoulder"), pose.facing, Vertical())
    )
