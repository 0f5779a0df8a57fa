"""Names what is measured, and holds one number with its interval; it computes none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Tier = Literal["marked", "outline", "refused"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """What is measured.

    Attributes
    ----------
    name : str
        For example ``"pelvic_tilt"``.
    unit : {"deg", "pct", "cm"}
        Degrees, percent of stature, or centimetres.
    positive, negative : str
        What a value above and below zero is called; empty where the sign has no name.
    """

    name: str
    unit: Literal["deg", "pct", "cm"]
    positive: str = ""
    negative: str = ""

    @property
    def key(self) -> str:
        """Name and unit in one, for example ``"pelvic_tilt_deg"``."""
        return f"{self.name}_{self.unit}"


PELVIC_TILT: Final = Quantity("pelvic_tilt", "deg", "anterior", "posterior")
LUMBAR_CURVE: Final = Quantity("lumbar_curve", "deg", "lordosis", "kyphosis")
THORACIC_CURVE: Final = Quantity("thoracic_curve", "deg", "kyphosis", "lordosis")
SACRAL_INCLINATION: Final = Quantity("sacral_inclination", "deg", "anterior", "posterior")
TRUNK_LEAN: Final = Quantity("trunk_lean", "deg", "forward", "backward")
KNEE_ANGLE: Final = Quantity("knee_angle", "deg")
OFFSET_JOINTS: Final = ("ear", "shoulder", "hip", "knee")
OFFSETS_PCT: Final = tuple(
    Quantity(f"{joint}_offset", "pct", "forward", "backward") for joint in OFFSET_JOINTS
)
OFFSETS_CM: Final = tuple(Quantity(q.name, "cm", q.positive, q.negative) for q in OFFSETS_PCT)
#: What is read off the contour of the back.
ON_THE_BACK: Final = (PELVIC_TILT, LUMBAR_CURVE, THORACIC_CURVE, SACRAL_INCLINATION)
#: Everything that is measured, in the order in which it is shown.
QUANTITIES: Final = (*ON_THE_BACK, TRUNK_LEAN, KNEE_ANGLE, *OFFSETS_PCT)


@dataclass(frozen=True, slots=True)
class Measurement:
    """One number with its interval and how it was come by.

    Attributes
    ----------
    quantity : Quantity
        What is measured, with its unit and signs.
    value : float or None
        The number; None if refused.
    low, high : float or None
        The 95 % interval; None if refused.
    tier : {"marked", "outline", "refused"}
        Marked on the skin or by a person; read off the outline and the joints found in the photo;
        or nothing that a number can stand on.
    points : tuple of str
        Names of the points that the number stands on.
    reasons : tuple of str
        Codes of what limits or refuses it, see `posture.reasons.explain`.
    mdc95 : float or None
        The smallest change between two photos of one person that is more than noise, in the unit
        of the quantity (minimal detectable change, 95 %); None if it is not known.
    relative : float or None
        What the change between two photos of one person is the difference of, see
        `posture.change`, in the unit of the quantity; alone it means nothing. Pelvic tilt, lumbar
        curve and sacral inclination are drawn towards the usual, which makes them right on average
        but their changes too small: they have a number of their own. For others it is the value.
    """

    quantity: Quantity
    value: float | None
    low: float | None
    high: float | None
    tier: Tier
    points: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    mdc95: float | None = None
    relative: float | None = None

    @classmethod
    def refused(cls, quantity: Quantity, *reasons: str) -> Measurement:
        """Return a measurement without a number, for the reasons given by their codes."""
        return cls(quantity, None, None, None, "refused", (), reasons)

    def __str__(self) -> str:
        if self.value is None or self.low is None or self.high is None:
            return f"refused: {', '.join(self.reasons)}"
        unit = {"deg": "deg", "pct": "% of stature", "cm": "cm"}[self.quantity.unit]
        value, low, high = (round(n, 1) + 0.0 for n in (self.value, self.low, self.high))
        text = f"{value} {unit} (95 % interval {low} to {high})"
        sign = self.quantity.positive if value > 0 else self.quantity.negative if value else ""
        return ", ".join(part for part in (text, sign, _TIER_WORDS[self.tier]) if part)


_TIER_WORDS: Final = {"outline": "from the outline", "marked": "from marked points"}
