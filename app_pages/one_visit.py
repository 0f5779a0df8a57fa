"""Shows one visit, or the draft of one that is to be saved; nothing is kept without a word."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import streamlit as st

from app_pages import cards, desk, fresh, visit_files
from app_pages.since import PAIR, since
from app_pages.visit_files import picture
from posture import Photo, clock, face, overlay, wording
from posture.errors import RecordsError
from posture.language import current, day
from posture.language import gettext as _
from posture.records import drafts, people, visits
from posture.records.drafts import Draft
from posture.records.kept import LONGEST_TEXT
from posture.visit import ARMS, CLOTHES, Arms, Clothes, Conditions

if TYPE_CHECKING:
    from datetime import date

    from posture.assessment import Assessment
    from posture.records.access import Access
    from posture.records.kept import KeptPhoto, Visit, VisitSummary

_DAY: Final = {"de": "DD.MM.YYYY"}


def arms_words() -> dict[Arms, str]:
    """Return what each way of holding the arms is called."""
    words = (_("Hanging"), _("Clasped in front"), _("Lifted forward"), _("Crossed"), _("Other"))
    return dict(zip(ARMS, words, strict=True))


def clothes_words() -> dict[Clothes, str]:
    """Return what may be worn over the back is called."""
    return dict(zip(CLOTHES, (_("Bare back"), _("Tight"), _("Loose")), strict=True))


def show(access: Access, visit_id: str) -> None:
    """Show a visit, or the draft of one."""
    begun = next((draft for draft in drafts.mine(access) if draft.id == visit_id), None)
    if begun is None:
        _saved(access, look(access, visit_id))
        return
    try:
        draft = drafts.get(access, visit_id)
    except RecordsError as error:  # damaged or of another version: it can still be discarded
        st.error(str(error), icon=":material/folder_off:")
        discard(access, visit_id, begun.person_id)
    else:
        _draft(access, draft)


def look(access: Access, visit_id: str) -> Visit:
    """Return a saved visit with its pictures; that this window looked at it is noted once."""
    return desk.look(
        visit_id, lambda note: visits.get(access, visit_id, pictures=True, action=note)
    )


def drawn(photo: KeptPhoto, shown: Photo | None) -> None:
    """Show the photo with its lines, or the lines alone."""
    read: Assessment = photo.assessment
    alt = _("The photo with what was found drawn on it")
    if shown is None:
        st.image(overlay.to_svg(read), width="stretch", alt=alt)
        st.caption(_("The photo itself was not kept."))
    else:
        st.image(overlay.draw(shown, read), width="stretch", output_format="JPEG", alt=alt)


def _photos(visit: Visit) -> None:
    """Show a visit's photos, the one that stands for it first, the others once asked for."""
    with st.container(key="photo"):
        drawn(visit.shown, picture(visit.shown))
        others = [photo for photo in visit.photos if photo is not visit.shown]
        if not others:
            return
        label = _("The other photos: {count}").format(count=len(others))
        if st.toggle(label, key=f"others_{visit.id}"):
            with st.container(horizontal=True, key="others"):
                for photo in others:
                    with st.container(width=180):
                        drawn(photo, picture(photo))


def _of_how_many(visit: Visit) -> None:
    """Say from how many of several photos each of both angles is the mean."""
    counts = [visit.stance.counts[key] for key in PAIR]
    if len(visit.photos) == 1 or not any(counts):
        return
    said = _("Pelvic tilt is the mean of {tilt} of {count} photos, the lumbar curve of {curve}.")
    st.caption(said.format(count=len(visit.photos), tilt=counts[0], curve=counts[1]))


def _title(access: Access, visit: Visit) -> None:
    name = people.named(access, visit.person_id).name
    st.title(
        _("{name}, visit of {day}").format(name=desk.plain(name), day=day(visit.at)), anchor=False
    )


def _draft(access: Access, draft: Draft) -> None:
    visit = draft.visit
    title = st.empty()
    st.info(_("This visit is not saved yet."), icon=":material/edit_note:")
    save = st.button(_("Save the visit"), type="primary", icon=":material/save:")
    told = _ask(draft)
    if told != draft:
        _keep(access, draft, told)
    with title:
        _title(access, told.visit)
    again = st.button(_("Save the visit"), key="save_below", icon=":material/save:")
    if (save or again) and _save(access, told):
        desk.go(_("The visit is saved."), person=visit.person_id)
    _photos(visit)
    discard(access, visit.id, visit.person_id)


def discard(access: Access, visit_id: str, person_id: str) -> None:
    """Ask whether a draft is to be discarded."""
    with st.popover(_("Discard this draft"), icon=":material/delete:", key=f"drop_{visit_id}"):
        st.markdown(_("Its photos and words are taken away for good."))
        label, key = _("Discard"), f"discard_{visit_id}"
        if st.button(label, key=key, icon=":material/delete_forever:"):
            visits.erase(access, visit_id)
            desk.go(_("The draft is discarded."), person=person_id)


