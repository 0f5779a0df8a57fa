"""Reads and writes the drafts of visits, each its user's own until it is saved or discarded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from posture.errors import NotThereError
from posture.language import gettext as _
from posture.records import database, people, rows
from posture.records.kept import Facts, Visit, checked_words
from posture.records.tables import VisitRow
from posture.visit import Conditions

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from posture.records.access import Access


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
    """That there is a draft; nothing of it is opened, so that it is listed if it is damaged too.

    Attributes
    ----------
    id : str
        By which it can be opened or discarded.
    person_id : str
        Of whom it is.
    user : str
        Whose it is.
    at : datetime
        When its photos were taken.
    begun_at : datetime
        When it was begun.
    """

    id: str
    person_id: str
    user: str
    at: datetime
    begun_at: datetime


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
        if facts is not None and row is None:
            person_id = draft.visit.person_id
            people.put(session, access, person_id, facts, datetime.now(UTC))
            access.audit(session, "add", person_id)
        rows.write(session, access, draft.visit, access.user, _chosen(draft))


def change(access: Access, was: Draft, now: Draft) -> None:
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
        row = _own(session, access, now.visit.id, to_change=True)
        if now.visit.at != was.visit.at:
            row.at = now.visit.at
        facts = rows.change_facts(access, row, _told(was), _told(now))
        visit = replace(now.visit, conditions=Conditions(**facts["conditions"]))
        row.stance = rows.sealed_stance(access, visit)


def finish(access: Access, draft: Draft, visit: Visit) -> None:
    """Save a visit in place of its draft.

    Parameters
    ----------
    access : Access
        Who saves.
    draft : Draft
        As it was read.
    visit : Visit
        What is saved, with the pictures that are kept.

    Raises
    ------
    NotThereError
        If there is no such draft of this user's any more.
    RecordsError
        If its words were changed since by another window, or `rows.write` refuses the visit.
    """
    with access.writing() as session:
        row = _own(session, access, visit.id, to_change=True)
        rows.check_words(access, row, draft.visit.notes, draft.visit.plan)
        rows.write(session, access, visit)
        access.audit(session, "save", visit.person_id, visit.id)
    database.empty_journal(access.engine)  # pictures of the draft need not be kept


def mine(access: Access) -> Sequence[Unfinished]:
    """Return the drafts of this user, the latest first."""
    own = rows.of_clinic(access).where(VisitRow.draft_of == access.user)
    with access.reading() as session:
        return _listed(session.scalars(own.order_by(VisitRow.created_at.desc())))


def others(access: Access, person_id: str) -> Sequence[Unfinished]:
    """Return what other users of the clinic began with a person and did not save, the latest first.

    Raises
    ------
    NotThereError
        If the person is not this clinic's.
    """
    with access.reading() as session:
        people.owned(session, access, person_id)
        theirs = (
            select(VisitRow)
            .where(VisitRow.person_id == person_id, VisitRow.draft_of.is_not(None))
            .where(VisitRow.draft_of != access.user)
            .order_by(VisitRow.created_at.desc())
        )
        return _listed(session.scalars(theirs))


def get(access: Access, visit_id: str) -> Draft:
    """Return a draft of this user's, with its pictures.

    Raises
    ------
    NotThereError
        If there is none of that id.
    """
    with access.reading() as session:
        row = _own(session, access, visit_id)
        visit, facts = rows.read(session, access, row, pictures=True)
    return Draft(visit, facts["keeps_pictures"], facts["blurs_faces"])


def _own(session: Session, access: Access, visit_id: str, *, to_change: bool = False) -> VisitRow:
    row = rows.owned(session, access, visit_id, to_change=to_change)
    if row.draft_of != access.user:
        raise NotThereError(_("There is no such draft: it was saved or discarded."))
    return row


def _listed(found: Iterable[VisitRow]) -> list[Unfinished]:
    return [
        Unfinished(row.id, row.person_id, row.draft_of or "", row.at, row.created_at)
        for row in found
    ]


def _told(draft: Draft) -> dict[str, Any]:
    visit = draft.visit
    words = checked_words(visit.notes, visit.plan)
    return {"conditions": asdict(visit.conditions), **words, **_chosen(draft)}


def _chosen(draft: Draft) -> dict[str, bool]:
    return {"keeps_pictures": draft.keeps_pictures, "blurs_faces": draft.blurs_faces}
