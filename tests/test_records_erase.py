"""Once a person is erased, no byte of theirs is left in the data folder."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from posture.records import database, drafts, people, vault, visits
from posture.records.access import Access, open_records
from posture.records.drafts import Draft
from posture.records.kept import Facts
from posture.records.tables import PersonRow, PhotoRow, VisitRow
from tests.kept import make_visit

#: So long a part of anything is not there by chance.
PART = 24


def sealed(access: Access, person_id: str) -> list[bytes]:
    """Return everything of a person as it stands in the file, sealed."""
    with access.reading() as session:
        found = list(session.scalars(sa.select(PersonRow.facts).where(PersonRow.id == person_id)))
        rows = sa.select(VisitRow).where(VisitRow.person_id == person_id)
        for visit in session.scalars(rows):
            found += [visit.facts, visit.stance]
            photos = sa.select(PhotoRow.assessment, PhotoRow.picture)
            for read, picture in session.execute(photos.where(PhotoRow.visit_id == visit.id)):
                found += [read, picture]
    return [part for part in found if part is not None]


def traces(folder: Path, every: list[bytes]) -> list[bytes]:
    """Return of what is sought whatever stands in any file of a folder."""
    whole = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
    parts = [one[at : at + PART] for one in every for at in range(0, len(one), 997)]
    return [part for part in parts if len(part) >= 4 and part in whole]


@pytest.fixture
def access(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Access:
    """Open records with nothing in them."""
    monkeypatch.setenv(vault.KEY_VARIABLE, vault.new_key())
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path))
    monkeypatch.delenv("POSTURE_DATABASE_URL", raising=False)
    return open_records().local()


def fill(access: Access, name: str) -> str:
    """Keep a person with visits, one of them changed and one a draft."""
    person = people.add(access, Facts(name, "4711"))
    for number in range(6):
        visits.save(access, make_visit(person, number, picture_bytes=50_000))
    drafts.begin(access, Draft(make_visit(person, 7, picture_bytes=50_000)))
    return person


def test_no_byte_is_left(access: Access, tmp_path: Path) -> None:
    """Neither in words nor sealed, in the file, its journal or anywhere else; others stay whole."""
    erased, stays = fill(access, "Wilhelmina Testperson"), fill(access, "Bo")
    words = [b"Wilhelmina", b"Testperson", b"4711", b"Notes of visit", b"Massage; exercise."]
    ours, others = sealed(access, erased), sealed(access, stays)
    assert len(ours) > 40
    assert len(traces(tmp_path, ours)) > 500, "what is sought would be found"
    assert traces(tmp_path, words) == []
    assert people.erase(access, erased)
    assert traces(tmp_path, [*ours, *words]) == []
    access.engine.dispose()
    assert traces(tmp_path, [*ours, *words]) == []
    assert len(traces(tmp_path, others)) > 500
    assert len(visits.of_person(access, stays)) == 6


def test_whoever_reads_meanwhile_is_told(
    access: Access, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The journal cannot be emptied then; once they have gone, the next erasure empties it."""
    monkeypatch.setattr("posture.records.database._PATIENCE_S", 0.5)
    erased, other = fill(access, "Wilhelmina"), fill(access, "Bo")
    ours = sealed(access, erased)
    reader = sqlite3.connect(tmp_path / "records.sqlite3", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM person").fetchone()
    assert not people.erase(access, erased)
    reader.execute("ROLLBACK")
    reader.close()
    assert people.erase(access, other)
    assert traces(tmp_path, ours) == []


def test_a_picture_that_is_not_kept_leaves_nothing(access: Access, tmp_path: Path) -> None:
    """Saved without it, discarded or erased: what the draft held is overwritten."""
    person = people.add(access, Facts("Ada"))
    for end in ("saved without", "discarded", "saved and erased"):
        visit = make_visit(person, picture_bytes=50_000)
        drafts.begin(access, Draft(visit))
        ours = [part for part in sealed(access, person) if len(part) > 50_000]
        assert len(ours) == 2
        assert len(traces(tmp_path, ours)) > 50
        if end == "saved without":
            bare = tuple(replace(photo, picture=None) for photo in visit.photos)
            visits.save(access, replace(visit, photos=bare))
        elif end == "saved and erased":
            visits.save(access, visit)
            ours += [part for part in sealed(access, person) if len(part) > 50_000]
            visits.erase(access, visit.id)
        else:
            visits.erase(access, visit.id)
        assert traces(tmp_path, ours) == [], end


def test_an_erasure_holds_though_its_place_cannot_be_overwritten(
    access: Access, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Somebody else writes, or the disk is full: the person is gone, and traces are told of."""
    erased = fill(access, "Wilhelmina")
    writer = sqlite3.connect(tmp_path / "records.sqlite3", isolation_level=None)
    whole = database.forget_traces

    def while_another_writes(engine: sa.Engine) -> bool:
        writer.execute("BEGIN IMMEDIATE")
        return whole(engine)

    monkeypatch.setattr("posture.records.database._PATIENCE_S", 0.2)
    monkeypatch.setattr("posture.records.database.forget_traces", while_another_writes)
    assert not people.erase(access, erased)
    writer.execute("ROLLBACK")
    writer.close()
    assert people.search(access).count == 0
