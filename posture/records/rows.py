"""Turns visits into sealed rows and back, a clinic's own alone; it opens no session itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from sqlalchemy.orm import undefer

from posture.assessment import Assessment
from posture.errors import NotThereError, RecordsError
from posture.language import gettext as _
from posture.records import people
from posture.records.form import from_json, to_json
from posture.records.kept import MOST_PHOTOS, KeptPhoto, Visit, VisitSummary, checked_words
from posture.records.tables import PersonRow, PhotoRow, VisitRow
from posture.visit import Conditions, Stance

if TYPE_CHECKING:
    from sqlalchemy.orm import Session
    from sqlalchemy.sql import Select

    from posture.records.access import Access

WORDS: Final = ("notes", "plan")


def write(
    session: Session,
    access: Access,
    visit: Visit,
    draft_of: str | None = None,
    chosen: Mapping[str, bool] = MappingProxyType({}),
) -> None:
    """Write a visit in place of what stands under its id, in a transaction that is under way.

    Parameters
    ----------
    session : Session
        The transaction.
    access : Access
        Who writes.
    visit : Visit
        What is written.
    draft_of : str, optional
        Whose draft it is, if it is one.
    chosen : mapping of str to bool, optional
        What its user has chosen, of a draft.

    Raises
    ------
    NotThereError
        If the person, or the visit that it replaces, is not this clinic's.
    RecordsError
        If it has no photo or too many, or its texts are too long.
    """
    if not 1 <= len(visit.photos) <= MOST_PHOTOS:
        raise RecordsError(
            _("A visit has 1 to {most} photos: leave some out.").format(most=MOST_PHOTOS)
        )
    people.owned(session, access, visit.person_id)
    before = session.get(VisitRow, visit.id)
    created_at = datetime.now(UTC)
    if before is not None:
        owned(session, access, visit.id)
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
            stance=sealed_stance(access, visit),
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


def change_facts(
    access: Access, row: VisitRow, was: Mapping[str, Any], now: Mapping[str, Any]
) -> dict[str, Any]:
    """Write what differs into what a visit is known by, and return all of it."""
    facts = access.open(row.facts, _place(row.id, "facts"))
    for name, value in now.items():
        if value == was[name]:
            continue
        # Of choices the last one counts; words are nobody's to throw away.
        if name in WORDS and facts[name] not in (was[name], value):
            raise _changed_meanwhile()
        facts[name] = value
    row.facts = access.seal(facts, _place(row.id, "facts"))
    return facts


def check_words(access: Access, row: VisitRow, notes: str, plan: str) -> None:
    """Raise RecordsError unless a visit's words are these."""
    facts = access.open(row.facts, _place(row.id, "facts"))
    if (facts["notes"], facts["plan"]) != (notes, plan):
        raise _changed_meanwhile()


def _changed_meanwhile() -> RecordsError:
    return RecordsError(
        _(
            "These words were changed in another window meanwhile: copy yours, and open "
            "the visit anew."
        )
    )


def _sealed_facts(access: Access, visit: Visit, chosen: Mapping[str, bool]) -> bytes:
    facts = {
        "conditions": asdict(visit.conditions),
        **checked_words(visit.notes, visit.plan),
        **chosen,
    }
    return access.seal(facts, _place(visit.id, "facts"))


def sealed_stance(access: Access, visit: Visit) -> bytes:
    """Seal what of a visit the lists need."""
    return access.vault.seal(to_json(visit.stance), _place(visit.id, "stance"), pack=True)


def _sealed_photo(access: Access, photo: KeptPhoto) -> tuple[bytes, bytes | None]:
    vault, text = access.vault, to_json(photo.assessment)
    sealed = vault.seal(text, _place(photo.id, "assessment"), pack=True)
    if photo.picture is None:
        return sealed, None
    return sealed, vault.seal(photo.picture, _place(photo.id, "picture"))


def of_clinic(access: Access) -> Select[VisitRow]:
    """Select the visits and drafts of the clinic, of all its users."""
    return (
        select(VisitRow)
        .join(PersonRow, PersonRow.id == VisitRow.person_id)
        .where(PersonRow.clinic_id == access.clinic_id)
    )


def owned(session: Session, access: Access, visit_id: str, *, to_change: bool = False) -> VisitRow:
    """Return the row of a visit of the clinic or of a draft of this user.

    If it is to be changed, others who want to change it wait until the transaction ends.

    Raises
    ------
    NotThereError
        If there is none.
    """
    asked = of_clinic(access).where(VisitRow.id == visit_id)
    row = session.scalar(asked.with_for_update(of=VisitRow) if to_change else asked)
    if row is None or row.draft_of not in (None, access.user):
        raise NotThereError(no_visit())
    return row


def no_visit() -> str:
    """Say that there is no such visit."""
    return _("There is no such visit here: choose one from the person's page.")


def summary(access: Access, row: VisitRow) -> VisitSummary:
    """Open what of a visit the lists need."""
    text = access.vault.open(row.stance, _place(row.id, "stance"))
    return VisitSummary(row.id, row.person_id, row.at, from_json(text, Stance))


def read(
    session: Session, access: Access, row: VisitRow, *, pictures: bool
) -> tuple[Visit, dict[str, bool]]:
    """Open a visit, and of a draft what its user has chosen."""
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
