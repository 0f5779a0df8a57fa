"""Offers a visit as files: the report to hand over, and what other programs read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from app_pages import own_clinic
from posture import Photo, overlay
from posture.interchange import fhir, table
from posture.interchange.record import Record
from posture.language import gettext as _
from posture.language import kept
from posture.records import clinics, people
from posture.report import pdf
from posture.report.content import Report

if TYPE_CHECKING:
    from collections.abc import Callable

    from posture.records.access import Access
    from posture.records.kept import KeptPhoto, Visit, VisitSummary


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
            notes=visit.notes,
            plan=visit.plan,
            clinic=clinic.name,
            logo=clinic.logo,
            paper=clinic.paper,
        )
    )


def offer(access: Access, visit: Visit, before: VisitSummary | None) -> None:
    """Offer a visit's files."""
    first = visit.photos[0]
    record = Record(
        tuple(photo.assessment for photo in visit.photos),
        visit.stance,
        visit.person_id,
        visit.id,
        at=visit.at,
        conditions=visit.conditions,
    )
    files = (
        (_("Report (PDF)"), ":material/picture_as_pdf:", "posture_report.pdf", "application/pdf"),
        (_("Table (CSV)"), ":material/table:", "posture_visit.csv", "text/csv"),
        (
            _("For clinic software (FHIR)"),
            ":material/local_hospital:",
            "posture_visit.fhir.json",
            "application/fhir+json",
        ),
        (_("Drawing (SVG)"), ":material/draw:", "posture_visit.svg", "image/svg+xml"),
    )
    made: tuple[Callable[[], str | bytes], ...] = (
        lambda: report(access, visit, before),
        lambda: table.to_csv(record),
        lambda: fhir.to_fhir(record),
        lambda: overlay.to_svg(first.assessment, picture(first)),
    )
    st.subheader(_("Save"), anchor=False)
    with st.container(horizontal=True):
        for number, ((label, icon, name, kind), make) in enumerate(zip(files, made, strict=True)):
            st.download_button(
                label,
                kept(make),
                name,
                kind,
                on_click="ignore",
                icon=icon,
                type="secondary" if number else "primary",
            )
