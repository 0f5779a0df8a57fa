"""Keeps the picture of what is shown as a file, so that a click does not draw it anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import streamlit as st

from posture import overlay
from posture.first_look import WIDEST
from posture.language import current

if TYPE_CHECKING:
    from posture import Assessment, Photo

_KEPT: Final = "drawn"


def drawn(photo: Photo, assessment: Assessment) -> bytes:
    """Return the picture of a result as a JPEG; of each visitor one is kept."""
    kept = cast("tuple[Assessment, str, bytes] | None", st.session_state.get(_KEPT))
    if kept is not None and kept[0] is assessment and kept[1] == current():
        return kept[2]
    picture = overlay.to_screen(photo, assessment, widest=WIDEST)
    keep(assessment, picture)
    return picture


def keep(assessment: Assessment, picture: bytes) -> None:
    """Keep the picture of a result, whose words are in the language in use."""
    st.session_state[_KEPT] = (assessment, current(), picture)


def forget() -> None:
    """Keep no picture."""
    st.session_state.pop(_KEPT, None)
