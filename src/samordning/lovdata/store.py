"""The store on disk: every imported wording of every act, and which one stood on a day."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date as Date  # noqa: N812  # a parameter is called date
from typing import TYPE_CHECKING, Final, Self

import platformdirs

from samordning.errors import DatasetError, InputError
from samordning.lovdata import address as addresses
from samordning.lovdata.header import Header
from samordning.lovdata.schema import TABLES, VERSION
from samordning.lovdata.text import digest
from samordning.lovdata.unit import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

    from samordning.lovdata.document import Document
    from samordning.lovdata.unit import Unit

LICENCE: Final = "NLOD 2.0"
LICENCE_URL: Final = "https://data.norge.no/nlod/no/2.0"
SOURCE: Final = "Lovdata"
#: What is no part of the wording of a section.
_ASIDES: Final = (Kind.NOTE, Kind.FOOTNOTE)
_BUSY: Final = 10.0  # seconds to wait for another process that writes
_HEADER: Final = ("legacy", "dokid", "language", "title", "short_title", "ministry", "in_force", "last_change",
                  "changed_by", "published", "corrected")  # fmt: skip


@dataclass(frozen=True, slots=True)
class OfficialText:
    """The official wording at an address, as Lovdata showed it on ``snapshot``."""

    address: str
    title: str
    text: str
    snapshot: Date
    url: str
    licence: str = LICENCE
    licence_url: str = LICENCE_URL
    source: str = SOURCE

    @property
    def sha256(self) -> str:
        """Hash of the normalised text."""
        return digest(self.text)


def default_path() -> Path:
    """Where the store lies when no other place is given: the user's own data folder."""
    return platformdirs.user_data_path("samordning", appauthor=False) / "lovdata.sqlite"


def open_store(path: Path | None = None) -> Store:
    """Open the store at ``path`` for reading, by default the user's own.

    Raises:
        DatasetError: there is none, or it is not a store of this version.
    """
    place = path or default_path()
    if not place.is_file():
        raise DatasetError(
            "There is no store of official texts", where=place.name, todo="Run: samordning lovdata import"
        )
    return Store(sqlite3.connect(f"{place.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False), place.name)


def create_store(path: Path | None = None) -> Store:
    """Open the store at ``path`` for writing, and make it where there is none.

    Raises:
        DatasetError: the file is something else, or of another version.
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
    return Store(connection, place.name, make=True)


def memory_store() -> Store:
    """A store that is gone when it is closed."""
    return Store(sqlite3.connect(":memory:", isolation_level=None), "memory", make=True)


class Store:
    """An open store. Use it as a context manager, or call ``close``."""

    def __init__(self, connection: sqlite3.Connection, name: str, *, make: bool = False) -> None:
        self._db = connection
        try:
            found = connection.execute("PRAGMA user_version").fetchone()[0]
            empty = not connection.execute("SELECT 1 FROM sqlite_master").fetchone()
            if make and empty:
                connection.executescript(f"BEGIN; {TABLES} PRAGMA user_version = {VERSION}; COMMIT;")
                found = VERSION
        except sqlite3.DatabaseError:
            connection.close()
            raise DatasetError("This is not a store of official texts", where=name) from None
        if found != VERSION:
            connection.close()
            raise DatasetError(
                "The store is of another version", where=name, todo="Import into a new store with --store"
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    # Asking

    def text(self, address: str, date: Date) -> OfficialText | None:
        """The wording at ``address``, such as ``lov/2011-06-24-30/§3-4/ledd/2/setning/1``, in the newest snapshot not after ``date``.

        A whole section is its ledd, one on each line, without heading, notes and footnotes. None where no snapshot
        is that old, or the act has no such place. An act that was repealed after its last snapshot is still found:
        ``snapshot`` tells when the wording was last seen.

        Raises:
            ValueError: it is no address.
        """
        found = self._document(address, date)
        if not found:
            return None
        unit = self._unit(found[0], address)
        if not unit:
            return None
        text = self._whole(unit["id"]) if unit["kind"] == Kind.SECTION else unit["text"]
        return OfficialText(address, unit["title"], text, found[1], addresses.url(address)) if text else None

    def exists(self, address: str, date: Date) -> bool:
        """Whether the newest snapshot not after ``date`` has this part, with or without words."""
        found = self._document(address, date)
        return bool(found and self._unit(found[0], address))

    def dates(self, address: str) -> list[Date]:
        """The days the act at ``address`` has a snapshot of, oldest first."""
        rows = self._db.execute(
            "SELECT date FROM seen WHERE refid = ? AND variant = '' ORDER BY date", (addresses.act(address),)
        )
        return [Date.fromisoformat(row[0]) for row in rows]

    def ledd(self, address: str, date: Date) -> int:
        """How many ledd the section at ``address`` has."""
        return self._count(address, date, Kind.LEDD)

    def sentences(self, address: str, date: Date) -> int:
        """How many sentences the ledd or item at ``address`` has."""
        return self._count(address, date, Kind.SENTENCE)

    def notes(self, address: str, date: Date) -> list[str]:
        """The amendment notes of the section at ``address``."""
        found = self._document(address, date)
        unit = self._unit(found[0], address) if found else None
        if not unit:
            return []
        return [
            row["text"]
            for row in self._rows("SELECT text FROM unit WHERE parent = ? AND kind = ?", unit["id"], Kind.NOTE)
        ]

    def references(self, address: str, date: Date) -> list[tuple[str, str]]:
        """What the part at ``address`` links to, as (target, words), without what its own parts link to."""
        found = self._document(address, date)
        unit = self._unit(found[0], address) if found else None
        rows = self._rows("SELECT target, words FROM reference WHERE unit = ?", unit["id"]) if unit else []
        return [(row["target"], row["words"]) for row in rows]

    def header(self, refid: str, date: Date) -> Header | None:
        """What the act said about itself in the newest snapshot not after ``date``."""
        found = self._document(refid, date)
        if not found:
            return None
        row = self._rows(f"SELECT refid, {', '.join(_HEADER)} FROM document WHERE id = ?", found[0])[0]  # noqa: S608  # our own names
        return Header(**dict(row))

    # Writing
