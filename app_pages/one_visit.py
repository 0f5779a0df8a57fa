"""Shows one visit, or the draft of one that is to be saved; nothing is kept without a word."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

import streamlit as st

from app_pages import cards, desk, visit_files
from app_pages.since import PAIR, since
from app_pages.visit_files import picture
from app_pages.writing import writing
from posture import Photo, face, overlay, wording
from posture.language import day
from posture.language import gettext as _
from posture.records import people, visits
from posture.records.kept import LONGEST_TEXT
from posture.records.visits import Draft
from posture.visit import ARMS, CLOTHES, Arms, Clothes, Conditions

if TYPE_CHECKING:
    from posture.assessment import Assessment
    from posture.records.access import Access
    from posture.records.kept import KeptPhoto, Visit, VisitSummary


def arms_words() -> dict[Arms, str]:
    """Return what each way of holding the arms is called."""
    words = (_("Hanging"), _("Clasped in front"), _("Lifted forward"), _("Crossed"), _("Other"))
    return dict(zip(ARMS, words, strict=True))


def clothes_words() -> dict[Clothes, str]:
    """Return what may be worn over the back is called."""
    return dict(zip(CLOTHES, (_("Bare back"), _("Tight"), _("Loose")), strict=True))


def show(access: Access, visit_id: str) -> None:
    """Show a visit, or the draft of one."""
    if any(draft.id == visit_id for draft in visits.drafts(access)):
        _draft(access, visits.draft(access, visit_id))
    else:
        _saved(access, visits.get(access, visit_id, pictures=True))


def drawn(photo: KeptPhoto, shown: Photo | None) -> None:
    """Show the photo with its lines, or the lines alone."""
    read: Assessment = photo.assessment
    alt = _("The photo with what was found drawn on it")
    if shown is None:
        st.image(overlay.to_svg(read), width="stretch", alt=alt)
        st.caption(_("The photo itself was not kept."))
    else:
        st.image(overlay.draw(shown, read), width="stretch", output_format="JPEG", alt=alt)


def _title(access: Access, visit: Visit) -> None:
    name = people.named(access, visit.person_id).name
    st.title(
        _("{name}, visit of {day}").format(name=desk.plain(name), day=day(visit.at)), anchor=False
    )


def _draft(access: Access, draft: Draft) -> None:
    visit = draft.visit
    _title(access, visit)
    st.info(_("This visit is not saved yet."), icon=":material/edit_note:")
    save = st.button(_("Save the visit"), type="primary", icon=":material/save:")
    told = _ask(draft)
    if told != draft:
        visits.change_draft(access, told)
    with st.container(key="photo"):
        drawn(visit.photos[0], picture(visit.photos[0]))
    if st.button(_("Discard this draft"), icon=":material/delete:"):
        visits.erase(access, visit.id)
        st.switch_page("app_pages/people.py", query_params={"person": visit.person_id})
    if save and _save(access, told):
        st.switch_page("app_pages/people.py", query_params={"person": visit.person_id})


def _ask(draft: Draft) -> Draft:
    """Ask for everything about a visit, as it was told so far."""
    visit, key = draft.visit, draft.visit.id
    today = datetime.now(UTC).date()
    taken = st.date_input(
        _("Day of the photos"), visit.at.date(), max_value=today, key=f"day_{key}"
    )
    arms = arms_words()
    held = st.segmented_control(
        _("Arms"),
        list(arms),
        default=visit.conditions.arms,
        format_func=arms.__getitem__,
        key=f"arms_{key}",
        help=_("Arms change how a person stands: visits with other arms are not compared."),
    )
    clothes = clothes_words()
    worn = st.segmented_control(
        _("Over the back"),
        list(clothes),
        default=visit.conditions.clothes,
        format_func=clothes.__getitem__,
        key=f"clothes_{key}",
    )
    keeps = st.toggle(_("Keep the photo too"), draft.keeps_pictures, key=f"keep_{key}")
    blurs = draft.blurs_faces
    if keeps:
        blurs = st.toggle(_("Blur the face in it"), draft.blurs_faces, key=f"blur_{key}")
    else:
        st.caption(_("Without it, numbers and lines are kept alone."))
    notes = writing(_("Your notes"), visit.notes, most=LONGEST_TEXT, key=f"notes_{key}")
    plan = writing(_("Your plan"), visit.plan, most=LONGEST_TEXT, key=f"plan_{key}")
    at = visit.at
    if taken and taken != visit.at.date():
        at = datetime.combine(taken, time(12), UTC)
    # Compared by what was asked for, so that an unchanged draft is the same one.
    if (at, held, worn, notes, plan, keeps, blurs) == (
        *(visit.at, visit.conditions.arms, visit.conditions.clothes),
        *(visit.notes, visit.plan, draft.keeps_pictures, draft.blurs_faces),
    ):
        return draft
    told = replace(visit, at=at, conditions=Conditions(held, worn), notes=notes, plan=plan)
    return Draft(told, keeps, blurs)


def _save(access: Access, draft: Draft) -> bool:
    """Save the visit, or say why not yet."""
    photos = []
    for photo in draft.visit.photos:
        kept_picture = photo.picture if draft.keeps_pictures else None
        if kept_picture is not None and draft.blurs_faces:
            whole = picture(photo)
            blurred = None if whole is None else face.blurred(whole, photo.assessment)
            if blurred is None:
                st.error(
                    _(
                        "No head was found in the photo, so no face can be blurred: switch the "
                        "blurring off, or do not keep the photo."
                    ),
                    icon=":material/face:",
                )
                return False
            kept_picture = overlay.to_jpeg(blurred)
        photos.append(replace(photo, picture=kept_picture))
    visits.save(access, replace(draft.visit, photos=tuple(photos)))
    return True


def _saved(access: Access, visit: Visit) -> None:
    _title(access, visit)
    stance, before = visit.stance, _before(access, visit)
    first = visit.photos[0]
    shown = picture(first)
    with st.container(key="result"):
        with st.container(key="headline"):
            pair = [stance.measurements[key] for key in PAIR]
            cards.numbers(*pair)
            st.markdown(f"**{wording.pair(pair[0], pair[1])}**")
            if before is not None:
                since(access, before, visit)
        with st.container(key="photo"):
            drawn(first, shown)
        with st.container(key="details"):
            _words(access, visit)
    st.subheader(_("All measures"), anchor=False)
    cards.table([*stance.measurements.values()])
    if len(visit.photos) > 1:
        said = _("The numbers are the means of {count} photos of one stance.")
        st.caption(said.format(count=len(visit.photos) - stance.left_out))
    _conditions(visit.conditions)
    visit_files.offer(access, visit, before)
    _erase(access, visit)


def _before(access: Access, visit: Visit) -> VisitSummary | None:
    """Return the visit before a saved one."""
    every = visits.of_person(access, visit.person_id)
    place = [one.id for one in every].index(visit.id)
    return every[place - 1] if place else None


def _words(access: Access, visit: Visit) -> None:
    notes = writing(_("Your notes"), visit.notes, most=LONGEST_TEXT, key=f"notes_{visit.id}")
    plan = writing(_("Your plan"), visit.plan, most=LONGEST_TEXT, key=f"plan_{visit.id}")
    if (notes, plan) != (visit.notes, visit.plan):
        visits.change_words(access, visit.id, notes, plan)
        st.caption(_("Saved."))


def _conditions(conditions: Conditions) -> None:
    said = []
    if conditions.arms is not None:
        said.append(_("Arms: {how}.").format(how=arms_words()[conditions.arms]))
    if conditions.clothes is not None:
        said.append(_("Over the back: {what}.").format(what=clothes_words()[conditions.clothes]))
    if said:
        st.caption(" ".join(said))


def _erase(access: Access, visit: Visit) -> None:
    with st.expander(_("Erase this visit"), icon=":material/delete:"):
        sure = st.checkbox(_("I want to erase this visit."), key=f"sure_{visit.id}")
        if st.button(_("Erase"), disabled=not sure, icon=":material/delete_forever:"):
            visits.erase(access, visit.id)
            st.switch_page("app_pages/people.py", query_params={"person": visit.person_id})
