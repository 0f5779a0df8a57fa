"""The commands about the records: key, place, and who is at which clinic."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from posture.cli import app
from posture.records import vault
from posture.records.access import open_records

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
