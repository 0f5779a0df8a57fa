"""Opens the records and lets a user in at their clinic; it knows no person and no visit.

Each database session of a user comes from their `Access`, so that nothing is read or written
without a clinic.
"""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from posture.errors import NotThereError, RecordsError, SealError
from posture.language import gettext as _
from posture.records import database
from posture.records.tables import (
    AuditRow,
    ClinicRow,
    MemberRow,
    PersonRow,
    SealRow,
    VisitRow,
)
from posture.records.vault import Vault, open_vault

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine
    from sqlalchemy.orm import Session

#: The one clinic of a computer without a login, and its user.
LOCAL: Final = ""
LOCAL_USER: Final = "local"

_KNOWN: Final = b"posture"
_SEAL_PLACE: Final = "seal"


@dataclass(frozen=True, slots=True, eq=False)
class Access:
    """A user at a clinic, who sees what is that clinic's alone.

    Attributes
    ----------
    engine : Engine
        The database.
    vault : Vault
        What seals and opens.
    clinic_id, user : str
        Whose records, and who reads and writes.
    """

    engine: Engine
    vault: Vault = field(repr=False)
    clinic_id: str
    user: str

    def reading(self) -> AbstractContextManager[Session]:
        """Give a `session` that sees one moment of the database."""
        return self.session(writes=False)

    def writing(self) -> AbstractContextManager[Session]:
        """Give a `session` whose work is done wholly or not at all."""
        return self.session(writes=True)

    @contextmanager
    def session(self, *, writes: bool) -> Iterator[Session]:
        """Give a session of the database.

        Raises
        ------
        NotThereError
            If the user is not at the clinic any more.
        """
        with database.session(self.engine, writes=writes) as session:
            if self.user != LOCAL_USER and _clinic_of(session, self.user) != self.clinic_id:
                raise NotThereError(_stranger(self.user))
            yield session

    def audit(
        self,
        session: Session,
        action: str,
        person_id: str | None = None,
        visit_id: str | None = None,
    ) -> None:
        """Note who did what, in the same transaction."""
        session.add(
            AuditRow(
                clinic_id=self.clinic_id,
                at=datetime.now(UTC),
                user=self.user,
                action=action,
                person_id=person_id,
                visit_id=visit_id,
            )
        )

    def note(self, action: str, person_id: str, visit_id: str) -> None:
        """Note who did what, where nothing else is written."""
        with self.writing() as session:
            self.audit(session, action, person_id, visit_id)

    def seal(self, facts: Mapping[str, Any], place: str) -> bytes:
        """Seal what JSON takes."""
        plain = json.dumps(facts, ensure_ascii=False, allow_nan=False).encode()
        return self.vault.seal(plain, place, pack=True)

    def open(self, sealed: bytes, place: str) -> dict[str, Any]:
        """Open what `seal` sealed."""
        facts: dict[str, Any] = json.loads(self.vault.open(sealed, place))
        return facts


