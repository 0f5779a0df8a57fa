"""Shows a photo with its points to be placed by hand, and returns what was placed."""

from __future__ import annotations

import base64
import io
import secrets
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import streamlit as st
from PIL import Image

from app_pages import palpation
from app_pages.editor.wire import from_browser, to_browser
from app_pages.editor.words import words
from posture import notes
from posture.drawing.shapes import ORANGE, SKY_BLUE
from posture.language import gettext as _
from posture.marking.marks import LEAST_LENGTH_PX, PLACEABLE, PLACEMENT_MM, Corrections
from posture.reasons import explain

if TYPE_CHECKING:
    from collections.abc import Callable

    from posture import Assessment, Photo
    from posture.pose import Point

_HERE: Final = Path(__file__).parent
#: The parts of the component's one module, those that others use first.
_PARTS: Final = (
    "geometry",
    "elements",
    "places",
    "words",
    "model",
    "view",
    "drawing",
    "loupe",
    "figure",
    "gestures",
    "keyboard",
    "handles",
    "panel",
    "controls",
    "main",
)
#: The drawn body that the guide shows places on.
_BODY: Final = (_HERE.parent / "palpation.svg").read_text("utf-8")
#: Pelvis and back have the colours of the result, which takes the editor's place.
_COLOURS: Final = f".editor {{ --pelvis: rgb{SKY_BLUE}; --back: rgb{ORANGE}; }}\n"
_JPEG_QUALITY: Final = 88
#: Reasons that moving points can make or undo, or that make them useless.
_ABOUT_POINTS: Final = ("points_implausible", "marks_disagree", "not_side_view")
_KNOWN: Final = "editor_known"
_PICTURE: Final = "editor_picture"

_component = st.components.v2.component(
    "posture_editor",
    html=f'<div class="editor"><template>{_BODY}</template></div>',
    css=_COLOURS + (_HERE / "editor.css").read_text("utf-8"),
    js="\n".join((_HERE / f"{part}.js").read_text("utf-8") for part in _PARTS),
)


@dataclass(slots=True)
class _Known:
    """What the visitor's session knows of one photo.

    Attributes
    ----------
    program : dict of str to Point
        Where the program itself last had each point.
    told : Corrections or None
        What the browser told last, until the page gives it back.
    before : list of Corrections
        What the page can have without having seen that: a run that is cut short keeps nothing.
    revision : int
        Goes up whenever the page has corrections that do not come from the browser; it starts
        anywhere, so that no browser takes a new session for the one it knew.
    """

    program: dict[str, Point] = field(default_factory=dict)
    told: Corrections | None = None
    before: list[Corrections] = field(default_factory=lambda: [Corrections()])
    revision: int = field(default_factory=lambda: secrets.randbelow(2**31))


def edit(
    photo: Photo,
    assessment: Assessment,
    corrections: Corrections,
    *,
    photo_key: str,
    key: str,
    on_done: Callable[[], None],
) -> Corrections:
    """Show the photo with its points and return what was placed so far.

    Parameters
    ----------
    photo : Photo
        The photo that was assessed.
    assessment : Assessment
        What `posture.assess` returned for it, with or without the corrections.
    corrections : Corrections
        What was placed before, from this editor or elsewhere.
    photo_key : str
        Tells one photo from another.
    key : str
        Of the component on the page.
    on_done : callable
        Called when the person is done, before the page runs again.

    Returns
    -------
    Corrections
        If they differ from those given, keep them unchanged and run the page again.
    """
    known = _known(photo_key)
    program = _of_program(assessment)
    known.program |= program
    for name in known.program.keys() - program.keys() - corrections.points.keys():
        del known.program[name]
    shown = newest(corrections, photo_key=photo_key)

    def receive() -> None:
        raw = st.session_state[key].get("corrected")
        if not isinstance(raw, dict) or raw.get("photo") != photo_key:
            return
        # What it told before it saw the page's own change is the older of the two.
        if raw.get("revision") == known.revision:
            known.told = from_browser(raw, photo.width, photo.height)

    _component(
        key=key,
        data={
            "photo": photo_key,
            "picture": _picture(photo, photo_key),
            "width": photo.width,
            "height": photo.height,
            "facing": assessment.facing,
            "vertical": assessment.vertical.lean_deg if assessment.vertical else None,
            "vertical_line": to_browser(assessment.corrections)["line"],
            "least_length": LEAST_LENGTH_PX,
            "notes": _notes(assessment, photo),
            "tips": assessment.tips_deg,
            "points": {
                name: {"x": point.x, "y": point.y, "source": point.source}
                for name, point in known.program.items()
            },
            "words": {name: asdict(palpation.said(name)) for name in palpation.PALPATION},
            "texts": words(),
            "revision": known.revision,
            "corrections": to_browser(shown),
        },
        on_corrected_change=receive,
        on_done_change=on_done,
    )
    return shown


def newest(corrections: Corrections, *, photo_key: str) -> Corrections:
    """Return what was placed so far, the editor being on the page or not.

    A person who drops a point and leaves at once is heard of when the editor is gone: ask before
    anything is shown that depends on it, and keep what is returned.
    """
    return _newest(_known(photo_key), corrections)


def forget(photo_key: str) -> None:
    """Forget what was placed in a photo, and the photo."""
    st.session_state.get(_KNOWN, {}).pop(photo_key, None)
    if st.session_state.get(_PICTURE, ("",))[0] == photo_key:
        del st.session_state[_PICTURE]


def _of_program(assessment: Assessment) -> dict[str, Point]:
    """Return the points as the program has them: of none that was placed or taped the place."""
    marked = assessment.corrections.points
    points = {name: at for name, at in assessment.points.items() if name not in marked}
    return {name: at for name, at in {**points, **assessment.found}.items() if name in PLACEABLE}


def _notes(assessment: Assessment, photo: Photo) -> list[str]:
    """Return what was noticed about the points and lines, and not about the photo alone."""
    angles = (assessment.pelvic_tilt, assessment.lumbar_curve)
    codes = [reason.code for reason in assessment.reasons]
    codes += [code for angle in angles for code in angle.reasons]
    reasons = [explain(code) for code in dict.fromkeys(codes) if code in _ABOUT_POINTS]
    said = [f"{_(reason.message)} {_(reason.advice)}" for reason in reasons]
    return said + [notes.said(note) for note in assessment.notes if note not in photo.notes]


def _known(photo_key: str) -> _Known:
    photos = cast("dict[str, _Known]", st.session_state.setdefault(_KNOWN, {}))
    return photos.setdefault(photo_key, _Known())


def _newest(known: _Known, corrections: Corrections) -> Corrections:
    """Return the browser's corrections if the page cannot have seen them, else the page's."""
    given = replace(corrections, placement_mm=PLACEMENT_MM)  # which is not placed in the photo
    if known.told is not None and known.told != given and given in known.before:
        known.before.append(known.told)
        return replace(known.told, placement_mm=corrections.placement_mm)
    if given not in (known.told, *known.before):
        known.revision += 1
    known.told, known.before = None, [given]
    return corrections


def _picture(photo: Photo, photo_key: str) -> str:
    """Return the photo as a data URL; the last one is kept in the visitor's session alone."""
    kept = cast("tuple[str, str] | None", st.session_state.get(_PICTURE))
    if kept is None or kept[0] != photo_key:
        file = io.BytesIO()
        Image.fromarray(photo.pixels).save(file, "JPEG", quality=_JPEG_QUALITY)
        kept = photo_key, f"data:image/jpeg;base64,{base64.b64encode(file.getvalue()).decode()}"
        st.session_state[_PICTURE] = kept
    return kept[1]
