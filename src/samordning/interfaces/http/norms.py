"""``/v1/norms``: what sentences of law say, and why a norm applies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter
from fastapi import Query as Parameters
from pydantic import Field
from starlette.requests import Request  # noqa: TC002  # FastAPI reads the annotations at run time
from starlette.responses import Response  # noqa: TC002  # FastAPI reads the annotations at run time

from samordning.answer.case import check, refuse_outside, resolve
from samordning.answer.explain import Explanation, norm_named
from samordning.catalogue import item, norm
from samordning.interfaces.http import body, reply
from samordning.interfaces.http.problem import responses
from samordning.interfaces.http.schema import case_schema

if TYPE_CHECKING:
    from samordning.interfaces.http.service import Service


class Norms(reply.Paged):
    """Which norms."""

    date: reply.Day | None = None
    act: str | None = Field(default=None, max_length=40, description="an act, such as lov/2011-06-24-30")
    type: str | None = Field(default=None, max_length=80, description="a duty type, such as coordination")
    service: str | None = Field(default=None, max_length=80, description="what binds this service")
    level: str | None = Field(
        default=None, max_length=80, description="what binds a service at this level of government"
    )
    kind: Literal["Duty", "Right", "Power", "Recommendation", "Exception", "Definition"] | None = None


class Explained(reply.Query):
    """On which date, in which language."""

    date: reply.Day | None = None
    lang: reply.Lang | None = None


class InLanguage(reply.Query):
    """In which language."""

    lang: reply.Lang | None = None


def router(service: Service) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/v1/norms", tags=["law"])
    kg = service.kg

    @routes.get("", response_model=list[item.Norm], responses=responses(404, 406, 422))
    async def norms(request: Request, query: Annotated[Norms, Parameters()]) -> Response:
        """Norms that meet every filter given; with a date only those in force on it."""
        if query.date:
            refuse_outside(query.date, kg.law)
        reply.known(query.act, kg.law.acts, "act")
        reply.known(query.type, {name for one in kg.law.norms.values() for name in one.types}, "type")
        reply.known(query.level, {item.last(one.one("level")) for one in kg.law.services.values()}, "level")
        named = resolve(query.service, kg.law, "service") if query.service is not None else None
        found = norm.norms(
            kg.law, date=query.date, act=query.act, type_=query.type, service=named, level=query.level, kind=query.kind
        )
        return reply.many(request, found, query, service.context, norm.norm_item)

    @routes.get("/{id}", response_model=item.Norm, responses=responses(404, 406, 422))
    async def one(request: Request, id: str, _: Annotated[reply.Query, Parameters()]) -> Response:  # noqa: A002
        """One norm, by a key such as hol-3-4-1."""
        return reply.one(request, norm.norm_item(norm_named(kg.law, id)), context=service.context)

    @routes.get("/{id}/explanation", response_model=Explanation, responses=responses(404, 406, 422))
    async def explained(request: Request, id: str, query: Annotated[Explained, Parameters()]) -> Response:  # noqa: A002
        """The rows and tests that a norm hangs on, its wordings and its reading."""
        date = query.date or reply.today()
        norm_named(kg.law, id)
        refuse_outside(date, kg.law)
        found = await service.away(kg.explain, id, date, reply.lang_of(request, query.lang))
        return reply.one(request, found, context=service.context)

    @routes.post(
        "/{id}/explanation",
        response_model=Explanation,
        openapi_extra=case_schema(kg.law),
        responses=responses(404, 406, 408, 413, 415, 422, 429),
    )
    async def explain(request: Request, id: str, query: Annotated[InLanguage, Parameters()]) -> Response:  # noqa: A002
        """How each row and test of a norm came out for a case. The case is neither stored nor logged."""
        norm_named(kg.law, id)
        case = check(await body.case(request), kg.law)
        refuse_outside(case.date, kg.law)
        found = await service.away(kg.explain, id, case.date, reply.lang_of(request, query.lang), case)
        return reply.one(request, found, public=False, context=service.context)

    return routes
