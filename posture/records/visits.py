"""Reads and writes the visits of a clinic's people, each wholly or not at all."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, select
from sqlalchemy.orm import undefer

from posture.assessment import Assessment
from posture.errors import NotThereError, RecordsError
from posture.language import gettext as _
from posture.records import database, people
from posture.records.form import from_json, to_json
from posture.records.kept import (
    MOST_PHOTOS,
    Facts,
    KeptPhoto,
    Visit,
    VisitSummary,
    checked_words,
)
from posture.records.tables import PersonRow, PhotoRow, VisitRow
from posture.visit import Conditions, Stance

if TYPE_CHECKING:
    from sqlalchemy.orm import Session
    from sqlalchemy.sql import Select

    from posture.records.access import Access

_WORDS: Final = ("notes", "plan")


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """A visit that was begun and is neither saved nor discarded.

    Attributes
    ----------
    visit : Visit
        What it would be, with its pictures whether they are to be kept or not.
    keeps_pictures, blurs_faces : bool
        What its user has chosen.
    """

    visit: Visit
    keeps_pictures: bool = False
    blurs_faces: bool = False


@dataclass(frozen=True, slots=True)
class Unfinished:
    """That another user has a draft, of which nothing is shown.

    Attributes
    ----------
    id : str
        By which it can be discarded.
    user : str
        Whose it is.
    begun_at : datetime
        When they began it.
    """

    id: str
    user: str
    begun_at: datetime


def new_id() -> str:
    """Return an id for a visit or a photo; whoever saves twice under one saves once."""
    return str(uuid.uuid4())


def save(access: Access, visit: Visit) -> None:
    """Save a visit, in place of the draft with its id if there is one.

    What was saved under the same id before is replaced.

    Raises
    ------
    NotThereError
        If the person is not this clinic's.
    RecordsError
        If it has no photo or too many, or its texts are too long.
    """
    with access.writing() as session:
        replaces = session.get(VisitRow, visit.id) is not None
        put(session, access, visit)
        access.audit(session, "save", visit.person_id, visit.id)
    if replaces:  # a draft, whose pictures need not be kept
        database.empty_journal(access.engine)


def put(session: Session, access: Access, visit: Visit) -> None:
    """Write a visit, in a transaction that is under way."""
    _write(session, access, visit, None, {})


def begin(access: Access, draft: Draft, facts: Facts | None = None) -> None:
    """Keep a draft of this user's, in place of an earlier one of the same visit.

    Parameters
    ----------
    access : Access
        Whose draft it is.
    draft : Draft
        Of which visit.
    facts : Facts, optional
        What its person is known by, if they are to be added with it.

    Raises
    ------
    NotThereError
        If the person is not this clinic's, or the visit is saved already.
    """
    with access.writing() as session:
        row = session.get(VisitRow, draft.visit.id)
        if row is not None and row.draft_of is None:
            raise NotThereError(_("This visit is saved already: open it to change its notes."))
        if facts is not None:
            person_id = draft.visit.person_id
            people.put(session, access, person_id, facts, datetime.now(UTC))
            access.audit(session, "add", person_id)
        _write(session, access, draft.visit, access.user, _chosen(draft))


def change_draft(access: Access, was: Draft, now: Draft) -> None:
    """Write what was changed in a draft, but for its photos, which stay as they are.

    Parameters
    ----------
    access : Access
        Who writes.
    was, now : Draft
        As it was read, and as it is to be. What is alike in both stays as it is kept.

    Raises
    ------
    NotThereError
        If there is no such draft of this user's.
    RecordsError
        If its texts are too long, or were changed since by another window.
    """
    with access.writing() as session:
        row = _owned(session, access, now.visit.id)
        if row.draft_of != access.user:
            raise NotThereError(_no_draft())
        if now.visit.at != was.visit.at:
            row.at = now.visit.at
        facts = _change_facts(access, row, _told(was), _told(now))
        visit = replace(now.visit, conditions=Conditions(**facts["conditions"]))
        row.stance = _sealed_stance(access, visit)


def change_words(access: Access, visit_id: str, was: tuple[str, str], now: tuple[str, str]) -> None:
    """Write notes and plan of a visit anew, of a draft too.

    Parameters
    ----------
    access : Access
        Who writes.
    visit_id : str
        Of which visit.
    was, now : tuple of str
        Notes and plan, as they were read and as they are to be. What is alike in both stays as it
        is kept.

    Raises
    ------
    NotThereError
        If there is no such visit at this clinic.
    RecordsError
        If they are too long, or were changed since by another window.
    """
    with access.writing() as session:
        row = _owned(session, access, visit_id)
        _change_facts(access, row, dict(zip(_WORDS, was, strict=True)), checked_words(*now))
        if row.draft_of is None:
            access.audit(session, "change", row.person_id, row.id)


def drafts(access: Access) -> Sequence[VisitSummary]:
    """Return the drafts of this user, the latest first."""
    rows = _of_clinic(access).where(VisitRow.draft_of == access.user)
    with access.reading() as session:
        found = session.scalars(rows.order_by(VisitRow.created_at.desc())).all()
        return [_summary(access, row) for row in found]


def others_drafts(access: Access, person_id: str) -> Sequence[Unfinished]:
    """Return what other users of the clinic began with a person and did not save, the latest first.

    Raises
    ------
    NotThereError
        If the person is not this clinic's.
    """
    with access.reading() as session:
        people.owned(session, access, person_id)
        rows = (
            select(VisitRow)
            .where(VisitRow.person_id == person_id, VisitRow.draft_of.is_not(None))
            .where(VisitRow.draft_of != access.user)
            .order_by(VisitRow.created_at.desc())
        )
        return [
            Unfinished(row.id, row.draft_of or "", row.created_at) for row in session.scalars(rows)
        ]


def draft(access: Access, visit_id: str) -> Draft:
    """Return a draft of this user's, with its pictures.

    Raises
    ------
    NotThereError
        If there is none of that id.
    """
    with access.reading() as session:
        row = _owned(session, access, visit_id)
        if row.draft_of != access.user:
            raise NotThereError(_no_draft())
        visit, facts = _visit(session, access, row, pictures=True)
    return Draft(visit, facts["keeps_pictures"], facts["blurs_faces"])


def of_person(access: Access, person_id: str) -> Sequence[VisitSummary]:
    """Return the saved visits of a person, the earliest first, without those that are damaged.

    `posture.records.people.get` counts them all.

    Raises
    ------
    NotThereError
        If the person is not this clinic's.
    """
    with access.reading() as session:
        people.owned(session, access, person_id)
        rows = select(VisitRow).where(VisitRow.person_id == person_id, VisitRow.draft_of.is_(None))
        found = session.scalars(rows.order_by(VisitRow.at, VisitRow.created_at)).all()
    read = []
    for row in found:
        with suppress(RecordsError):  # damaged, or of another version
            read.append(_summary(access, row))
    return read


def get(
    access: Access, visit_id: str, *, pictures: bool = False, action: str | None = "view"
) -> Visit:
    """Return a saved visit, and note that it was looked at.

    Parameters
    ----------
    access : Access
        Who looks.
    visit_id : str
        Which visit.
    pictures : bool
        Whether the pictures are wanted too.
    action : str or None
        What is noted; None if it was noted already.

    Raises
    ------
    NotThereError
        If there is no such visit at this clinic.
    """
    with access.reading() if action is None else access.writing() as session:
        row = _owned(session, access, visit_id)
        if row.draft_of is not None:
            raise NotThereError(_no_visit())
        if action is not None:
            access.audit(session, action, row.person_id, row.id)
        return _visit(session, access, row, pictures=pictures)[0]


def erase(access: Access, visit_id: str) -> None:
    """Erase a visit or discard a draft, also of another user at the clinic, with its photos.

    Raises
    ------
    NotThereError
        If there is no such visit at this clinic.
    """
    with access.writing() as session:
        row = session.scalar(_of_clinic(access).where(VisitRow.id == visit_id))
        if row is None:
            raise NotThereError(_no_visit())
        action = "erase" if row.draft_of is None else "discard"
        access.audit(session, action, row.person_id, row.id)
        session.execute(delete(VisitRow).where(VisitRow.id == row.id))
    database.empty_journal(access.engine)


def _write(
    session: Session,
    access: Access,
    visit: Visit,
    draft_of: str | None,
    chosen: dict[str, bool],
) -> None:
    if not 1 <= len(visit.photos) <= MOST_PHOTOS:
        raise RecordsError(
            _("A visit has 1 to {most} photos: leave some out.").format(most=MOST_PHOTOS)
        )
    people.owned(session, access, visit.person_id)
    before = session.get(VisitRow, visit.id)
    created_at = datetime.now(UTC)
    if before is not None:
        _owned(session, access, visit.id)
        created_at = before.created_at
        session.delete(before)
        session.flush()
    session.add(
        VisitRow(
            id=visit.id,
            person_id=visit.person_id,
            at=visit.at,
            draft_of=draft_of,
            facts=_sealed_facts(access, visit, chosen),
            stance=_sealed_stance(access, visit),
            created_at=created_at,
        )
    )
    session.flush()
    for number, photo in enumerate(visit.photos):
        sealed, picture = _sealed_photo(access, photo)
        session.add(
            PhotoRow(
                id=photo.id,
                visit_id=visit.id,
                place=number,
                assessment=sealed,
                picture=picture,
            )
        )
    session.flush()


def _change_facts(
    access: Access, row: VisitRow, was: Mapping[str, Any], now: Mapping[str, Any]
) -> dict[str, Any]:
    """Write what differs into what a visit is known by, and return all of it."""
    facts = access.open(row.facts, _place(row.id, "facts"))
    for name, value in now.items():
        if value == was[name]:
            continue
        # Of choices the last one counts; words are nobody's to throw away.
        if name in _WORDS and facts[name] not in (was[name], value):
            raise RecordsError(
                _(
                    "These words were changed in another window meanwhile: copy yours, and open "
                    "the visit anew."
                )
            )
        facts[name] = value
    row.facts = access.seal(facts, _place(row.id, "facts"))
    return facts


def _told(draft: Draft) -> dict[str, Any]:
    visit = draft.visit
    words = checked_words(visit.notes, visit.plan)
    return {"conditions": asdict(visit.conditions), **words, **_chosen(draft)}


def _chosen(draft: Draft) -> dict[str, bool]:
    return {"keeps_pictures": draft.keeps_pictures, "blurs_faces": draft.blurs_faces}


def _sealed_facts(access: Access, visit: Visit, chosen: dict[str, bool]) -> bytes:
    facts = {
        "conditions": asdict(visit.conditions),
        **checked_words(visit.notes, visit.plan),
        **chosen,
    }
    return access.seal(facts, _place(visit.id, "facts"))


def _sealed_stance(access: Access, visit: Visit) -> bytes:
    return access.vault.seal(to_json(visit.stance), _place(visit.id, "stance"), pack=True)


def _sealed_photo(access: Access, photo: KeptPhoto) -> tuple[bytes, bytes | None]:
    vault, text = access.vault, to_json(photo.assessment)
    sealed = vault.seal(text, _place(photo.id, "assessment"), pack=True)
    if photo.picture is None:
        return sealed, None
    return sealed, vault.seal(photo.picture, _place(photo.id, "picture"))


def _of_clinic(access: Access) -> Select[VisitRow]:
    return (
        select(VisitRow)
        .join(PersonRow, PersonRow.id == VisitRow.person_id)
        .where(PersonRow.clinic_id == access.clinic_id)
    )


def _owned(session: Session, access: Access, visit_id: str) -> VisitRow:
    row = session.scalar(_of_clinic(access).where(VisitRow.id == visit_id))
    if row is None or row.draft_of not in (None, access.user):
        raise NotThereError(_no_visit())
    return row


def _no_visit() -> str:
    return _("There is no such visit here: choose one from the person's page.")


def _no_draft() -> str:
    return _("There is no such draft: it was saved or discarded.")


def _summary(access: Access, row: VisitRow) -> VisitSummary:
    text = access.vault.open(row.stance, _place(row.id, "stance"))
    return VisitSummary(row.id, row.person_id, row.at, from_json(text, Stance))


def _visit(
    session: Session, access: Access, row: VisitRow, *, pictures: bool
) -> tuple[Visit, dict[str, bool]]:
    rows = select(PhotoRow).where(PhotoRow.visit_id == row.id).order_by(PhotoRow.place)
    if pictures:
        rows = rows.options(undefer(PhotoRow.picture))
    photos = []
    for photo in session.scalars(rows):
        text = access.vault.open(photo.assessment, _place(photo.id, "assessment"))
        sealed = photo.picture if pictures else None
        picture = None if sealed is None else access.vault.open(sealed, _place(photo.id, "picture"))
        photos.append(KeptPhoto(photo.id, from_json(text, Assessment), picture))
    facts = access.open(row.facts, _place(row.id, "facts"))
    visit = Visit(
        row.id,
        row.person_id,
        row.at,
        tuple(photos),
        Conditions(**facts.pop("conditions")),
        facts.pop("notes"),
        facts.pop("plan"),
    )
    return visit, facts


def _place(row_id: str, what: str) -> str:
    return f"{what}/{row_id}"
