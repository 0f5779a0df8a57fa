"""Says in single sentences how a photo was read and what of the told was not used; decides nothing.

Each stands among `Assessment.notes`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from posture.pose import Part

PART_UNSEEN: Final[Mapping[Part, str]] = {
    "head": "The head is outside the photo: what needs it is not measured.",
    "feet": "The feet are outside the photo or not found: what needs them is not measured.",
}
NO_STICKERS: Final = "No stickers were found."
NO_SEARCH: Final = "Stickers were not looked for, since the photo is refused."
BOTH_OF_PELVIS: Final = "ASIS and PSIS"
A_LINE: Final = "a line drawn along something vertical or horizontal"
OTHER_VIEW: Final = (
    "The placed points were not measured, since the person is not seen from the side."
)
BY_HAND: Final = "Only what the placed points tell is measured."


def not_measured(lacking: Sequence[str]) -> str:
    """Say what placed points lack in a photo that is refused."""
    return f"The placed points were not measured: this photo needs {', and '.join(lacking)}."


def sticker_unnamed(x: float, y: float, names: Sequence[str]) -> str:
    """Say what a sticker that is not sure may be, and what to do about it."""
    each = " or ".join(name.upper() for name in names)
    return (
        f"What looks like a sticker at {x:.0f}, {y:.0f} may be {each}: if it is, give that point "
        "its place in the JSON, and use --points."
    )


def tipped(tips_deg: float) -> str:
    """Say by how much a marked pelvic tilt is not that of the line in the photo; empty if alike."""
    size = f"{abs(tips_deg):.1f}"
    if not float(size):
        return ""
    done, lies = ("taken off", "above") if tips_deg < 0 else ("added to", "below")
    unit = "degree was" if size == "1.0" else "degrees were"
    return (
        f"{size} {unit} {done} the tilt of the line from PSIS to ASIS: the ASIS is nearer to the "
        f"camera, which seems to stand {lies} the hips."
    )


def line_not_used(turned_deg: float, *, stands: bool) -> str:
    """Say that a drawn line cannot be vertical or horizontal, or that nobody shows that it is."""
    upright = "" if stands else ", or turn the photo upright if it lies on its side"
    return (
        f"The drawn line was not used, since by it the photo is turned by {abs(turned_deg):.0f} "
        f"degrees: draw it anew, and check whether it is vertical or horizontal{upright}."
    )


def line_lays_down(leans_deg: float) -> str:
    """Say that a line that was drawn in a turned photo cannot be vertical or horizontal."""
    return (
        f"The drawn line was not used, since by it the person leans by {abs(leans_deg):.0f} "
        "degrees: draw it anew, and check whether it is vertical or horizontal."
    )


def distance_not_used(stature_cm: float, given_cm: float | None) -> str:
    """Say that a known distance makes nobody's height, or another than the given one."""
    if given_cm is not None:
        return (
            f"The known distance was not used, since by it the person is {stature_cm:.0f} cm tall "
            f"and not {given_cm:g}: correct the distance or the height."
        )
    return (
        f"The known distance was not used, since by it the person is {stature_cm:.0f} cm tall: "
        "draw it anew beside the person, and check its centimetres."
    )


def distance_not_used_by_hand(pelvis_cm: float) -> str:
    """Say that a known distance makes nobody's pelvis."""
    return (
        f"The known distance was not used, since by it ASIS and PSIS lie {pelvis_cm:.0f} cm apart: "
        "draw it anew beside the person, and check its centimetres."
    )
