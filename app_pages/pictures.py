"""Keeps the picture of what is shown as a file, so that a click does not draw it anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import streamlit as st

from posture import overlay
from posture.first_look import WIDEST

if TYPE_CHECKING:
    from posture import Assessment, Photo

_KEPT: Final = "drawn"


def drawn(photo: Photo, assessment: Assessment) -> bytes:
    """Return the picture of a result as a JPEG; of each visitor one is kept."""
    kept = cast("tuple[Assessment, bytes] | None", st.session_state.get(_KEPT))
    if kept is None or kept[0] is not assessment:
        keep(assessment, overlay.to_screen(photo, assessment, widest=WIDEST))
        return drawn(photo, assessment)
    return kept[1]


def keep(assessment: Assessment, picture: bytes) -> None:
    """Keep the picture of a result that was drawn elsewhere."""
    st.session_state[_KEPT] = (assessment, picture)


def forget() -> None:
    """Keep no picture."""
    st.session_state.pop(_KEPT, None)
