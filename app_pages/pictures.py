"""Keeps the picture of what is shown as a file, so that a click does not draw it anew."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Final, cast

import streamlit as st
from PIL import Image

from posture import overlay

if TYPE_CHECKING:
    from posture import Assessment, Photo

# Streamlit makes wider ones anew, out of a JPEG that it made for that.
_WIDEST: Final = 1460
_KEPT: Final = "drawn"


def drawn(photo: Photo, assessment: Assessment) -> bytes:
    """Return the picture of a result as a JPEG; of each visitor one is kept."""
    kept = cast("tuple[Assessment, bytes] | None", st.session_state.get(_KEPT))
    if kept is None or kept[0] is not assessment:
        picture = Image.fromarray(overlay.draw(photo, assessment))
        picture.thumbnail((_WIDEST, picture.height), Image.Resampling.BILINEAR)
        file = BytesIO()
        picture.save(file, "JPEG", quality=90)
        kept = st.session_state[_KEPT] = (assessment, file.getvalue())
    return kept[1]


def forget() -> None:
    """Keep no picture."""
    st.session_state.pop(_KEPT, None)
