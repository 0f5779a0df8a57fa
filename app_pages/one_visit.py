"""Shows one visit, or the draft of one that is to be saved; nothing is kept without a word."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

import streamlit as st

from app_pages import cards, desk, own_clinic
from app_pages.writing import writing
from posture import Photo, face, overlay, verdicts, wording
from posture.interchange import fhir, table
from posture.interchange.record import Record
from posture.language import day, kept
from posture.language import gettext as _
from posture.quantities import LUMBAR_CURVE, PELVIC_TILT
from posture.records import clinics, people, visits
from posture.records.kept import LONGEST_TEXT
from posture.records.visits import Draft
from posture.report import pdf
from posture.report.content import Report
from posture.visit import ARMS, CLOTHES, Arms, Clothes, Conditions

if TYPE_CHECKING:
    from posture.assessment import Assessment
    from posture.records.access import Access
    from posture.records.kept import KeptPhoto, Visit, VisitSummary


_PAIR = (PELVIC_TILT.key, LUMBAR_CURVE.key)


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


def picture(photo: KeptPhoto) -> Photo | None:
    """Return the photo that was kept, at the size that its assessment speaks of."""
    if photo.picture is None:
        return None
    read = photo.assessment
    opened = Photo.open(photo.picture, name=read.photo_name)
    return replace(opened, width=read.width, height=read.height)


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
    stance = visit.stance
    first = visit.photos[0]
    shown = picture(first)
    with st.container(key="result"):
        with st.container(key="headline"):
            pair = [stance.measurements[key] for key in _PAIR]
            cards.numbers(*pair)
            st.markdown(f"**{wording.pair(pair[0], pair[1])}**")
            _since(access, visit)
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
    _save_as(access, visit, shown)
    _erase(access, visit)


def _since(access: Access, visit: Visit) -> None:
    """Say what changed since the visit before."""
    last = _before(access, visit)
    if last is None:
        return
    changes = own_clinic.compare(access, last.stance, visit.stance)
    st.markdown(
        _("**Since {day}**").format(day=day(last.at))
        + "".join(f"  \n{verdicts.sentence(changes[key])}" for key in _PAIR)
    )
    st.page_link(
        "app_pages/compare.py",
        label=_("Compare the pictures"),
        icon=":material/compare:",
        query_params={"before": last.id, "after": visit.id},
    )


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


def _report(access: Access, visit: Visit) -> bytes:
    """Return a visit's report, with what changed since the one before."""
    clinic, before = clinics.get(access), _before(access, visit)
    changes = None if before is None else own_clinic.compare(access, before.stance, visit.stance)
    return pdf.to_pdf(
        Report(
            person=people.named(access, visit.person_id).name,
            at=visit.at,
            pictures=tuple((picture(photo), photo.assessment) for photo in visit.photos),
            stance=visit.stance,
            changes=changes,
            before_at=None if before is None else before.at,
            notes=visit.notes,
            plan=visit.plan,
            clinic=clinic.name,
            logo=clinic.logo,
            paper=clinic.paper,
        )
    )


def _save_as(access: Access, visit: Visit, shown: Photo | None) -> None:
    read = visit.photos[0].assessment
    st.subheader(_("Save"), anchor=False)
    record = Record(
        tuple(photo.assessment for photo in visit.photos),
        visit.stance,
        visit.person_id,
        visit.id,
        at=visit.at,
        conditions=visit.conditions,
    )
    with st.container(horizontal=True):
        st.download_button(
            _("Report (PDF)"),
            kept(lambda: _report(access, visit)),
            "posture_report.pdf",
            "application/pdf",
            on_click="ignore",
            icon=":material/picture_as_pdf:",
            type="primary",
        )
        st.download_button(
            _("Table (CSV)"),
            kept(lambda: table.to_csv(record)),
            "posture_visit.csv",
            "text/csv",
            on_click="ignore",
            icon=":material/table:",
        )
        st.download_button(
            _("For clinic software (FHIR)"),
            kept(lambda: fhir.to_fhir(record)),
            "posture_visit.fhir.json",
            "application/fhir+json",
            on_click="ignore",
            icon=":material/local_hospital:",
        )
        st.download_button(
            _("Drawing (SVG)"),
            kept(lambda: overlay.to_svg(read, shown)),
            "posture_visit.svg",
            "image/svg+xml",
            on_click="ignore",
            icon=":material/draw:",
        )


def _erase(access: Access, visit: Visit) -> None:
    with st.expander(_("Erase this visit"), icon=":material/delete:"):
        sure = st.checkbox(_("I want to erase this visit."), key=f"sure_{visit.id}")
        if st.button(_("Erase"), disabled=not sure, icon=":material/delete_forever:"):
            visits.erase(access, visit.id)
            st.switch_page("app_pages/people.py", query_params={"person": visit.person_id})
