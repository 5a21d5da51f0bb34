"""``POST /v1/checks``: hold a case record or a set-up against its duties. A record is never stored and never logged."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from fastapi import APIRouter
from fastapi import Query as Parameters
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request  # noqa: TC002  # FastAPI reads the annotations at run time
from starlette.responses import Response

from samordning.answer.document import MAX_BYTES, read
from samordning.check.model import Report
from samordning.check.report import STYLE_HASH, html, text
from samordning.check.sarif import sarif
from samordning.check.source import look
from samordning.errors import WrongMedia
from samordning.interfaces.http import body, reply
from samordning.interfaces.http.problem import responses
from samordning.worker.guard import MEDIA

if TYPE_CHECKING:
    from samordning.check.checker import Checker
    from samordning.check.record import Record
    from samordning.interfaces.http.service import Service

#: What a report may be sent as, the first where anything goes.
OFFERED: Final = (
    "application/json",
    "text/turtle",
    "application/ld+json",
    "application/sarif+json",
    "text/html",
    "text/plain",
)
#: N-Quads of the largest document that is taken are smaller than this, in bytes.
_MOST_QUADS: Final = 16 << 20
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


class Asked(reply.Query):
    """What is checked, and in which language the report is."""

    of: Literal["case", "setup"] = Field(default="case", description="what is sent: a case record or a set-up")
    lang: reply.Lang | None = None


def router(service: Service) -> APIRouter:
    """The route."""
    routes = APIRouter(prefix="/v1", tags=["checks"])
    checker = service.checker

    @routes.post(
        "/checks",
        response_model=Report,
        openapi_extra=_BODY,
        responses={
            200: {"content": {media: {"schema": {"type": "string"}} for media in OFFERED[1:]}},
            **responses(400, 403, 406, 408, 413, 415, 422, 429, 503, 504),
        },
    )
    async def checks(request: Request, query: Annotated[Asked, Parameters()]) -> Response:
        """Check a case record or a set-up."""
        form = reply.choose(request, OFFERED)
        spoken = reply.lang_of(request, query.lang)
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        raw = await _body(request, media)
        nquads = b""
        if media in MEDIA:
            look(raw, media, "body")
            seconds = service.settings.sparql.seconds
            nquads = await service.workers.run("parse", raw, seconds, _MOST_QUADS, media=media)
        content = await run_in_threadpool(_report, checker, raw, media, nquads, query.of, form, spoken)
        headers = {"Cache-Control": "no-store", "Vary": "Accept, Accept-Language", "Content-Language": spoken}
        if form == "text/html":
            # The page is made to be saved and printed, so it carries its style; no other style and no script may run.
            headers["Content-Security-Policy"] = f"default-src 'none'; style-src '{STYLE_HASH}'; sandbox"
        return Response(content, media_type=form, headers=headers)

    return routes


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


async def _body(request: Request, media: str) -> bytes:
    most = MEDIA.get(media, MAX_BYTES if media in _PLAIN else 0)
    if not most:
        raise WrongMedia("This kind of document is not taken", todo=f"Send one of: {', '.join((*_PLAIN, *MEDIA))}")
    return await body.whole(request, most, "The record")
