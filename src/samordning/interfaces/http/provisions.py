"""``/v1/provisions``: any address, on any date, and its history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter
from fastapi import Query as Parameters
from pydantic import Field
from starlette.requests import Request  # noqa: TC002  # FastAPI reads the annotations at run time
from starlette.responses import Response  # noqa: TC002  # FastAPI reads the annotations at run time

from samordning.answer.case import refuse_outside
from samordning.catalogue import item
from samordning.interfaces.http import reply
from samordning.interfaces.http.problem import responses

if TYPE_CHECKING:
    from samordning.interfaces.http.service import Service


class Provisions(reply.Paged):
    """Which provisions."""

    act: str | None = Field(default=None, max_length=40, description="an act, such as lov/2011-06-24-30")
    date: reply.Day | None = None


class OnDate(reply.Query):
    """On which date."""

    date: reply.Day | None = None


def router(service: Service) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/v1/provisions", tags=["law"])
    law, provisions = service.kg.law, service.provisions

    @routes.get("", response_model=list[item.ProvisionEntry], responses=responses(404, 406, 422))
    async def every(request: Request, query: Annotated[Provisions, Parameters()]) -> Response:
        """Provisions that the data names; with a date only those that state some norm on it."""
        reply.known(query.act, {entry.act for entry in provisions.entries.values()}, "act")
        found = [entry for entry in provisions.entries.values() if query.act in (None, entry.act)]
        if query.date:
            refuse_outside(query.date, law)
            stated = {norm.address for norm in law.in_force(query.date)}
            found = [entry for entry in found if entry.address in stated]
        return reply.many(request, found, query, service.context)

    @routes.get("/{address:path}/history", response_model=list[item.Wording], responses=responses(404, 406, 422))
    async def history(request: Request, address: str, query: Annotated[reply.Paged, Parameters()]) -> Response:
        """Every dated wording of the section that the provision stands in, earliest first."""
        return reply.many(request, provisions.history(address), query, service.context)

    @routes.get("/{address:path}", response_model=item.Provision, responses=responses(404, 406, 422))
    async def provision(request: Request, address: str, query: Annotated[OnDate, Parameters()]) -> Response:
        """One provision on a date (today when left out), by an address such as lov/2011-06-24-30/§3-4/ledd/1."""
        date = query.date or reply.today()
        provisions.entry(address)
        refuse_outside(date, law)
        return reply.one(request, provisions.on(address, law, date), context=service.context)

    return routes
