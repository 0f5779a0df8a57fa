"""Keeps the picture of what is shown as a file, so that a click does not draw it anew."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Final, cast

import cv2
import numpy as np
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
        pixels = overlay.draw(photo, assessment)
        rows, columns = pixels.shape[:2]
        if columns > _WIDEST:
            size = (_WIDEST, round(rows * _WIDEST / columns))
            pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
        file = BytesIO()
        Image.fromarray(pixels).save(file, "JPEG", quality=90)
        kept = st.session_state[_KEPT] = (assessment, file.getvalue())
    return kept[1]


def forget() -> None:
    """Keep no picture."""
    st.session_state.pop(_KEPT, None)
