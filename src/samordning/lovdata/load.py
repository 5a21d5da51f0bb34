"""Import a collection into the store: what is new is added, what is known is noted, what is broken is told of."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from samordning.errors import DataError, InputError
from samordning.lovdata.document import parse, variant

if TYPE_CHECKING:
    import datetime as dt

    from samordning.lovdata.collection import Collection, Entry, Track
    from samordning.lovdata.writer import Writer


@dataclass(slots=True)
class Summary:
    """What an import did, in numbers of acts; ``skipped`` says why for each file that was left out."""

    date: dt.date
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    skipped: list[str] = field(default_factory=list)


def load(
    store: Writer, collection: Collection, date: dt.date | None = None, track: Track = lambda entries, _: entries
) -> Summary:
    """Import every document of ``collection`` as it stood on ``date``, by default the collection's own.

    All of it is kept or, where the import is broken off, nothing. ``track`` may show progress. Wordings from other days stay as they are.

    Raises:
        InputError: there is nothing to import, or no day is known for it.
    """
    day = date or collection.date
    if day is None:
        raise InputError(
            "The files do not tell what day they are from", where=collection.name, todo="Give it with --date"
        )
    if not collection.count:
        raise InputError("There is no XML file in it", where=collection.name)
    summary = Summary(day)
    with store.writing():
        snapshot = store.snapshot(day, collection.name)
        seen: set[tuple[str, str]] = set()
        for entry in track(collection.entries(), collection.count):
            try:
                _one(store, entry, day, snapshot, seen, summary)
            except DataError as error:
                summary.skipped.append(str(error))
    return summary


def _one(
    store: Writer, entry: Entry, day: dt.date, snapshot: int, seen: set[tuple[str, str]], summary: Summary
) -> None:
    sha256, which = hashlib.sha256(entry.content).hexdigest(), variant(entry.name)
    document = None
    current, refid = store.known(which, sha256) or (0, "")
    if not refid:
        document = parse(entry.content, entry.name)
        refid = document.header.refid
    if (refid, which) in seen:
        raise DataError("The act stands in another file too", where=entry.name)
    seen.add((refid, which))
    before = store.latest(refid, which, day)
    if document:
        current = store.add(document, sha256)
    store.see(current, refid, which, day, snapshot)
    if before is None:
        summary.new += 1
    elif before == current:
        summary.unchanged += 1
    else:
        summary.changed += 1
