"""Every error as problem+json (RFC 9457). Nothing of what the caller sent is repeated, apart from names of keys."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from samordning.errors import SamordningError, sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import FastAPI
    from starlette.requests import Request

MEDIA = "application/problem+json"
log = logging.getLogger("samordning.http")

#: How the problem schema looks in OpenAPI.
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "pointer": {"type": "string", "description": "JSON pointer to the part of the body that is wrong"},
    },
}


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problem responses of a route, for OpenAPI."""
    return {
        status: {"description": HTTPStatus(status).phrase, "content": {MEDIA: {"schema": SCHEMA}}}
        for status in statuses
    }


def problem(
    status: int, kind: str, title: str, *, detail: str = "", pointer: str = "", headers: Mapping[str, str] | None = None
) -> Response:
    """One problem document."""
    body = {
        "type": f"https://w3id.org/samordning/problem/{kind}",
        "title": title,
        "status": status,
        "detail": detail,
        "pointer": pointer,
    }
    text = json.dumps({key: value for key, value in body.items() if value != ""}, ensure_ascii=False)
    return Response(text, status, media_type=MEDIA, headers={"Cache-Control": "no-store", **(headers or {})})


def install(app: FastAPI) -> None:
    """Turn every exception into a problem document, in this one place."""

    @app.exception_handler(SamordningError)
    async def ours(_: Request, error: Exception) -> Response:
        assert isinstance(error, SamordningError)  # noqa: S101  # registered for this class only
        detail = " ".join(sentence(part) for part in (error.why, error.todo) if part)
        return problem(error.http_status, error.kind, error.what, detail=detail, pointer=error.pointer)

    @app.exception_handler(RequestValidationError)
    async def parameters(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101  # registered for this class only
        names = sorted({str(found["loc"][-1]) for found in error.errors() if found["loc"][0] == "query"})
        return problem(
            422,
            "input",
            "A parameter has a value it can't have",
            detail=f"Look at: {', '.join(names)}" if names else "",
        )

    @app.exception_handler(HTTPException)
    async def standard(_: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101  # registered for this class only
        phrase = HTTPStatus(error.status_code).phrase
        return problem(error.status_code, phrase.lower().replace(" ", "-"), phrase, headers=error.headers)

    @app.exception_handler(Exception)
    async def unexpected(_: Request, error: Exception) -> Response:
        log.error("unexpected %s", type(error).__name__)
        return problem(500, "internal", "Something went wrong on our side")
