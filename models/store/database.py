"""Opening the database: SQLite in WAL mode, or PostgreSQL, with the schema brought up to date."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from sqlite3 import Error as SqliteError

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from models.errors import ConfigurationError, StorageUnavailable

_BUSY_MS = 30_000
# What each connection to SQLite keeps of it in memory. With SQLite's own 2 MB, a search over 100,000 records reads pages again.
_PAGES_KEPT_KIB = 16_000
# Together as many as the web server has threads, so that none of them waits for a connection.
_READERS_KEPT = 10
_MORE_READERS = 30
# Any fixed number: services that start together on PostgreSQL bring the schema up to date one after the other.
_MIGRATION_LOCK = 728_278


def sqlite_url(path: Path) -> str:
    """The address of an SQLite database in a file."""
    return f"sqlite:///{path}"


def normalised_url(url: str) -> str:
    """The address with the PostgreSQL driver that is installed.

    Raises:
        ConfigurationError: it is neither SQLite nor PostgreSQL.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ConfigurationError("database_url is no database address.") from error
    if parsed.get_backend_name() not in {"sqlite", "postgresql"}:
        raise ConfigurationError("database_url must name a PostgreSQL or an SQLite database.")
    if parsed.get_backend_name() == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    return parsed.render_as_string(hide_password=False)


def open_engine(url: str) -> Engine:
    """An engine for ``url``. Statements' parameters stay out of its errors and logs, for they hold values from forms."""
    engine = create_engine(url, hide_parameters=True, pool_pre_ping=not url.startswith("sqlite"))
    if url.startswith("sqlite"):
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_immediately)
    return engine


def open_reading_engine(url: str) -> Engine:
    """An engine whose transactions only read: each sees one state of the database, and none waits for one that writes."""
    engine = create_engine(
        url, hide_parameters=True, pool_pre_ping=not url.startswith("sqlite"), pool_size=_READERS_KEPT, max_overflow=_MORE_READERS
    )
    if url.startswith("sqlite"):
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "connect", _forbid_writing)
        event.listen(engine, "begin", _begin_sqlite_reading)
    else:
        event.listen(engine, "begin", _begin_postgresql_reading)
    return engine


def _forbid_writing(connection: SqliteConnection, entry: ConnectionPoolEntry) -> None:
    del entry
    connection.execute("PRAGMA query_only=ON")


def _begin_sqlite_reading(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _begin_postgresql_reading(connection: Connection) -> None:
    connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _prepare_sqlite(connection: SqliteConnection, entry: ConnectionPoolEntry) -> None:
    del entry
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
    connection.execute("PRAGMA journal_mode=WAL")
    # FULL keeps a commit through a power cut, which WAL's usual NORMAL does not.
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(f"PRAGMA cache_size=-{_PAGES_KEPT_KIB}")
    connection.execute("PRAGMA foreign_keys=ON")
    # What is deleted is overwritten, and not only forgotten.
    connection.execute("PRAGMA secure_delete=ON")


def _begin_immediately(connection: Connection) -> None:
    # The write lock is taken when a transaction begins. Taken later, what was read before it may have changed meanwhile.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def use_wal(path: Path) -> None:
    """Turn WAL mode on for a database that another library opens; the mode stays with the file.

    Raises:
        StorageUnavailable: the file cannot be written.
    """
    engine = open_engine(sqlite_url(path))
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
    except OperationalError as error:
        raise StorageUnavailable("The database in the data folder cannot be opened.") from error
    finally:
        engine.dispose()


def empty_log(engine: Engine) -> None:
    """Bring SQLite's write-ahead log into the database and empty it: until then it holds what was deleted. PostgreSQL has own ways.

    Raises:
        StorageUnavailable: the database cannot be written now.
    """
    if engine.dialect.name != "sqlite":
        return
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except SqliteError as error:
        raise StorageUnavailable("The database cannot be reached or written.") from error
    finally:
        connection.close()


def check_reachable(engine: Engine) -> None:
    """Ask the database anything.

    Raises:
        OperationalError: it cannot be reached.
    """
    with engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")


def migrate(engine: Engine) -> None:
    """Bring the schema up to date.

    Raises:
        StorageUnavailable: the database cannot be reached or written.
    """
    config = Config()
    config.set_main_option("script_location", str(resources.files("models.store") / "migrations").replace("%", "%%"))
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except OperationalError as error:
        raise StorageUnavailable("The database cannot be reached or written.") from error
