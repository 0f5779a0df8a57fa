"""Holds what a study of repeated photos tells; it computes nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from posture.quantities import QUANTITIES, Quantity, Tier

#: Why a study, or one of its measures, leaves a photo out; others are codes of `posture.reasons`.
UNREADABLE: Final = "unreadable"
COPY: Final = "copy"
OTHER_SIDE: Final = "other_side"
OTHER_TIER: Final = "other_tier"
SINGLE: Final = "single"

#: So many people, photographed twice at least, are needed for any figure.
FEWEST_PEOPLE: Final = 3

# Up to which multiple of the least change its interval may reach: beyond the first it is said,
# beyond the second it is not used. That is below 17 and below 8 repeats.
_WIDE: Final = 1.5
_TOO_WIDE: Final = 2.0

_QUANTITIES: Final = {quantity.key: quantity for quantity in QUANTITIES}


@dataclass(frozen=True, slots=True)
class Taken:
    """Whom a photo shows, who took it, and when.

    Attributes
    ----------
    person, rater, session : str
        Labels, alike for the same person, the same rater and the same session.
    """

    person: str
    rater: str
    session: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure with its 95 % confidence interval, in the unit of what it is about."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Noise:
    """How far apart photos of one person are if nothing changed.

    Attributes
    ----------
    sem : Figure
        Standard error of measurement: the within-person standard deviation of one photo.
    mdc95 : Figure
        Smallest detectable change between two photos, 1.96 · √2 · SEM.
    repeats : float
        Degrees of freedom that both stand on: photos less people, if each photo is of a session of
        its own.
    """

    sem: Figure
    mdc95: Figure
    repeats: float


@dataclass(frozen=True, slots=True)
class Correlation:
    """How much of what differs between photos is because people differ.

    Attributes
    ----------
    icc2, icc3 : Figure
        Intraclass correlations ICC(2,1), of agreement, and ICC(3,1), of consistency, of one photo.
    people, occasions : int
        How many people, each photographed on how many occasions, they come from.
    """

    icc2: Figure
    icc3: Figure
    people: int
    occasions: int


@dataclass(frozen=True, slots=True)
class Dot:
    """One person of a comparison: mean of two photos, and the second less the first."""

    person: str
    mean: float
    difference: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """Bland and Altman's comparison of two raters, or of two sessions.

    Attributes
    ----------
    between : {"raters", "sessions"}
        What is compared.
    first, second : str
        Their labels.
    bias : Figure
        Mean of the differences, second less first.
    lower, upper : Figure
        Limits of agreement: 95 of 100 differences lie between them.
    sem : float
        SD(differences) / √2, without what the two differ by on average.
    dots : tuple of Dot
        The people, each once.
    """

    between: Literal["raters", "sessions"]
    first: str
    second: str
    bias: Figure
    lower: Figure
    upper: Figure
    sem: float
    dots: tuple[Dot, ...]

    @property
    def biased(self) -> bool:
        """Whether the two differ by more than chance explains."""
        return self.bias.low > 0 or self.bias.high < 0


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A photo that was not used, and the code of why."""

    photo: str
    code: str


@dataclass(frozen=True, slots=True)
class Repeatability:
    """How repeatable one measure is, on one tier.

    Attributes
    ----------
    key : str
        What is measured, for example ``"pelvic_tilt_deg"``.
    tier : {"marked", "outline"}
        How it was measured.
    people, photos : int
        How many were used.
    change : Noise or None
        Of ``Measurement.relative``, which changes are the difference of; None if it is not known.
    value : Noise or None
        Of the value that is shown; None if there are too few photos.
    posed_anew : bool
        Whether photos of different sessions or raters are compared; else what posing and
        photographing anew adds is in no figure.
    correlation : Correlation or None
        None if too few people were photographed on the same occasions.
    agreements : tuple of Agreement
        Of raters first; of ``relative`` if it is known, over the mean of the values.
    left_out : tuple of LeftOut
        Photos that are used for other measures but not for this one.
    """

    key: str
    tier: Tier
    people: int
    photos: int
    change: Noise | None = None
    value: Noise | None = None
    posed_anew: bool = True
    correlation: Correlation | None = None
    agreements: tuple[Agreement, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def quantity(self) -> Quantity:
        """What is measured."""
        return _QUANTITIES[self.key]

    @property
    def noise(self) -> Noise | None:
        """Noise of changes, or of values where that of changes is not known."""
        return self.change or self.value

    @property
    def wide(self) -> bool:
        """Whether the least change could be much larger than it is said to be."""
        return self._reaches(_WIDE)

    @property
    def too_wide(self) -> bool:
        """Whether it is so little known that it is of no use."""
        return self._reaches(_TOO_WIDE)

    def _reaches(self, multiple: float) -> bool:
        noise = self.noise
        return noise is not None and noise.mdc95.high > multiple * noise.mdc95.value


@dataclass(frozen=True, slots=True)
class Row:
    """What one photo says of one measure."""

    photo: str
    taken: Taken
    key: str
    tier: Tier
    value: float
    relative: float | None


@dataclass(frozen=True, slots=True)
class Study:
    """What a study of repeated photos tells.

    Attributes
    ----------
    measures : tuple of Repeatability
        In the order in which measures are shown.
    left_out : tuple of LeftOut
        Photos that are used for nothing.
    photos : int
        How many were given.
    rows : tuple of Row
        What the figures were computed from.
    made_with : mapping of str to str
        Names and versions of the programs that measured and computed, and of the pose model.
    """

    measures: tuple[Repeatability, ...]
    left_out: tuple[LeftOut, ...]
    photos: int
    rows: tuple[Row, ...] = ()
    made_with: dict[str, str] = field(default_factory=dict)

    @property
    def people(self) -> int:
        """How many people are in it."""
        return len({row.taken.person for row in self.rows})

    @property
    def raters(self) -> int:
        """How many raters took the photos."""
        return len({row.taken.rater for row in self.rows})

    @property
    def sessions(self) -> int:
        """How many sessions there were."""
        return len({row.taken.session for row in self.rows})
