"""Reads and writes the people of a clinic; their visits are another room's."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from posture.errors import NotThereError, RecordsError, SealError
from posture.language import gettext as _
from posture.records import database
from posture.records.kept import LONGEST_NAME, Facts, Person
from posture.records.tables import AuditRow, PersonRow, VisitRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from posture.records.access import Access


@dataclass(frozen=True, slots=True)
class Found:
    """Some of the people who were sought.

    Attributes
    ----------
    people : tuple of Person
        Those from the place asked for on, by name.
    count : int
        How many there are in all.
    """

    people: tuple[Person, ...]
    count: int


def search(access: Access, sought: str = "", *, start: int = 0, most: int = 20) -> Found:
    """Return people whose name or number holds every word that is sought.

    Capitals and accents do not count. Whose name is damaged is among them, and called so. Who was
    seen last comes first if nothing is sought, and otherwise by name.
    """
    words = _plain(sought).split()
    rows = select(PersonRow.id, PersonRow.facts).where(PersonRow.clinic_id == access.clinic_id)
    counts = (
        select(VisitRow.person_id, func.count(), func.max(VisitRow.at))
        .join(PersonRow, PersonRow.id == VisitRow.person_id)
        .where(PersonRow.clinic_id == access.clinic_id, VisitRow.draft_of.is_(None))
        .group_by(VisitRow.person_id)
    )
    with access.reading() as session:
        sealed = session.execute(rows).all()
        visits = {person: (count, last) for person, count, last in session.execute(counts)}
    people = []
    for person_id, facts in sealed:
        try:
            known = _facts(access, person_id, facts)
        except SealError:  # the others can be read all the same
            known = _unread()
        told = _plain(f"{known.name} {known.number}")
        if all(word in told for word in words):
            count, last = visits.get(person_id, (0, None))
            people.append(Person(person_id, known, count, last))
    people.sort(key=lambda person: (_plain(person.facts.name), person.id))
    if not words:
        never = datetime.min.replace(tzinfo=UTC)
        people.sort(key=lambda person: person.last_at or never, reverse=True)
    return Found(tuple(people[start : start + most]), len(people))


def get(access: Access, person_id: str, *, action: str | None = "view") -> Person:
    """Return a person, and note that they were looked at.

    Parameters
    ----------
    access : Access
        Who looks.
    person_id : str
        At whom.
    action : str or None
        What is noted; None if it was noted already.

    Raises
    ------
    NotThereError
        If there is no such person at this clinic.
    """
    with access.session(writes=action is not None) as session:
        row = owned(session, access, person_id)
        if action is not None:
            access.audit(session, action, person_id)
        count, last = session.execute(
            select(func.count(), func.max(VisitRow.at)).where(
                VisitRow.person_id == person_id, VisitRow.draft_of.is_(None)
            )
        ).one()
        return Person(person_id, facts_of(access, row), count, last)


def add(access: Access, facts: Facts, person_id: str | None = None) -> str:
    """Add a person and return their id.

    Raises
    ------
    RecordsError
        If the name is empty or too long.
    """
    person_id = person_id or str(uuid.uuid4())
    with access.writing() as session:
        put(session, access, person_id, facts, datetime.now(UTC))
        access.audit(session, "add", person_id)
    return person_id


def put(
    session: Session, access: Access, person_id: str, facts: Facts, created_at: datetime
) -> None:
    """Write a new person, in a transaction that is under way."""
    sealed = access.seal(asdict(checked(facts)), place(person_id))
    session.add(
        PersonRow(id=person_id, clinic_id=access.clinic_id, facts=sealed, created_at=created_at)
    )
    session.flush()


def change(access: Access, person_id: str, facts: Facts) -> None:
    """Write what a person is known by anew.

    Raises
    ------
    NotThereError
        If there is no such person at this clinic.
    RecordsError
        If the name is empty or too long.
    """
    with access.writing() as session:
        row = owned(session, access, person_id)
        row.facts = access.seal(asdict(checked(facts)), place(person_id))
        access.audit(session, "change", person_id)


def erase(access: Access, person_id: str) -> bool:
    """Erase a person with all visits and photos, and overwrite where they were.

    Returns
    -------
    bool
        False if another program was reading meanwhile: what was overwritten last may still stand in
        the journal until it ends.

    Raises
    ------
    NotThereError
        If there is no such person at this clinic.
    """
    with access.writing() as session:
        owned(session, access, person_id)
        session.execute(delete(PersonRow).where(PersonRow.id == person_id))
        access.audit(session, "erase", person_id)
    return database.forget_traces(access.engine)


def audit(access: Access, person_id: str) -> Sequence[tuple[datetime, str, str]]:
    """Return when who did what with a person, the last first; also of who was erased."""
    rows = (
        select(AuditRow.at, AuditRow.user, AuditRow.action)
        .where(AuditRow.clinic_id == access.clinic_id, AuditRow.person_id == person_id)
        .order_by(AuditRow.id.desc())
    )
    with access.reading() as session:
        return [(at, user, action) for at, user, action in session.execute(rows)]


def owned(session: Session, access: Access, person_id: str) -> PersonRow:
    """Return a person's row if they are this clinic's.

    Raises
    ------
    NotThereError
        If they are not, in the same words as if there were none.
    """
    row = session.scalar(
        select(PersonRow).where(PersonRow.id == person_id, PersonRow.clinic_id == access.clinic_id)
    )
    if row is None:
        raise NotThereError(_("There is no such person here: choose one from the list."))
    return row


def checked(facts: Facts) -> Facts:
    """Return facts as they are kept.

    Raises
    ------
    RecordsError
        If the name is empty or too long.
    """
    name, number = facts.name.strip(), facts.number.strip()
    if not name:
        raise RecordsError(_("A person needs a name: write one, or the number you know them by."))
    if max(len(name), len(number)) > LONGEST_NAME:
        raise RecordsError(
            _("A name or number has at most {most} characters: shorten it.").format(
                most=LONGEST_NAME
            )
        )
    return Facts(name, number, facts.stature_cm)


def named(access: Access, person_id: str) -> Facts:
    """Return what a person is known by, where it is shown beside what is looked at.

    Raises
    ------
    NotThereError
        If there is no such person at this clinic.
    """
    with access.reading() as session:
        return facts_of(access, owned(session, access, person_id))


def called(access: Access, person_id: str) -> str:
    """Return a person's name, or that it cannot be read.

    Raises
    ------
    NotThereError
        If there is no such person at this clinic.
    """
    try:
        return named(access, person_id).name
    except SealError:
        return _unread().name


def facts_of(access: Access, row: PersonRow) -> Facts:
    """Return what a row says a person is known by."""
    return _facts(access, row.id, row.facts)


def place(person_id: str) -> str:
    """Return for which place a person's facts are sealed."""
    return f"person/{person_id}"


def _unread() -> Facts:
    return Facts(_("Cannot be read"))


def _facts(access: Access, person_id: str, sealed: bytes) -> Facts:
    return Facts(**access.open(sealed, place(person_id)))


def _plain(text: str) -> str:
    """Return text without capitals and accents."""
    if text.isascii():
        return text.casefold()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
