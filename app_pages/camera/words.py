"""Says what to do before the camera, in the language in use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from posture.language import gettext as _
from posture.language import mark as N_
from posture.reasons import explain

if TYPE_CHECKING:
    from app_pages.camera import Trouble
    from posture import Assessment

# Shorter than what is said of a photo, and readable from across a room. {what} is wrong: do {that}.
_LIVE: Final[Mapping[str, str]] = {
    "no_person": N_("Nobody is seen: step into the picture, from head to feet."),
    "several_people": N_("Several people are seen: leave one person alone in the picture."),
    "not_side_view": N_("You are not seen from the side: turn until one shoulder points here."),
    "not_standing": N_("Stand upright on both feet, knees straight."),
    "person_cut_off": N_("A part of you is outside or hidden: step back until all of you is seen."),
    "not_upright": N_("The camera is tilted: hold it upright and level."),
    "too_small": N_("You are too far away: come closer."),
    "too_dark_or_blurred": N_("The picture is too dark or blurred: make more light."),
    "back_hidden": N_("Your low back is hidden: clasp your hands in front, tie up long hair."),
    "loose_clothing": N_("Loose clothes hide your back: tuck the shirt in tightly."),
}

_TROUBLE: Final[Mapping[Trouble, str]] = {
    "denied": N_(
        "The camera is blocked: allow it beside the address of this page, then choose **Try "
        "again**."
    ),
    "none": N_("No camera was found: plug one in, then choose **Try again**."),
    "busy": N_("Another program uses the camera: close it there, then choose **Try again**."),
    "late": N_(
        "The camera does not answer: allow it if the browser asks, then choose **Try again**."
    ),
    "gone": N_("The camera went away: plug it in, then choose **Try again**."),
    "insecure": N_(
        "This browser shows a live camera only to addresses that begin with https or with "
        "localhost: open the page under such a one, or choose single photos."
    ),
}


def what_to_do(assessment: Assessment) -> str:
    """Return one sentence that says why nothing is measured; empty if an angle is."""
    angles = (assessment.pelvic_tilt, assessment.lumbar_curve)
    if any(angle.value is not None for angle in angles):
        return ""
    codes = [reason.code for reason in assessment.reasons]
    codes += [code for angle in angles for code in angle.reasons]
    if not codes:
        return ""
    reason = explain(codes[0])
    return _(_LIVE[reason.code]) if reason.code in _LIVE else _(reason.message)


def trouble_said(trouble: Trouble) -> str:
    """Return why there is no live picture and what to do, in one sentence of markdown."""
    return _(_TROUBLE[trouble])


def texts() -> dict[str, str]:
    """Return what the camera says itself, by its name in the browser's code."""
    return {
        "allow": _("Allow the camera if the browser asks."),
        "looking": _("One moment: the first picture is being read."),
        "waiting": _("Waiting: the countdown begins as soon as you are seen from the side."),
        "hold": _("Hold still."),
        "measuring": _("Thank you, you can move: the three pictures are being measured."),
        "stop": _("Stop"),
        "full": _("Full screen"),
        "small": _("Leave full screen"),
        "preview": _(
            "A quick preview, ± counted wider for it. What counts are the pictures that are taken."
        ),
    }
