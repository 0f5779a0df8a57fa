"""Says in single sentences how a photo was read and what of the told was not used; decides nothing.

Each stands among `Assessment.notes`, in English, so that an assessment is the same whoever asked
for it and can be kept; where one is shown, `said` says it in the language in use.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from string import Formatter
from typing import TYPE_CHECKING, Final

from posture.language import either, localised
from posture.language import gettext as _
from posture.language import mark as N_

if TYPE_CHECKING:
    from posture.pose import Part

PART_UNSEEN: Final[Mapping[Part, str]] = {
    "head": N_("The head is outside the photo: what needs it is not measured."),
    "feet": N_("The feet are outside the photo or not found: what needs them is not measured."),
}
NO_STICKERS: Final = N_("No stickers were found.")
NO_SEARCH: Final = N_("Stickers were not looked for, since the photo is refused.")
PELVIS_LACKING: Final = N_("The placed points were not measured: this photo needs ASIS and PSIS.")
LINE_LACKING: Final = N_(
    "The placed points were not measured: this photo needs a line drawn along something vertical "
    "or horizontal."
)
BOTH_LACKING: Final = N_(
    "The placed points were not measured: this photo needs ASIS and PSIS, and a line drawn along "
    "something vertical or horizontal."
)
OTHER_VIEW: Final = N_(
    "The placed points were not measured, since the person is not seen from the side."
)
BY_HAND: Final = N_("Only what the placed points tell is measured.")

_STICKER: Final = N_(
    "What looks like a sticker at {x}, {y} may be {names}: if it is, give that point its place in "
    "the JSON, and use --points."
)
_OR: Final = " or "
# By whether it is one degree, and whether the camera seems to stand above the hips.
_TIPPED: Final = {
    (False, True): N_(
        "{size} degrees were taken off the tilt of the line from PSIS to ASIS: the ASIS is nearer "
        "to the camera, which seems to stand above the hips."
    ),
    (False, False): N_(
        "{size} degrees were added to the tilt of the line from PSIS to ASIS: the ASIS is nearer "
        "to the camera, which seems to stand below the hips."
    ),
    (True, True): N_(
        "{size} degree was taken off the tilt of the line from PSIS to ASIS: the ASIS is nearer "
        "to the camera, which seems to stand above the hips."
    ),
    (True, False): N_(
        "{size} degree was added to the tilt of the line from PSIS to ASIS: the ASIS is nearer "
        "to the camera, which seems to stand below the hips."
    ),
}
_LINE_TURNS: Final = N_(
    "The drawn line was not used, since by it the photo is turned by {angle} degrees: draw it "
    "anew, and check whether it is vertical or horizontal."
)
_LINE_TURNS_NOBODY: Final = N_(
    "The drawn line was not used, since by it the photo is turned by {angle} degrees: draw it "
    "anew, and check whether it is vertical or horizontal, or turn the photo upright if it lies on "
    "its side."
)
_LINE_LAYS_DOWN: Final = N_(
    "The drawn line was not used, since by it the person leans by {angle} degrees: draw it anew, "
    "and check whether it is vertical or horizontal."
)
_OTHER_HEIGHT: Final = N_(
    "The known distance was not used, since by it the person is {tall} cm tall and not {given}: "
    "correct the distance or the height."
)
_NO_HEIGHT: Final = N_(
    "The known distance was not used, since by it the person is {tall} cm tall: draw it anew "
    "beside the person, and check its centimetres."
)
_NO_PELVIS: Final = N_(
    "The known distance was not used, since by it ASIS and PSIS lie {apart} cm apart: draw it anew "
    "beside the person, and check its centimetres."
)
_WITH_VALUES: Final = (
    _STICKER,
    *_TIPPED.values(),
    _LINE_TURNS,
    _LINE_TURNS_NOBODY,
    _LINE_LAYS_DOWN,
    _OTHER_HEIGHT,
    _NO_HEIGHT,
    _NO_PELVIS,
)


def said(note: str) -> str:
    """Return a note in the language in use.

    Parameters
    ----------
    note : str
        One of an assessment's, however long ago that was made.

    Returns
    -------
    str
        The note itself, if it is none that this module makes.
    """
    for template in _WITH_VALUES:
        match = _pattern(template).fullmatch(note)
        if match is not None:
            values = {name: _value(text) for name, text in match.groupdict().items()}
            return _(template).format(**values)
    return _(note)


def sticker_unnamed(x: float, y: float, names: Sequence[str]) -> str:
    """Say what a sticker that is not sure may be, and what to do about it."""
    each = _OR.join(name.upper() for name in names)
    return _STICKER.format(x=f"{x:.0f}", y=f"{y:.0f}", names=each)


def tipped(tips_deg: float) -> str:
    """Say by how much a marked pelvic tilt is not that of the line in the photo; empty if alike."""
    size = f"{abs(tips_deg):.1f}"
    if not float(size):
        return ""
    return _TIPPED[size == "1.0", tips_deg < 0].format(size=size)


def line_not_used(turned_deg: float, *, stands: bool) -> str:
    """Say that a drawn line cannot be vertical or horizontal, or that nobody shows that it is."""
    template = _LINE_TURNS if stands else _LINE_TURNS_NOBODY
    return template.format(angle=f"{abs(turned_deg):.0f}")


def line_lays_down(leans_deg: float) -> str:
    """Say that a line that was drawn in a turned photo cannot be vertical or horizontal."""
    return _LINE_LAYS_DOWN.format(angle=f"{abs(leans_deg):.0f}")


def distance_not_used(stature_cm: float, given_cm: float | None) -> str:
    """Say that a known distance makes nobody's height, or another than the given one."""
    if given_cm is None:
        return _NO_HEIGHT.format(tall=f"{stature_cm:.0f}")
    return _OTHER_HEIGHT.format(tall=f"{stature_cm:.0f}", given=f"{given_cm:g}")


def distance_not_used_by_hand(pelvis_cm: float) -> str:
    """Say that a known distance makes nobody's pelvis."""
    return _NO_PELVIS.format(apart=f"{pelvis_cm:.0f}")


@cache
def _pattern(template: str) -> re.Pattern[str]:
    """Return what matches a template with any values in it."""
    parts = (
        re.escape(text) + (f"(?P<{field}>.+?)" if field else "")
        for text, field, _spec, _conversion in Formatter().parse(template)
    )
    return re.compile("".join(parts))


def _value(text: str) -> str:
    """Return a number or some names of points in the language in use."""
    return either([localised(one) for one in text.split(_OR)])
