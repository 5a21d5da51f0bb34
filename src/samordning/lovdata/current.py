"""The acts that the data cites, as the given places show them: what a check or a hash looks at."""

from __future__ import annotations

import hashlib
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from samordning.errors import DataError, InputError
from samordning.graph.read import read
from samordning.lovdata.cited import Cited, cited
from samordning.lovdata.collection import open_collection
from samordning.lovdata.document import header, parse, variant
from samordning.lovdata.writer import Writer, memory_store

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from samordning.lovdata.collection import Collection, Track


@dataclass(slots=True)
class Current:
    """The cited acts on one day. ``texts`` holds those that were found, and only those. Use it as a context manager."""

    date: dt.date
    cited: Cited
    texts: Writer
    found: set[str] = field(default_factory=set)
    #: Files that are broken, with the reason.
    broken: list[str] = field(default_factory=list)
    #: Kinds of act (lov, forskrift) that some place should hold all of.
    whole: set[str] = field(default_factory=set)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.texts.close()

    def covers(self, refid: str) -> bool:
        """Whether the places show the act, or should."""
        return refid in self.found or refid.partition("/")[0] in self.whole


def look(
    places: Sequence[str],
    date: dt.date | None = None,
    root: Path | None = None,
    track: Track = lambda entries, _: entries,
) -> Current:
    """Read the acts that the data under ``root`` cites on ``date``, by default the day of the first place.

    Raises:
        InputError: a place can't be read, or no day is known.
        DataError: a data file is broken.
    """
    with ExitStack() as stack:
        collections = [stack.enter_context(open_collection(place)) for place in places]
        day = date or (collections[0].date if collections else None)
        if day is None:
            raise InputError("The files do not tell what day they are from", todo="Give it with --date")
        current = Current(day, cited(read(root), day), memory_store())
        for collection in collections:
            _take(current, collection, track)
    return current


def _take(current: Current, collection: Collection, track: Track) -> None:
    wanted = current.cited.acts
    snapshot = current.texts.snapshot(current.date, collection.name)
    for entry in track(collection.entries(), collection.count):
        try:
            refid = header(entry.content, entry.name).refid
            taken = refid in wanted - current.found and not variant(entry.name)
            document = parse(entry.content, entry.name) if taken else None
        except DataError as error:
            current.broken.append(str(error))
            continue
        if collection.whole:
            current.whole.add(refid.partition("/")[0])
        if document:
            key = current.texts.add(document, hashlib.sha256(entry.content).hexdigest())
            current.texts.see(key, refid, document.variant, current.date, snapshot)
            current.found.add(refid)
