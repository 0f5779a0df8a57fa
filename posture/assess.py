"""The one pipeline, from a photo to an assessment; it draws, prints and stores nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from posture import by_hand, landmarks, notes, quality
from posture.assessment import Assessment
from posture.case import Case
from posture.landmarks import Detector, Look
from posture.marking import bony, corrected, marked
from posture.marking.marks import JOINTS, STATURE_RANGE_CM, Corrections
from posture.marking.rise import rise_of
from posture.marking.sight import Sight
from posture.photo import Photo, PhotoSource
from posture.pose import PARTS, Point, Pose
from posture.quantities import (
    PELVIC_TILT,
    QUANTITIES,
    Measurement,
)
from posture.reading import points_of, read, up_of
from posture.reasons import Reason, explain

if TYPE_CHECKING:
    from posture.back import Back
    from posture.markers import Sticker


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
    case = Case(photo, detector.name, stature_cm, told, markers)
    from concurrent.futures import ThreadPoolExecutor

    if people is not None:
        return _assess(people, case)
    look = detector.detect(photo)
    if not look.people:
        return _assess((), case)
    # Whom the first look overlooked is looked for meanwhile: almost always there is nobody.
    with ThreadPoolExecutor(1) as beside:
        overlooked = beside.submit(look.overlooked)
        assessment = _assess(look.people, case)
    others = overlooked.result()
    return _assess(_all_of(look, others), case) if others else assessment


def find_people(photo: Photo, detector: Detector) -> tuple[Pose, ...]:
    """Return the people in a photo, the largest first, those overlooked at first among them."""
    look = detector.detect(photo)
    return _all_of(look, look.overlooked())


def _all_of(look: Look, overlooked: Iterable[Pose]) -> tuple[Pose, ...]:
    """Return all people of a photo: who was found first stays first."""
    others = sorted((*look.people[1:], *overlooked), key=lambda pose: -pose.extent_px)
    return (*look.people[:1], *others)


def _assess(poses: tuple[Pose, ...], case: Case) -> Assessment:
    """Measure the people found, or say why none of them can be."""
    photo = case.photo
    reason = quality.refuse_people(poses, photo)
    if reason:
        return by_hand.measure(case, reason)
    found = poses[0]
    # A joint that was placed makes no side view of another, nor the reverse.
    view = quality.view_of(found)
    reason = quality.refuse_person(found, photo, view)
    placed = {n: m.at for n, m in case.corrections.points.items() if n in JOINTS}
    pose = found.with_near(placed)
    wrong = quality.refuse_person(pose, photo, view, found=found) if placed else reason
    if wrong:
        reason = reason or explain("points_implausible")
        return by_hand.measure(case, reason, view=view, found=found)
    return _measure(found, pose, case, doubt=reason)


def _measure(found: Pose, pose: Pose, case: Case, *, doubt: Reason | None) -> Assessment:
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
        from posture.markers import find_stickers

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
    of_program = points_of(found) | corrected.estimated(guesses)
    back = corrected.back_through(marks, spine, sight) or seen.back
    if back is not None:
        back = corrected.along_measured(back, by_key, vertical.forward_deg(facing))
    said_of = (
        *photo.notes,
        *(notes.PART_UNSEEN[part] for part in PARTS if part in pose.unseen),
        up.note,
        not_used,
        *of_stickers,
        corrected.said_of_tip(by_key, sight),
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


def _inflections(back: Back | None) -> dict[str, Point]:
    if back is None:
        return {}
    ends = {"lumbosacral": back.lumbosacral, "thoracolumbar": back.thoracolumbar}
    return {name: Point(end.x_px, end.y_px, 1.0, "estimated") for name, end in ends.items()}


def _in_order(measured: Mapping[str, Measurement]) -> dict[str, Measurement]:
    ordered = {}
    for quantity in QUANTITIES:
        for unit in ("deg", "pct", "cm"):
            key = f"{quantity.name}_{unit}"
            if key in measured:
                ordered[key] = measured[key]
    return ordered
