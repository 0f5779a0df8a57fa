"""Holds a photo that is to be assessed, and what a person told of it; it computes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posture.marking.marks import Corrections
    from posture.photo import Photo


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A photo that is to be assessed.

    Attributes
    ----------
    photo : Photo
        The photo.
    model : str
        Name of what finds people in it.
    stature_cm : float or None
        Standing height of the person, if it was told.
    corrections : Corrections
        What a person placed and drew.
    markers : bool
        Whether stickers are looked for.
    """

    photo: Photo
    model: str
    stature_cm: float | None
    corrections: Corrections
    markers: bool
