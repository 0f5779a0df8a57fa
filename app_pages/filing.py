"""Puts photos that were measured into a visit: asks whose they are and begins its draft."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import streamlit as st

from app_pages import desk, measuring, photos
from posture import overlay
from posture.errors import RecordsError, WorkerLostError
from posture.language import gettext as _
from posture.records import drafts, people, visits
from posture.records.drafts import Draft
from posture.records.kept import (
    LONGEST_NAME,
    MOST_PHOTOS,
    Facts,
    KeptPhoto,
    Person,
    Visit,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app_pages.measuring import Result
    from posture.records.access import Access

#: How many people the list to choose from holds; a search finds the others.
_MOST: Final = 8
_EXPECTED: Final = "filing_expected"
_IDS: Final = "filing_ids"


def expect(person_id: str) -> None:
    """Take the next photo to be this person's, until somebody says otherwise.

    Photos that were measured before are not taken to be theirs.
    """
    earlier = frozenset(upload.key for upload in photos.uploads())
    st.session_state[_EXPECTED] = (person_id, earlier)


def tell_expected() -> None:
    """Say whose photo comes next, if that was told, and let it be taken back."""
    if _EXPECTED not in st.session_state:
        return
    person_id, earlier = st.session_state[_EXPECTED]
    try:
        name = people.called(desk.access(), person_id)
    except RecordsError:  # erased meanwhile, or the login has ended
        _expect_nobody()
        return
    has_come = any(upload.key not in earlier for upload in photos.uploads())
    said = (
        _("The new photo is of **{name}**.") if has_come else _("The next photo is of **{name}**.")
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/person: {said.format(name=desk.plain(name))}")
        st.button(_("Of somebody else"), type="tertiary", on_click=_expect_nobody)


def _expect_nobody() -> None:
    st.session_state.pop(_EXPECTED, None)


def offer(shown: Result, own: Sequence[Result]) -> None:
    """Offer to save the photo that is shown, and others of the same stance, as a visit."""
    label = _("Save as a visit")
    if st.button(label, type="primary", icon=":material/person_add:", key="save_as_visit"):
        # Of the visit and of a new person: whoever taps twice begins one draft.
        st.session_state[_IDS] = (visits.new_id(), visits.new_id())
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
            live="300ms",
            autocomplete="off",
        )
        found = people.search(access, sought or "", most=_MOST)
        name = (sought or "").strip()
        known = name.casefold() in {person.facts.name.casefold() for person in found.people}
        likely = None if name else _expected(access, chosen)
        listed = [*filter(None, [likely]), *found.people]
        for person in {one.id: one for one in listed}.values():
            is_likely = person == likely or person.facts.name.casefold() == name.casefold()
            if st.button(
                desk.called(person),
                key=f"file_{person.id}",
                width="stretch",
                type="primary" if is_likely else "secondary",
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
            _begin(access, chosen, st.session_state[_IDS][1], Facts(name, stature_cm=height))
        st.caption(
            ":material/lock: "
            + _(
                "Until you save or discard it, the visit is kept as a draft with its photos, "
                "encrypted on the computer that runs posture."
            )
        )


def _expected(access: Access, chosen: Sequence[Result]) -> Person | None:
    """Return the person whose photos these are said to be, if they came after that was said."""
    person_id, earlier = st.session_state.get(_EXPECTED, ("", frozenset()))
    if not person_id or not chosen or any(one.upload.key in earlier for one in chosen):
        return None
    try:
        return people.get(access, person_id, action=None)
    except RecordsError:  # erased or damaged meanwhile
        return None


def _begin(
    access: Access, chosen: Sequence[Result], person_id: str, facts: Facts | None = None
) -> None:
    kept = []
    for result in chosen:
        if result.assessment is not None:
            try:
                picture = overlay.to_jpeg(measuring.opened(result.upload))
            except WorkerLostError as error:
                raise RecordsError(str(error)) from error
            kept.append(KeptPhoto(visits.new_id(), result.assessment, picture))
    visit = Visit(st.session_state[_IDS][0], person_id, datetime.now(UTC), tuple(kept))
    drafts.begin(access, Draft(visit), facts)
    _expect_nobody()
    desk.go(visit=visit.id)
