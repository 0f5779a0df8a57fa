"""Puts photos that were measured into a visit: asks whose they are and begins its draft."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import streamlit as st

from app_pages import desk, photos
from posture import overlay
from posture.language import gettext as _
from posture.records import drafts, people, visits
from posture.records.drafts import Draft
from posture.records.kept import LONGEST_NAME, MOST_PHOTOS, Facts, KeptPhoto, Visit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app_pages.photos import Result
    from posture.records.access import Access

#: How many people the list to choose from holds; a search finds the others.
_MOST: Final = 8
_NAME: Final = "filing_name"


def expect(name: str) -> None:
    """Take the next visit to be this person's, until somebody says otherwise."""
    st.session_state[_NAME] = name


def offer(shown: Result, own: Sequence[Result]) -> None:
    """Offer to save the photo that is shown, and others of the same stance, as a visit."""
    label = _("Save as a visit")
    if st.button(label, type="primary", icon=":material/person_add:", key="save_as_visit"):
        st.dialog(label)(_ask)(shown, own)


def _ask(shown: Result, own: Sequence[Result]) -> None:
    with desk.told():
        access = desk.access()
        measured = [result for result in own if result.assessment is not None]
        if shown not in measured:
            measured = [shown]
        chosen = [shown]
        if len(measured) > 1:
            names = {result.upload.key: result.upload.name for result in measured}
            keys = st.multiselect(
                _("Photos of this person, one after the other in the same stance"),
                list(names),
                default=[shown.upload.key],
                format_func=names.__getitem__,
                max_selections=MOST_PHOTOS,
            )
            chosen = [result for result in measured if result.upload.key in keys]
        sought = st.text_input(
            _("Who is it? Name or number"),
            max_chars=LONGEST_NAME,
            key=_NAME,
            live="300ms",
            autocomplete="off",
        )
        found = people.search(access, sought or "", most=_MOST)
        name = (sought or "").strip()
        known = name.casefold() in {person.facts.name.casefold() for person in found.people}
        for person in found.people:
            if st.button(
                desk.called(person),
                key=f"file_{person.id}",
                width="stretch",
                type="primary" if person.facts.name.casefold() == name.casefold() else "secondary",
                disabled=not chosen,
            ):
                _begin(access, chosen, person.id)
        if found.count > _MOST:
            st.caption(_("{count} more: write more of the name.").format(count=found.count - _MOST))
        if name and st.button(
            _("New person: {name}").format(name=desk.plain(name)),
            type="secondary" if known else "primary",
            icon=":material/person_add:",
            key="file_new",
            width="stretch",
            disabled=not chosen,
        ):
            height = st.session_state.get(photos.height_key(shown.upload.key))
            _begin(access, chosen, visits.new_id(), Facts(name, stature_cm=height))
        st.caption(
            ":material/lock: "
            + _(
                "Until you save or discard it, the visit is kept as a draft with its photos, "
                "encrypted on the computer that runs posture."
            )
        )


def _begin(
    access: Access, chosen: Sequence[Result], person_id: str, facts: Facts | None = None
) -> None:
    kept = []
    for result in chosen:
        if result.assessment is not None:
            picture = overlay.to_jpeg(photos.opened(result.upload))
            kept.append(KeptPhoto(visits.new_id(), result.assessment, picture))
    visit = Visit(visits.new_id(), person_id, datetime.now(UTC), tuple(kept))
    drafts.begin(access, Draft(visit), facts)
    st.session_state.pop(_NAME, None)
    desk.go(visit=visit.id)
