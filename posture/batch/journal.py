"""Keeps what came of each photo until the table is whole, so that no end of the program loses it.

It knows the rows of the journal, `posture.batch.journal_file` its file. What is kept is on the disk
when `Journal.keep` returns.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from posture import results
from posture.batch import journal_file, row
from posture.batch.entries import LATER, PROTOCOL, Entry
from posture.batch.measuring import name_of
from posture.language import gettext as _

if TYPE_CHECKING:
    import sqlite3

    from posture.batch.entries import Cell, Outcome
    from posture.batch.sources import Source

_TABLES: Final = """
CREATE TABLE result (
    location BLOB PRIMARY KEY, told TEXT NOT NULL, kind INTEGER NOT NULL, cells TEXT NOT NULL
);
CREATE TABLE later (location BLOB PRIMARY KEY, tries INTEGER NOT NULL);
CREATE TABLE picture (location BLOB PRIMARY KEY, name TEXT UNIQUE COLLATE NOCASE NOT NULL);
CREATE TABLE photo (
    number INTEGER PRIMARY KEY, place BLOB NOT NULL, location BLOB UNIQUE, told TEXT NOT NULL,
    entry TEXT NOT NULL
);
CREATE INDEX in_order ON photo (place, number);
"""
# Done already is what was measured of the same file and told the same.
_DONE: Final = "result.location = photo.location AND result.told = photo.told"
_IS_MEASURED: Final = f"json_extract(cells, '$[{row.MEASURED.index('status')}]') = 'measured'"
#: Of a photo that cannot be read for now, each in another run; then it is a row that says so.
MOST_TRIES: Final = 3
# Of characters of up to four bytes; most systems allow 255 bytes of name.
_LONGEST_STEM: Final = 50


@dataclass(frozen=True, slots=True)
class Counts:
    """How many photos there are, and what came of them: each once.

    Attributes
    ----------
    measured, partly, refused : int
        All of a photo, some of it, nothing of it.
    unreadable, faults : int
        No photo, or a fault of the program, be it only in drawing what was measured.
    """

    measured: int = 0
    partly: int = 0
    refused: int = 0
    unreadable: int = 0
    faults: int = 0

    @property
    def all(self) -> int:
        """How many photos something came of."""
        return self.measured + self.partly + self.refused + self.unreadable + self.faults

    @property
    def status(self) -> int:
        """Exit status, as `posture.results` has it."""
        if self.faults:
            return results.BROKEN
        if self.unreadable:
            return results.NOT_A_PHOTO
        return results.REFUSED if self.partly or self.refused else 0


class Journal:
    """What is known so far of a batch; made by `opened`."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._sql = connection

    def plan(self, source: Source, *, pictures: bool) -> int:
        """List the photos of a source anew, and return how many there are.

        Parameters
        ----------
        source : Source
            Where they are listed.
        pictures : bool
            Whether each gets the name of a picture; a name that was given stays with its photo.

        Raises
        ------
        BatchError
            If they cannot be listed or kept.
        """
        with self._guarded(), self._sql:
            self._sql.execute("BEGIN")
            self._sql.execute("DELETE FROM photo")
            for entry in source.entries():
                self._add(entry, in_order=source.in_order)
            if pictures:
                self._name_pictures()
            return int(self._sql.execute("SELECT count(*) FROM photo").fetchone()[0])

    def counts(self) -> Counts:
        """Return what came of the photos listed so far."""
        with self._guarded():
            found = self._sql.execute(
                f"SELECT kind, count(*), total({_IS_MEASURED}) FROM photo JOIN result ON {_DONE}"
                " GROUP BY kind"
            )
            kinds, measured = {}, {}
            for kind, count, of_these in found:
                kinds[kind], measured[kind] = count, int(of_these)
            partly = measured.get(results.REFUSED, 0)
            bad = self._sql.execute("SELECT count(*) FROM photo WHERE location IS NULL")
            return Counts(
                kinds.get(0, 0),
                partly,
                kinds.get(results.REFUSED, 0) - partly,
                kinds.get(results.NOT_A_PHOTO, 0) + bad.fetchone()[0],
                kinds.get(results.BROKEN, 0),
            )

    def waiting(self) -> Iterator[Entry]:
        """Yield the photos that are still to be measured, in their order."""
        last: tuple[bytes, int] = (b"", -1)
        while True:
            # A row at a time: results are kept meanwhile, which would disturb a longer reading.
            with self._guarded():
                found = self._sql.execute(
                    "SELECT place, number, entry FROM photo WHERE location IS NOT NULL"
                    " AND (place, number) > (?, ?)"
                    f" AND NOT EXISTS (SELECT 1 FROM result WHERE {_DONE})"
                    " ORDER BY place, number LIMIT 1",
                    last,
                ).fetchone()
            if found is None:
                return
            last = found[:2]
            yield _entry(found[2])

    def picture_of(self, entry: Entry) -> str:
        """Return the name of the file for a photo's picture."""
        with self._guarded():
            found = self._sql.execute(
                "SELECT name FROM picture WHERE location = ?", [_stored(entry.location)]
            )
            return str(found.fetchone()[0])

    def keep(self, entry: Entry, outcome: Outcome) -> None:
        """Keep what came of a photo; it is on the disk when this returns.

        One that cannot be read for now is to be tried again, by another run.
        """
        with self._guarded(), self._sql:
            self._sql.execute("BEGIN")
            kind = outcome.kind
            if kind == LATER:
                if self._tries(entry) < MOST_TRIES:
                    return
                kind = results.NOT_A_PHOTO
            self._sql.execute(
                "INSERT OR REPLACE INTO result VALUES (?, ?, ?, ?)",
                [
                    _stored(entry.location),
                    _told(entry),
                    kind,
                    json.dumps(outcome.cells, ensure_ascii=True, allow_nan=False),
                ],
            )

    def rows(self) -> Iterator[list[Cell]]:
        """Yield a row of `posture.batch.row.COLUMNS` for each photo, in their order."""
        with self._guarded():
            found = self._sql.execute(
                f"SELECT entry, cells FROM photo LEFT JOIN result ON {_DONE} ORDER BY place, number"
            )
            for text, cells in found:
                entry = _entry(text)
                told: list[Cell] = [entry.shown, _name(entry), entry.person, entry.stature_cm]
                yield told + (json.loads(cells) if cells else row.of_error(entry.fault))

    def is_empty(self) -> bool:
        """Tell whether nothing came of any photo yet."""
        with self._guarded():
            found = self._sql.execute("SELECT 1 FROM result UNION SELECT 1 FROM later LIMIT 1")
            return found.fetchone() is None

    def has_table(self) -> bool:
        """Tell whether the table that is there may be that of this batch."""
        with self._guarded():
            return bool(self._sql.execute("SELECT has_table FROM about").fetchone()[0])

    def note_table(self, *, there: bool) -> None:
        """Keep whether the table that is there may be that of this batch."""
        with self._guarded():
            self._sql.execute("UPDATE about SET has_table = ?", [there])

    def remove(self) -> None:
        """Close the journal and remove it, once nothing depends on it."""
        with self._guarded():
            self._sql.close()
        journal_file.remove(self._path)

    def _add(self, entry: Entry, *, in_order: bool) -> None:
        bad = not entry.location or entry.fault
        location = None if bad else _stored(entry.location)
        place = b"" if in_order else location
        told = _told(entry)
        if location is not None and not entry.stamp and PROTOCOL not in entry.location:
            told = self._told_before(location, told)
        insert = "INSERT OR IGNORE INTO photo (place, location, told, entry) VALUES (?, ?, ?, ?)"
        cells = [place, location, told, _text(entry)]
        if self._sql.execute(insert, cells).rowcount or not in_order:
            return
        fault = _("{photo} is listed twice: this row was left out.").format(photo=entry.shown)
        bad_entry = Entry("", entry.shown, "", entry.stature_cm, entry.person, fault)
        self._sql.execute(insert, [place, None, _told(bad_entry), _text(bad_entry)])

    def _told_before(self, location: bytes, told: str) -> str:
        """Return what was told of a file that is gone when it was measured: that stays."""
        found = self._sql.execute(
            "SELECT told FROM result WHERE location = ? AND kind IN (0, ?)",
            [location, results.REFUSED],
        ).fetchone()
        if found is None or json.loads(found[0])[1:] != json.loads(told)[1:]:
            return told
        return str(found[0])

    def _tries(self, entry: Entry) -> int:
        """Return how often a photo could not be read for now, with this time."""
        found = self._sql.execute(
            "INSERT INTO later VALUES (?, 1) ON CONFLICT DO UPDATE SET tries = tries + 1"
            " RETURNING tries",
            [_stored(entry.location)],
        )
        return int(found.fetchall()[0][0])

    def _name_pictures(self) -> None:
        """Give each photo that has none the name of a picture, the same whenever it is given."""
        unnamed = self._sql.execute(
            "SELECT photo.location FROM photo LEFT JOIN picture USING (location)"
            " WHERE picture.name IS NULL AND photo.location IS NOT NULL ORDER BY place, number"
        )
        insert = "INSERT OR IGNORE INTO picture (location, name) VALUES (?, ?)"
        for (location,) in unnamed:
            stem = PurePosixPath(name_of(os.fsdecode(location))).stem[:_LONGEST_STEM]
            if not self._sql.execute(insert, [location, f"{stem}.overlay.png"]).rowcount:
                sign = hashlib.sha256(location).hexdigest()[:12]
                self._sql.execute(insert, [location, f"{stem}-{sign}.overlay.png"])

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        with journal_file.guarded(self._path):
            yield


@contextmanager
def opened(path: Path, options: dict[str, Any]) -> Iterator[Journal]:
    """Open a journal, or begin one, for one batch alone.

    Parameters
    ----------
    path : Path
        The journal, with `posture.batch.journal_file.ENDING`.
    options : dict
        What has to be the same in all of a batch.

    Raises
    ------
    BatchError
        If it is damaged, cannot be written, is in use, or was begun with other options.
    """
    with journal_file.held(path, options, _TABLES) as connection:
        yield Journal(path, connection)


def _stored(location: str) -> bytes:
    # Names of files need not be text.
    return os.fsencode(location)


def _told(entry: Entry) -> str:
    return json.dumps([entry.stamp, entry.stature_cm])


def _text(entry: Entry) -> str:
    return json.dumps(
        [entry.location, entry.shown, entry.stamp, entry.stature_cm, entry.person, entry.fault]
    )


def _entry(text: str) -> Entry:
    return Entry(*json.loads(text))


def _name(entry: Entry) -> str:
    return name_of(entry.location or entry.shown)
