"""The page that measures: choose a photo, see both angles and the picture, save them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import streamlit as st

from app_pages import cards, charts, correct, filing, measuring, photos, pictures
from app_pages.measuring import Result
from app_pages.photos import Upload
from posture import Assessment, Photo, overlay
from posture.errors import WorkerLostError
from posture.language import gettext as _
from posture.language import kept
from posture.language import mark as N_
from posture.marking.marks import STATURE_RANGE_CM

_SOURCES = (N_("Files"), N_("Camera"))


def _choose() -> None:
    source = st.segmented_control(
        _("Where from"),
        _SOURCES,
        default="Files",
        format_func=_,
        required=True,
        label_visibility="collapsed",
    )
    if source == "Camera":
        # Else a photo has as many pixels as the widget: too few on a phone.
        shot = st.camera_input(_("One person, seen exactly from the side"), resolution="1080p")
        st.caption(_("If no camera appears, it is missing or blocked: choose **Files**."))
        # A name of its own, by which its saved points are told from those of other shots.
        name = f"camera_{datetime.now().astimezone():%Y-%m-%d_%H%M%S}.jpg"
        files = [Upload.of(name, shot.getvalue())] if shot else []
    else:
        chosen = st.file_uploader(
            _("Side-view photos, one person in each"),
            accept_multiple_files=True,  # of any type: a rejected file would vanish unexplained
        )
        files = [Upload.of(file.name, file.getvalue()) for file in chosen]
        megabytes = st.get_option("server.maxUploadSize")
        st.caption(
            _("Up to {count} photos, each of up to {megabytes} MB.").format(
                count=photos.MOST, megabytes=megabytes
            )
        )
    private = _(
        "Photos stay on the computer that runs posture, and are forgotten when you close or reload "
        "this tab, unless you begin a visit with them."
    )
    st.caption(f":material/lock: {private}")
    with st.expander(_("How to take the photo")):
        cards.guide()
    if files:
        photos.add(files)
        st.rerun()


def _pick(options: dict[str, str], arrived: list[str]) -> str:
    """Return the key of the photo to show: the first that arrived, or else the one chosen."""
    # Each time another list: what the browser says meanwhile of the old one is of no account.
    arrivals = st.session_state.get("arrivals", 0) + bool(arrived)
    st.session_state["arrivals"] = arrivals
    key = f"shown_{arrivals}"
    if arrived:
        st.session_state[key] = arrived[0]
    if st.session_state.get(key) not in options:
        st.session_state[key] = next(iter(options))
    return st.selectbox(
        _("Photo"),
        list(options),
        format_func=options.__getitem__,
        key=key,
        filter_mode=None,
        label_visibility="collapsed",
        persist_state="session",
    )


def _option(result: Result) -> str:
    found = result.assessment
    if found is None or (found.pelvic_tilt.value is None and found.lumbar_curve.value is None):
        return _("{name} · not measured").format(name=result.upload.name)
    return result.upload.name


def _forget(keys: list[str]) -> None:
    measuring.forget(keys)
    correct.forget(keys)


def _forget_all() -> None:
    _forget([upload.key for upload in photos.uploads()])


def _page() -> None:
    st.title(_("Hips and low back from one photo"), anchor=False)
    filing.tell_expected()
    with st.container(horizontal=True, vertical_alignment="center"):
        label = _("Measure a photo")
        if st.button(label, type="primary", icon=":material/add_a_photo:", key="measure"):
            st.dialog(label)(_choose)()
        picker = st.container()
    own = measuring.measure(photos.uploads())
    if photos.uploads() and not own:  # too many wait
        return
    named = [(r.upload.name, r.assessment) for r in own if r.assessment is not None]
    _report_trouble([r for r in own if r.assessment is None])
    samples = {} if own and not named else photos.samples()
    options = {r.upload.key: _option(r) for r in own if r.assessment is not None}
    arrived = photos.arrived(options)
    options |= {file: _("Sample: {name}").format(name=name) for file, name in samples.items()}
    if not options:
        cards.guide()
        return
    with picker:
        shown = _pick(options, arrived)
    if shown in samples:
        st.caption(_("This is a sample. Choose **Measure a photo** for yours."))
        measured = measuring.measure([photos.sample(shown)])
        if not measured:
            return
        (result,) = measured
    else:
        result = next(r for r in own if r.upload.key == shown)
    measuring.keep_what_is_shown(result.upload)
    if result.assessment is not None:
        _show(result, result.assessment, own)
    else:
        cards.unreadable([result.error])
    if len(named) > 1:
        st.subheader(_("All your photos"), anchor=False)
        cards.overview(named)
    if named:
        with st.container(horizontal=True):
            if shown not in samples:
                st.button(
                    _("Forget this photo"),
                    icon=":material/delete:",
                    on_click=_forget,
                    args=([shown],),
                )
            st.button(_("Forget my photos"), icon=":material/delete_sweep:", on_click=_forget_all)


def _report_trouble(unread: list[Result]) -> None:
    cards.left_out(photos.left_out(), photos.MOST)
    cards.twins(photos.twins())
    if unread:
        cards.unreadable([result.error for result in unread])
        st.button(_("OK"), on_click=_forget, args=([result.upload.key for result in unread],))


def _show(result: Result, assessment: Assessment, own: list[Result]) -> None:
    upload = result.upload
    try:
        photo = measuring.opened(upload)
    except WorkerLostError as error:
        cards.unreadable([str(error)])
        return
    correct.remember(upload, photo)
    measured = assessment.status == "measured"
    if correct.is_open(upload):
        with st.container(key="headline"):
            cards.angles(assessment)
        correct.panel(upload, photo, assessment)
        return
    correct.stickers(upload, photo, result.stickers)
    with st.container(key="result"):
        with st.container(key="headline"):
            if measured:
                cards.headline(assessment)
                cards.refused_angles(assessment)
                if result in own:  # a sample is nobody's visit
                    filing.offer(result, own)
            else:
                cards.refused_photo(assessment)
        with st.container(key="photo"):
            st.image(
                pictures.drawn(photo, assessment),
                width="stretch",
                output_format="JPEG",
                alt=_("{name}, with what was found drawn on it").format(name=upload.name),
            )
            if measured:
                cards.legend(assessment)
            correct.offer(upload, assessment)
        with st.container(key="details"):
            if measured:
                _explain(assessment)
            else:
                cards.guide()
    if measured:
        _show_rest(upload, photo, assessment)


def _explain(assessment: Assessment) -> None:
    cards.sentences(assessment)
    tilt, curve = assessment.pelvic_tilt, assessment.lumbar_curve
    if tilt.value is not None and curve.value is not None:
        chart = charts.pair(tilt, curve, dark=st.context.theme.type == "dark")
        with st.container(key="chart"):
            st.vega_lite_chart(chart, alt=charts.in_words(tilt, curve))
        st.caption(_(charts.CADAVERS))
    else:
        with st.expander(_("How to take the photo")):
            cards.guide()


def _show_rest(upload: Upload, photo: Photo, assessment: Assessment) -> None:
    stem = Path(upload.name).stem or _("photo")
    others = [*assessment.measurements.values()][2:]
    if assessment.reasons:  # by placed points alone: nothing else was looked at
        others = [m for m in others if m.value is not None]
    if others:
        st.subheader(_("Other measures"), anchor=False)
        cards.table(others)
    if not assessment.reasons:
        _ask_height(upload)
    st.subheader(_("Save"), anchor=False)
    with st.container(horizontal=True):
        st.download_button(
            _("Picture (PNG)"),
            kept(lambda: overlay.to_png(photo, assessment)),
            f"{stem}_posture.png",
            "image/png",
            on_click="ignore",
            icon=":material/image:",
        )
        st.download_button(
            _("Drawing (SVG)"),
            kept(lambda: overlay.to_svg(assessment, photo)),
            f"{stem}_posture.svg",
            "image/svg+xml",
            on_click="ignore",
            icon=":material/draw:",
        )
        cards.save_as_json(assessment, stem)


def _ask_height(upload: Upload) -> None:
    shortest, tallest = STATURE_RANGE_CM
    st.number_input(
        _("Height of this person in cm (optional: adds the offsets in cm)"),
        min_value=shortest,
        max_value=tallest,
        value=None,
        step=1.0,
        format="%.0f",
        key=photos.height_key(upload.key),
        placeholder=_("for example 172"),
        width=360,
        persist_state="session",
    )


_page()
with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.caption(_("Describes a photo. Not a medical device; no diagnosis."), width="content")
    st.page_link("app_pages/how_it_works.py", label=_("How it works"), icon=":material/menu_book:")
