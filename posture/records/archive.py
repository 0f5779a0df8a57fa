"""Puts everything of one person into a file, and takes it back; it erases nothing."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import asdict
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from posture import overlay
from posture.errors import RecordsError
from posture.interchange.record import Record
from posture.interchange.table import to_csv
from posture.language import gettext as _
from posture.records import people, rows, visits
from posture.records.form import to_json
from posture.records.tables import PersonRow, PhotoRow, VisitRow
from posture.records.unpack import PERSON, SCHEMA, Unpacked, picture_name, unpack

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.orm import InstrumentedAttribute, Session

    from posture.records.access import Access
    from posture.records.kept import Visit


def export(
    access: Access,
    person_id: str,
    *,
    report: Callable[[Visit, Visit | None], bytes] | None = None,
) -> bytes:
    """Return everything that is kept of a person as a ZIP file.

    Parameters
    ----------
    access : Access
        Who exports.
    person_id : str
        Of whom.
    report : callable, optional
        Makes the report of a visit, given the one before, to be put in as PDF.

    Returns
    -------
    bytes
        ``person.json``, which `bring_back` reads, a table ``measurements.csv``, and for each photo
        the drawing as SVG and, if it was kept, the picture as JPEG.

    Raises
    ------
    NotThereError
        If there is no such person at this clinic.
    """
    with access.writing() as session:
        row = people.owned(session, access, person_id)
        facts, created_at = people.facts_of(access, row), row.created_at
        access.audit(session, "export", person_id)
    found = [
        visits.get(access, summary.id, pictures=True, action=None)
        for summary in visits.of_person(access, person_id)
    ]
    told = {
        "schema": SCHEMA,
        "id": person_id,
        "created_at": created_at.isoformat(),
        "facts": asdict(facts),
        "visits": [_told(visit) for visit in found],
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        text = json.dumps(told, ensure_ascii=False, allow_nan=False, indent=1)
        archive.writestr(_part(PERSON), text)
        archive.writestr(_part("measurements.csv"), _table(found))
        for before, visit in pairwise((None, *found)):
            if report is not None and visit is not None:
                archive.writestr(_part(f"reports/{visit.id}.pdf"), report(visit, before))
        for visit in found:
            for photo in visit.photos:
                drawing = overlay.to_svg(photo.assessment)
                archive.writestr(_part(f"drawings/{photo.id}.svg"), drawing)
                if photo.picture is not None:
                    archive.writestr(_part(picture_name(photo.id)), photo.picture)
    return file.getvalue()


def bring_back(access: Access, file: bytes, *, read: Callable[[bytes], Unpacked] = unpack) -> str:
    """Add a person from a file that `export` wrote, with all visits, and return their id.

    Parameters
    ----------
    access : Access
        To the clinic at which they will be.
    file : bytes
        The file.
    read : callable
        Reads it as `unpack` does, which may be elsewhere: it comes from who knows where.

    Raises
    ------
    RecordsError
        If it is no such file, or the person is kept already.
    """
    told = read(file)
    photos = [photo.id for visit in told.visits for photo in visit.photos]
    with access.writing() as session:
        # Also if they are another clinic's, whose file this then was.
        if (
            _known(session, PersonRow.id, [told.id])
            or _known(session, VisitRow.id, [visit.id for visit in told.visits])
            or _known(session, PhotoRow.id, photos)
        ):
            raise RecordsError(
                _("This person is kept already: erase them first, or keep what is there.")
            )
        people.put(session, access, told.id, told.facts, told.created_at)
        for visit in told.visits:
            rows.write(session, access, visit)
        access.audit(session, "import", told.id)
    return told.id


def _known(session: Session, column: InstrumentedAttribute[str], ids: Sequence[str]) -> bool:
    """Tell whether any of some ids is taken."""
    return any(
        session.scalar(select(column).where(column.in_(some)).limit(1)) is not None
        for some in (ids[at : at + 500] for at in range(0, len(ids), 500))
    )


def _told(visit: Visit) -> dict[str, Any]:
    return {
        "id": visit.id,
        "at": visit.at.isoformat(),
        "conditions": asdict(visit.conditions),
        "notes": visit.notes,
        "plan": visit.plan,
        "photos": [
            {
                "id": photo.id,
                "assessment": json.loads(to_json(photo.assessment)),
                "picture": None if photo.picture is None else picture_name(photo.id),
            }
            for photo in visit.photos
        ],
    }


def _table(found: Sequence[Visit]) -> str:
    """Return the measurements of all visits below one header."""
    lines: list[str] = []
    for visit in found:
        record = Record(
            tuple(photo.assessment for photo in visit.photos),
            at=visit.at,
            person=visit.person_id,
            visit=visit.id,
            conditions=visit.conditions,
        )
        header, *rows = to_csv(record).splitlines(keepends=True)
        lines += rows if lines else [header, *rows]
    return "".join(lines)


def _part(name: str) -> zipfile.ZipInfo:
    """Return a part without the time of writing, so that the same is exported as the same bytes."""
    part = zipfile.ZipInfo(name)
    part.compress_type = zipfile.ZIP_DEFLATED
    return part
