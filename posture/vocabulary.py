"""Holds the words for what is measured, to be translated where shown; it says no sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from posture.language import mark as N_

if TYPE_CHECKING:
    from posture.quantities import Tier

SHORT_UNITS: Final = {"deg": "°", "pct": " %", "cm": " cm"}
UNIT_WORDS: Final = {"deg": N_("degrees"), "pct": N_("% of stature"), "cm": N_("cm")}

TIERS: Final[Mapping[Tier, str]] = {
    "marked": N_("marked points"),
    "outline": N_("outline estimate"),
    "refused": N_("not measured"),
}

#: What the signs of quantities are called, see `posture.quantities.Quantity`.
DIRECTIONS: Final = (
    N_("anterior"),
    N_("posterior"),
    N_("lordosis"),
    N_("kyphosis"),
    N_("forward"),
    N_("backward"),
)


@dataclass(frozen=True, slots=True)
class Words:
    """How one quantity is spoken of.

    ``above``, ``below`` and ``zero`` say the value; ``{n}`` in them is its size with its unit.
    ``up`` and ``down`` name its two directions where one end of the interval has another sign.
    """

    label: str
    above: str
    below: str = ""
    zero: str = ""
    up: str = ""
    down: str = ""


WORDS: Final[Mapping[str, Words]] = {
    "pelvic_tilt": Words(
        N_("Pelvic tilt"),
        N_("The front of the pelvis is lower than the back by about {n} (anterior tilt)"),
        N_("The front of the pelvis is higher than the back by about {n} (posterior tilt)"),
        N_("The front and the back of the pelvis are about level"),
        N_("anterior"),
        N_("posterior"),
    ),
    "lumbar_curve": Words(
        N_("Lumbar curve"),
        N_("The low back hollows inward by about {n}, measured on the skin (lordosis)"),
        N_("The low back rounds outward by about {n}, measured on the skin (kyphosis)"),
        N_("The low back is about straight, measured on the skin"),
        N_("hollow"),
        N_("rounded"),
    ),
    "thoracic_curve": Words(
        N_("Thoracic curve"),
        N_("The upper back rounds outward by about {n}, measured on the skin (kyphosis)"),
        N_("The upper back hollows inward by about {n}, measured on the skin (lordosis)"),
        N_("The upper back is about straight, measured on the skin"),
        N_("rounded"),
        N_("hollow"),
    ),
    "sacral_inclination": Words(
        N_("Sacral inclination"),
        N_("The skin over the sacrum leans forward from the vertical by about {n}"),
        N_("The skin over the sacrum leans backward from the vertical by about {n}"),
        N_("The skin over the sacrum is about vertical"),
        N_("forward"),
        N_("backward"),
    ),
    "trunk_lean": Words(
        N_("Trunk lean"),
        N_("The shoulder lies forward of the hip, by about {n} from the vertical"),
        N_("The shoulder lies behind the hip, by about {n} from the vertical"),
        N_("The shoulder lies about straight above the hip"),
        N_("forward"),
        N_("backward"),
    ),
    "knee_angle": Words(
        N_("Knee angle"),
        N_("Thigh and shank meet at about {n} at the knee, where 180 is straight"),
    ),
    "ear_offset": Words(
        N_("Ear offset"),
        N_("The ear lies in front of the vertical through the ankle by about {n}"),
        N_("The ear lies behind the vertical through the ankle by about {n}"),
        N_("The ear lies on the vertical through the ankle"),
        N_("in front"),
        N_("behind"),
    ),
    "shoulder_offset": Words(
        N_("Shoulder offset"),
        N_("The shoulder lies in front of the vertical through the ankle by about {n}"),
        N_("The shoulder lies behind the vertical through the ankle by about {n}"),
        N_("The shoulder lies on the vertical through the ankle"),
        N_("in front"),
        N_("behind"),
    ),
    "hip_offset": Words(
        N_("Hip offset"),
        N_("The hip lies in front of the vertical through the ankle by about {n}"),
        N_("The hip lies behind the vertical through the ankle by about {n}"),
        N_("The hip lies on the vertical through the ankle"),
        N_("in front"),
        N_("behind"),
    ),
    "knee_offset": Words(
        N_("Knee offset"),
        N_("The knee lies in front of the vertical through the ankle by about {n}"),
        N_("The knee lies behind the vertical through the ankle by about {n}"),
        N_("The knee lies on the vertical through the ankle"),
        N_("in front"),
        N_("behind"),
    ),
}
