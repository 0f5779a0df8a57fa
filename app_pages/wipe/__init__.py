"""Shows two pictures over each other, with an edge between them that can be moved."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st
from PIL import Image

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_HERE = Path(__file__).parent
_QUALITY = 88

_component = st.components.v2.component(
    "posture_wipe",
    html='<figure><div class="stage"><img class="before"><img class="after">'
    '<div class="edge" aria-hidden="true"></div></div>'
    '<div class="names" aria-hidden="true"><span></span><span></span></div>'
    '<input type="range" min="0" max="100" value="50"></figure>',
    css=(_HERE / "wipe.css").read_text("utf-8"),
    js=(_HERE / "wipe.js").read_text("utf-8"),
)


def wipe(
    before: NDArray[np.uint8],
    after: NDArray[np.uint8],
    *,
    names: tuple[str, str],
    label: str,
    key: str,
) -> None:
    """Show two pictures of one size, shape (h, w, 3), RGB.

    Parameters
    ----------
    before, after : ndarray of uint8
        The pictures; left of the edge is the first one.
    names : tuple of str
        What each is called.
    label : str
        What the slider does, for those who do not see it.
    key : str
        Of the component on the page.
    """
    _component(
        key=key,
        data={"pictures": [_address(before), _address(after)], "names": names, "label": label},
    )


def _address(picture: NDArray[np.uint8]) -> str:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=_QUALITY)
    return f"data:image/jpeg;base64,{base64.b64encode(file.getvalue()).decode()}"
