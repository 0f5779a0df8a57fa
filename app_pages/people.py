"""The page of people: whom a clinic sees, one of them, or one of their visits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from app_pages import desk, one_person, one_visit, own_clinic, waiting
from posture.language import day
from posture.language import gettext as _
from posture.records import archive, drafts, people
from posture.records.kept import LONGEST_NAME, Facts

if TYPE_CHECKING:
    from posture.records.access import Access

_AT_ONCE: Final = 20
_SOUGHT: Final = "people_sought"


def _list(access: Access) -> None:
    st.title(_("People"), anchor=False)
    _unfinished(access)
    label = _("Add a person, or bring one back")
    with st.expander(label, icon=":material/person_add:"), desk.told():
        _add(access)
    # What was sought is still sought when the visitor comes back from a person's page.
    st.session_state.setdefault(_SOUGHT, st.session_state.get(desk.SOUGHT, ""))
    sought = st.text_input(
        _("Search by name or number"),
        max_chars=LONGEST_NAME,
        key=_SOUGHT,
        live="300ms",
        icon=":material/search:",
        autocomplete="off",
    )
    page = max(int(st.session_state.get("people_page", 0)), 0)
    if st.session_state.get(desk.SOUGHT) != sought:
        page = st.session_state["people_page"] = 0
        st.session_state[desk.SOUGHT] = sought
    found = people.search(access, sought or "", start=page * _AT_ONCE, most=_AT_ONCE)
    if page and not found.people:  # somebody was erased, who was alone on it
        page = st.session_state["people_page"] = max(-(-found.count // _AT_ONCE) - 1, 0)
        found = people.search(access, sought or "", start=page * _AT_ONCE, most=_AT_ONCE)
    if not found.count:
        _nobody(bool(sought))
    for person in found.people:
        desk.row(desk.called(person), person.id, ":material/person:", person=person.id)
    _leaf(page, found.count)
    with st.expander(_("Your clinic, for reports"), icon=":material/home_health:"):
        own_clinic.ask(access)


def _nobody(searched: bool) -> None:
    if searched:
        st.info(_("Nobody goes by that name or number."), icon=":material/person_search:")
        return
    st.info(
        _(
            "Nobody is kept here yet. **Next:** measure a photo, then choose **Save as a visit**. "
            "After a second visit you see here what changed, and whether it is more than noise."
        ),
        icon=":material/group:",
    )
    st.page_link("app_pages/analyse.py", label=_("Measure a photo"), icon=":material/add_a_photo:")


def _leaf(page: int, count: int) -> None:
    pages = -(-count // _AT_ONCE)
    if pages <= 1:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        back = st.button(_("Back"), disabled=page == 0, icon=":material/chevron_left:")
        st.caption(
            _("Page {page} of {pages}, {count} people").format(
                page=page + 1, pages=pages, count=count
            ),
            width="content",
        )
        on = st.button(_("Next"), disabled=page + 1 >= pages, icon=":material/chevron_right:")
    if back or on:
        st.session_state["people_page"] = page + (1 if on else -1)
        st.rerun()


def _unfinished(access: Access) -> None:
    for draft in drafts.mine(access):
        name = desk.plain(people.called(access, draft.person_id))
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(
                _("A visit of {name} of {day} is not saved yet.").format(
                    name=f"**{name}**", day=day(draft.at)
                )
            )
            if st.button(_("Go on"), key=f"draft_{draft.id}", type="primary"):
                st.switch_page("app_pages/people.py", query_params={"visit": draft.id})


def _add(access: Access) -> None:
    with st.form("add_person", border=False):
        name = st.text_input(_("Name"), max_chars=LONGEST_NAME, autocomplete="off")
        number = st.text_input(_("Number (optional)"), max_chars=LONGEST_NAME, autocomplete="off")
        if st.form_submit_button(_("Add"), icon=":material/person_add:"):
            added = people.add(access, Facts(name or "", number or ""))
            st.switch_page("app_pages/people.py", query_params={"person": added})
    file = st.file_uploader(_("A person's file that posture exported (ZIP)"), type="zip")
    if file is not None and st.button(_("Bring back"), icon=":material/unarchive:"):
        person_id = archive.bring_back(access, file.getvalue(), read=waiting.unpacked)
        st.switch_page("app_pages/people.py", query_params={"person": person_id})


def _page() -> None:
    with desk.told():
        access = desk.access()
        asked = st.query_params
        if "visit" in asked:
            one_visit.show(access, asked["visit"])
        elif "person" in asked:
            one_person.show(access, asked["person"])
        else:
            _list(access)
            return
    desk.back()


_page()
