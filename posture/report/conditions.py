"""Says what photos of a visit were taken under; it decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from posture import notes, wording
from posture.language import gettext as _
from posture.language import mark as N_
from posture.language import ngettext, number

if TYPE_CHECKING:
    from posture.report.content import Report
    from posture.shape import Facing
    from posture.tilt import Vertical
    from posture.visit import Arms, Clothes

_ARMS: Final[Mapping[Arms, str]] = {
    "hanging": N_("hanging at the sides"),
    "clasped": N_("hands clasped loosely in front"),
    "forward": N_("lifted forward"),
    "crossed": N_("crossed over the chest"),
    "other": N_("held in another way"),
}
_CLOTHES: Final[Mapping[Clothes, str]] = {
    "bare": N_("bare back"),
    "tight": N_("tight clothing"),
    "loose": N_("loose clothing"),
}
_FACING: Final[Mapping[Facing, str]] = {
    "left": N_("the person looks to the left"),
    "right": N_("the person looks to the right"),
}
_NOT_NOTED: Final = N_("not noted")


def rows(report: Report) -> list[tuple[str, str]]:
    """Return each condition of a visit's photos with what it is called."""
    stance = report.stance
    told, assessments = stance.conditions, [assessment for _photo, assessment in report.pictures]
    verticals = [one.vertical for one in assessments if one.vertical is not None]
    noted = (note for one in assessments for note in one.notes)
    found = [
        (_("Photos"), _photos(len(assessments), stance.left_out)),
        (_("Arms"), _(_NOT_NOTED if told.arms is None else _ARMS[told.arms])),
        (_("Clothes"), _(_NOT_NOTED if told.clothes is None else _CLOTHES[told.clothes])),
        (_("Side"), "" if stance.facing is None else _(_FACING[stance.facing])),
        (_("Vertical"), _once(map(_vertical, verticals), "; ")),
        (_("Camera turned by"), _once(map(_turned, verticals), ", ")),
        (_("Height"), "" if stance.stature_cm is None else f"{number(stance.stature_cm, 0)} cm"),
        (_("How it was read"), _once(map(notes.said, noted), " ")),
        (
            _("Points and outline"),
            _once(
                (
                    wording.cross_check(one.marks_say[key], by_outline)
                    for one in assessments
                    for key, by_outline in one.outline_says.items()
                ),
                " ",
            ),
        ),
    ]
    return [(name, text) for name, text in found if text]


def _photos(count: int, left_out: int) -> str:
    if not left_out or left_out == count:
        return number(count, 0)
    return ngettext(
        "{count}, of which {left_out} was left out, since it is refused or shows the other side",
        "{count}, of which {left_out} were left out, since they are refused or show the other side",
        left_out,
    ).format(count=number(count, 0), left_out=number(left_out, 0))


def _vertical(vertical: Vertical) -> str:
    if not vertical.found:
        return _("not shown in the photo, which was taken to be upright")
    if vertical.drawn:
        return _("shown by a line that a person drew")
    return _("shown by upright lines in the room")


def _turned(vertical: Vertical) -> str:
    return f"{number(abs(vertical.lean_deg))}°" if vertical.found else _("not known")


def _once(texts: Iterable[str], between: str) -> str:
    return between.join(dict.fromkeys(filter(None, texts)))
