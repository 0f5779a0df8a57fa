"""The commands about the records: key, place, and who is at which clinic."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from posture.cli import app
from posture.errors import RecordsError
from posture.records import archive, drafts, people, vault, visits
from posture.records.access import open_records
from posture.records.drafts import Draft
from posture.records.kept import Facts
from tests.kept import make_visit

runner = CliRunner()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the records in a folder of their own."""
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path))
    monkeypatch.delenv("POSTURE_DATABASE_URL", raising=False)
    monkeypatch.setenv(vault.KEY_VARIABLE, vault.new_key())
    return tmp_path


def test_the_key_that_is_printed_opens_records(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each time another one."""
    first, second = (runner.invoke(app, ["records", "key"]).stdout.strip() for _ in range(2))
    assert first != second
    monkeypatch.setenv(vault.KEY_VARIABLE, first)
    open_records().engine.dispose()
    where = runner.invoke(app, ["records", "where"]).stdout.strip()
    assert Path(where) == folder / "records.sqlite3"
    assert Path(where).is_file()


def test_members_are_added_listed_and_removed(folder: Path) -> None:
    """Addresses in small letters, as the login has them."""
    del folder
    for user in ("Ann@A.example", "https://login.example#Q7"):
        assert runner.invoke(app, ["records", "add", "Clinic A", user]).exit_code == 0
    listed = runner.invoke(app, ["records", "members"]).stdout.splitlines()
    assert listed == ["Clinic A\tann@a.example", "Clinic A\thttps://login.example#Q7"]
    assert open_records().enter("ann@a.example").user == "ann@a.example"
    assert runner.invoke(app, ["records", "remove", "ANN@a.example"]).exit_code == 0
    assert runner.invoke(app, ["records", "remove", "ann@a.example"]).exit_code == 1
    assert runner.invoke(app, ["records", "add", "Clinic A", " "]).exit_code == 2


def test_the_key_in_use_can_be_copied(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It opens on another computer what was sealed here."""
    del folder
    open_records().engine.dispose()
    shown = runner.invoke(app, ["records", "key", "--show"]).stdout.strip()
    monkeypatch.setenv(vault.KEY_VARIABLE, shown)
    open_records().engine.dispose()


def test_people_of_one_computer_become_a_clinics(folder: Path) -> None:
    """Whoever sets up a login later sees whom they kept before."""
    del folder
    person = people.add(open_records().local(), Facts("Ada"))
    assert runner.invoke(app, ["records", "adopt", "Clinic A"]).exit_code == 0
    assert runner.invoke(app, ["records", "add", "Clinic A", "ann@a.example"]).exit_code == 0
    access = open_records().enter("ann@a.example")
    assert people.get(access, person).facts.name == "Ada"
    assert people.search(open_records().local()).count == 0
    assert runner.invoke(app, ["records", "adopt", "Clinic A"]).exit_code == 1
    assert runner.invoke(app, ["records", "adopt", " "]).exit_code == 2


def test_nobody_is_adopted_whose_visit_is_not_saved(folder: Path) -> None:
    """No user of a login could open it."""
    del folder
    access = open_records().local()
    draft = make_visit(visits.new_id())
    drafts.begin(access, Draft(draft), Facts("Ada"))
    refused = runner.invoke(app, ["records", "adopt", "Clinic A"])
    assert refused.exit_code == 1
    assert isinstance(refused.exception, RecordsError)
    assert "save or discard it" in str(refused.exception)
    visits.erase(access, draft.id)
    assert runner.invoke(app, ["records", "adopt", "Clinic A"]).exit_code == 0


def test_where_names_the_database_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its password; it opens nothing."""
    for url, said in (
        (
            "postgresql://posture:secret@db.example/clinic",
            "postgresql://posture:***@db.example/clinic",
        ),
        ("sqlite:///elsewhere/kept.db", "elsewhere/kept.db"),
    ):
        monkeypatch.setenv("POSTURE_DATABASE_URL", url)
        assert runner.invoke(app, ["records", "where"]).stdout.strip() == said
    monkeypatch.setenv("POSTURE_DATABASE_URL", "no address")
    refused = runner.invoke(app, ["records", "where"])
    assert refused.exit_code == 1
    assert isinstance(refused.exception, RecordsError)


def test_the_log_says_who_did_what(folder: Path) -> None:
    """With ids and without names."""
    del folder
    access = open_records().local()
    person = people.add(access, Facts("Ada"))
    people.get(access, person)
    lines = [
        line.split("\t") for line in runner.invoke(app, ["records", "log"]).stdout.splitlines()
    ]
    assert [line[2:] for line in lines] == [
        ["local", "add", person, ""],
        ["local", "view", person, ""],
    ]


def test_a_person_is_brought_back_from_a_file(folder: Path, tmp_path: Path) -> None:
    """Also one that is too large for the browser; at a clinic, for one of its users."""
    del folder
    opened = open_records()
    person = people.add(opened.local(), Facts("Ada"))
    file = tmp_path / "person.zip"
    file.write_bytes(archive.export(opened.local(), person))
    assert runner.invoke(app, ["records", "bring-back", str(file)]).exit_code == 1
    people.erase(opened.local(), person)
    opened.add_member("Clinic A", "ann@a.example")
    done = runner.invoke(app, ["records", "bring-back", str(file), "--user", "Ann@a.example"])
    assert done.exit_code == 0
    assert person in done.output
    assert people.get(opened.enter("ann@a.example"), person).facts.name == "Ada"
