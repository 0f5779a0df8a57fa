"""The page for a room: a live camera, both angles in big type, before, after and the change."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

import streamlit as st

from app_pages import before_after, cards, waiting
from app_pages.before_after import Measured, Round
from app_pages.camera import Step, Taken, camera
from app_pages.camera.words import trouble_said
from app_pages.since import ICONS, PAIR
from posture import Change, ModelError, compare, overlay, verdicts, wording
from posture.errors import BusyError
from posture.language import gettext as _

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

#: Of a camera in pixels: so wide, it leaves room for its button on a laptop's screen.
_WIDTH: Final = 800


def _page() -> None:
    one = before_after.current()
    with st.container(key="workshop"):
        st.title(_("Workshop: before and after"), anchor=False)
        if one.before is not None and one.after is not None:
            _change(one.before, one.after)
        elif one.single:
            _single_photos(one)
        elif one.trouble is not None:
            _no_picture(one)
        else:
            _live(one)
        private = (
            _("Nothing is stored: single photos are forgotten when you close or reload this tab.")
            if one.single or one.broken
            else _(
                "Nothing is stored: pictures and numbers are forgotten when you leave this page."
            )
        )
        st.caption(f":material/lock: {private}")


def _live(one: Round) -> None:
    try:
        before_after.live()
    except ModelError as error:
        one.broken = str(error)
    if one.broken:
        st.warning(cards.plain(one.broken), icon=":material/build:")
        _single_photos(one)
        return
    st.fragment(_camera)(one)
    _before(one)
    st.button(_("Take single photos"), type="tertiary", on_click=_take_single, args=(one,))


def _camera(one: Round) -> None:
    is_after = one.before is not None
    step = Step(
        button=_("Measure after") if is_after else _("Measure before"),
        press=(
            _("Next: change how you stand, then choose Measure after and hold still.")
            if is_after
            else _("Next: choose Measure before and hold still.")
        ),
        problem=one.problem,
        measured=one.taken,
    )
    try:
        got = camera(before_after.live(), step, key=f"camera_{one.tries}")
        is_new = isinstance(got, Taken) and got.id != one.taken
        if isinstance(got, Taken) and is_new:
            one.taken = got.id  # whatever comes of it, the camera goes on
            one.take(got.jpegs)
        one.fails = False
    except BusyError as error:
        one.problem = str(error)
        st.rerun()
    except ModelError as error:  # what a fragment raises never reaches the page
        one.broken = str(error)
        st.rerun()
    except Exception:
        logging.getLogger("posture.app").exception("A live picture could not be measured")
        fault = _("The pictures could not be measured because of a fault in this program.")
        if one.fails:  # again: the page would run without end
            one.broken, one.problem = fault, ""
        else:
            one.fails, one.problem = True, fault
        st.rerun()
    if is_new:
        st.rerun()
    elif got is not None and not isinstance(got, Taken):
        one.trouble = got
        st.rerun()


def _no_picture(one: Round) -> None:
    if one.trouble is not None:
        st.error(trouble_said(one.trouble), icon=":material/videocam_off:")
    helps = one.trouble != "insecure"  # to try again
    with st.container(horizontal=True):
        if helps:
            st.button(
                _("Try again"),
                type="primary",
                icon=":material/replay:",
                on_click=_try_again,
                args=(one,),
            )
        st.button(
            _("Choose single photos"),
            type="secondary" if helps else "primary",
            icon=":material/upload:",
            on_click=_take_single,
            args=(one,),
        )
    _before(one)


def _try_again(one: Round) -> None:
    one.trouble = None
    one.tries += 1


def _take_single(one: Round) -> None:
    one.single = True
    one.problem = ""


def _single_photos(one: Round) -> None:
    if one.problem:
        st.warning(cards.plain(one.problem), icon=":material/info:")
    shot = _one_photo(one)
    if shot is not None:
        try:
            one.take([shot.getvalue()])
        except BusyError as error:
            waiting.busy(error, of=f"single_{one.tries}")
        else:
            one.tries += 1  # the next photo has a widget of its own
            st.rerun()
    _before(one)
    if one.single:
        st.button(_("Back to the live picture"), type="tertiary", on_click=_go_live, args=(one,))


def _one_photo(one: Round) -> UploadedFile | None:
    """Return the next photo: from the camera, or from another one where this one is in trouble."""
    label = (
        _("Next: one photo before, seen exactly from the side")
        if one.before is None
        else _("Next: one photo after, seen exactly from the side")
    )
    file = f"file_{one.tries}"  # of any type: a rejected one would vanish unexplained
    if one.trouble is not None:
        return st.file_uploader(label, key=file, width=_WIDTH)
    shot = st.camera_input(label, key=f"single_{one.tries}", resolution="1080p", width=_WIDTH)
    with st.expander(_("Choose a photo from another camera instead"), width=_WIDTH):
        other = st.file_uploader(label, key=file, label_visibility="collapsed")
    return shot or other


def _go_live(one: Round) -> None:
    one.single, one.trouble, one.problem = False, None, ""
    one.tries += 1


def _before(one: Round) -> None:
    if one.before is None:
        return
    st.markdown("**{}** {}".format(_("Before:"), _numbers(one.before)))
    st.button(
        _("Measure before again"), icon=":material/replay:", on_click=_begin_anew, args=(one,)
    )


def _numbers(measured: Measured) -> str:
    angles = [measured.stance.measurements[key] for key in PAIR]
    return " · ".join(f"{wording.label(a.quantity)} {wording.directed(a)}" for a in angles)


def _begin_anew(one: Round) -> None:
    one.before = one.after = None
    one.problem = ""
    one.tries += 1


def _measure_again(one: Round) -> None:
    one.after = None
    one.tries += 1


def _change(before: Measured, after: Measured) -> None:
    changes = compare(before.stance, after.stance)
    with st.container(horizontal=True, key="changes"):
        for key in PAIR:
            _one_change(changes[key])
    one = before_after.current()
    with st.container(horizontal=True):
        st.button(
            _("Measure after again"),
            type="primary",
            icon=":material/replay:",
            on_click=_measure_again,
            args=(one,),
        )
        st.button(_("Begin anew"), icon=":material/restart_alt:", on_click=_begin_anew, args=(one,))
    with st.container(horizontal=True, key="side_by_side"):
        for name, shown in ((_("Before"), before), (_("After"), after)):
            picture = overlay.draw(shown.photo, shown.assessment)
            st.image(
                picture,
                caption=f"{name}: {_numbers(shown)}",
                output_format="JPEG",
                alt=_("{name}, with what was found drawn on it").format(name=name),
            )
    st.caption(_(verdicts.CHANGES))


def _one_change(change: Change) -> None:
    with st.container(border=True):
        st.markdown(f"**{wording.label(change.quantity)}**")
        if change.value is not None:
            st.subheader(verdicts.difference(change), anchor=False)
        st.markdown(
            f"{ICONS[change.verdict]} **{verdicts.verdict(change)}**"
            + (f": {verdicts.hindrance(change)}" if change.value is None else "")
        )
        if change.mdc95 is not None:
            st.caption(_("Least change: {least}").format(least=verdicts.beyond(change)))


_page()
