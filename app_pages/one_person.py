"""Shows one person: their visits, how the angles went, and what can be done with their records."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from app_pages import desk, filing, one_visit, own_clinic, trends, visit_files, when
from app_pages.since import PAIR, since
from posture import wording
from posture.errors import SealError
from posture.language import day, kept, ngettext
from posture.language import gettext as _
from posture.marking.marks import STATURE_RANGE_CM
from posture.quantities import LUMBAR_CURVE, PELVIC_TILT
from posture.records import archive, drafts, people, visits
from posture.records.kept import LONGEST_NAME, Facts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from posture.records.access import Access
    from posture.records.kept import Person, VisitSummary


def show(access: Access, person_id: str) -> None:
    """Show a person's page; where it cannot be read, it can still be erased."""
    try:
        person = desk.look(person_id, lambda note: people.get(access, person_id, action=note))
    except SealError as error:
        st.error(str(error), icon=":material/folder_off:")
        _erase(access, person_id)
        return
    every = visits.of_person(access, person_id)
    st.title(desk.plain(person.facts.name), anchor=False)
    if person.facts.number:
        st.caption(desk.plain(person.facts.number))
    if every:
        _last_change(access, every)
        _visits(every)
    elif not person.visits:
        st.info(
            _(
                "There is no visit yet. **Next:** choose **New visit**, measure a photo of this "
                "person, then choose **Save as a visit**."
            ),
            icon=":material/event:",
        )
    if st.button(_("New visit"), icon=":material/add_a_photo:"):
        filing.expect(person.id)
        st.switch_page("app_pages/analyse.py")
    if unread := person.visits - len(every):
        said = ngettext(
            "{count} visit is damaged or of another version, and cannot be read: restore a backup.",
            "{count} visits are damaged or of another version, and cannot be read: restore a "
            "backup.",
            unread,
        )
        st.error(said.format(count=unread), icon=":material/folder_off:")
    _others_drafts(access, person_id)
    _trends(access, every)
    _records(access, person)


def _others_drafts(access: Access, person_id: str) -> None:
    for draft in drafts.others(access, person_id):
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            said = _("{user} began a visit on {day} and has not saved it.")
            st.markdown(said.format(user=desk.plain(draft.user), day=day(draft.begun_at)))
            one_visit.discard(access, draft.id, person_id)


def _trends(access: Access, every: Sequence[VisitSummary]) -> None:
    compare = own_clinic.comparer(access)
    found = {q: trends.trend(q, every, compare) for q in (PELVIC_TILT, LUMBAR_CURVE)}
    known = {quantity: one for quantity, one in found.items() if one is not None}
    if not known:
        return
    dark = st.context.theme.type == "dark"
    st.subheader(_("Over all visits"), anchor=False)
    for quantity, one in known.items():
        with st.container(key=f"trend_{quantity.name}"):
            said = _("{measure} over the visits, as changes since the first")
            alt = said.format(measure=wording.label(quantity))
            st.altair_chart(trends.chart(quantity, one, dark=dark), alt=alt)
        if one.left_out:
            told = ngettext(
                "{measure}: {count} visit is left out, since it cannot be compared.",
                "{measure}: {count} visits are left out, since they cannot be compared.",
                one.left_out,
            )
            st.caption(told.format(measure=wording.label(quantity), count=one.left_out))
    st.caption(_("Grey band: the least change. What stays inside it may be noise alone."))


def _last_change(access: Access, every: Sequence[VisitSummary]) -> None:
    if len(every) < 2:  # noqa: PLR2004 - there is nothing to compare yet
        st.caption(
            _("After a second visit you see here what changed, and whether it is more than noise.")
        )
        return
    since(access, *every[-2:])


def _visits(every: Sequence[VisitSummary]) -> None:
    st.subheader(_("Visits"), anchor=False)
    days = when.days(every)
    for visit in reversed(every):
        tilt, curve = (visit.stance.measurements[key] for key in PAIR)
        desk.row(
            f"**{days[visit.id]}** · {wording.label(tilt.quantity)} {wording.directed(tilt)}"
            f" · {wording.label(curve.quantity)} {wording.directed(curve)}",
            visit.id,
            ":material/event:",
            visit=visit.id,
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
        st.caption(_("Drafts are not in it: save them first."))
        st.divider()
        _erase(access, person.id)


def _erase(access: Access, person_id: str) -> None:
    st.markdown(
        _(
            "Erasing takes away name, visits, notes and photos for good, and overwrites where "
            "they were. Export first what you want to keep."
        )
    )
    sure = st.checkbox(
        _("I want to erase everything about this person."), key=f"erase_sure_{person_id}"
    )
    if st.button(_("Erase"), disabled=not sure, icon=":material/delete_forever:"):
        with st.spinner(_("Erasing…")):
            whole = people.erase(access, person_id)
        if whole:
            st.session_state.pop(desk.SOUGHT, None)  # else a name that is gone would be sought
            desk.go(_("Erased."))
        st.warning(
            _(
                "This person is erased. Somebody else was at work meanwhile, so encrypted "
                "traces stay in the files until the next time anybody is erased."
            ),
            icon=":material/history:",
        )


def _change(access: Access, person: Person) -> None:
    shortest, tallest = STATURE_RANGE_CM
    facts = person.facts
    with st.form(f"change_{person.id}", border=False):
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
