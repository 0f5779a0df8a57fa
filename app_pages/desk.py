"""Opens the records for whoever looks at the page, and says it where they cannot be had."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeVar, cast

import streamlit as st

from app_pages import cards, door
from posture.errors import NotThereError, RecordsError, SealError
from posture.language import day, ngettext
from posture.language import gettext as _
from posture.records.access import Access, Records, open_records

if TYPE_CHECKING:
    from app_pages.door import Visitor
    from posture.records.kept import Person

#: What was sought last in the list of people.
SOUGHT: Final = "people_last"

_VISITOR: Final = "visitor"
_SEEN: Final = "rows_seen"
_PEOPLE: Final = "app_pages/people.py"
_DONE: Final = "done"
_T = TypeVar("_T")


def let_in(visitor: Visitor) -> None:
    """Remember who the door let in, in this run of the page."""
    st.session_state[_VISITOR] = visitor


def clinics_of(user: str) -> list[str]:
    """Return the clinics to which a user belongs: one or none."""
    try:
        return [records().enter(user).clinic_id]
    except NotThereError:
        return []
    except RecordsError:  # photos can be measured all the same; pages with records say why
        return [""]


def access() -> Access:
    """Return the access of this visitor.

    Raises
    ------
    RecordsError
        If the records cannot be opened, or the visitor is at no clinic or has gone.
    """
    visitor = cast("Visitor | None", st.session_state.get(_VISITOR))
    # What runs before the page does, or without it, has not passed the door anew.
    if visitor is None or not door.is_open():
        raise RecordsError(_("Your login has ended: log in again."))
    if visitor == door.LOCAL:
        return records().local()
    return records().enter(visitor.user)


@st.cache_resource(show_spinner=False)
def records() -> Records:
    """Return the records, which all visitors share."""
    return open_records()


def look(row_id: str, read: Callable[[str | None], _T]) -> _T:
    """Read a person or a visit so that a window's first look at them is noted, and no later one.

    Parameters
    ----------
    row_id : str
        The id of the person or visit.
    read : callable
        Reads it, given what is to be noted.
    """
    seen: set[str] = st.session_state.setdefault(_SEEN, set())
    found = read(None if row_id in seen else "view")
    seen.add(row_id)  # once it was noted
    return found


@contextmanager
def told() -> Iterator[None]:
    """Show what the records could not do as one sentence; what follows in the block is left out."""
    # Its place stays when it has gone: else what follows would move up and be built anew.
    place = st.empty()
    if done := st.session_state.pop(_DONE, ""):
        place.success(done, icon=":material/check:")
    try:
        yield
    except RecordsError as error:
        st.error(str(error), icon=":material/folder_off:")
        if isinstance(error, SealError) and not _are_open():
            st.info(
                _("Photos can be measured all the same; start posture anew once the key is set."),
                icon=":material/key:",
            )


def _are_open() -> bool:
    """Tell whether the records have their key, so that only a part of them is damaged."""
    try:
        records()
    except RecordsError:
        return False
    return True


def plain(text: str) -> str:
    """Return what somebody wrote so that it shows as it is, on one line."""
    return cards.plain(" ".join(text.split()))


def called(person: Person) -> str:
    """Return a person's line in a list: name, number, and how often and when they were seen."""
    parts = [f"**{plain(person.facts.name)}**"]
    if person.facts.number:
        parts.append(plain(person.facts.number))
    parts.append(
        ngettext("{count} visit", "{count} visits", person.visits).format(count=person.visits)
    )
    if person.last_at is not None:
        parts.append(_("last {day}").format(day=day(person.last_at)))
    return " · ".join(parts)


def go(done: str = "", **query: str) -> None:
    """Lead to a person, a visit or all people, and say there what was done."""
    st.session_state[_DONE] = done
    st.switch_page(_PEOPLE, query_params=query)


def row(label: str, key: str, icon: str, **query: str) -> None:
    """Show a line of a list that leads to a person or a visit.

    A link to the page on which it stands would leave the address as it is, so that whatever is
    pressed next would lead back.
    """
    with st.container(key=f"row_{key}"):
        if st.button(label, key=f"to_{key}", icon=icon, width="stretch", type="tertiary"):
            go(**query)


def back() -> None:
    """Show the way back to the list of people, or on to what can be done without records."""
    if not _are_open():
        label = _("Measure a photo")
        st.page_link("app_pages/analyse.py", label=label, icon=":material/add_a_photo:")
        return
    row(_("All people"), "all_people", ":material/group:")
