"""People and visits in the records, on SQLite and on a real PostgreSQL server."""

import dataclasses
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import keyring
import keyring.backends.null
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from posture.errors import NotThereError, RecordsError, SealError
from posture.records import archive, clinics, drafts, people, vault, visits
from posture.records.access import Access, Records, open_records
from posture.records.clinics import Clinic
from posture.records.drafts import Draft
from posture.records.form import to_json
from posture.records.kept import LONGEST_TEXT, MOST_PHOTOS, Facts
from posture.records.tables import Base, PersonRow, VisitRow
from posture.records.vault import KEY_VARIABLE, Vault
from tests.kept import alike, make_refused_visit, make_visit

KEY = Vault(bytes(range(32)))


def test_a_visit_comes_back_as_it_was_saved(access: Access) -> None:
    """Every point, correction, interval, version and byte of the picture."""
    person = people.add(access, Facts("Änne Müller", "17", 171.5))
    saved = make_visit(person)
    visits.save(access, saved)
    assert alike(visits.get(access, saved.id, pictures=True), saved)
    refused = make_refused_visit(person)
    visits.save(access, refused)
    assert alike(visits.get(access, refused.id), refused)
    (first, second) = sorted(visits.of_person(access, person), key=lambda v: v.id != saved.id)
    assert json.loads(to_json(first.stance)) == json.loads(to_json(saved.stance))
    assert second.stance.counts["pelvic_tilt_deg"] == 0


def test_saving_twice_saves_once(access: Access) -> None:
    """Whoever is unsure whether it was saved saves again."""
    person = people.add(access, Facts("Ada"))
    visit = make_visit(person)
    visits.save(access, visit)
    visits.save(access, dataclasses.replace(visit, notes="again"))
    assert len(visits.of_person(access, person)) == 1
    assert visits.get(access, visit.id).notes == "again"


def test_notes_can_be_written_later(access: Access) -> None:
    """And nothing else of the visit changes."""
    person = people.add(access, Facts("Ada"))
    visit = make_visit(person)
    visits.save(access, visit)
    visits.change_words(access, visit.id, (visit.notes, visit.plan), ("new notes", "new plan"))
    expected = dataclasses.replace(visit, notes="new notes", plan="new plan")
    assert alike(visits.get(access, visit.id, pictures=True), expected)


def test_what_another_window_wrote_stays(access: Access) -> None:
    """A window writes what was changed in it, and never what it merely read long ago."""
    person = people.add(access, Facts("Ada"))
    visit = make_visit(person)
    visits.save(access, visit)
    read = (visit.notes, visit.plan)
    visits.change_words(access, visit.id, read, ("theirs", visit.plan))
    visits.change_words(access, visit.id, read, (visit.notes, "mine"))
    visits.change_words(access, visit.id, read, ("theirs", "mine"))  # the same twice is no clash
    found = visits.get(access, visit.id)
    assert (found.notes, found.plan) == ("theirs", "mine")
    with pytest.raises(RecordsError, match="changed in another window"):
        visits.change_words(access, visit.id, read, ("mine", visit.plan))
    assert visits.get(access, visit.id).notes == "theirs"


def test_people_are_found_by_name_and_number(access: Access) -> None:
    """Without capitals and accents, by all words; the last seen first if nothing is sought."""
    ids = {
        name: people.add(access, Facts(name, number))
        for name, number in (("Änne Müller", "A-1"), ("Bo Muller", "A-2"), ("Zoë Long", "B-7"))
    }
    visits.save(access, make_visit(ids["Zoë Long"]))
    names = [
        [p.facts.name for p in people.search(access, sought).people]
        for sought in ("muller", "MÜL ann", "a-2", "nobody", "")
    ]
    assert names == [
        ["Änne Müller", "Bo Muller"],
        ["Änne Müller"],
        ["Bo Muller"],
        [],
        ["Zoë Long", "Änne Müller", "Bo Muller"],
    ]
    part = people.search(access, start=1, most=1)
    assert ([p.facts.name for p in part.people], part.count) == (["Änne Müller"], 3)


def test_every_look_and_change_is_noted_without_names(access: Access) -> None:
    """Who did what, when, also of whoever was erased."""
    person = people.add(access, Facts("Ada"))
    visit = make_visit(person)
    visits.save(access, visit)
    visits.get(access, visit.id)
    people.change(access, person, Facts("Ada L"))
    archive.export(access, person)
    people.get(access, person)
    people.erase(access, person)
    actions = [action for _, _, action in people.audit(access, person)]
    assert actions[:2] == ["erase", "view"]
    assert {"add", "save", "view", "change", "export", "erase"} == set(actions)


