"""Holds what a report is about: whose visit, what it says, what was noted; it sets no page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from posture.assessment import Assessment
    from posture.change import Change
    from posture.photo import Photo
    from posture.visit import Stance

Paper = Literal["a4", "letter"]


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """One visit of one person, as it is handed over.

    Attributes
    ----------
    person : str
        The person's name; empty leaves it out.
    at : datetime or None
        When the visit was, if it is known; without a time zone it counts as UTC in what the PDF
        says of itself.
    pictures : tuple of (Photo or None, Assessment)
        The visit's photos, one at least, each None if it was not kept. The first that the numbers
        come from is shown.
    stance : Stance
        What they say together, from `posture.visit.together`.
    changes : mapping of str to Change, or None
        What changed since an earlier visit, from `posture.compare`; None if it is not told.
    before_at : datetime or None
        When that earlier visit was, if it is known.
    own_noise : bool
        Whether least changes of the clinic's own study were used for the changes.
    notes, plan : str
        What the therapist wrote; shown as it is, left out if empty.
    clinic : str
        Name of the clinic.
    logo : bytes or None
        The clinic's logo, a PNG, JPEG or SVG file.
    paper : {"a4", "letter"}
        Size of the pages.
    """

    person: str
    at: datetime | None
    pictures: tuple[tuple[Photo | None, Assessment], ...]
    stance: Stance
    changes: Mapping[str, Change] | None = None
    before_at: datetime | None = None
    own_noise: bool = False
    notes: str = ""
    plan: str = ""
    clinic: str = ""
    logo: bytes | None = None
    paper: Paper = "a4"

    @property
    def refused(self) -> bool:
        """Whether nothing at all could be measured, in any of the photos."""
        return all(assessment.status == "refused" for _photo, assessment in self.pictures)
