"""Files of records: which there are, and each read by its kind."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Final, Self

from samordning.answer.document import MAX_BYTES, refuse_identity
from samordning.check import rdf
from samordning.errors import InputError, Malformed, TooLarge
from samordning.worker import guard
from samordning.worker.pool import Pool

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from samordning.check.checker import Checker
    from samordning.check.record import Record

#: The endings of files that hold records.
PLAIN: Final = (".yaml", ".yml", ".json")
RDF: Final = {".ttl": "text/turtle", ".nt": "application/n-triples", ".jsonld": "application/ld+json"}
#: What stands between two documents of YAML.
_SEVERAL: Final = re.compile(rb"^---\s*$", re.MULTILINE)
_DEADLINE: Final = 10.0
_MOST: Final = max(guard.MEDIA.values())


def files(folder: Path) -> list[Path]:
    """The files of records in a folder and its folders, in a fixed order.

    Raises:
        InputError: there are none.
    """
    found = sorted(path for path in folder.rglob("*") if path.suffix in (*PLAIN, *RDF) and path.is_file())
    if not found:
        raise InputError(
            "There are no files of records here", where=str(folder), todo=f"They end in {', '.join((*PLAIN, *RDF))}"
        )
    return found


class Reader(AbstractContextManager["Reader"]):
    """Reads records. The worker for RDF is made when the first file needs it."""

    def __init__(self, checker: Checker, scope: str, date: dt.date | None = None) -> None:
        self.checker, self.scope, self.date = checker, scope, date
        self._pool: Pool | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.close()

    def file(self, path: Path) -> Record:
        """The record in a file.

        Raises:
            InputError: the file can't be read, or says something that is not known or not possible.
        """
        try:
            with path.open("rb") as opened:
                raw = opened.read(_MOST + 1)
        except OSError as error:
            raise InputError(f"The file can't be read: {error.strerror}", where=str(path)) from None
        return self.record(raw, path.name, RDF.get(path.suffix))

    def record(self, raw: bytes, name: str, media: str | None = None) -> Record:
        """The record in some bytes: YAML or JSON, or RDF where ``media`` says so.

        Raises:
            InputError: it can't be read, or says something that is not known or not possible.
        """
        if media is None:
            if len(raw) > MAX_BYTES:
                raise TooLarge(f"A record may have {MAX_BYTES:,} bytes", where=name, todo="Check one at a time")
            if len(_SEVERAL.findall(raw)) > 1 or raw.lstrip().startswith(b"["):
                raise InputError(
                    "There are several records here", where=name, todo="Write each in a file, and check the folder"
                )
            return self.checker.read(raw, name, self.scope, self.date)
        look(raw, media, name)
        if self._pool is None:
            self._pool = Pool(size=1, modules=("samordning.worker.parse",))
        try:
            nquads = b"".join(self._pool.run("parse", raw, _DEADLINE, media=media))
        except InputError as error:
            error.where = f"{name}: {error.where}" if error.where else name
            raise type(error)(error.what, where=error.where, why=error.why, todo=error.todo) from None
        return self.parsed(nquads, name)

    def parsed(self, nquads: bytes, name: str) -> Record:
        """The record in N-Quads that a worker wrote.

        Raises:
            InputError: it says something that is not known or not possible.
        """
        made = rdf.document(nquads, name, self.checker.vocabulary, self.checker.kg.law, self.scope)
        return self.checker.record(made, self.scope, self.date)


def look(raw: bytes, media: str, name: str) -> None:
    """What is looked at before any parser sees a document.

    Raises:
        InputError: it is too large or nested too deep, holds a document type declaration or an identity number.
    """
    try:
        text = guard.rdf(raw, media)
    except InputError as error:
        raise type(error)(error.what, where=name, why=error.why, todo=error.todo) from None
    refuse_identity(text, name)
    if not text.strip():
        raise Malformed("The document is empty", where=name)
    if "<!doctype" in text[:1000].lower():
        raise Malformed("A document type declaration is not taken", where=name, todo=f"It was read as {media}")
