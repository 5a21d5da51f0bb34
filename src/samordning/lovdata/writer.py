"""Writing to the store: all of an import or nothing."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from samordning.errors import DatasetError, InputError
from samordning.lovdata.schema import TABLES, VERSION
from samordning.lovdata.store import HEADER, LICENCE, Store, default_path

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from pathlib import Path

    from samordning.lovdata.document import Document
    from samordning.lovdata.unit import Unit

_BUSY: Final = 10.0  # seconds to wait for another process that writes
_DOCUMENT: Final = ("variant", "sha256", "eli", *HEADER)


def create_store(path: Path | None = None) -> Writer:
    """Open the store at ``path`` for writing, by default the user's own, and make it where there is none.

    Raises:
        DatasetError: the file is something else, or a store of another version.
        InputError: the file can't be made.
    """
    place = path or default_path()
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(place, timeout=_BUSY, isolation_level=None)
    except (OSError, sqlite3.Error):
        raise InputError(
            "The store can't be made", where=place.name, todo="Choose another place with --store"
        ) from None
    return Writer(connection, place.name)


def memory_store() -> Writer:
    """A store that is gone when it is closed."""
    return Writer(sqlite3.connect(":memory:", isolation_level=None), "memory")


class Writer(Store):
    """A store that is being written to."""

    def __init__(self, connection: sqlite3.Connection, name: str) -> None:
        try:
            if not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
                connection.executescript(f"BEGIN; {TABLES} PRAGMA user_version = {VERSION}; COMMIT;")
        except sqlite3.DatabaseError:
            connection.close()
            raise DatasetError(
                "This is not a store of official texts", where=name, todo="Choose another file with --store"
            ) from None
        super().__init__(connection, name)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Everything inside is kept, or nothing where it fails.

        Raises:
            InputError: another process is writing, or the disk is full.
        """
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield
            self._db.execute("COMMIT")
        except sqlite3.OperationalError as error:
            raise InputError(
                f"The store can't be written: {error}", todo="Try again when no other import is running"
            ) from None
        finally:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")

    def snapshot(self, date: dt.date, source: str) -> int:
        """Note that texts were taken from ``source`` as they stood on ``date``."""
        query = """
            INSERT INTO snapshot (date, source, licence) VALUES (?, ?, ?)
            ON CONFLICT DO UPDATE SET licence = excluded.licence RETURNING id
        """
        return int(self._rows(query, date.isoformat(), source, LICENCE)[0]["id"])

    def known(self, variant: str, sha256: str) -> tuple[int, str] | None:
        """The key and act of the document with these bytes, where the store has it."""
        rows = self._rows("SELECT id, refid FROM document WHERE sha256 = ? AND variant = ?", sha256, variant)
        return (int(rows[0]["id"]), str(rows[0]["refid"])) if rows else None

    def latest(self, refid: str, variant: str, date: dt.date) -> int | None:
        """The document that stood on ``date``, or the oldest one after it; None for an act the store has never seen."""
        query = """
            SELECT document FROM seen WHERE refid = ? AND variant = ?
            ORDER BY date > ?3, CASE WHEN date <= ?3 THEN date END DESC, date LIMIT 1
        """
        rows = self._rows(query, refid, variant, date.isoformat())
        return int(rows[0]["document"]) if rows else None

    def see(self, document: int, refid: str, variant: str, date: dt.date, snapshot: int) -> None:
        """Note that a document stood on ``date``. What was noted for that day before gives way."""
        query = "INSERT OR REPLACE INTO seen (refid, variant, date, document, snapshot) VALUES (?, ?, ?, ?, ?)"
        self._rows(query, refid, variant, date.isoformat(), document, snapshot)

    def add(self, document: Document, sha256: str) -> int:
        """Write a document and all its parts, and return its key."""
        head = document.header
        names, marks = ", ".join(_DOCUMENT), ", ".join("?" * len(_DOCUMENT))
        values = (document.variant, sha256, head.eli, *(getattr(head, name) for name in HEADER))
        query = f"INSERT INTO document ({names}) VALUES ({marks}) RETURNING id"  # noqa: S608  # our own names
        key = int(self._rows(query, *values)[0]["id"])
        last = self._rows("SELECT coalesce(max(id), 0) AS last FROM unit")[0]["last"]
        units: list[tuple[object, ...]] = []
        links: list[tuple[object, ...]] = []
        for unit in document.units:
            last = _flatten(unit, None, key, last, units, links)
        self._db.executemany("INSERT INTO unit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", units)
        self._db.executemany("INSERT INTO reference VALUES (?, ?, ?)", links)
        return key


def _flatten(
    unit: Unit,
    parent: int | None,
    document: int,
    last: int,
    units: list[tuple[object, ...]],
    links: list[tuple[object, ...]],
) -> int:
    own = last + 1
    units.append(
        (own, document, parent, unit.kind.value, unit.address, unit.label, unit.title, unit.text, unit.repealed)
    )
    links.extend((own, reference.target, reference.words) for reference in unit.references)
    last = own
    for child in unit.children:
        last = _flatten(child, own, document, last, units, links)
    return last
