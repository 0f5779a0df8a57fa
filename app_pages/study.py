"""The page on which a clinic finds its own measurement error, from photos that it repeated."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Final, cast

import streamlit as st

from app_pages import cards, measuring, study_shown
from app_pages.photos import Upload
from posture.errors import StudyError
from posture.language import gettext as _
from posture.study import figures, kept, plan, words
from posture.study.figures import LeftOut, Study, Taken
from posture.study.reading import Reading, saved

#: How many photos one study can have here; `posture study` in a terminal takes any number.
_MOST: Final = 200
_NOBODY: Final = Taken("", "", "")
_MADE: Final = "study_made"


@dataclass(frozen=True, slots=True)
class _Files:
    """What was uploaded, sorted: what is to be measured, and what is known already."""

    uploads: Mapping[str, Upload]
    readings: Mapping[str, Reading]
    table: Mapping[str, Taken] | None
    study: Study | None

    @property
    def names(self) -> list[str]:
        return sorted([*self.uploads, *self.readings], key=plan.natural)


def _page() -> None:
    st.title(_("How exact are your own photos?"), anchor=False)
    st.markdown(
        _(
            "Photograph the same people repeatedly, and see how far apart two photos are if "
            "nothing changed. With that you tell a change from noise, with your camera, in your "
            "rooms."
        )
    )
    chosen = st.file_uploader(
        _("Photos of the same people, each taken at least twice"),
        accept_multiple_files=True,  # of any type: a rejected file would vanish unexplained
        key="study_files",
    )
    st.caption(
        _(
            "Also: results saved as JSON, a table that says whom each photo shows (CSV with the "
            "columns photo, person, rater, session), or a study.json saved here. Photos stay on "
            "the computer that runs posture."
        )
    )
    made: Study | None = None
    if chosen:
        made = _from_files([Upload.of(file.name, file.getvalue()) for file in chosen])
    elif kept_one := st.session_state.get(_MADE):
        made = kept_one[1]
        st.button(_("Forget this study"), icon=":material/delete:", on_click=_forget)
    if made is not None:
        study_shown.show(made)
    elif not chosen:
        _teach()


def _forget() -> None:
    for name in (_MADE, "study_readings"):
        st.session_state.pop(name, None)


def _teach() -> None:
    st.subheader(_("How to do it"), anchor=False)
    st.markdown("\n".join(f"{n}. {_(step)}" for n, step in enumerate(words.HOW, start=1)))
    st.markdown(
        _("An example: 10 people, 2 of you, 2 days make 40 photos. Choose them all at once.")
    )


def _from_files(uploads: Sequence[Upload]) -> Study | None:
    """Let whoever looks at it say whom each photo shows, and return the study of them."""
    try:
        files = _sorted(uploads)
    except StudyError as error:
        st.error(cards.plain(str(error)), icon=":material/broken_image:")
        return None
    if files.study is not None:
        return files.study
    if len(files.names) > _MOST:
        st.warning(
            _(
                "These are more than {n} photos: choose fewer, or use `posture study` in a "
                "terminal."
            ).format(n=_MOST),
            icon=":material/filter_none:",
        )
        return None
    taken = _ask(files)
    if taken is None:
        return None
    signature = tuple((name, taken[name]) for name in files.names)
    if st.button(_("Measure"), type="primary", icon=":material/straighten:"):
        st.session_state[_MADE] = signature, _make(files, taken)
    of, made = st.session_state.get(_MADE, (None, None))
    return cast("Study", made) if of == signature else None


def _sorted(uploads: Sequence[Upload]) -> _Files:
    pictures: dict[str, Upload] = {}
    readings: dict[str, Reading] = {}
    table: Mapping[str, Taken] | None = None
    for upload in uploads:
        ending = PurePath(upload.name).suffix.lower()
        if ending in (".json", ".jsonl"):
            text = upload.data.decode("utf-8", errors="replace")
            if kept.is_study(text):
                return _Files({}, {}, None, kept.read(text, upload.name))
            every = saved(text, upload.name)
            for one in every:
                name = upload.name if len(every) == 1 and plan.guess(upload.name) else one.photo
                readings[name] = one.reading(name, _NOBODY)
        elif ending in (".csv", ".tsv", ".txt"):
            table = plan.read_table(upload.data, upload.name)
        else:
            pictures[upload.name] = upload
    return _Files({n: u for n, u in pictures.items() if n not in readings}, readings, table, None)


def _ask(files: _Files) -> dict[str, Taken] | None:
    """Ask whom each photo shows, guessed from its name or a table; None until all is told."""
    if not files.names:
        st.info(_("**Next:** add the photos too."), icon=":material/add_a_photo:")
        return None
    known = [_guess(name, files.table) for name in files.names]
    rows = {
        "photo": files.names,
        "person": [one.person for one in known],
        "rater": [one.rater for one in known],
        "session": [one.session for one in known],
    }
    st.subheader(_("Who is in each photo"), anchor=False)
    st.caption(
        _(
            "As the names say it; correct what is wrong. The rater is who took the photo, the "
            "session when."
        )
    )
    # Of other files another table: what was typed into the old one is of no account.
    version = hashlib.sha256(repr(rows).encode()).hexdigest()
    edited = st.data_editor(
        rows,
        key=f"study_plan_{version}",
        hide_index=True,
        disabled=["photo"],
        column_config={
            "photo": st.column_config.TextColumn(_("Photo"), width=110),
            "person": st.column_config.TextColumn(_("Person"), width=75),
            "rater": st.column_config.TextColumn(_("Rater"), width=65),
            "session": st.column_config.TextColumn(_("Session"), width=65),
        },
    )
    told: dict[str, Taken] = {}
    for name, *labels in zip(*(edited[column] for column in plan.COLUMNS), strict=True):
        try:
            told[name] = plan.taken(*(label or "" for label in labels))
        except StudyError:
            st.info(
                _(
                    "**Next:** say whom {photo} shows: write a word for the person into the table."
                ).format(photo=cards.plain(name)),
                icon=":material/edit:",
            )
            return None
    return told


def _guess(name: str, table: Mapping[str, Taken] | None) -> Taken:
    try:
        return plan.whose(name, table=table)
    except StudyError:
        return _NOBODY


def _make(files: _Files, taken: Mapping[str, Taken]) -> Study:
    """Measure what was not measured yet, one photo after the other, and return the study."""
    from posture.study.repeatability import study

    known = cast("dict[str, Reading | str]", st.session_state.setdefault("study_readings", {}))
    bar = st.progress(0.0, text=_("Measuring…"))
    place = st.empty()
    readings, unread = [], []
    for done, name in enumerate(files.names):
        reading: Reading | str | None = files.readings.get(name)
        if reading is None:
            upload = files.uploads[name]
            bar.progress(
                done / len(files.names),
                text=_("Measuring photo {n} of {all}…").format(n=done + 1, all=len(files.names)),
            )
            if upload.key not in known:
                with place:
                    known[upload.key] = _measured(upload)
            reading = known[upload.key]
        if isinstance(reading, str):
            unread.append(LeftOut(name, figures.UNREADABLE))
        else:
            readings.append(replace(reading, photo=name, taken=taken[name]))
    bar.progress(1.0, text=_("Comparing…"))
    made = study(readings, unread)
    bar.empty()
    place.empty()
    return made


def _measured(upload: Upload) -> Reading | str:
    """Return what one photo says, or why it could not be read; of the photo nothing is kept."""
    (result,) = measuring.measure([upload], patient=True)
    measuring.keep_what_is_shown(upload)
    if result.assessment is None:
        return result.error
    return Reading.of(result.assessment, upload.name, _NOBODY)


_page()