def test_a_clinic_sees_nothing_of_another(records: Records) -> None:
    """Not by any function, with any id; and it is told what it is told of nobody."""
    records.add_member("A", "ann@a.example")
    records.add_member("B", "bea@b.example")
    a, b = records.enter("ann@a.example"), records.enter("bea@b.example")
    person = people.add(a, Facts("Ada"))
    visit, draft = make_visit(person), make_visit(person, 1)
    visits.save(a, visit)
    drafts.begin(a, Draft(draft))
    whole = archive.export(a, person)
    own = people.add(b, Facts("Bo"))
    tries: list[Callable[[], object]] = [
        lambda: people.get(b, person),
        lambda: people.named(b, person),
        lambda: people.change(b, person, Facts("x")),
        lambda: people.erase(b, person),
        lambda: visits.of_person(b, person),
        lambda: visits.get(b, visit.id),
        lambda: drafts.get(b, draft.id),
        lambda: drafts.change(b, Draft(draft), Draft(draft)),
        lambda: drafts.begin(b, Draft(dataclasses.replace(draft, person_id=own))),
        lambda: visits.save(b, dataclasses.replace(visit, person_id=own)),
        lambda: visits.save(b, make_visit(person, 2)),
        lambda: visits.change_words(b, visit.id, ("", ""), ("x", "y")),
        lambda: visits.erase(b, visit.id),
        lambda: visits.erase(b, draft.id),
        lambda: archive.export(b, person),
    ]
    for attempt in tries:
        with pytest.raises(NotThereError):
            attempt()
    with pytest.raises(RecordsError, match="kept already"):
        archive.bring_back(b, whole)
    assert drafts.mine(b) == []
    assert people.audit(b, person) == []
    assert [p.facts.name for p in people.search(b).people] == ["Bo"]
    assert alike(visits.get(a, visit.id, pictures=True), visit)
    assert alike(drafts.get(a, draft.id).visit, draft)


def test_members_come_and_go(records: Records) -> None:
    """Each is at one clinic at most."""
    records.add_member("A", "ann@a.example")
    records.add_member("B", "ann@a.example")
    assert records.members() == [("B", "ann@a.example")]
    assert records.remove_member("ann@a.example")
    assert not records.remove_member("ann@a.example")
    with pytest.raises(NotThereError, match="ask whoever runs this server"):
        records.enter("ann@a.example")


def test_a_clinic_tells_of_itself(records: Records) -> None:
    """Name, logo, paper and study come back; another clinic's are its own."""
    records.add_member("A", "ann@a.example")
    records.add_member("B", "bea@b.example")
    a, b = records.enter("ann@a.example"), records.enter("bea@b.example")
    assert clinics.get(a) == Clinic()
    told = Clinic("Grüne Praxis", b"\x89PNG\xff", "letter", '{"schema": "x"}')
    clinics.change(a, told)
    assert clinics.get(a) == told
    assert clinics.get(b) == Clinic()
    for wrong in (Clinic("x" * 201), Clinic(logo=bytes(2_000_001))):
        with pytest.raises(RecordsError, match="at most"):
            clinics.change(a, wrong)
    assert clinics.get(a) == told


def test_exported_erased_and_brought_back_is_equal(access: Access) -> None:
    """Name, visits, points, pictures and words."""
    facts = Facts("Änne Müller", "17", 171.5)
    person = people.add(access, facts)
    saved = [make_visit(person, number) for number in range(3)] + [make_refused_visit(person)]
    for visit in saved:
        visits.save(access, visit)
    whole = archive.export(access, person)
    people.erase(access, person)
    with pytest.raises(NotThereError):
        people.get(access, person)
    assert archive.bring_back(access, whole) == person
    assert people.get(access, person).facts == facts
    for visit in saved:
        assert alike(visits.get(access, visit.id, pictures=True), visit)
    assert archive.export(access, person) == whole


def test_what_is_too_much_is_refused(access: Access) -> None:
    """With a sentence that says how much is taken."""
    with pytest.raises(RecordsError, match="needs a name"):
        people.add(access, Facts("  "))
    with pytest.raises(RecordsError, match="at most 200"):
        people.add(access, Facts("x" * 201))
    person = people.add(access, Facts("Ada"))
    visit = make_visit(person, photos=1)
    for many in ((), visit.photos * (MOST_PHOTOS + 1)):
        with pytest.raises(RecordsError, match="1 to 12 photos"):
            visits.save(access, dataclasses.replace(visit, photos=many))
    with pytest.raises(RecordsError, match="at most 20000"):
        visits.save(access, dataclasses.replace(visit, notes="x" * (LONGEST_TEXT + 1)))
    assert visits.of_person(access, person) == []


def test_the_migrations_make_what_the_tables_say(records: Records) -> None:
    """So that a database made today and one brought up to date are the same."""
    with records.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_another_key_does_not_open_them(records: Records) -> None:
    """It is told at once, not at the first name."""
    del records
    with pytest.raises(SealError, match="another key"):
        open_records(vault=Vault(bytes(32)))


def test_a_newer_database_is_left_alone(records: Records) -> None:
    """It is not brought down to this version."""
    with records.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(RecordsError, match="newer version"):
        open_records(vault=KEY)


