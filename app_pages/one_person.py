"""Shows one person: their visits, how the angles went, and what can be done with their records."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from app_pages import desk, trends, visit_files
from app_pages.since import PAIR, since
from posture import wording
from posture.language import day, kept
from posture.language import gettext as _
from posture.marking.marks import STATURE_RANGE_CM
from posture.quantities import LUMBAR_CURVE, PELVIC_TILT
from posture.records import archive, people, visits
from posture.records.kept import LONGEST_NAME, Facts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from posture.records.access import Access
    from posture.records.kept import Person, VisitSummary


def show(access: Access, person_id: str) -> None:
    """Show a person's page."""
    person = people.get(access, person_id)
    every = visits.of_person(access, person_id)
    st.title(desk.plain(person.facts.name), anchor=False)
    if person.facts.number:
        st.caption(desk.plain(person.facts.number))
    if every:
        _last_change(access, every)
        _visits(every)
    else:
        st.info(
            _(
                "There is no visit yet. **Next:** measure a photo of this person, then choose "
                "**Save as a visit**."
            ),
            icon=":material/event:",
        )
        st.page_link(
            "app_pages/analyse.py", label=_("Measure a photo"), icon=":material/add_a_photo:"
        )
    dark = st.context.theme.type == "dark"
    charts = {q: trends.over_visits(q, every, dark=dark) for q in (PELVIC_TILT, LUMBAR_CURVE)}
    if any(chart is not None for chart in charts.values()):
        st.subheader(_("Over all visits"), anchor=False)
        for quantity, chart in charts.items():
            if chart is not None:
                with st.container(key=f"trend_{quantity.name}"):
                    said = _("{measure} over the visits, as changes since the first")
                    alt = said.format(measure=wording.label(quantity))
                    st.altair_chart(chart, alt=alt)
        st.caption(_("Grey band: the least change. What stays inside it may be noise alone."))
    _records(access, person)


def _last_change(access: Access, every: Sequence[VisitSummary]) -> None:
    if len(every) < 2:  # noqa: PLR2004 - there is nothing to compare yet
        st.caption(
            _("After a second visit you see here what changed, and whether it is more than noise.")
        )
        return
    since(access, *every[-2:])


def _visits(every: Sequence[VisitSummary]) -> None:
    st.subheader(_("Visits"), anchor=False)
    for visit in reversed(every):
        tilt, curve = (visit.stance.measurements[key] for key in PAIR)
        st.page_link(
            "app_pages/people.py",
            label=f"**{day(visit.at)}** · {wording.label(tilt.quantity)} {wording.directed(tilt)}"
            f" · {wording.label(curve.quantity)} {wording.directed(curve)}",
            icon=":material/event:",
            query_params={"visit": visit.id},
            width="stretch",
        )


def _records(access: Access, person: Person) -> None:
    report = partial(visit_files.report, access)
    with st.expander(_("Name, number and height"), icon=":material/edit:"):
        _change(access, person)
    with st.expander(_("Export or erase"), icon=":material/folder_zip:"):
        st.download_button(
            _("Everything about this person (ZIP)"),
            kept(lambda: archive.export(access, person.id, report=report)),
            "posture_person.zip",
            "application/zip",
            on_click="ignore",
            icon=":material/folder_zip:",
        )
        st.divider()
        st.markdown(
            _(
                "Erasing takes away name, visits, notes and photos for good, and overwrites where "
                "they were. Export first what you want to keep."
            )
        )
        sure = st.checkbox(_("I want to erase everything about this person."), key="erase_sure")
        if st.button(_("Erase"), disabled=not sure, icon=":material/delete_forever:"):
            with st.spinner(_("Erasing…")):
                whole = people.erase(access, person.id)
            if whole:
                st.switch_page("app_pages/people.py")
            st.warning(
                _(
                    "This person is erased. Somebody else was reading meanwhile, so encrypted "
                    "traces stay in the journal until the next time anybody is erased."
                ),
                icon=":material/history:",
            )


def _change(access: Access, person: Person) -> None:
    shortest, tallest = STATURE_RANGE_CM
    facts = person.facts
    with st.form("change_person", border=False):
        name = st.text_input(_("Name"), facts.name, max_chars=LONGEST_NAME, autocomplete="off")
        number = st.text_input(
            _("Number (optional)"), facts.number, max_chars=LONGEST_NAME, autocomplete="off"
        )
        height = st.number_input(
            _("Height in cm (optional)"),
            min_value=shortest,
            max_value=tallest,
            value=facts.stature_cm,
            step=1.0,
            format="%.0f",
        )
        if st.form_submit_button(_("Save")):
            people.change(access, person.id, Facts(name or "", number or "", height))
            st.rerun()
