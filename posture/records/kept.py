"""Holds what is kept of people and their visits, as it is handed out; it stores nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from posture.errors import RecordsError
from posture.language import gettext as _
from posture.visit import Conditions, Stance, together

if TYPE_CHECKING:
    from datetime import datetime

    from posture.assessment import Assessment

#: How long texts may be, in characters.
LONGEST_NAME: Final = 200
LONGEST_TEXT: Final = 20_000
#: How many photos one visit may have.
MOST_PHOTOS: Final = 12


@dataclass(frozen=True, slots=True)
class Facts:
    """What a person is known by.

    Attributes
    ----------
    name : str
        As the clinic calls them.
    number : str
        The clinic's own number for them, empty if there is none.
    stature_cm : float or None
        Standing height, if it is known.
    """

    name: str
    number: str = ""
    stature_cm: float | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """A person who is seen at a clinic.

    Attributes
    ----------
    id : str
        By which the records know them.
    facts : Facts
        What they are known by.
    visits : int
        How many visits are saved.
    last_at : datetime or None
        When the last of them was.
    """

    id: str
    facts: Facts
    visits: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True, eq=False)
class KeptPhoto:
    """One photo of a visit.

    Attributes
    ----------
    id : str
        By which the records know it.
    assessment : Assessment
        What was read in it, with every point, correction and version.
    picture : bytes or None
        The picture as JPEG without metadata, if it was to be kept.
    """

    id: str
    assessment: Assessment
    picture: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class VisitSummary:
    """The numbers of a visit, for lists and trends.

    Attributes
    ----------
    id, person_id : str
        By which the records know the visit and whose it is.
    at : datetime
        When the photos were taken.
    stance : Stance
        What they say together.
    """

    id: str
    person_id: str
    at: datetime
    stance: Stance


@dataclass(frozen=True, slots=True, eq=False)
class Visit:
    """One visit of a person.

    Attributes
    ----------
    id, person_id : str
        By which the records know the visit and whose it is.
    at : datetime
        When the photos were taken.
    photos : tuple of KeptPhoto
        Photos of one stance, in order.
    conditions : Conditions
        What they were taken under.
    notes, plan : str
        The therapist's own words; the program writes nothing into them.
    """

    id: str
    person_id: str
    at: datetime
    photos: tuple[KeptPhoto, ...]
    conditions: Conditions = field(default_factory=Conditions)
    notes: str = ""
    plan: str = ""

    @property
    def stance(self) -> Stance:
        """What the photos say together.

        Raises
        ------
        ValueError
            If there are none.
        """
        return together([photo.assessment for photo in self.photos], self.conditions)

    @property
    def shown(self) -> KeptPhoto:
        """The photo to show: the first of those that the numbers come from."""
        return self.photos[self.stance.used[0]]


def checked_words(notes: str, plan: str) -> dict[str, str]:
    """Return notes and plan as they are kept.

    Raises
    ------
    RecordsError
        If one is too long.
    """
    if max(len(notes), len(plan)) > LONGEST_TEXT:
        raise RecordsError(
            _("Notes and plan have at most {most} characters each: shorten them.").format(
                most=LONGEST_TEXT
            )
        )
    return {"notes": notes, "plan": plan}
