"""The application factory. A case is only ever POSTed; it is neither stored nor logged."""

from __future__ import annotations

import datetime as dt  # FastAPI reads the annotations at run time
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI, Query, Request  # FastAPI reads the annotations at run time
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from samordning import __version__
from samordning.answer.case import check
from samordning.answer.document import MAX_BYTES, read
from samordning.answer.matrix import MatrixRow  # FastAPI reads the annotations at run time
from samordning.answer.model import Answer
from samordning.errors import TooLarge, WrongMedia
from samordning.interfaces.http import checks
from samordning.interfaces.http.problem import install, responses
from samordning.interfaces.http.schema import case_schema

if TYPE_CHECKING:
    from samordning.knowledge import Knowledge

LANGUAGES = ("nb", "nn", "en")


class ServiceItem(BaseModel):
    """A service a case may name."""

    id: str
    iri: str
    label: dict[str, str]
    aliases: list[str]
    kinds: list[str]
    level: str | None
    owner: str | None
    bound_by: list[str]
    unbound_reason: dict[str, str]


class Health(BaseModel):
    """Whether the service answers, and from which dataset."""

    status: str
    dataset: str | None = None


def create(kg: Knowledge) -> FastAPI:
    """The application over an opened dataset."""
    app = FastAPI(
        title="samordning",
        version=__version__,
        summary="Who must cooperate, who coordinates, and on what legal basis",
        description="A case is only ever POSTed, never stored and never logged. The answers inform; they decide no case.",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    install(app)
    etag = f'"{str(kg.manifest["dataset"])[7:39]}"'

    def plain(data: object, request: Request) -> Response:
        headers = {"ETag": etag, "Cache-Control": "public, max-age=3600", "Access-Control-Allow-Origin": "*"}
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers=headers)
        return JSONResponse(data, headers=headers)

    @app.post(
        "/v1/answers", response_model=Answer, openapi_extra=case_schema(kg.law), responses=responses(413, 415, 422)
    )
    async def answers(request: Request, lang: Annotated[str | None, Query(pattern="^(nb|nn|en)$")] = None) -> Response:
        """Answer a case."""
        document = read(await _body(request), "body", json_only=True)
        case = check(document, kg.law)
        answer = kg.answer(case, lang or accepted(request.headers.get("accept-language", "")))
        return Response(
            answer.model_dump_json(),
            media_type="application/json",
            headers={
                "Cache-Control": "no-store",
                "Vary": "Accept-Language",
                "Content-Language": answer.lang,
                "Access-Control-Allow-Origin": "*",
            },
        )

    @app.get("/v1/matrix", response_model=list[MatrixRow], responses=responses(422))
    async def matrix(request: Request, date: dt.date | None = None) -> Response:
        """The provisions that hold each kind of duty, per act in force on the date."""
        when = date or dt.datetime.now(tz=dt.UTC).date()
        return plain([row.model_dump() for row in kg.matrix(when)], request)

    @app.get("/v1/services", response_model=list[ServiceItem])
    async def services(request: Request) -> Response:
        """The services a case may name."""
        return plain([item.model_dump() for item in _services(kg)], request)

    @app.get("/health/live", response_model=Health, response_model_exclude_none=True)
    async def live() -> Health:
        """Whether the process answers."""
        return Health(status="alive")

    @app.get("/health/ready", response_model=Health)
    async def ready() -> Health:
        """Whether the dataset is loaded and verified."""
        return Health(status="ready", dataset=str(kg.manifest["dataset"]))

    app.include_router(checks.standing(kg, accepted))
    return app


async def _body(request: Request) -> bytes:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("application/json", "application/ld+json"):
        raise WrongMedia("Send the case as application/json")
    parts: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_BYTES:
            raise TooLarge(f"The case is larger than {MAX_BYTES:,} bytes")
        parts.append(chunk)
    return b"".join(parts)


def accepted(header: str) -> str:
    """The best of our languages for an Accept-Language header; nb where none is asked for."""
    wanted = []
    for position, part in enumerate(header.split(",")):
        tag, _, parameters = part.strip().partition(";")
        weight = parameters.strip().removeprefix("q=") if parameters else "1"
        code = {"no": "nb"}.get(tag.split("-")[0].lower(), tag.split("-")[0].lower())
        try:
            rank = float(weight)
        except ValueError:
            continue
        if code in LANGUAGES and rank > 0:
            wanted.append((-rank, position, code))
    return min(wanted)[2] if wanted else "nb"


def _services(kg: Knowledge) -> list[ServiceItem]:
    found: list[ServiceItem] = []
    for thing in kg.law.selectable:
        norms = [
            norm
            for norm in kg.law.norms.values()
            if "individual-cooperation" in norm.types and kg.law.binding(norm, thing.id)
        ]
        extra: dict[str, Any] = {"level": _last(thing.one("level")), "owner": _last(thing.one("owner"))}
        found.append(
            ServiceItem(
                id=thing.id,
                iri=thing.iri,
                label=dict(thing.label),
                aliases=sorted(thing.strings("altLabel")),
                kinds=sorted(kg.law.kinds(thing.id) - {thing.id}),
                bound_by=sorted({norm.address for norm in norms}),
                unbound_reason=dict(thing.texts("unboundReason")),
                **extra,
            )
        )
    return found


def _last(value: object) -> str | None:
    return None if value is None else str(value).rsplit("/", 1)[-1]
