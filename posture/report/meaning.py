"""Says what the words and numbers of a report mean, and what they cannot say; it judges nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from posture import wording
from posture.language import gettext as _
from posture.language import mark as N_

if TYPE_CHECKING:
    from posture.quantities import Measurement

# By the quantity's name; all offsets share one of those beneath.
_QUANTITIES: Final = {
    "pelvic_tilt": N_(
        "The line from the bony point at the back of the pelvis (PSIS) to the one in front (ASIS), "
        "against the horizontal. Anterior: the front is lower. Posterior: the front is higher."
    ),
    "lumbar_curve": N_(
        "How far the skin of the low back turns between below and above its hollow. Lordosis: "
        "hollow. Kyphosis: rounded. It is a curve of the skin, not the angle that is measured on "
        "vertebrae in an X-ray."
    ),
    "thoracic_curve": N_("The same for the upper back. Kyphosis: rounded. Lordosis: hollow."),
    "sacral_inclination": N_("How far the skin over the sacrum leans from the vertical."),
    "trunk_lean": N_("How far the line from hip to shoulder leans from the vertical."),
    "knee_angle": N_(
        "The angle between thigh and shank: 180 degrees is straight, more is bent backward."
    ),
}
_OFFSETS_PCT: Final = N_(
    "How far ear, shoulder, hip and knee lie in front of the vertical through the ankle, in "
    "percent of standing height."
)
_OFFSETS_CM: Final = N_(
    "How far ear, shoulder, hip and knee lie in front of the vertical through the ankle, in "
    "percent of standing height and in centimetres (cm)."
)
_OUTLINE: Final = N_(
    "Read off the contour of the back and the joints that were found in the photo."
)
_MARKED: Final = N_("Measured from points that a person placed, or stickers on the skin.")
_LEAST: Final = N_(
    "The smallest change between two photos of one person that is more than noise. Compare "
    "changes with it, not with ±."
)
_PELVES: Final = N_(
    "Pelves differ in shape: all held in one position, they measured 0 to 23 degrees (Preece 2008, "
    "PMC2565125). So no value alone says that anything is wrong."
)
_NO_DIAGNOSIS: Final = N_(
    "This page describes what photos show. It makes no diagnosis, and posture is no medical device."
)


def words(measurements: Iterable[Measurement]) -> list[tuple[str, str]]:
    """Return each word that a report on these measurements uses, with what it means."""
    every = list(measurements)
    offsets = _OFFSETS_CM if any(m.quantity.unit == "cm" for m in every) else _OFFSETS_PCT
    said: dict[str, str] = {}
    for quantity in (m.quantity for m in every):
        if quantity.name in _QUANTITIES:
            said[wording.label(quantity)] = _(_QUANTITIES[quantity.name])
        else:
            said[_("Offsets")] = _(offsets)
    tiers = {m.tier for m in every}
    if "outline" in tiers:
        said[_sentence_case(wording.tier_words("outline"))] = _(_OUTLINE)
    if "marked" in tiers:
        said[_sentence_case(wording.tier_words("marked"))] = _(_MARKED)
    said["±"] = _(wording.INTERVALS)
    said[_("Least change")] = _(_LEAST)
    return list(said.items())


def limits() -> str:
    """Return what no number on the page can say."""
    return f"{_(_PELVES)} {_(_NO_DIAGNOSIS)}"


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]