def _ask(draft: Draft) -> Draft:
    """Ask for everything about a visit, as it was told so far."""
    visit, key = draft.visit, draft.visit.id
    conditions = visit.conditions
    kept: dict[str, object] = {
        f"day_{key}": clock.local(visit.at).date(),
        f"arms_{key}": conditions.arms,
        f"clothes_{key}": conditions.clothes,
        f"keep_{key}": draft.keeps_pictures,
        f"blur_{key}": draft.blurs_faces,
    }
    for name, value in kept.items():
        fresh.meet(name, value)
    today = clock.local(datetime.now(UTC)).date()
    taken = st.date_input(
        _("Day of the photos"),
        max_value=max(today, clock.local(visit.at).date()),  # this clock may have been set back
        key=f"day_{key}",
        format=_DAY.get(current(), "DD/MM/YYYY"),
    )
    arms = arms_words()
    held = st.segmented_control(
        _("Arms"),
        list(arms),
        format_func=arms.__getitem__,
        key=f"arms_{key}",
        help=_("Arms change how a person stands: visits with other arms are not compared."),
    )
    clothes = clothes_words()
    worn = st.segmented_control(
        _("Over the back"), list(clothes), format_func=clothes.__getitem__, key=f"clothes_{key}"
    )
    keeps = st.toggle(_("Keep the photo too"), key=f"keep_{key}")
    blurs = draft.blurs_faces
    if keeps:
        blurs = st.toggle(_("Blur the face in it"), key=f"blur_{key}")
    else:
        st.caption(_("Without it, numbers and lines are kept alone."))
    notes, plan = _ask_words(visit)
    at = visit.at if taken is None else _moved(visit.at, taken)
    # Compared by what was asked for, so that an unchanged draft is the same one.
    if (at, held, worn, notes, plan, keeps, blurs) == (
        *(visit.at, conditions.arms, conditions.clothes),
        *(visit.notes, visit.plan, draft.keeps_pictures, draft.blurs_faces),
    ):
        return draft
    told = replace(visit, at=at, conditions=Conditions(held, worn), notes=notes, plan=plan)
    return Draft(told, keeps, blurs)


def _moved(at: datetime, taken: date) -> datetime:
    """Return the same time on another day, so that visits of one day stay in their order."""
    there = clock.local(at)
    if taken == there.date():
        return at
    moved = datetime.combine(taken, there.time(), there.tzinfo)
    return min(moved, datetime.now(UTC)).astimezone(UTC)


def _keep(access: Access, was: Draft, now: Draft) -> None:
    """Keep what was changed in a draft, and remember that it was changed here."""
    drafts.change(access, was, now)
    visit, key = now.visit, now.visit.id
    fresh.saw(f"day_{key}", clock.local(visit.at).date())
    fresh.saw(f"arms_{key}", visit.conditions.arms)
    fresh.saw(f"clothes_{key}", visit.conditions.clothes)
    fresh.saw(f"keep_{key}", now.keeps_pictures)
    fresh.saw(f"blur_{key}", now.blurs_faces)
    _saw_words(visit)


def _ask_words(visit: Visit) -> tuple[str, str]:
    """Ask for notes and plan, and return what is to be kept of them."""
    notes, plan = _word_keys(visit)
    return (
        fresh.words(_("Your notes"), visit.notes, most=LONGEST_TEXT, key=notes),
        fresh.words(_("Your plan"), visit.plan, most=LONGEST_TEXT, key=plan),
    )


def _saw_words(visit: Visit) -> None:
    for key, text in zip(_word_keys(visit), (visit.notes, visit.plan), strict=True):
        fresh.saw(key, text)


def _word_keys(visit: Visit) -> tuple[str, str]:
    return f"notes_{visit.id}", f"plan_{visit.id}"


def _save(access: Access, draft: Draft) -> bool:
    """Save the visit, or say why not yet."""
    if any(map(fresh.is_disputed, _word_keys(draft.visit))):
        st.error(
            _("Choose first which of the words are to stay: yours or those of the other window."),
            icon=":material/edit_note:",
        )
        return False
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
    drafts.finish(access, draft, replace(draft.visit, photos=tuple(photos)))
    return True


def _saved(access: Access, visit: Visit) -> None:
    _title(access, visit)
    stance, before = visit.stance, _before(access, visit)
    with st.container(key="result"):
        with st.container(key="headline"):
            pair = [stance.measurements[key] for key in PAIR]
            cards.numbers(*pair)
            st.markdown(f"**{wording.pair(pair[0], pair[1])}**")
            _of_how_many(visit)
            if before is not None:
                since(access, before, visit)
        _photos(visit)
        with st.container(key="details"):
            visit = _words(access, visit)
    st.subheader(_("All measures"), anchor=False)
    cards.table([*stance.measurements.values()])
    _conditions(visit.conditions)
    visit_files.offer(access, visit, before)
    _erase(access, visit)


def _before(access: Access, visit: Visit) -> VisitSummary | None:
    """Return the visit before a saved one."""
    every = visits.of_person(access, visit.person_id)
    # A visit of which no summary can be read is not among them.
    place = next((n for n, one in enumerate(every) if one.id == visit.id), 0)
    return every[place - 1] if place else None


def _words(access: Access, visit: Visit) -> Visit:
    """Let notes and plan be changed, and return the visit as it is kept then."""
    was, now = (visit.notes, visit.plan), _ask_words(visit)
    if now == was:
        return visit
    visits.change_words(access, visit.id, was, now)
    told = replace(visit, notes=now[0], plan=now[1])
    _saw_words(told)
    st.caption(_("Saved."))
    return told


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
            desk.go(_("Erased."), person=visit.person_id)
