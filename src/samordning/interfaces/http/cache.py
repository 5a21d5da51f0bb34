"""Answers to GET kept whole: the dataset never changes while the process runs, so the same question has one answer.

Conditional requests, HEAD and compression are settled here too, for every route alike. Only what is public is
compressed: the length of what someone sent can then tell nothing about it. A file that comes with an ETag of its own is
large, and goes out as it is.
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import re
from collections import OrderedDict
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LARGEST: Final = 1 << 20
_KEPT: Final = (b"accept", b"accept-language")
#: Header that tells what a representation is of; it stays on a 304.
_ON_304: Final = (b"etag", b"cache-control", b"vary", b"content-location", b"content-language", b"link", b"expires")
_OK: Final = 200
#: What grows smaller by compression, and from how many bytes it is worth it.
_TEXT: Final = re.compile(rb"text/|application/(json|ld\+json|xml|rdf\+xml|javascript|n-triples)|image/svg\+xml")
_WORTH: Final = 1024


class Answered:
    """A response kept."""

    __slots__ = ("body", "etag", "headers", "smaller", "status")

    def __init__(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body
        self.etag = next((value for name, value in headers if name == b"etag"), b"")
        self.smaller: Answered | None = None
        """the same, compressed; none where that is not worth it"""


class Kept:
    """Responses by what was asked, those asked last kept longest; ``most`` is the size in bytes of them all."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._size = 0
        self._found: OrderedDict[tuple[object, ...], Answered] = OrderedDict()

    def get(self, key: tuple[object, ...]) -> Answered | None:
        """What was answered, if it is still here."""
        found = self._found.get(key)
        if found is not None:
            self._found.move_to_end(key)
        return found

    def keep(self, key: tuple[object, ...], found: Answered) -> None:
        """Keep it, and let go of the oldest where there are too many."""
        # Two requests for the same may have been under way at once.
        before = self._found.pop(key, None)
        self._size += _weight(key, found) - (_weight(key, before) if before else 0)
        self._found[key] = found
        while self._size > self.most:
            self._size -= _weight(*self._found.popitem(last=False))


class Cache:
    """Wraps the application; ``most`` is the size in bytes of all that is kept."""

    def __init__(self, app: ASGIApp, dataset: str, most: int = 64 << 20) -> None:
        self._app, self._kept = app, Kept(most)
        self._dataset = dataset

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from what is kept, or ask the application and keep what it says may be kept."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        key = (scope["raw_path"], scope["query_string"], *(headers.get(name) for name in _KEPT), _today())
        found = self._kept.get(key)
        if found is None:
            found = await self._ask(scope, receive)
            if _may_keep(found):
                self._kept.keep(key, found)
        if found.smaller is not None and _takes_gzip(headers.get(b"accept-encoding", b"")):
            found = found.smaller
        await answer(found, headers.get(b"if-none-match", b""), send, head=scope["method"] == "HEAD")

    async def _ask(self, scope: Scope, receive: Receive) -> Answered:
        status = _OK
        headers: list[tuple[bytes, bytes]] = []
        parts: list[bytes] = []

        async def collect(message: Message) -> None:
            nonlocal status, headers
            if message["type"] == "http.response.start":
                status, headers = message["status"], list(message["headers"])
            elif message["type"] == "http.response.body":
                parts.append(message.get("body", b""))

        await self._app({**scope, "method": "GET"}, receive, collect)
        body = b"".join(parts)
        if status == _OK and _public(headers) and not any(name == b"etag" for name, _ in headers):
            return _both(headers, body, etag(self._dataset, body))
        return Answered(status, headers, body)


def etag(dataset: str, body: bytes, media: str = "") -> bytes:
    """A strong entity tag: the same bytes, of the same dataset and kind."""
    digest = hashlib.sha256(f"{dataset}{media}\0".encode())
    digest.update(body)
    return b'"' + digest.hexdigest()[:32].encode() + b'"'


def _weight(key: tuple[object, ...], found: Answered) -> int:
    # The key holds what the caller wrote, which may be longer than the answer.
    smaller = len(found.smaller.body) if found.smaller else 0
    return len(found.body) + smaller + 1024 + sum(len(part) for part in key if isinstance(part, bytes))


def _today() -> dt.date:
    return dt.datetime.now(tz=dt.UTC).date()


def _public(headers: list[tuple[bytes, bytes]]) -> bool:
    return any(name == b"cache-control" and value.startswith(b"public") for name, value in headers)


def _may_keep(found: Answered) -> bool:
    return found.status in (200, 303) and len(found.body) <= _LARGEST and _public(found.headers)


def _both(headers: list[tuple[bytes, bytes]], body: bytes, tag: bytes) -> Answered:
    kind = next((value for name, value in headers if name == b"content-type"), b"")
    if len(body) < _WORTH or not _TEXT.match(kind):
        return Answered(_OK, [*headers, (b"etag", tag)], body)
    vary = b", ".join(value for name, value in headers if name == b"vary")
    kept = [header for header in headers if header[0] not in (b"vary", b"content-length")]
    kept.append((b"vary", vary + b", Accept-Encoding" if vary else b"Accept-Encoding"))
    found = Answered(_OK, _sized(kept, body, tag), body)
    packed = gzip.compress(body, 6, mtime=0)
    other = [*kept, (b"content-encoding", b"gzip")]
    found.smaller = Answered(_OK, _sized(other, packed, tag[:-1] + b'-gzip"'), packed)
    return found


def _sized(headers: list[tuple[bytes, bytes]], body: bytes, tag: bytes) -> list[tuple[bytes, bytes]]:
    return [*headers, (b"content-length", str(len(body)).encode()), (b"etag", tag)]


@lru_cache(maxsize=256)
def _takes_gzip(header: bytes) -> bool:
    for part in header.lower().split(b","):
        name, _, parameters = part.partition(b";")
        if name.strip() in (b"gzip", b"*"):
            weight = parameters.replace(b" ", b"").removeprefix(b"q=")
            return not (weight and weight.strip(b"0.") == b"")
    return False


async def answer(found: Answered, matches: bytes, send: Send, *, head: bool) -> None:
    """Send it, without its body to HEAD, and as 304 to one who has it already."""
    status, headers, body = found.status, found.headers, found.body
    if found.etag and matches and _matches(matches, found.etag):
        status, body = 304, b""
        headers = [header for header in headers if header[0] in _ON_304]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if head else body})


def _matches(header: bytes, etag: bytes) -> bool:
    given = [part.strip().removeprefix(b"W/") for part in header.split(b",")]
    return b"*" in given or etag in given
