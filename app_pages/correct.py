"""Lets a person correct one photo: points by hand, stickers, and points from a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from app_pages import cards, editor, keeper, palpation, photos
from app_pages.editor.wire import from_browser, to_browser
from posture import Corrections, Mark, PointsError, quality
from posture.errors import OtherPhotoError
from posture.language import current, either
from posture.language import gettext as _
from posture.marking import reopen
from posture.marking.marks import PLACEMENT_RANGE_MM
from posture.photo import bare_name

if TYPE_CHECKING:
    from app_pages.photos import Upload
    from posture import Assessment, Photo
    from posture.markers import Sticker

_EDITING: Final = "editing"
_NONE_OF_THEM: Final = ""
_CROP: Final = 4.0  # half of what is shown around a sticker, in its diameters


def is_open(upload: Upload) -> bool:
    """Tell whether a photo's points are being placed."""
    return bool(st.session_state.get(_EDITING) == upload.key)


def remember(upload: Upload, photo: Photo) -> None:
    """Bring back what was told about a photo before the page was reloaded, and keep it for then."""
    told = _told(upload.key)
    # A point that was dropped just before the editor was left is heard of only now.
    now = editor.newest(told, photo_key=upload.key)
    if now != told:
        photos.tell(upload.key, now)
        st.rerun()
    kept = None if photos.told(upload.key) is None else _kept(told)
    back = keeper.keep(upload.key, kept, key="keeper", forget=photos.forgotten())
    if back is not None:
        photos.tell(upload.key, _from_keeper(back, photo))
        st.rerun()


def forget(keys: Sequence[str]) -> None:
    """Forget what was being done with photos that were removed."""
    for key in keys:
        editor.forget(key)
        keeper.forget(key)
        if st.session_state.get(_EDITING) == key:
            _close()


def _told(key: str) -> Corrections:
    """Return what was told about a photo, or that nothing was."""
    told = photos.told(key)
    return Corrections() if told is None else told


def _is_same(one: Corrections, other: Corrections, photo: Photo) -> bool:
    """Tell whether the same is placed and drawn, as it comes back from a browser."""
    seen = [from_browser(to_browser(each), photo.width, photo.height) for each in (one, other)]
    return seen[0] == seen[1]


def _kept(told: Corrections) -> dict[str, Any]:
    if told == Corrections():
        return {}
    return {**to_browser(told), "placement_mm": told.placement_mm}


def _from_keeper(back: Any, photo: Photo) -> Corrections:  # noqa: ANN401 - whatever a browser says
    told = from_browser(back, photo.width, photo.height)
    millimetres, (shortest, longest) = back.get("placement_mm"), PLACEMENT_RANGE_MM
    if isinstance(millimetres, int | float) and shortest <= millimetres <= longest:
        return replace(told, placement_mm=float(millimetres))
    return told


def offer(upload: Upload, assessment: Assessment) -> None:
    """Offer to place the points, as the next step where nothing else can be measured.

    From another side nothing can be; but what is placed already can be taken back.
    """
    is_corrected = photos.is_corrected(upload.key)
    can_be = all(quality.can_be_marked(r, assessment.view) for r in assessment.reasons)
    if not (can_be or is_corrected):
        return
    refused = assessment.pelvic_tilt.value is None
    with st.container(horizontal=True):
        st.button(
            _("Place the points by hand") if refused else _("Correct the points"),
            type="primary" if refused else "secondary",
            icon=":material/edit_location_alt:",
            on_click=_open,
            args=(upload.key,),
        )
        can_look = not is_corrected and not photos.wears_stickers(upload.key)
        if assessment.outline is not None and can_look:
            st.button(
                _("Look for stickers"),
                icon=":material/adjust:",
                on_click=photos.look_for_stickers,
                args=(upload.key,),
            )


def _open(key: str) -> None:
    st.session_state[_EDITING] = key


def _close() -> None:
    st.session_state.pop(_EDITING, None)


def panel(upload: Upload, photo: Photo, assessment: Assessment) -> None:
    """Show the editor; what it returns is kept, and the page runs again with it."""
    told = _told(upload.key)
    # Another one in each language: what it says is written into it when it is made.
    key = f"editor_{current()}"
    now = editor.edit(photo, assessment, told, photo_key=upload.key, key=key, on_done=_close)
    if now != told:
        photos.tell(upload.key, now)
        st.rerun()
    with st.expander(_("More: points from a file, stickers")):
        _from_file(upload, photo)
        if any(mark.source == "sticker" for mark in told.points.values()):
            _placement(upload, told)


def _from_file(upload: Upload, photo: Photo) -> None:
    file = st.file_uploader(
        _("Numbers (JSON) that were saved from this photo"), key=f"points_{upload.key}"
    )
    taken = f"points_taken_{upload.key}"
    if file is None:
        st.session_state.pop(taken, None)
        return
    file_id, told = st.session_state.get(taken, (None, None))
    if file_id != file.file_id:
        told = _read(file.getvalue(), upload, photo)
    elif _is_same(told.corrections, _told(upload.key), photo):
        said = _("Its points are in the picture above.")
        st.caption(f":material/check: {said}")
        return
    else:
        st.caption(_("The points in the picture above are not those of the file any more."))
        if not st.button(_("Take its points again"), icon=":material/replay:"):
            return
    if told is None:
        return
    st.session_state[taken] = file.file_id, told
    photos.tell(upload.key, told.corrections)
    if told.stature_cm is not None:
        st.session_state[photos.height_key(upload.key)] = told.stature_cm
    st.rerun()


def _read(data: bytes, upload: Upload, photo: Photo) -> reopen.Reopened | None:
    """Return what a file tells about a photo, or None and a sentence that says why not."""
    try:
        try:
            told = reopen.read(data, name=bare_name(upload.name))
        except OtherPhotoError as error:
            st.warning(cards.plain(str(error)), icon=":material/broken_image:")
            one_photo = len(error.saved_for) == 1
            if not (one_photo and st.button(_("Use these points anyway"))):
                return None
            told = reopen.read(data, name=None)
        reopen.fit_in(told, photo.width, photo.height)
    except PointsError as error:
        st.error(cards.plain(str(error)), icon=":material/broken_image:")
        return None
    return told


def _placement(upload: Upload, told: Corrections) -> None:
    key = _placement_key(upload.key)
    # Else the field would keep its own number over one that comes from a file.
    st.session_state[key] = told.placement_mm
    st.number_input(
        _("How far from their bone 95 of 100 stickers lie at most, in mm"),
        min_value=PLACEMENT_RANGE_MM[0],
        max_value=PLACEMENT_RANGE_MM[1],
        step=0.5,
        format="%.1f",
        key=key,
        on_change=_take_placement,
        args=(upload.key,),
        width=360,
    )


def _take_placement(key: str) -> None:
    chosen = st.session_state[_placement_key(key)]
    photos.tell(key, replace(_told(key), placement_mm=chosen))


def _placement_key(key: str) -> str:
    return f"placement_{key}"


def stickers(upload: Upload, photo: Photo, found: tuple[Sticker, ...]) -> None:
    """Offer stickers that were found; ask of each that is not sure which it is."""
    if not photos.wears_stickers(upload.key):
        return
    if not found:
        st.info(
            _(
                "No stickers were found on the bony points. Choose **Correct the points** to place "
                "them by hand."
            ),
            icon=":material/adjust:",
        )
        return
    sure = [sticker for sticker in found if sticker.sure]
    with st.container(border=True, key="stickers"):
        names = ", ".join(palpation.said(sticker.names[0]).label for sticker in sure)
        if names:
            st.markdown(_("**Stickers on the skin:** {names}.").format(names=names))
        else:
            st.markdown(_("**Stickers on the skin:** none for sure."))
        chosen = [(sticker.names[0], sticker) for sticker in sure]
        for number, sticker in enumerate((s for s in found if not s.sure), 1):
            name = _ask(photo, sticker, number, f"sticker_{upload.key}_{number}")
            if name is not None:
                chosen.append((name, sticker))
        marks = {name: Mark(s.x, s.y, "sticker", s.sd_px) for name, s in chosen}
        counts = Counter(name for name, _ in chosen)
        twice = [palpation.said(name).label for name, times in counts.items() if times > 1]
        if twice:
            st.warning(
                _("Two stickers cannot both be on {points}: change one of the answers.").format(
                    points=either(twice)
                ),
                icon=":material/rule:",
            )
        with st.container(horizontal=True):
            st.button(
                _("Measure from the stickers"),
                type="primary",
                icon=":material/adjust:",
                disabled=not marks or bool(twice),
                on_click=_measure_from,
                args=(upload.key, marks),
            )
            st.button(
                _("Not stickers"), on_click=photos.stop_looking_for_stickers, args=(upload.key,)
            )


def _measure_from(key: str, marks: Mapping[str, Mark]) -> None:
    photos.tell(key, replace(_told(key), points=marks))
    photos.stop_looking_for_stickers(key)


def _ask(photo: Photo, sticker: Sticker, number: int, key: str) -> str | None:
    left, top, right, bottom = _around(photo, sticker)
    skin = photo.pixels[top:bottom, left:right]
    around = _("The skin around sticker {number} of those to be asked about")
    st.image(skin, width=160, alt=around.format(number=number))
    answer = st.radio(
        _("Sticker {number}: which point is it on?").format(number=number),
        [*sticker.names, _NONE_OF_THEM],
        format_func=_spoken,
        key=key,
        index=None,
    )
    return answer or None


def _spoken(name: str) -> str:
    return palpation.said(name).spoken if name else _("none of these, or no sticker")


def _around(photo: Photo, sticker: Sticker) -> tuple[int, int, int, int]:
    half = _CROP * sticker.diameter_px
    rows, columns = photo.pixels.shape[:2]
    left, right = ((sticker.x + side) / photo.scale[0] for side in (-half, half))
    top, bottom = ((sticker.y + side) / photo.scale[1] for side in (-half, half))
    return max(int(left), 0), max(int(top), 0), min(int(right), columns), min(int(bottom), rows)
