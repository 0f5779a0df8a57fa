"""Finds out in which language to speak with a visitor, and by which clock; offers the others."""

from __future__ import annotations

from typing import Final

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from posture import clock, language
from posture.language import LANGUAGES
from posture.language import gettext as _

#: In the address of a page: ``?lang=de``.
PARAMETER: Final = "lang"

_SPOKEN: Final = "spoken_language"
_CHOSEN: Final = "chosen_language"

# A screen reader pronounces a page as its language says; Streamlit says English.
_component = st.components.v2.component(
    "posture_language",
    js="export default ({ data }) => { document.documentElement.lang = data.code; };",
)


def speak() -> None:
    """Speak with the visitor as the address asks, as they chose before, or as their browser does.

    It holds for all that is said in this visitor's session from now on, whether the whole page
    runs or a part of it, as dialogs do, or what a button calls before the page.
    """
    language.ask(_spoken)
    clock.ask(_zone)
    asked = st.query_params.get(PARAMETER)
    if asked in LANGUAGES:
        st.session_state[_SPOKEN] = asked
    spoken = st.session_state[_SPOKEN] = language.current()
    # Going to another page clears the address.
    if spoken not in (asked, _of_browser()):
        st.query_params[PARAMETER] = spoken


def offer() -> None:
    """Show the language in use, and let the visitor take another."""
    st.session_state[_CHOSEN] = language.current()
    with st.container(key="language"):
        st.selectbox(
            _("Language"),
            list(LANGUAGES),
            format_func=LANGUAGES.__getitem__,
            key=_CHOSEN,
            on_change=_take,
            filter_mode=None,
            label_visibility="collapsed",
        )
        _component(key="page_language", data={"code": language.current()})


def _take() -> None:
    st.session_state[_SPOKEN] = st.query_params[PARAMETER] = st.session_state[_CHOSEN]


def _of_browser() -> str:
    return language.closest(st.context.locale) or "en"


def _zone() -> str | None:
    """Return the zone of the browser whose session is running here, if one is."""
    return st.context.timezone if get_script_run_ctx(suppress_warning=True) else None


def _spoken() -> str | None:
    """Return the language of the session that is running here, if one is."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return None
    said = (st.session_state.get(_SPOKEN), st.query_params.get(PARAMETER))
    return next((code for code in said if code in LANGUAGES), _of_browser())