def test_the_key_comes_from_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """And a wrong one is told with what to do."""
    key = vault.new_key()
    monkeypatch.setenv(KEY_VARIABLE, key)
    assert vault.open_vault() == vault.open_vault()
    for wrong in ("", "short", "ä" * 44):
        monkeypatch.setenv(KEY_VARIABLE, wrong)
        with pytest.raises(SealError, match="holds no key"):
            vault.open_vault()


def test_a_keyring_that_keeps_nothing_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that is gone afterwards would take with it all that was sealed."""
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    before = keyring.get_keyring()
    keyring.set_keyring(keyring.backends.null.Keyring())
    try:
        for ask in (vault.open_vault, vault.key_is_in_variable):
            with pytest.raises(SealError, match="no keyring to keep"):
                ask()
    finally:
        keyring.set_keyring(before)


def test_what_is_sealed_opens_at_its_place_alone() -> None:
    """Nor if one bit of it was changed."""
    sealed = KEY.seal(b"secret", "a", pack=True)
    assert KEY.open(sealed, "a") == b"secret"
    assert b"secret" not in sealed
    for other, place in ((sealed, "b"), (sealed[:-1] + bytes([sealed[-1] ^ 1]), "a"), (b"", "a")):
        with pytest.raises(SealError, match="restore a backup"):
            KEY.open(other, place)


def test_a_damaged_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to do, and it is not written over."""
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path))
    monkeypatch.delenv("POSTURE_DATABASE_URL", raising=False)
    file = tmp_path / "records.sqlite3"
    file.write_bytes(b"this is no database" * 100)
    with pytest.raises(RecordsError, match="damaged: restore a backup"):
        open_records(vault=KEY)
    assert file.read_bytes() == b"this is no database" * 100


def test_a_locked_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After some patience, and nothing is lost."""
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path))
    monkeypatch.delenv("POSTURE_DATABASE_URL", raising=False)
    monkeypatch.setattr("posture.records.database._PATIENCE_S", 0.2)
    opened = open_records(vault=KEY)
    access = opened.local()
    other = sqlite3.connect(tmp_path / "records.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(RecordsError, match="in use by another program"):
        people.add(access, Facts("Ada"))
    other.execute("ROLLBACK")
    other.close()
    people.add(access, Facts("Ada"))
    opened.engine.dispose()


@pytest.mark.parametrize("url", ["mysql://x/y", "nonsense", "postgresql://127.0.0.1:9/none"])
def test_a_database_that_is_not_there_is_told(url: str) -> None:
    """In one sentence."""
    with pytest.raises(RecordsError, match=r"^[^\n]+\.$"):
        open_records(url, vault=KEY)


def test_a_file_may_have_any_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also one that means something in an address."""
    folder = tmp_path / "why? 50%"
    monkeypatch.setenv("POSTURE_DATA", str(folder))
    monkeypatch.delenv("POSTURE_DATABASE_URL", raising=False)
    open_records(vault=KEY).engine.dispose()
    assert (folder / "records.sqlite3").is_file()


def test_what_is_damaged_hides_nothing_else(access: Access) -> None:
    """Whose name or visit cannot be read is told of, others are found, and both can be erased."""
    damaged, whole = (people.add(access, Facts(name)) for name in ("Ada", "Bo"))
    for number in range(2):
        visits.save(access, make_visit(whole, number))
    first = visits.of_person(access, whole)[0]
    with access.writing() as session:
        for statement in (
            sa.update(PersonRow).where(PersonRow.id == damaged).values(facts=b"\x01damaged"),
            sa.update(VisitRow).where(VisitRow.id == first.id).values(stance=b"\x02damaged"),
        ):
            session.execute(statement)
    assert {one.facts.name for one in people.search(access).people} == {"Cannot be read", "Bo"}
    assert people.get(access, whole).visits == 2
    assert len(visits.of_person(access, whole)) == 1
    with pytest.raises(SealError):
        people.get(access, damaged)
    assert people.erase(access, damaged)
    assert people.erase(access, whole)
    assert people.search(access).count == 0


def test_whoever_left_a_clinic_gets_nothing_more(records: Records) -> None:
    """Also by what they had opened before."""
    records.add_member("A", "ann@a.example")
    ann = records.enter("ann@a.example")
    person = people.add(ann, Facts("Ada"))
    records.remove_member("ann@a.example")
    for act in (
        lambda: people.search(ann),
        lambda: archive.export(ann, person),
        lambda: people.erase(ann, person),
    ):
        with pytest.raises(NotThereError, match="at no clinic"):
            act()
    records.add_member("B", "ann@a.example")
    with pytest.raises(NotThereError, match="at no clinic"):
        people.get(ann, person)


def test_a_look_is_noted_once_if_so_asked(access: Access) -> None:
    """A page that is drawn again is no second look."""
    person = people.add(access, Facts("Ada"))
    visit = make_visit(person)
    visits.save(access, visit)
    for action in ("view", None):
        people.get(access, person, action=action)
        visits.get(access, visit.id, action=action)
    access.note("export", person, visit.id)
    noted = [action for _at, _user, action in people.audit(access, person)]
    assert noted == ["export", "view", "view", "save", "add"]
