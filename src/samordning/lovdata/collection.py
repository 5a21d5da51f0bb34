"""The documents that a place holds: an archive, a folder, one file, or an archive behind an address."""

from __future__ import annotations

import datetime as dt
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from samordning.errors import InputError, TooLarge
from samordning.lovdata import archive, fetch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_BZIP2: Final = b"BZh"
#: Times before this tell of a file without a time, not of its age.
_FIRST: Final = dt.date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One file, not yet read as XML."""

    name: str
    content: bytes


#: Shows progress: it is given the documents and their number, and gives the documents back.
Track: TypeAlias = "Callable[[Iterable[Entry], int], Iterable[Entry]]"


@dataclass(frozen=True, slots=True)
class Collection:
    """The XML files of one place. ``date`` is that of the newest file, None where the files do not tell."""

    name: str
    date: dt.date | None
    count: int
    #: Whether it should hold every act of its kinds, so that one that is missing tells something.
    whole: bool
    entries: Callable[[], Iterator[Entry]]


@contextmanager
def open_collection(place: str) -> Iterator[Collection]:
    """Open a path, or an https address of an archive.

    An archive is looked through before any of it is given out.

    Raises:
        InputError: there is no such place, or it is not of a kind that is read.
        TooLarge: it is larger than the limits.
    """
    path = Path(place)
    if "://" in place:
        with tempfile.TemporaryDirectory(prefix="samordning-") as folder:
            target = Path(folder) / "archive"
            fetch.fetch(place, target)
            with _archive(target, place) as found:
                yield found
    elif path.is_dir():
        yield _files(path.name, sorted(file for file in path.rglob("*.xml") if not file.is_symlink()), whole=True)
    elif path.is_file():
        with path.open("rb") as file:
            start = file.read(len(_BZIP2))
        if start == _BZIP2:
            with _archive(path, path.name) as found:
                yield found
        else:
            yield _files(path.name, [path], whole=False)
    else:
        raise InputError(
            "There is no such file or folder", where=path.name, todo="Give an archive, a folder or an XML file"
        )


@contextmanager
def _archive(path: Path, name: str) -> Iterator[Collection]:
    with archive.unpacked(path, name) as (files, content):
        entries = lambda: (Entry(file.name.rsplit("/", 1)[-1], content(file)) for file in files)  # noqa: E731
        yield Collection(name, _newest(file.mtime for file in files), len(files), whole=True, entries=entries)


def _files(name: str, paths: list[Path], *, whole: bool) -> Collection:
    def entries() -> Iterator[Entry]:
        for path in paths:
            if path.stat().st_size > archive.MAX_FILE:
                raise TooLarge("The file is too large", where=path.name)
            yield Entry(path.name, path.read_bytes())

    return Collection(name, _newest(path.stat().st_mtime for path in paths), len(paths), whole, entries)


def _newest(times: Iterator[float]) -> dt.date | None:
    newest = max(times, default=0.0)
    try:
        date = dt.datetime.fromtimestamp(newest, tz=dt.UTC).date()
    except (OverflowError, OSError, ValueError):
        return None
    today = dt.datetime.now(tz=dt.UTC).date()
    return date if _FIRST <= date <= today + dt.timedelta(days=1) else None
