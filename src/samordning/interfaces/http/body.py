"""The body of a request, read within a limit and refused where its kind is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from samordning.answer.document import MAX_BYTES, Document, read
from samordning.errors import TooLarge, WrongMedia

if TYPE_CHECKING:
    from starlette.requests import Request


async def case(request: Request) -> Document:
    """A case sent as JSON.

    Raises:
        WrongMedia: it came as something else.
        TooLarge: it has more than 256 KiB.
        InputError: it is no JSON, nested too deep, or holds a national identity number.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("application/json", "application/ld+json"):
        raise WrongMedia("Send the case as application/json")
    return read(await whole(request, MAX_BYTES, "The case"), "body", json_only=True)


async def whole(request: Request, most: int, what: str) -> bytes:
    """The whole body.

    Raises:
        TooLarge: it has more than ``most`` bytes.
    """
    parts: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > most:
            raise TooLarge(f"{what} is larger than {most:,} bytes")
        parts.append(chunk)
    return b"".join(parts)
