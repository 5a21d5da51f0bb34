"""The store on disk: every imported wording of every act, and which one stood on a day."""

from __future__ import annotations

import datetime as dt
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

import platformdirs

from samordning.errors import DatasetError
from samordning.lovdata import address as addresses
from samordning.lovdata.header import Header
from samordning.lovdata.schema import VERSION
from samordning.lovdata.text import digest
from samordning.lovdata.unit import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LICENCE: Final = "NLOD 2.0"
LICENCE_URL: Final = "https://data.norge.no/nlod/no/2.0"
SOURCE: Final = "Lovdata"
#: Columns that hold a ``Header``, in its order.
HEADER: Final = ("refid", "legacy", "dokid", "language", "title", "short_title", "ministry", "in_force", "last_change",
                 "changed_by", "published", "corrected")  # fmt: skip
_ASIDES: Final = (Kind.NOTE, Kind.FOOTNOTE)


@dataclass(frozen=True, slots=True)
class OfficialText:
    """The official wording at an address, as Lovdata showed it on ``snapshot``. ``title`` is the heading of a section."""

    address: str
    title: str
    text: str
    snapshot: dt.date
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


class Store:
    """An open store. Use it as a context manager, or call ``close``. Any thread may read from it."""

    def __init__(self, connection: sqlite3.Connection, name: str) -> None:
        self._db = connection
        self._db.row_factory = sqlite3.Row
        try:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
        except sqlite3.DatabaseError:
            connection.close()
            raise DatasetError(
                "This is not a store of official texts", where=name, todo="Choose another file with --store"
            ) from None
        if version != VERSION:
            connection.close()
            raise DatasetError(
                "This is not a store of this version", where=name, todo="Import into a new file with --store"
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def text(self, address: str, date: dt.date) -> OfficialText | None:
        """The wording at ``address``, such as ``lov/2011-06-24-30/§3-4/ledd/2/setning/1``.

        It is taken from the newest snapshot not after ``date``. A whole section is its ledd with their printed numbers,
        one on each line, without heading, notes and footnotes. None where no snapshot is that old, or the act has no
        such place. An act repealed after its last snapshot is still found: ``snapshot`` tells when it was last seen.

        Raises:
            ValueError: it is no address.
        """
        unit, snapshot = self._find(address, date)
        if unit is None:
            return None
        text = self._whole(unit["id"]) if unit["kind"] == Kind.SECTION else unit["text"]
        return OfficialText(address, unit["title"], text, snapshot, addresses.url(address)) if text else None

    def wordings(self, address: str) -> Iterator[OfficialText]:
        """Every wording at ``address`` that any snapshot shows, newest first."""
        for date in reversed(self.dates(address)):
            found = self.text(address, date)
            if found:
                yield found

    def exists(self, address: str, date: dt.date) -> bool:
        """Whether the act has this part, with or without words."""
        return self._find(address, date)[0] is not None

    def dates(self, address: str) -> list[dt.date]:
        """The days that the act at ``address`` has a snapshot of, oldest first."""
        rows = self._rows(
            "SELECT date FROM seen WHERE refid = ? AND variant = '' ORDER BY date", addresses.act(address)
        )
        return [dt.date.fromisoformat(row["date"]) for row in rows]

    def count(self, address: str, kind: Kind, date: dt.date) -> int:
        """How many parts of a kind stand directly in the part at ``address``: ledd of a section, sentences of a ledd."""
        return len(self._children(address, kind, date))

    def notes(self, address: str, date: dt.date) -> list[str]:
        """The amendment notes of the section or chapter at ``address``."""
        return [str(row["text"]) for row in self._children(address, Kind.NOTE, date)]

    def references(self, address: str, date: dt.date) -> list[tuple[str, str]]:
        """What the ledd, item or note at ``address`` links to: targets as Lovdata writes them, and the linked words."""
        unit, _ = self._find(address, date)
        rows = self._rows("SELECT target, words FROM reference WHERE unit = ?", unit["id"]) if unit else []
        return [(row["target"], row["words"]) for row in rows]

    def header(self, refid: str, date: dt.date) -> Header | None:
        """What the act said about itself in the newest snapshot not after ``date``."""
        seen = self._seen(refid, date)
        rows = self._rows("SELECT * FROM document WHERE id = ?", seen["document"]) if seen else []
        return Header(*(rows[0][name] for name in HEADER)) if rows else None

    def _rows(self, query: str, *values: Any) -> list[sqlite3.Row]:  # noqa: ANN401  # what SQLite takes
        return self._db.execute(query, values).fetchall()

    def _seen(self, refid: str, date: dt.date) -> sqlite3.Row | None:
        query = (
            "SELECT document, date FROM seen WHERE refid = ? AND variant = '' AND date <= ? ORDER BY date DESC LIMIT 1"
        )
        rows = self._rows(query, refid, date.isoformat())
        return rows[0] if rows else None

    def _find(self, address: str, date: dt.date) -> tuple[sqlite3.Row | None, dt.date]:
        seen = self._seen(addresses.act(address), date)
        if seen is None:
            return None, date
        document = seen["document"]
        tried = [address, *addresses.others(address)]
        longer = addresses.in_first_ledd(tried[-1])
        if longer and not self._unit(document, f"{addresses.section(address)}/ledd/2"):
            tried.append(longer)
        found = next((unit for other in tried if (unit := self._unit(document, other))), None)
        return found, dt.date.fromisoformat(seen["date"])

    def _unit(self, document: int, address: str) -> sqlite3.Row | None:
        rows = self._rows(
            "SELECT id, kind, title, text FROM unit WHERE document = ? AND address = ?", document, address
        )
        return rows[0] if rows else None

    def _children(self, address: str, kind: Kind, date: dt.date) -> list[sqlite3.Row]:
        unit, _ = self._find(address, date)
        return (
            self._rows("SELECT text FROM unit WHERE parent = ? AND kind = ? ORDER BY id", unit["id"], kind)
            if unit
            else []
        )

    def _whole(self, section: int) -> str:
        rows = self._rows("SELECT kind, label, text FROM unit WHERE parent = ? ORDER BY id", section)
        return "\n".join(f"{row['label']} {row['text']}".strip() for row in rows if row["kind"] not in _ASIDES)
