"""Says in plain sentences why something is refused and what to do next; it decides nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from posture.language import mark as N_


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is refused or uncertain.

    Attributes
    ----------
    code : str
        Stable name for programs, for example ``"back_hidden"``.
    message : str
        What is wrong, in one plain sentence; to be translated where it is shown.
    advice : str
        What to do next, in one plain sentence; to be translated where it is shown.
    """

    code: str
    message: str
    advice: str


_REASONS: Final[Mapping[str, Reason]] = {
    reason.code: reason
    for reason in (
        Reason(
            "no_person",
            N_("No person was found in the photo."),
            N_("Take a photo of one whole person from the side, in good light."),
        ),
        Reason(
            "several_people",
            N_("There is more than one person in the photo."),
            N_("Take a photo with one person alone, or crop the others away."),
        ),
        Reason(
            "not_side_view",
            N_("The person is not seen from the side."),
            N_("Turn the person so that one shoulder points straight at the camera."),
        ),
        Reason(
            "not_standing",
            N_("The person is not standing still and upright on both feet."),
            N_("Ask the person to stand relaxed, feet side by side and knees straight."),
        ),
        Reason(
            "person_cut_off",
            N_("Part of the person lies outside the photo or is covered."),
            N_("Step back until head and feet are in the picture, with nothing in front of them."),
        ),
        Reason(
            "head_not_seen",
            N_("The head is outside the photo, and this number needs it."),
            N_("Take the photo with the head in the picture to measure this too."),
        ),
        Reason(
            "feet_not_seen",
            N_("The feet are outside the photo or not found, and this number needs them."),
            N_("Take the photo with both feet in the picture to measure this too."),
        ),
        Reason(
            "not_upright",
            N_("The photo is turned or the camera was tilted: the person leans as a whole."),
            N_("Turn the photo upright, or take it again with the camera level."),
        ),
        Reason(
            "too_small",
            N_("The person is too small in the photo."),
            N_("Go closer, or send the photo at its full size."),
        ),
        Reason(
            "too_dark_or_blurred",
            N_("The photo is too dark or too blurred to see the outline of the back."),
            N_("Take it again in more light, with the camera held still."),
        ),
        Reason(
            "back_hidden",
            N_("The low back is hidden, by an arm, hair or something else."),
            N_(
                "Clasp the hands loosely in front and tie up long hair, "
                "so that the back can be seen."
            ),
        ),
        Reason(
            "loose_clothing",
            N_("Loose clothing hangs over the hollow of the low back."),
            N_("Tuck the shirt in tightly or take it off, and take the photo again."),
        ),
        Reason(
            "points_implausible",
            N_("The points that were placed cannot belong to one body."),
            N_("Look whether two of them are mixed up, and move them to where the bones are felt."),
        ),
        Reason(
            "marks_disagree",
            N_("The marked points and the outline of the body contradict each other."),
            N_("Check the marked points: the number is theirs alone, without the outline."),
        ),
        Reason(
            "missing_points",
            N_("A point of the body that is needed was not found."),
            N_("Take the photo so that ear, shoulder, hip, knee and ankle can be seen."),
        ),
    )
}


def explain(code: str) -> Reason:
    """Return the reason that goes by a code, in English words."""
    return _REASONS[code]
