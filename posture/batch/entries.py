"""Holds one photo of many as it was listed, and what came of it; it reads and measures nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

#: Between a URL's protocol and the rest of it.
PROTOCOL: Final = "://"
#: The kind of an `Outcome` that may be another one if the photo is tried again later.
LATER: Final = 4

Cell: TypeAlias = str | float | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One photo as it was listed.

    Attributes
    ----------
    location : str
        What is opened: an absolute path or a URL; empty if the list names none.
    shown : str
        The photo as it was asked for, for people to read.
    stamp : str
        Differs when the file does: its size and time. Empty if nothing is known of it.
    stature_cm : float or None
        Standing height that was given.
    person : str
        Whom it shows, if that was given.
    fault : str
        Why it cannot be measured, in one sentence, if its row in a list is bad.
    """

    location: str
    shown: str
    stamp: str = ""
    stature_cm: float | None = None
    person: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """How all photos of a batch are measured.

    Attributes
    ----------
    markers : bool
        Whether stickers are looked for.
    overlays : bool
        Whether pictures with the lines drawn in are made.
    language : str
        Code of the language in which errors are said.
    """

    markers: bool = False
    overlays: bool = False
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one photo.

    Attributes
    ----------
    kind : {0, 3, 2, 1, 4}
        Measured, something refused, not a photo, or not measured through a fault of the program:
        the exit status that it alone would give, see `posture.results`. `LATER` if it cannot be
        read for now.
    cells : sequence of str, float or None
        Its row, as `posture.batch.row.MEASURED` names it.
    overlay : bytes or None
        A PNG, if one was asked for and the photo was measured.
    """

    kind: int
    cells: Sequence[Cell]
    overlay: bytes | None = None
