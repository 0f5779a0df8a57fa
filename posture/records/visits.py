"""Reads and writes the saved visits of a clinic's people, each wholly or not at all."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from posture.errors import NotThereError, RecordsError
from posture.records import database, people, rows
from posture.records.kept import Visit, VisitSummary, checked_words
from posture.records.tables import VisitRow

if TYPE_CHECKING:
    from posture.records.access import Access


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
        rows.write(session, access, visit)
        access.audit(session, "save", visit.person_id, visit.id)
    if replaces:  # a draft, whose pictures need not be kept
        database.empty_journal(access.engine)


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
        row = rows.owned(session, access, visit_id, to_change=True)
        rows.change_facts(access, row, dict(zip(rows.WORDS, was, strict=True)), checked_words(*now))
        if row.draft_of is None:
            access.audit(session, "change", row.person_id, row.id)


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
        saved = select(VisitRow).where(VisitRow.person_id == person_id, VisitRow.draft_of.is_(None))
        found = session.scalars(saved.order_by(VisitRow.at, VisitRow.created_at)).all()
    read = []
    for row in found:
        with suppress(RecordsError):  # damaged, or of another version
            read.append(rows.summary(access, row))
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
    with access.session(writes=action is not None) as session:
        row = rows.owned(session, access, visit_id)
        if row.draft_of is not None:
            raise NotThereError(rows.no_visit())
        if action is not None:
            access.audit(session, action, row.person_id, row.id)
        return rows.read(session, access, row, pictures=pictures)[0]


def erase(access: Access, visit_id: str) -> None:
    """Erase a visit or discard a draft, also of another user at the clinic, with its photos.

    Raises
    ------
    NotThereError
        If there is no such visit at this clinic.
    """
    with access.writing() as session:
        row = session.scalar(rows.of_clinic(access).where(VisitRow.id == visit_id))
        if row is None:
            raise NotThereError(rows.no_visit())
        action = "erase" if row.draft_of is None else "discard"
        access.audit(session, action, row.person_id, row.id)
        session.execute(delete(VisitRow).where(VisitRow.id == row.id))
    database.empty_journal(access.engine)
