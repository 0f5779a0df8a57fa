"""Killed at any moment, the records hold whole visits alone, and every one that was confirmed."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from posture.records import vault, visits
from posture.records.access import open_records
from tests import database

ROOT = Path(__file__).parents[1]
KILLS = 300


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_no_kill_halves_a_visit_or_loses_one(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """300 kills at random moments while visits of two photos with pictures are saved."""
    monkeypatch.setenv(vault.KEY_VARIABLE, vault.new_key())
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path))
    monkeypatch.delenv("POSTURE_DATABASE_URL", raising=False)
    if kind == "sqlite":
        check()
        with sqlite3.connect(tmp_path / "records.sqlite3") as raw:
            assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
        raw.close()
        return
    with database.server() as address:
        monkeypatch.setenv("POSTURE_DATABASE_URL", f"{address}/postgres")
        check()


def check() -> None:
    """Have visits saved and killed, then look at every one that is there."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.saver", str(KILLS), "7"],
        check=True,
        capture_output=True,
        cwd=ROOT,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )
    told = json.loads(done.stdout)
    opened = open_records()
    access = opened.local()
    there = [visit.id for visit in visits.of_person(access, told["person"])]
    assert len(there) == len(set(there))
    assert set(told["saved"]) <= set(there), "a visit that was confirmed is lost"
    assert set(there) <= set(told["tried"])
    for visit_id in there:
        visit = visits.get(access, visit_id, pictures=True)
        pictures = [photo.picture for photo in visit.photos]
        assert [len(picture or b"") for picture in pictures] == [30_000, 30_000]
        assert visit.notes.startswith("Notes of visit")
    opened.engine.dispose()
    # Else the kills came too early, or never while something was being written.
    assert len(told["saved"]) > KILLS / 10
    assert len(told["tried"]) - len(told["saved"]) > KILLS / 10
