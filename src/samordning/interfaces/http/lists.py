"""``/v1/bodies``, ``/v1/duty-types``, ``/v1/facts``, ``/v1/matrix``, ``/v1/diff`` and ``/v1/search``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter
from fastapi import Query as Parameters
from pydantic import Field
from starlette.requests import Request  # noqa: TC002  # FastAPI reads the annotations at run time
from starlette.responses import Response  # noqa: TC002  # FastAPI reads the annotations at run time

from samordning.answer.case import refuse_outside
from samordning.answer.diff import Change
from samordning.answer.matrix import MatrixRow
from samordning.catalogue import item, lists
from samordning.errors import NotFound
from samordning.interfaces.http import reply
from samordning.interfaces.http.problem import responses

if TYPE_CHECKING:
    from samordning.interfaces.http.service import Service


class Bodies(reply.Paged):
    """Which bodies."""

    level: str | None = Field(default=None, max_length=80, description="a level of government, such as municipal")


class OnDate(reply.Paged):
    """On which date."""

    date: reply.Day | None = None


class Facts(OnDate):
    """Which facts."""

    section: Literal["case", "person", "facts"] | None = None


class Diff(reply.Paged):
    """Between which dates."""

    start: reply.Day = Field(alias="from", description="the earlier date")
    end: reply.Day | None = Field(default=None, alias="to", description="the later date; today when left out")
    service: str | None = Field(default=None, min_length=1, max_length=80, description="only what binds this service")
    lang: reply.Lang | None = None


class Search(reply.Paged):
    """Which words, in what."""

    q: str = Field(min_length=1, max_length=200, description="words, or the beginnings of words")
    kind: Literal["service", "body", "group", "act", "fact", "concept", "norm", "provision"] | None = None


class OneDate(reply.Query):
    """On which date, for a table that has one page."""

    date: reply.Day | None = None


def router(service: Service) -> APIRouter:  # noqa: C901  # a row of small routes
    """The routes."""
    routes = APIRouter(prefix="/v1", tags=["lists"])
    kg = service.kg

    @routes.get("/bodies", response_model=list[item.Body], responses=responses(404, 406, 422))
    async def bodies(request: Request, query: Annotated[Bodies, Parameters()]) -> Response:
        """Who is bound, supervises or decides."""
        reply.known(query.level, {item.last(one.one("level")) for one in kg.law.bodies.values()}, "level")
        return reply.many(request, lists.bodies(kg.law, level=query.level), query, service.context)

    @routes.get("/bodies/{id}", response_model=item.Body, responses=responses(404, 406, 422))
    async def one_body(request: Request, id: str, _: Annotated[reply.Query, Parameters()]) -> Response:  # noqa: A002
        """One body, by its id."""
        found = next((one for one in lists.bodies(kg.law) if one.id == id), None)
        if found is None:
            raise NotFound("There is no such body", todo="GET /v1/bodies lists them")
        return reply.one(request, found, context=service.context)

    @routes.get("/duty-types", response_model=list[item.DutyType], responses=responses(404, 406, 422))
    async def duty_types(request: Request, query: Annotated[OnDate, Parameters()]) -> Response:
        """The kinds of duty, right and power, with how many norms of each are in force on a date."""
        date = query.date or reply.today()
        refuse_outside(date, kg.law)
        return reply.many(request, lists.duty_types(kg.law, date), query, service.context)

    @routes.get("/facts", response_model=list[item.Fact], responses=responses(404, 406, 422))
    async def facts(request: Request, query: Annotated[Facts, Parameters()]) -> Response:
        """What a case may state, with the question to ask: enough to build a form from."""
        date = query.date or reply.today()
        refuse_outside(date, kg.law)
        found = lists.facts(kg.law, kg.tables, date, section=query.section)
        return reply.many(request, found, query, service.context)

    @routes.get("/facts/{id}", response_model=item.Fact, responses=responses(404, 406, 422))
    async def one_fact(request: Request, id: str, query: Annotated[OneDate, Parameters()]) -> Response:  # noqa: A002
        """One fact, by its id."""
        date = query.date or reply.today()
        refuse_outside(date, kg.law)
        found = next((one for one in lists.facts(kg.law, kg.tables, date) if one.id == id), None)
        if found is None:
            raise NotFound("There is no such fact", todo="GET /v1/facts lists them")
        return reply.one(request, found, context=service.context)

    @routes.get("/matrix", response_model=list[MatrixRow], responses=responses(406, 422))
    async def matrix(request: Request, query: Annotated[OneDate, Parameters()]) -> Response:
        """The provisions that hold each kind of duty, per act in force on the date."""
        return reply.one(request, kg.matrix(query.date or reply.today()), context=service.context)

    @routes.get("/diff", response_model=list[Change], responses=responses(404, 406, 422))
    async def diff(request: Request, query: Annotated[Diff, Parameters()]) -> Response:
        """What changed between two dates: norms new, ended, moved and reworded."""
        end = query.end or reply.today()
        found = kg.diff(query.start, end, reply.lang_of(request, query.lang), query.service)
        return reply.many(request, found, query, service.context)

    @routes.get("/search", response_model=list[item.Hit], responses=responses(404, 406, 422))
    async def search(request: Request, query: Annotated[Search, Parameters()]) -> Response:
        """Everything whose label, note or address has all the words."""
        return reply.many(request, service.index.find(query.q, query.kind), query, service.context)

    return routes