@dataclass(frozen=True, slots=True, eq=False)
class Records:
    """The records of all clinics, opened.

    Attributes
    ----------
    engine : Engine
        The database.
    vault : Vault
        What seals and opens.
    """

    engine: Engine
    vault: Vault = field(repr=False)

    def local(self) -> Access:
        """Let in the one user of this computer."""
        return Access(self.engine, self.vault, self.clinic(LOCAL), LOCAL_USER)

    def enter(self, user: str) -> Access:
        """Let in a user whom the login vouches for.

        Raises
        ------
        NotThereError
            If they are at no clinic.
        """
        with database.session(self.engine, writes=False) as session:
            found = _clinic_of(session, user)
        if found is None:
            raise NotThereError(_stranger(user))
        return Access(self.engine, self.vault, found, user)

    def clinic(self, name: str) -> str:
        """Return the id of a clinic by its name, making it if it is not there."""
        for _attempt in range(2):
            with database.session(self.engine, writes=False) as session:
                found = session.scalar(select(ClinicRow.id).where(ClinicRow.name == name))
            if found is not None:
                return found
            try:
                with database.session(self.engine, writes=True) as session:
                    session.add(ClinicRow(id=str(uuid.uuid4()), name=name))
            except RecordsError as error:  # somebody else was faster
                if not isinstance(error.__cause__, IntegrityError):
                    raise
        raise RecordsError(_("The clinic could not be added: try again."))

    def name_local(self, name: str) -> bool:
        """Give the people who were kept without a login to a clinic of a new name.

        Returns
        -------
        bool
            False if there are none, or a clinic of that name is there already.

        Raises
        ------
        RecordsError
            If a visit of theirs is a draft yet, which no user of a login could open.
        """
        with database.session(self.engine, writes=True) as session:
            row = session.scalar(select(ClinicRow).where(ClinicRow.name == LOCAL))
            taken = session.scalar(select(ClinicRow.id).where(ClinicRow.name == name))
            if row is None or taken is not None:
                return False
            drafts = select(VisitRow.id).join(PersonRow, PersonRow.id == VisitRow.person_id)
            drafts = drafts.where(PersonRow.clinic_id == row.id, VisitRow.draft_of.is_not(None))
            if session.scalar(drafts.limit(1)) is not None:
                raise RecordsError(
                    _("A visit is not saved yet: save or discard it under People first.")
                )
            row.name = name
            return True

    def log(self) -> list[tuple[datetime, str, str, str, str, str]]:
        """Return who did what and when, the earliest first.

        Each is a time, the clinic's name, the user, what they did, and the ids of the person and
        the visit, empty where there is none.
        """
        rows = (
            select(AuditRow, ClinicRow.name)
            .join(ClinicRow, ClinicRow.id == AuditRow.clinic_id)
            .order_by(AuditRow.id)
        )
        with database.session(self.engine, writes=False) as session:
            return [
                (row.at, clinic, row.user, row.action, row.person_id or "", row.visit_id or "")
                for row, clinic in session.execute(rows)
            ]

    def add_member(self, clinic: str, user: str) -> None:
        """Let a user of the login see a clinic's people; of one clinic alone."""
        clinic_id = self.clinic(clinic)
        with database.session(self.engine, writes=True) as session:
            row = session.scalar(select(MemberRow).where(MemberRow.user == user))
            if row is not None:
                session.delete(row)
                session.flush()
            session.add(MemberRow(clinic_id=clinic_id, user=user))

    def remove_member(self, user: str) -> bool:
        """Let a user see nobody any more; False if they did not before."""
        with database.session(self.engine, writes=True) as session:
            row = session.scalar(select(MemberRow).where(MemberRow.user == user))
            if row is None:
                return False
            session.delete(row)
            return True

    def members(self) -> list[tuple[str, str]]:
        """Return who is at which clinic, as clinic and user."""
        rows = select(ClinicRow.name, MemberRow.user).join(
            MemberRow, MemberRow.clinic_id == ClinicRow.id
        )
        with database.session(self.engine, writes=False) as session:
            return [(clinic, user) for clinic, user in session.execute(rows.order_by(None))]


def open_records(url: str | None = None, vault: Vault | None = None) -> Records:
    """Open the records, making them if they are not there.

    Parameters
    ----------
    url : str, optional
        Where they are; see `posture.records.database.open_engine`.
    vault : Vault, optional
        What seals them; the default is this user's own.

    Raises
    ------
    RecordsError
        If they cannot be opened.
    SealError
        If there is no key, or they were sealed with another one.
    """
    vault = vault or open_vault()
    engine = database.open_engine(url)
    try:
        _check_key(engine, vault)
    except RecordsError:
        engine.dispose()
        raise
    return Records(engine, vault)


def _clinic_of(session: Session, user: str) -> str | None:
    return session.scalar(select(MemberRow.clinic_id).where(MemberRow.user == user))


def _stranger(user: str) -> str:
    return _("{user} is at no clinic here: ask whoever runs this server to add you.").format(
        user=user
    )


def _check_key(engine: Engine, vault: Vault) -> None:
    with database.session(engine, writes=False) as session:
        sealed = session.scalar(select(SealRow.sealed))
    if sealed is None:
        try:
            with database.session(engine, writes=True) as session:
                session.add(SealRow(id=1, sealed=vault.seal(_KNOWN, _SEAL_PLACE)))
        except RecordsError as error:  # somebody else was faster
            if not isinstance(error.__cause__, IntegrityError):
                raise
            _check_key(engine, vault)
        return
    try:
        known = vault.open(sealed, _SEAL_PLACE)
    except SealError:
        known = b""
    if not secrets.compare_digest(known, _KNOWN):
        raise SealError(
            _("The records were sealed with another key than this one: give posture their key.")
        )
