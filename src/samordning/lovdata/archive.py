"""Read a tar.bz2 archive that may be hostile. Nothing of it is ever written under a name that it chose."""

from __future__ import annotations

import bz2
import re
import tarfile
import tempfile
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, Final

from samordning.errors import InputError, TooLarge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

#: Lovdata's largest archive of 2025 holds 36,394 files in 65 MB; the largest act is of 1.2 MB.
MAX_FILES: Final = 100_000
MAX_FILE: Final = 64 << 20
MAX_TOTAL: Final = 2 << 30
#: Text of law packs to about a tenth. What grows far more than that was made to.
MAX_RATIO: Final = 100
_UNMEASURED: Final = 32 << 20  # below this, growth does no harm
_IN_MEMORY: Final = 64 << 20
_BLOCK: Final = 1 << 20
_MAX_NAME: Final = 255
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\\]")
_REFUSED: Final = "Nothing was read from it"


@contextmanager
def unpacked(path: Path, name: str) -> Iterator[tuple[list[tarfile.TarInfo], Callable[[tarfile.TarInfo], bytes]]]:
    """The XML files in an archive, and a function that reads one of them.

    The whole archive is measured and every name in it looked at before anything is given out. ``name`` is for messages.

    Raises:
        InputError: it is no tar.bz2 archive, is damaged, or holds links, devices or names that lead out of it.
        TooLarge: it holds too much.
    """
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as plain:
        try:
            _unpack(path, plain, name)
            files = _look(plain, name)
        except (OSError, EOFError, tarfile.TarError, UnicodeError, ValueError, OverflowError):
            raise InputError(
                "This is not a sound tar.bz2 archive", where=name, todo="Get it from Lovdata again"
            ) from None

        def content(file: tarfile.TarInfo) -> bytes:
            plain.seek(file.offset_data)
            return plain.read(file.size)

        yield files, content


def _unpack(path: Path, plain: IO[bytes], name: str) -> None:
    total = 0
    with path.open("rb") as packed, bz2.open(packed) as stream:
        while block := stream.read(_BLOCK):
            total += len(block)
            if total > MAX_TOTAL or (total > _UNMEASURED and total > MAX_RATIO * packed.tell()):
                raise TooLarge("The archive unpacks to more than it may", where=name, why=_REFUSED)
            plain.write(block)


class _Headers:
    """The plain archive, with short reads only: a header that claims to be huge is not read into memory."""

    def __init__(self, plain: IO[bytes]) -> None:
        self._plain = plain
        self.seek, self.tell = plain.seek, plain.tell

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= _BLOCK:
            raise tarfile.ReadError("a header is too large")
        return self._plain.read(size)


def _look(plain: IO[bytes], name: str) -> list[tarfile.TarInfo]:
    plain.seek(0)
    found = []
    with tarfile.open(fileobj=_Headers(plain), mode="r:") as archive:  # type: ignore[call-overload]  # read, seek and tell are enough
        for count, member in enumerate(archive, start=1):
            if count > MAX_FILES:
                raise TooLarge(f"The archive holds more than {MAX_FILES} files", where=name, why=_REFUSED)
            _refuse(member, name)
            if member.isfile() and member.name.endswith(".xml"):
                found.append(member)
    return found


def _refuse(member: tarfile.TarInfo, name: str) -> None:
    parts = PurePosixPath(member.name).parts
    if member.issparse() or not (member.isfile() or member.isdir()):
        raise InputError("The archive holds a link, a device or another special file", where=name, why=_REFUSED)
    if len(member.name) > _MAX_NAME or _CONTROL.search(member.name):
        raise InputError("The archive holds a file with an impossible name", where=name, why=_REFUSED)
    if member.name.startswith("/") or ".." in parts or ":" in member.name:
        raise InputError("The archive holds a name that leads out of it", where=name, why=_REFUSED)
    if member.size > MAX_FILE:
        raise TooLarge("The archive holds a file that is too large", where=name, why=_REFUSED)
