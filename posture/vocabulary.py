"""Holds the words for what is measured; it puts no sentence together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from posture.quantities import Tier

SHORT_UNITS: Final = {"deg": "°", "pct": " %", "cm": " cm"}
UNIT_WORDS: Final = {"deg": "degrees", "pct": "% of stature", "cm": "cm"}

TIERS: Final[Mapping[Tier, str]] = {
    "marked": "marked points",
    "outline": "outline estimate",
    "refused": "not measured",
}


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


def _offset(joint: str) -> Words:
    return Words(
        f"{joint.capitalize()} offset",
        f"The {joint} lies in front of the vertical through the ankle by about {{n}}",
        f"The {joint} lies behind the vertical through the ankle by about {{n}}",
        f"The {joint} lies on the vertical through the ankle",
        "in front",
        "behind",
    )


WORDS: Final[Mapping[str, Words]] = {
    "pelvic_tilt": Words(
        "Pelvic tilt",
        "The front of the pelvis is lower than the back by about {n} (anterior tilt)",
        "The front of the pelvis is higher than the back by about {n} (posterior tilt)",
        "The front and the back of the pelvis are about level",
        "anterior",
        "posterior",
    ),
    "lumbar_curve": Words(
        "Lumbar curve",
        "The low back hollows inward by about {n}, measured on the skin (lordosis)",
        "The low back rounds outward by about {n}, measured on the skin (kyphosis)",
        "The low back is about straight, measured on the skin",
        "hollow",
        "rounded",
    ),
    "thoracic_curve": Words(
        "Thoracic curve",
        "The upper back rounds outward by about {n}, measured on the skin (kyphosis)",
        "The upper back hollows inward by about {n}, measured on the skin (lordosis)",
        "The upper back is about straight, measured on the skin",
        "rounded",
        "hollow",
    ),
    "sacral_inclination": Words(
        "Sacral inclination",
        "The skin over the sacrum leans forward from the vertical by about {n}",
        "The skin over the sacrum leans backward from the vertical by about {n}",
        "The skin over the sacrum is about vertical",
        "forward",
        "backward",
    ),
    "trunk_lean": Words(
        "Trunk lean",
        "The shoulder lies forward of the hip, by about {n} from the vertical",
        "The shoulder lies behind the hip, by about {n} from the vertical",
        "The shoulder lies about straight above the hip",
        "forward",
        "backward",
    ),
    "knee_angle": Words(
        "Knee angle", "Thigh and shank meet at about {n} at the knee, where 180 is straight"
    ),
    "ear_offset": _offset("ear"),
    "shoulder_offset": _offset("shoulder"),
    "hip_offset": _offset("hip"),
    "knee_offset": _offset("knee"),
}
