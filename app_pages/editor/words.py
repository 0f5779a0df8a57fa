"""Says what the editor says in the browser, in the language in use; the browser puts in numbers."""

from __future__ import annotations

from posture.language import gettext as _
from posture.language import localised

_CM_RANGE = {"low": 1, "high": 300}


def words() -> dict[str, str]:
    """Return every text of the editor by its name in the browser's code."""
    return {**_of_buttons(), **_of_points(), **_of_lines(), **_of_events()}


def _of_buttons() -> dict[str, str]:
    return {
        "editor": _("Editor"),
        "undo": _("Undo"),
        "redo": _("Redo"),
        "zoom_out": _("Zoom out"),
        "fit": _("Fit the photo"),
        "zoom_in": _("Zoom in"),
        "plumb_line": _("Plumb line"),
        "scale": _("Scale"),
        "reset_all": _("Reset all"),
        "confirm": _("Confirm"),
        "next": _("Next: {name}"),
        "done": _("Done"),
        "reset_point": _("Reset point"),
        "other_end": _("Other end"),
        "remove": _("Remove"),
        "add": _("Add"),
        "points": _("Points"),
        "another_point": _("Another point"),
        "point_to_add": _("Point to add"),
        "chosen_point": _("Chosen point"),
        "move": _("Move the chosen point"),
        "move_up": _("Move up"),
        "move_down": _("Move down"),
        "move_left": _("Move left"),
        "move_right": _("Move right"),
        "step_short": _("Step: 1 pixel. Change"),
        "step_long": _("Step: 10 pixels. Change"),
    }


def _of_points() -> dict[str, str]:
    return {
        "hint": _(
            "Drag each point onto its bone, or confirm it where it sits right: ASIS and PSIS are "
            "enough for the pelvic tilt. Zoom with two fingers, two taps or the buttons."
        ),
        "placed": _("placed"),
        "sticker": _("sticker"),
        "estimated": _("the program's guess, not confirmed"),
        "detected": _("found by the program"),
        "unplaced": _("not placed yet"),
        "photo": _("Photo with points: arrow keys move the chosen one"),
        "point": _("point"),
        "handle": _("{name}, {state}, {place}. Arrow keys move it, Enter confirms."),
        "place": _("{x} by {y}"),
        "decimal_sign": localised("."),
        "pelvis_forward": _("PSIS to ASIS {angle}° forward"),
        "pelvis_backward": _("PSIS to ASIS {angle}° backward"),
        "trunk_forward": _("trunk {angle}° forward"),
        "trunk_backward": _("trunk {angle}° backward"),
        "drawing": _("In the drawing: {angles}."),
        "measured_later": _("Results are measured after each change."),
    }


def _of_lines() -> dict[str, str]:
    return {
        "line_help": _(
            "Draw it along something in the room that is truly vertical or horizontal, such as a "
            "door frame: the longer, the better. The photo's tilt is then corrected by it."
        ),
        "scale_help": _(
            "Put both ends on two places whose distance you know, as far from the camera as the "
            "person is."
        ),
        "not_counted": _("not counted, and not kept, until its distance in cm is given"),
        "it_is_not_counted": _(
            "It is not counted, and not kept, until its distance in cm is given."
        ),
        "scale_not_counted": _(
            "The scale is not counted, and not kept, until its distance in cm is given."
        ),
        "cm_wanted": _("Give a distance from {low} to {high} cm.").format(**_CM_RANGE),
        "distance": _("Distance in cm"),
        "unplaced_line": _("not placed yet: drag its ends"),
        "upper_end": _("upper end"),
        "lower_end": _("lower end"),
        "left_end": _("left end"),
        "right_end": _("right end"),
        "along": _("What the line runs along"),
        "along_vertical": _("Along a vertical"),
        "along_horizontal": _("Along a horizontal"),
        "vertical": _("vertical"),
        "horizontal": _("horizontal"),
    }


def _of_events() -> dict[str, str]:
    return {
        "now_at": _("Now at {name}."),
        "left": _("{name} at {place}."),
        "confirmed": _("Confirmed."),
        "was_reset": _("{name} reset."),
        "all_reset": _("All reset: every point is where the program had it."),
        "undone": _("Undone."),
        "redone": _("Redone."),
        "nothing_undone": _("Nothing to be undone."),
        "nothing_redone": _("Nothing to be redone."),
        "added": _("{name}: added, not placed yet."),
        "line_drawn": _("Plumb line drawn: put its ends in place."),
        "scale_drawn": _("Scale drawn: put its ends in place."),
        "line_vertical": _("The line is taken for vertical."),
        "line_horizontal": _("The line is taken for horizontal."),
        "scale_is": _("Scale: {cm} centimetres."),
        "zoomed": _("Zoom {times} times."),
        "whole": _("The whole photo."),
    }
