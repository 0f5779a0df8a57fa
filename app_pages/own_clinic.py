"""Asks what heads a clinic's reports, and compares with its own noise where that is known."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from app_pages import desk, waiting
from posture import change
from posture.errors import ReportError, StudyError
from posture.language import gettext as _
from posture.records import clinics
from posture.records.kept import LONGEST_NAME
from posture.study import kept, words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from posture import Assessment, Change
    from posture.change import OwnNoise
    from posture.records.access import Access
    from posture.records.clinics import Clinic
    from posture.report.content import Paper
    from posture.study.figures import Study
    from posture.visit import Stance

    Comparer = Callable[[Stance, Stance], Mapping[str, Change]]


def compare(access: Access, before: Stance, after: Stance) -> Mapping[str, Change]:
    """Compare two visits, with the least changes of the clinic's own study if there is one."""
    return comparer(access)(before, after)


def comparer(access: Access) -> Comparer:
    """Return what compares many visits so."""
    return partial(change.compare, own=_noise(clinics.get(access)))


def source_of_noise(access: Access, latest: Assessment) -> None:
    """Say that least changes are the clinic's own, where they are, and if they are out of date."""
    clinic = clinics.get(access)
    if not _noise(clinic):
        return
    st.caption(
        ":material/rule: "
        + _("Least changes are from your own study, for the measures that it tells.")
    )
    study = kept.read(clinic.study)
    if other := words.made_otherwise(study, latest.software, latest.model):
        st.warning(other, icon=":material/update:")


def use_study(study: Study) -> None:
    """Offer to compare with the least changes of a study from now on, if it tells any."""
    if not kept.own_noise(study):
        return
    if st.button(_("Compare visits with these least changes"), icon=":material/rule:"):
        with desk.told():
            access = desk.access()
            known = clinics.get(access)
            clinics.change(access, replace(known, study=kept.to_json(kept.without_people(study))))
            st.success(_("Visits are compared with them from now on."), icon=":material/check:")


def ask(access: Access) -> None:
    """Ask for name, logo and paper, and whether the own noise is used."""
    known = clinics.get(access)
    papers: dict[Paper, str] = {"a4": _("A4"), "letter": _("US Letter")}
    with st.form("own_clinic", border=False):
        name = st.text_input(
            _("Name that heads your reports (optional)"),
            known.name,
            max_chars=LONGEST_NAME,
            autocomplete="organization",
        )
        file = st.file_uploader(_("Logo (optional): PNG, JPEG or SVG"))
        paper = st.segmented_control(
            _("Paper"),
            list(papers),
            default=known.paper,
            required=True,
            format_func=papers.__getitem__,
        )
        without_logo = known.logo is not None and st.checkbox(_("Leave the logo out"))
        without_study = bool(known.study) and st.checkbox(
            _("Compare with posture's own least changes again, not with your study's")
        )
        if not st.form_submit_button(_("Save")):
            return
    logo = None if without_logo else known.logo
    if file is not None and not without_logo:
        logo = file.getvalue()
        try:
            waiting.logo_as_svg(logo)
        except ReportError as error:
            st.error(str(error), icon=":material/broken_image:")
            return
    study = "" if without_study else known.study
    clinics.change(
        access, replace(known, name=name or "", logo=logo, paper=paper or "a4", study=study)
    )
    st.success(_("Saved."), icon=":material/check:")


def _noise(clinic: Clinic) -> OwnNoise | None:
    if not clinic.study:
        return None
    try:
        return kept.own_noise(kept.read(clinic.study))
    except StudyError:  # of an older version: posture's own are used, and nothing claims otherwise
        return None
