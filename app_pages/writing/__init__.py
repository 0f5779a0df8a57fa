"""Asks for a text that is kept while it is written, so that a closed browser loses nothing."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent

_component = st.components.v2.component(
    "posture_writing",
    html="<label></label><textarea></textarea>",
    css=(_HERE / "writing.css").read_text("utf-8"),
    js=(_HERE / "writing.js").read_text("utf-8"),
)


def writing(label: str, text: str, *, most: int, key: str) -> str:
    """Show a text field and return what stands in it.

    Parameters
    ----------
    label : str
        What is to be written.
    text : str
        What stands in it at first; later what is typed has the say.
    most : int
        How many characters it takes.
    key : str
        Of the component on the page; another one starts anew.
    """
    found = _component(
        key=key,
        data={"label": label, "text": text, "most": most},
        default={"text": text},
        on_text_change=lambda: None,
    ).get("text")
    return found if isinstance(found, str) else text
