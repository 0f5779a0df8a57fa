"""Opens the database, SQLite or PostgreSQL, and brings it up to date; it knows no person."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session

from posture.errors import RecordsError
from posture.language import gettext as _
from posture.language import mark as N_

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Engine
    from sqlalchemy.engine.interfaces import DBAPIConnection

#: Environment variables that say where the records are: a database, or a folder for SQLite.
URL_VARIABLE: Final = "POSTURE_DATABASE_URL"
FOLDER_VARIABLE: Final = "POSTURE_DATA"
FILE_NAME: Final = "records.sqlite3"

_MIGRATIONS: Final = Path(__file__).parent / "migrations"
_PATIENCE_S: Final = 20.0  # of whoever waits while another one writes
# By what SQLite and PostgreSQL say, which have no common codes.
_WHY: Final = {
    ("locked",): N_(
        "The records are in use by another program: close it, or try again in a moment."
    ),
    ("full", "no space"): N_(
        "The disk is full, so nothing was saved: free some space and try again."
    ),
    ("readonly", "read-only"): N_(
        "The records cannot be written: give yourself the right to write their folder."
    ),
    ("unable to open",): N_(
        "The records cannot be opened: check that their folder is there and yours."
    ),
    ("i/o",): N_(
        "The disk does not take or give the records, so nothing was saved: see that it is not full."
    ),
    ("malformed", "not a database"): N_(
        "The file of the records is damaged: restore a backup of it."
    ),
    ("connect", "closed"): N_(
        "The database does not answer, so nothing was saved: see that it runs."
    ),
}
_ONE_AT_A_TIME: Final = 5720  # PostgreSQL's advisory lock of whoever brings it up to date


def folder() -> Path:
    """Return the folder for the user's data, which need not be there."""
    from platformdirs import user_data_path

    told = os.environ.get(FOLDER_VARIABLE)
    return Path(told) if told else user_data_path("posture", appauthor=False)


def open_engine(url: str | None = None) -> Engine:
    """Open the database, making it if it is not there, and bring it up to date.

    Parameters
    ----------
    url : str, optional
        Where it is, as SQLAlchemy has it; the default is that of ``POSTURE_DATABASE_URL``, and
        otherwise a file in `folder`.

    Raises
    ------
    RecordsError
        If it cannot be opened, or a newer program made it.
    """
    told = url or os.environ.get(URL_VARIABLE)
    try:
        engine = _server(told) if told else _file(folder())
    except OSError as error:
        raise RecordsError(
            _(
                "The folder of the records cannot be written ({reason}): free it, or name another "
                "one in {variable}."
            ).format(reason=error.strerror, variable=FOLDER_VARIABLE)
        ) from error
    try:
        with _explained():
            _bring_up_to_date(engine)
    except RecordsError:
        engine.dispose()
        raise
    return engine


def where() -> str:
    """Return where the records are, without a password: a file's path, or a server's address."""
    told = os.environ.get(URL_VARIABLE)
    if not told:
        return str(folder() / FILE_NAME)
    url = _parsed(told)
    if url is None:
        raise RecordsError(_no_database())
    is_file = url.get_backend_name() == "sqlite" and url.database
    return str(url.database) if is_file else url.render_as_string(hide_password=True)


@contextmanager
def session(engine: Engine, *, writes: bool) -> Iterator[Session]:
    """Give a session whose work is done wholly or not at all.

    Raises
    ------
    RecordsError
        If the database cannot do it.
    """
    way = engine.execution_options(posture_writes=writes)
    if not writes and engine.dialect.name == "postgresql":
        # What is read in several statements is of one moment; a file's transactions are so anyway.
        way = way.execution_options(isolation_level="REPEATABLE READ")
    with _explained(), Session(way, expire_on_commit=False) as given, given.begin():
        yield given


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise RecordsError(_why(error)) from error


def _why(error: SQLAlchemyError) -> str:
    said = str(getattr(error, "orig", None) or error).lower()
    for signs, sentence in _WHY.items():
        if any(sign in said for sign in signs):
            return _(sentence)
    return _("The records could not be read or written: try again, or restore a backup.")


def _server(url: str) -> Engine:
    parsed = _parsed(url)
    if parsed is not None and parsed.get_backend_name() == "sqlite" and parsed.database:
        return _file(Path(parsed.database).parent, Path(parsed.database).name)
    if parsed is None or parsed.get_backend_name() != "postgresql":
        raise RecordsError(_no_database())
    # The driver that comes with posture, whatever the address says.
    parsed = parsed.set(drivername="postgresql+psycopg")
    return create_engine(parsed, pool_pre_ping=True, isolation_level="READ COMMITTED")


def _parsed(url: str) -> URL | None:
    try:
        return make_url(url)
    except ArgumentError:
        return None


def _no_database() -> str:
    return _(
        "{variable} names no database that posture knows: write "
        "postgresql://user@host/name, or leave it out."
    ).format(variable=URL_VARIABLE)


def _file(place: Path, name: str = FILE_NAME) -> Engine:
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    url = URL.create("sqlite+pysqlite", database=str(place / name))
    engine = create_engine(url, connect_args={"timeout": _PATIENCE_S})

    @event.listens_for(engine, "connect")
    def _settle(raw: DBAPIConnection, _record: Any) -> None:  # noqa: ANN401
        cursor = raw.cursor()
        # Transactions are begun below, so that a writer holds the lock from its first read on.
        raw.isolation_level = None
        for setting in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "secure_delete = ON",
            "trusted_schema = OFF",
        ):
            cursor.execute(f"PRAGMA {setting}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("posture_writes", True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _bring_up_to_date(engine: Engine) -> None:
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    scripts = ScriptDirectory.from_config(config)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})"))
        context = MigrationContext.configure(connection)
        now = context.get_current_revision()
        if now == scripts.get_current_head():
            return
        try:
            scripts.get_revision(now or "base")
        except CommandError:
            raise RecordsError(
                _("The records were made by a newer version of posture: update posture.")
            ) from None
        from alembic import command

        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def forget_traces(engine: Engine) -> bool:
    """Overwrite what was erased, in the file and in its journal.

    Returns
    -------
    bool
        False if somebody else was at work meanwhile or the disk is full, so that the file or the
        journal still holds traces.
    """
    try:
        if engine.dialect.name == "postgresql":
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                for table in inspect(connection).get_table_names():
                    connection.execute(text(f'VACUUM FULL "{table}"'))
            return True
        with _raw(engine) as raw:
            raw.execute("VACUUM")
            return _emptied(raw)
    except (SQLAlchemyError, sqlite3.Error):  # what was erased is erased all the same
        return False


def empty_journal(engine: Engine) -> None:
    """Overwrite what was replaced or discarded, where nobody else reads meanwhile.

    PostgreSQL does so by itself in its own time.
    """
    if engine.dialect.name == "sqlite":
        with suppress(sqlite3.Error), _raw(engine) as raw:
            _emptied(raw)


@contextmanager
def _raw(engine: Engine) -> Iterator[sqlite3.Connection]:
    name = str(engine.url.database)
    raw = sqlite3.connect(name, timeout=_PATIENCE_S, isolation_level=None)
    with closing(raw):
        raw.execute("PRAGMA secure_delete = ON")
        yield raw


def _emptied(raw: sqlite3.Connection) -> bool:
    (busy, _pages, _done) = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy
