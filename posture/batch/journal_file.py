"""Opens the file of a journal for one batch alone, sound or refused; it knows no photos.

An SQLite file beside the table to be.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from posture.console import shown
from posture.errors import BatchError
from posture.language import gettext as _

ENDING: Final = ".journal"
# Of this program's journals alone; chosen once at random.
_APPLICATION: Final = 0x705B7C1D
_FORMAT: Final = 1
_ABOUT: Final = """
CREATE TABLE about (options TEXT NOT NULL, has_table INTEGER NOT NULL DEFAULT 0);
"""
_MARKS: Final = ("application_id", "user_version")


@contextmanager
def held(path: Path, options: dict[str, Any], tables: str) -> Iterator[sqlite3.Connection]:
    """Open the file of a journal, or begin one, and let no other batch have it meanwhile.

    Parameters
    ----------
    path : Path
        The journal, with `ENDING`.
    options : dict
        What has to be the same in all of a batch.
    tables : str
        SQL that makes the tables of a new one, each statement with a semicolon.

    Raises
    ------
    BatchError
        If it is damaged, cannot be written, is in use, or was begun with other options.
    """
    new = not path.exists()
    with guarded(path):
        connection = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        with guarded(path):
            _begin(path, connection, json.dumps(options, sort_keys=True), tables)
    except BaseException as error:
        connection.close()
        # There was no room for it; empty, it would only be in the way. Another batch's is not.
        cause = error.__cause__
        if new and not (isinstance(cause, sqlite3.DatabaseError) and _is_busy(cause)):
            remove(path)
        raise
    try:
        yield connection
    finally:
        connection.close()


def in_use(path: Path) -> bool:
    """Tell whether a batch is writing a journal right now."""
    try:
        with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
    except sqlite3.DatabaseError as error:
        return _is_busy(error)
    return False


def remove(path: Path) -> None:
    """Remove the file of a journal, with those that SQLite keeps beside it."""
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


@contextmanager
def guarded(path: Path) -> Iterator[None]:
    """Say in one sentence what is wrong with a journal."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        name = shown(path)
        if _is_busy(error):
            raise BatchError(busy()) from error
        if _code(error) in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
            raise BatchError(_damaged().format(file=name)) from error
        said = _(
            "{file} cannot be written ({why}): make room or mend that, then go on with --resume."
        )
        raise BatchError(said.format(file=name, why=error)) from error


def busy() -> str:
    """Say that another batch has a journal."""
    return _("Another batch is writing this table: wait for it, or give another file.")


def _begin(path: Path, connection: sqlite3.Connection, options: str, tables: str) -> None:
    """Take hold of the file, look whether it is sound, and make its tables if it is new."""
    # Held until the connection ends, however the program does.
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("BEGIN EXCLUSIVE")
    new = not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if new:
        for statement in (_ABOUT + tables).split(";"):
            connection.execute(statement)
        connection.execute("INSERT INTO about (options) VALUES (?)", [options])
        connection.execute(f"PRAGMA application_id = {_APPLICATION}")
        connection.execute(f"PRAGMA user_version = {_FORMAT}")
        connection.execute("COMMIT")
        return
    known = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in _MARKS]
    sound = connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
    if known != [_APPLICATION, _FORMAT] or not sound:
        raise BatchError(_damaged().format(file=shown(path)))
    if connection.execute("SELECT options FROM about").fetchone()[0] != options:
        said = _(
            "This batch was begun with other photos, other options or another version of posture:"
            " repeat those, or remove {file} to begin anew."
        )
        raise BatchError(said.format(file=shown(path)))
    connection.execute("COMMIT")


def _code(error: sqlite3.DatabaseError) -> int:
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF


def _is_busy(error: sqlite3.DatabaseError) -> bool:
    return _code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _damaged() -> str:
    return _("{file} is damaged or no journal of a batch: remove it to begin anew.")
