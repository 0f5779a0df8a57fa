"""Holds what is handed on: whose photos, when, and what they say; it writes nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid5

from posture.errors import InterchangeError
from posture.language import gettext as _
from posture.visit import Conditions, Stance

if TYPE_CHECKING:
    from posture.assessment import Assessment
    from posture.quantities import Measurement
    from posture.shape import Facing

#: Units as UCUM writes them.
UNITS: Final[Mapping[str, str]] = {"deg": "deg", "pct": "%", "cm": "cm"}

# Chosen once at random, so that posture's identifiers are nobody else's.
_OWN: Final = UUID("782a44a8-142b-4b70-8c22-93fbcc7f4836")


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """Photos of one person's visit, or one photo alone, as they are handed on.

    Attributes
    ----------
    assessments : tuple of Assessment
        One at least.
    stance : Stance or None
        The same photos put together, `posture.visit.together`, if they are of one stance.
    person, visit : str
        How the caller identifies them; empty if nothing is to be told.
    name : str
        The person's name; only what is given here is written as a name.
    at : datetime or None
        When the photos were taken, with its time zone.
    conditions : Conditions or None
        What they were taken under; None takes the stance's.

    Raises
    ------
    InterchangeError
        If there is no photo, the time has no time zone, or an identifier cannot be printed.
    """

    assessments: tuple[Assessment, ...]
    stance: Stance | None = None
    person: str = ""
    visit: str = ""
    name: str = ""
    at: datetime | None = None
    conditions: Conditions | None = None

    def __post_init__(self) -> None:
        if not self.assessments:
            raise InterchangeError(_("There is nothing to hand on: measure a photo first."))
        if self.at is not None and self.at.utcoffset() is None:
            raise InterchangeError(
                _("The time of the photos has no time zone: give one, such as +01:00.")
            )
        for text in (self.person, self.visit, self.name):
            check_identifier(text)

    @property
    def taken(self) -> Conditions:
        """What the photos were taken under, as far as it was told."""
        told = self.conditions or (self.stance and self.stance.conditions)
        return told or Conditions()

    @property
    def at_text(self) -> str:
        """When they were taken, in ISO 8601 with its offset; empty if that was not told."""
        if self.at is None:
            return ""
        offset = self.at.utcoffset()
        # Local mean times of long ago differ by odd seconds, which ISO 8601 cannot write.
        odd = offset is not None and offset.total_seconds() % 60 != 0
        return (self.at.astimezone(UTC) if odd else self.at).isoformat(timespec="seconds")

    def photos(self) -> tuple[Part, ...]:
        """Return what each photo says."""
        return tuple(
            Part(number, one.photo_name, one.measurements, one.facing)
            for number, one in enumerate(self.assessments, 1)
        )

    def mean(self) -> Part | None:
        """Return what the photos say together, if they are of one stance."""
        together = self.stance
        if together is None:
            return None
        return Part(0, "", together.measurements, together.facing, together.counts)

    def results(self) -> tuple[Part, ...]:
        """Return what they say together, or else each photo's own."""
        mean = self.mean()
        return self.photos() if mean is None else (mean,)

    def identity(self, part: Part | None, *more: str) -> UUID:
        """Return an identifier made of what is written, so that the same is named the same.

        Parameters
        ----------
        part : Part or None
            The photo, or the stance, that it is of; None for the record as a whole.
        *more : str
            What tells it from others of the same part.
        """
        parts = self.results() if part is None else (part,)
        first, taken = self.assessments[0], self.taken
        content = [
            [self.person, self.visit, self.at_text, taken.arms, taken.clothes],
            [first.software, first.model, *more],
            *([one.number, one.facing, _numbers(one), self._place(one)] for one in parts),
        ]
        return identifier(content)

    def _place(self, part: Part) -> list[list[object]]:
        """Return size and points of a photo, which hardly two photos have in common."""
        if not part.number:
            return []
        one = self.assessments[part.number - 1]
        return [
            [one.width, one.height],
            *([name, round(at.x, 2), round(at.y, 2)] for name, at in one.points.items()),
        ]


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What one photo says, or several of one stance together.

    Attributes
    ----------
    number : int
        Counts the photos from 1; 0 is several together.
    photo : str
        The photo's name; empty for several together.
    measurements : mapping of str to Measurement
        By key.
    facing : {"left", "right"} or None
        Where the person looks.
    counts : mapping of str to int, or None
        From how many photos each number comes; None for one photo.
    """

    number: int
    photo: str
    measurements: Mapping[str, Measurement]
    facing: Facing | None
    counts: Mapping[str, int] | None = None

    def count(self, key: str) -> int:
        """Return from how many photos a number comes; 0 if it is refused."""
        if self.counts is not None:
            return self.counts[key]
        return int(self.measurements[key].value is not None)


def check_identifier(text: str) -> None:
    """Look whether what somebody or something is called can be written everywhere.

    Raises
    ------
    InterchangeError
        If it begins or ends with a space, or has a character that cannot be printed.
    """
    if not text.isprintable() or text != text.strip():
        raise InterchangeError(
            _(
                "The identifier {text} begins or ends with a space or has a character that "
                "cannot be printed: correct it."
            ).format(text=ascii(text))
        )


def identifier(content: object) -> UUID:
    """Return an identifier made of content, which `json.dumps` can write."""
    return uuid5(_OWN, json.dumps(content))


def rounded(number: float | None) -> float | None:
    """Return a number with the two decimals that are written, never -0.0."""
    return None if number is None else round(number, 2) + 0.0


def _numbers(part: Part) -> dict[str, list[float | str | None]]:
    return {
        key: [
            *map(rounded, (m.value, m.low, m.high, m.mdc95, m.relative)),
            *(m.tier, *m.reasons),
        ]
        for key, m in part.measurements.items()
    }
