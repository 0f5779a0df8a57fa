"""Shows the live camera with what was found drawn over it, and returns the frames that it takes."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, cast, get_args

import streamlit as st

from app_pages.camera.stream import Picture
from app_pages.camera.words import texts, what_to_do
from posture import overlay, wording

if TYPE_CHECKING:
    from app_pages.camera.stream import Seen, Stream

#: Why there is no live picture: asked for in vain, no camera, one that does not answer or went
#: away, or a page that the browser does not trust with one.
Trouble = Literal["denied", "none", "busy", "late", "gone", "insecure"]

_HERE: Final = Path(__file__).parent
_COUNTDOWN_S: Final = 3
_MOST_FRAMES: Final = 3
_MOST_CHARACTERS: Final = 20_000_000  # of base64

_component = st.components.v2.component(
    "posture_camera",
    html='<div class="camera"></div>',
    css=(_HERE / "camera.css").read_text("utf-8"),
    js=(_HERE / "camera.js").read_text("utf-8"),
)


@dataclass(frozen=True, slots=True)
class Taken:
    """The frames in which a person held still, each the bytes of a JPEG file."""

    id: str
    jpegs: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What the camera is needed for now.

    Attributes
    ----------
    button : str
        What the button says that begins the countdown.
    press : str
        What to do next where the person can be measured.
    problem : str
        Why the frames taken last could not be used; empty if they could.
    measured : str
        The ``id`` of the frames that were measured last; empty if there are none.
    """

    button: str
    press: str
    problem: str = ""
    measured: str = ""


def camera(stream: Stream, step: Step, *, key: str) -> Taken | Trouble | None:
    """Show the camera; to be called in a fragment, which runs again with each picture.

    Parameters
    ----------
    stream : Stream
        What the pictures are handed to.
    step : Step
        What the camera is needed for now.
    key : str
        Of the component on the page.

    Returns
    -------
    Taken or str or None
        Frames that were taken, once; or why there is no picture; or None.
    """
    newest = _picture(st.session_state.get(key))
    if newest is not None:
        stream.offer(newest)
    result = _component(
        key=key,
        data={
            "answered": _name(newest),
            "seen": _told(stream.newest()),
            "step": asdict(step),
            "countdown": _COUNTDOWN_S,
            "texts": texts(),
        },
        on_frame_change=lambda: None,
        on_trouble_change=lambda: None,
        on_taken_change=lambda: None,
    )
    trouble = result.get("trouble")
    if trouble in get_args(Trouble):
        return cast("Trouble", trouble)
    return _taken(result.get("taken"))


def _picture(state: object) -> Picture | None:
    """Return the picture that the browser sent; None for whatever else it sent."""
    frame = state.get("frame") if isinstance(state, Mapping) else None
    match frame:
        case {"session": str(session), "number": int(number), "jpeg": str(jpeg)}:
            data = _decoded(jpeg)
            return Picture(session, number, data) if data else None
    return None


def _taken(raw: object) -> Taken | None:
    match raw:
        case {"id": str(name), "jpegs": [*jpegs]} if len(jpegs) <= _MOST_FRAMES:
            frames = tuple(filter(None, (_decoded(jpeg) for jpeg in jpegs)))
            return Taken(name, frames) if frames else None
    return None


def _decoded(jpeg: object) -> bytes:
    """Return the bytes of a picture; none if it is not one in base64 or too large."""
    if not isinstance(jpeg, str) or len(jpeg) > _MOST_CHARACTERS:
        return b""
    try:
        return base64.b64decode(jpeg, validate=True)
    except binascii.Error:
        return b""


def _name(picture: Picture | None) -> dict[str, object] | None:
    if picture is None:
        return None
    return {"session": picture.session, "number": picture.number}


def _told(seen: Seen | None) -> dict[str, object] | None:
    if seen is None:
        return None
    found = seen.assessment
    angles = [angle for angle in (found.pelvic_tilt, found.lumbar_curve) if angle.value is not None]
    return {
        "picture": _name(seen.picture),
        "drawing": overlay.to_layer(found),
        "ready": bool(angles),
        "say": what_to_do(found),
        "numbers": [
            {
                "label": wording.label(angle.quantity),
                "value": wording.amount(angle),
                "words": wording.direction(angle),
            }
            for angle in angles
        ],
    }
