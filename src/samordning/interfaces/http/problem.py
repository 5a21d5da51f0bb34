"""Every error as problem+json (RFC 9457). Nothing of what the caller sent is repeated, apart from names of keys."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from samordning.errors import SamordningError, sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import FastAPI
    from starlette.requests import Request

MEDIA = "application/problem+json"
#: Where the kinds of problems are described.
TYPES: Final = "https://w3id.org/samordning/problem/"
#: Seconds after which it may be worth trying again, by status.
RETRY: Final = {429: "5", 503: "2"}
log = logging.getLogger("samordning.http")

#: Kinds that are no class of ``samordning.errors``, with what they mean.
KINDS: Final = {
    "parameter": (422, "A parameter does not exist, or has a value it can't have."),
    "host": (400, "The request names a host that this service does not answer to."),
    "malformed-request": (400, "The bytes on the connection are not HTTP."),
    "too-slow": (408, "The request did not come in time."),
    "target-too-long": (414, "The request target is longer than it may be."),
    "headers-too-large": (431, "The headers are larger or more than they may be."),
    "internal": (500, "Something went wrong on our side. The log has the kind of fault, not what was sent."),
}
#: How the problem schema looks in OpenAPI.
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "pointer": {"type": "string", "description": "JSON pointer to the part of the body that is wrong"},
        "parameters": {"type": "array", "items": {"type": "string"}, "description": "parameters that are wrong"},
    },
}


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problem responses of a route, for OpenAPI."""
    return {
        status: {"description": HTTPStatus(status).phrase, "content": {MEDIA: {"schema": SCHEMA}}}
        for status in statuses
    }


def body(status: int, kind: str, title: str, **more: object) -> bytes:
    """A problem document as bytes, without the members that are empty."""
    document = {"type": TYPES + kind, "title": title, "status": status, **more}
    return json.dumps({key: value for key, value in document.items() if value}, ensure_ascii=False).encode()


def plain(status: int, kind: str, title: str, headers: str = "") -> bytes:
    """A whole HTTP response, for a connection that is closed after it."""
    document = body(status, kind, title)
    head = (
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nContent-Type: {MEDIA}\r\nContent-Length: {len(document)}\r\n"
        f"Cache-Control: no-store\r\nAccess-Control-Allow-Origin: *\r\n{headers}Connection: close\r\n\r\n"
    )
    return head.encode() + document


def problem(  # the members are those of the standard
    status: int,
    kind: str,
    title: str,
    *,
    detail: str = "",
    pointer: str = "",
    parameters: list[str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """One problem document."""
    document = body(status, kind, title, detail=detail, pointer=pointer, parameters=parameters)
    more = {"Retry-After": RETRY[status]} if status in RETRY else {}
    return Response(
        document, status, media_type=MEDIA, headers={"Cache-Control": "no-store", **more, **(headers or {})}
    )


def of(error: SamordningError) -> Response:
    """The problem document of one of our own errors."""
    detail = " ".join(sentence(part) for part in (error.why, error.todo) if part)
    if error.http_status >= HTTPStatus.INTERNAL_SERVER_ERROR and error.kind in ("internal", "data"):
        return problem(error.http_status, error.kind, "Something went wrong on our side")
    return problem(error.http_status, error.kind, error.what, detail=detail, pointer=error.pointer)


def install(app: FastAPI) -> None:
    """Turn every exception into a problem document, in this one place."""

    @app.exception_handler(SamordningError)
    async def ours(_: Request, error: Exception) -> Response:
        assert isinstance(error, SamordningError)  # noqa: S101  # registered for this class only
        return of(error)

    @app.exception_handler(RequestValidationError)
    async def parameters(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101  # registered for this class only
        found = [one for one in error.errors() if one["loc"][0] in ("query", "path", "header")]
        names = sorted({str(one["loc"][-1]) for one in found if one["type"] != "extra_forbidden"})
        unknown = any(one["type"] == "extra_forbidden" for one in found)
        title = "There is no such parameter" if unknown and not names else "A parameter has a value it can't have"
        return problem(422, "parameter", title, parameters=names)

    @app.exception_handler(HTTPException)
    async def standard(_: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101  # registered for this class only
        phrase = HTTPStatus(error.status_code).phrase
        return problem(error.status_code, phrase.lower().replace(" ", "-"), phrase, headers=error.headers)

    @app.exception_handler(Exception)
    async def unexpected(_: Request, error: Exception) -> Response:
        # The text of an error may hold what the caller sent; its kind doesn't.
        log.error("unexpected", extra={"kind": type(error).__name__})
        return problem(500, "internal", "Something went wrong on our side")
