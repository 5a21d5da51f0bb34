"""``POST /v1/checks``: hold a case record or a set-up against its duties. A record is never stored and never logged."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Request  # FastAPI reads the annotations at run time
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from samordning.answer.document import MAX_BYTES, read
from samordning.check.checker import Checker
from samordning.check.model import Report
from samordning.check.report import html, text
from samordning.check.sarif import sarif
from samordning.check.source import look
from samordning.errors import NotAcceptable, TooLarge, WrongMedia
from samordning.interfaces.http.problem import responses
from samordning.worker.guard import MEDIA
from samordning.worker.pool import Pool

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from samordning.check.record import Record
    from samordning.knowledge import Knowledge

#: What a report may be sent as, the first where anything goes.
OFFERED: Final = (
    "application/json",
    "text/turtle",
    "application/ld+json",
    "application/sarif+json",
    "text/html",
    "text/plain",
)
_DEADLINE: Final = 10.0
_PLAIN: Final = ("application/json", "application/yaml")
_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "A case record or a set-up: the friendly form as JSON or YAML, or the same vocabulary in RDF.",
        "content": {
            "application/json": {
                "schema": {"type": "object"},
                "example": {
                    "date": "2026-03-01",
                    "person": {"age": 9},
                    "services": ["municipal-health", "primary-school", "ppt", "bup"],
                    "facts": {"cooperation_necessary": True},
                    "record": {
                        "coordination": {"coordinator": "municipal-health", "settled": "agreed", "carried_out": True}
                    },
                },
            },
            **{media: {"schema": {"type": "string"}} for media in ("application/yaml", *MEDIA)},
        },
    }
}


def standing(kg: Knowledge, chosen: Callable[[str], str]) -> APIRouter:
    """The route with a pool of workers of its own, made when the first RDF comes and closed with the application."""

    @cache
    def workers() -> Pool:
        return Pool(modules=("samordning.worker.parse",))

    async def parse(raw: bytes, media: str) -> bytes:
        return await run_in_threadpool(lambda: b"".join(workers().run("parse", raw, _DEADLINE, media=media)))

    @asynccontextmanager
    async def lifespan(_: object) -> AsyncIterator[None]:
        yield
        if workers.cache_info().currsize:
            workers().close()

    made = APIRouter(lifespan=lifespan)
    made.include_router(router(Checker(kg), parse, chosen))
    return made


def router(
    checker: Checker, parse: Callable[[bytes, str], Awaitable[bytes]], chosen: Callable[[str], str]
) -> APIRouter:
    """The route.

    Args:
        checker: what checks.
        parse: makes N-Quads of RDF in a disposable worker; takes the bytes and the media type.
        chosen: the language for an Accept-Language header.
    """
    made = APIRouter()

    @made.post(
        "/v1/checks",
        response_model=Report,
        openapi_extra=_BODY,
        responses=responses(400, 403, 406, 413, 415, 422, 503, 504),
    )
    async def checks(
        request: Request,
        of: Annotated[Literal["case", "setup"], Query(description="what is sent: a case record or a set-up")] = "case",
        lang: Annotated[str | None, Query(pattern="^(nb|nn|en)$")] = None,
    ) -> Response:
        """Check a case record or a set-up."""
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        raw = await _body(request, media)
        form = _form(request.headers.get("accept", "*/*"))
        spoken = lang or chosen(request.headers.get("accept-language", ""))
        nquads = b""
        if media in MEDIA:
            look(raw, media, "body")
            nquads = await parse(raw, media)
        content = await run_in_threadpool(_report, checker, raw, media, nquads, of, form, spoken)
        return Response(
            content,
            media_type=form,
            headers={
                "Cache-Control": "no-store",
                "Vary": "Accept, Accept-Language",
                "Content-Language": spoken,
                "X-Content-Type-Options": "nosniff",
                "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
                "Access-Control-Allow-Origin": "*",
            },
        )

    return made


def _report(checker: Checker, raw: bytes, media: str, nquads: bytes, scope: str, form: str, lang: str) -> str:
    from samordning.check import rdf  # noqa: PLC0415  # needed for RDF only

    record: Record
    if media in MEDIA:
        document = rdf.document(nquads, "body", checker.vocabulary, checker.kg.law, scope)
        record = checker.record(document, scope)
    else:
        record = checker.record(read(raw, "body", json_only=media == "application/json"), scope)
    report = checker.check(record)
    if form == "text/html":
        return html(checker, report, lang)
    if form == "text/plain":
        return text(checker, report, lang)
    if form == "application/sarif+json":
        return json.dumps(sarif(checker, [report], lang), ensure_ascii=False)
    if form in ("text/turtle", "application/ld+json"):
        from samordning.check.turtle import json_ld, turtle  # noqa: PLC0415  # rdflib is slow to load

        return turtle(checker, report) if form == "text/turtle" else json_ld(checker, report)
    return report.model_dump_json()


def _form(accept: str) -> str:
    wanted = []
    for position, part in enumerate(accept.split(",")):
        kind, _, parameters = part.strip().partition(";")
        weight = parameters.strip().removeprefix("q=") if parameters.strip().startswith("q=") else "1"
        try:
            rank = float(weight)
        except ValueError:
            continue
        for order, offered in enumerate(OFFERED):
            start = offered.split("/", 1)[0]
            if rank > 0 and kind.strip().lower() in (offered, f"{start}/*", "*/*"):
                wanted.append((-rank, kind.strip() == "*/*", position, order, offered))
    if not wanted:
        raise NotAcceptable("No kind of report that you take can be made", todo=f"Take one of: {', '.join(OFFERED)}")
    return min(wanted)[-1]


async def _body(request: Request, media: str) -> bytes:
    most = MEDIA.get(media, MAX_BYTES if media in _PLAIN else 0)
    if not most:
        raise WrongMedia("This kind of document is not taken", todo=f"Send one of: {', '.join((*_PLAIN, *MEDIA))}")
    parts: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > most:
            raise TooLarge(f"The record is larger than {most:,} bytes")
        parts.append(chunk)
    return b"".join(parts)
