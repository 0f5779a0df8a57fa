"""Keeps what a window shows in step with what is kept, where another window may change it.

A window that merely looks on must never write what it once read over what somebody wrote since.
"""

from __future__ import annotations

import streamlit as st

from app_pages.writing import writing
from posture.language import gettext as _


def meet(key: str, kept: object) -> None:
    """Let the widget of a key, which comes next, show what is kept if that is news here."""
    if key not in st.session_state or st.session_state.get(_seen(key)) != kept:
        st.session_state[key] = kept
    saw(key, kept)


def saw(key: str, kept: object) -> None:
    """Remember what is kept, as this window knows it: what it read, or wrote last."""
    st.session_state[_seen(key)] = kept


def words(label: str, kept: str, *, most: int, key: str) -> str:
    """Show a text field and return what is to be kept of it.

    Where this window and another one changed the text, it asks which is to stay; until then, what
    is kept stays.

    Parameters
    ----------
    label : str
        What is to be written.
    kept : str
        The text that is kept.
    most : int
        How many characters it takes.
    key : str
        Of the field; tell `saw` once what is returned is kept.
    """
    turn = st.session_state.setdefault(f"{key}_turn", 0)
    seen = st.session_state.setdefault(_seen(key), kept)
    written = st.session_state.get(f"{key}_{turn}", {}).get("text", seen)
    if written in (seen, kept) and seen != kept:  # changed elsewhere, and nothing of it here
        turn += written != kept
        st.session_state[f"{key}_turn"] = turn
        saw(key, kept)
    found = writing(label, kept, most=most, key=f"{key}_{turn}")
    st.session_state[_disputed(key)] = False
    if found == kept or st.session_state[_seen(key)] == kept:
        return found
    st.session_state[_disputed(key)] = True
    st.warning(_("These words were changed in another window too. There they are:"))
    st.text(kept or "—")
    mine, theirs = st.columns(2)
    for column, choice, name, on in (
        (theirs, _("Take those"), "theirs", turn + 1),
        (mine, _("Keep mine"), "mine", turn),
    ):
        column.button(
            choice, key=f"{key}_{name}", on_click=_settle, args=(key, kept, on), width="stretch"
        )
    return kept


def is_disputed(key: str) -> bool:
    """Tell whether `words` has just asked, of a field, which text is to stay."""
    return bool(st.session_state.get(_disputed(key)))


def _settle(key: str, kept: str, turn: int) -> None:
    """End a clash: the field of another turn begins with what is kept."""
    st.session_state[f"{key}_turn"] = turn
    saw(key, kept)


def _seen(key: str) -> str:
    return f"{key}_seen"


def _disputed(key: str) -> str:
    return f"{key}_disputed"
