"""Keeps a photo's corrections in the browser's tab, so that they outlast a reload of the page."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, cast

import streamlit as st

_QUESTIONS: Final = "keeper_questions"

_component = st.components.v2.component(
    "posture_keeper", js=Path(__file__).with_name("keeper.js").read_text("utf-8")
)


def forget(photo_key: str) -> None:
    """Forget that the browser was asked about a photo."""
    st.session_state.get(_QUESTIONS, {}).pop(photo_key, None)


def keep(
    photo_key: str,
    corrections: Mapping[str, object] | None,
    *,
    key: str,
    forget: Sequence[str] = (),
) -> Mapping[str, object] | None:
    """Mirror a photo's corrections into the browser tab's storage, which ends with the tab.

    Parameters
    ----------
    photo_key : str
        Tells one photo from another.
    corrections : mapping or None
        In a form that JSON takes, coordinates alone; empty to have them forgotten. None if nothing
        is known of this photo yet: then the browser is asked.
    key : str
        Of the component on the page.
    forget : sequence of str
        Photos whose corrections the browser is to forget.

    Returns
    -------
    mapping or None
        What the browser had, unchecked, as long as nothing is known; it answers in a later run.
    """
    questions = cast("dict[str, str]", st.session_state.setdefault(_QUESTIONS, {}))
    if corrections is not None:
        questions.pop(photo_key, None)
        question = None
    else:
        question = questions.setdefault(photo_key, secrets.token_hex(8))
    result = _component(
        key=key,
        data={
            "photo": photo_key,
            "corrections": corrections,
            "question": question,
            "forget": list(forget),
        },
        on_found_change=lambda: None,
    )
    found = result.get("found")
    answer = found.get(question) if isinstance(found, Mapping) else None
    return answer if isinstance(answer, Mapping) else None
