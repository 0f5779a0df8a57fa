"""Offers a visit as files: the report to hand over, and what other programs read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from app_pages import own_clinic
from posture import Photo, clock, compare, overlay
from posture.interchange import fhir, table
from posture.interchange.record import Record
from posture.language import gettext as _
from posture.language import kept
from posture.records import clinics, people
from posture.report import pdf
from posture.report.content import Report

if TYPE_CHECKING:
    from posture.records.access import Access
    from posture.records.kept import KeptPhoto, Visit, VisitSummary


@dataclass(frozen=True, slots=True)
class _File:
    """A file that a visit is offered as."""

    label: str
    icon: str
    name: str
    kind: str
    make: Callable[[], str | bytes]


def picture(photo: KeptPhoto) -> Photo | None:
    """Return the photo that was kept, at the size that its assessment speaks of."""
    if photo.picture is None:
        return None
    read = photo.assessment
    opened = Photo.open(photo.picture, name=read.photo_name)
    return replace(opened, width=read.width, height=read.height)


def report(access: Access, visit: Visit, before: VisitSummary | Visit | None) -> bytes:
    """Return a visit's report as PDF, with what changed since the one before."""
    clinic = clinics.get(access)
    changes = None if before is None else own_clinic.compare(access, before.stance, visit.stance)
    return pdf.to_pdf(
        Report(
            person=people.named(access, visit.person_id).name,
            at=visit.at,
            pictures=tuple((picture(photo), photo.assessment) for photo in visit.photos),
            stance=visit.stance,
            changes=changes,
            before_at=None if before is None else before.at,
            own_noise=before is not None and changes != compare(before.stance, visit.stance),
            notes=visit.notes,
            plan=visit.plan,
            clinic=clinic.name,
            logo=clinic.logo,
            paper=clinic.paper,
        )
    )


def offer(access: Access, visit: Visit, before: VisitSummary | None) -> None:
    """Offer a visit's files."""
    record = Record(
        tuple(photo.assessment for photo in visit.photos),
        visit.stance,
        visit.person_id,
        visit.id,
        at=visit.at,
        conditions=visit.conditions,
    )
    first, date = visit.shown, clock.local(visit.at).date().isoformat()
    files = [
        _File(
            *(_("Report (PDF)"), ":material/picture_as_pdf:"),
            *(f"posture_report_{date}.pdf", "application/pdf"),
            lambda: report(access, visit, before),
        ),
        _File(
            *(_("Table (CSV)"), ":material/table:", f"posture_visit_{date}.csv", "text/csv"),
            lambda: table.to_csv(record),
        ),
        _File(
            *(_("For clinic software (FHIR)"), ":material/local_hospital:"),
            *(f"posture_visit_{date}.fhir.json", "application/fhir+json"),
            lambda: fhir.to_fhir(record),
        ),
        _File(
            *(_("Drawing (SVG)"), ":material/draw:", f"posture_visit_{date}.svg", "image/svg+xml"),
            lambda: overlay.to_svg(first.assessment, picture(first)),
        ),
    ]
    if fhir.lacking():
        del files[2]
    st.subheader(_("Save"), anchor=False)
    with st.container(horizontal=True):
        for number, file in enumerate(files):
            st.download_button(
                file.label,
                kept(partial(_noted, access, visit, file.make)),
                file.name,
                file.kind,
                on_click="ignore",
                icon=file.icon,
                type="secondary" if number else "primary",
            )


def _noted(access: Access, visit: Visit, make: Callable[[], str | bytes]) -> str | bytes:
    """Make a file, and note that it was taken."""
    made = make()
    access.note("export", visit.person_id, visit.id)
    return made
