"""Reads and writes what a clinic tells of itself: its name, logo, paper and its own noise."""

from __future__ import annotations

import base64
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy import select

from posture.errors import RecordsError
from posture.language import gettext as _
from posture.records.kept import LONGEST_NAME
from posture.records.tables import ClinicRow

if TYPE_CHECKING:
    from posture.records.access import Access

_MOST_LOGO_BYTES: Final = 2_000_000
_MOST_STUDY_BYTES: Final = 20_000_000


@dataclass(frozen=True, slots=True)
class Clinic:
    """What a clinic tells of itself.

    Attributes
    ----------
    name : str
        As reports are headed; empty if they are not.
    logo : bytes or None
        A PNG, JPEG or SVG file.
    paper : {"a4", "letter"}
        What reports are printed on.
    study : str
        Its own study of repeated photos, as `posture.study.kept.to_json` writes it; empty if there
        is none.
    """

    name: str = ""
    logo: bytes | None = None
    paper: Literal["a4", "letter"] = "a4"
    study: str = ""


def get(access: Access) -> Clinic:
    """Return what this user's clinic tells of itself."""
    with access.reading() as session:
        sealed = session.scalar(select(ClinicRow.facts).where(ClinicRow.id == access.clinic_id))
    if sealed is None:
        return Clinic()
    facts = access.open(sealed, _place(access))
    logo = facts.pop("logo")
    return Clinic(logo=None if logo is None else base64.b64decode(logo), **facts)


def change(access: Access, clinic: Clinic) -> None:
    """Write what this user's clinic tells of itself anew.

    Raises
    ------
    RecordsError
        If the name is too long, or the logo or the study too large.
    """
    if len(clinic.name) > LONGEST_NAME:
        raise RecordsError(
            _("A name or number has at most {most} characters: shorten it.").format(
                most=LONGEST_NAME
            )
        )
    if len(clinic.logo or b"") > _MOST_LOGO_BYTES or len(clinic.study) > _MOST_STUDY_BYTES:
        raise RecordsError(
            _("The logo has at most 2 MB and the study at most 20: choose a smaller file.")
        )
    logo = None if clinic.logo is None else base64.b64encode(clinic.logo).decode()
    sealed = access.seal(asdict(clinic) | {"logo": logo}, _place(access))
    with access.writing() as session:
        row = session.get(ClinicRow, access.clinic_id)
        if row is not None:
            row.facts = sealed
        access.audit(session, "clinic")


def _place(access: Access) -> str:
    return f"clinic/{access.clinic_id}"
