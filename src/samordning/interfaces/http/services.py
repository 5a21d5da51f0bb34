"""``/v1/services``: the services a case may name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter
from fastapi import Query as Parameters
from pydantic import BaseModel, Field
from starlette.requests import Request  # noqa: TC002  # FastAPI reads the annotations at run time
from starlette.responses import Response  # noqa: TC002  # FastAPI reads the annotations at run time

from samordning.answer.case import resolve
from samordning.catalogue.item import last
from samordning.errors import InputError, NotFound
from samordning.interfaces.http import reply
from samordning.interfaces.http.problem import responses

if TYPE_CHECKING:
    from samordning.engine.law import Law, Thing
    from samordning.interfaces.http.service import Service


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


class Services(reply.Paged):
    """Which services."""

    level: str | None = Field(default=None, max_length=80, description="a level of government, such as municipal")
    date: reply.Day | None = None


def router(service: Service) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/v1/services", tags=["lists"])
    law = service.kg.law

    @routes.get("", response_model=list[ServiceItem], responses=responses(404, 406, 422))
    async def services(request: Request, query: Annotated[Services, Parameters()]) -> Response:
        """The services a case may name; with a date, ``bound_by`` holds only what is in force on it."""
        reply.known(query.level, {last(thing.one("level")) for thing in law.services.values()}, "level")
        found = [_item(law, thing, query) for thing in law.selectable]
        return reply.many(request, [one for one in found if query.level in (None, one.level)], query, service.context)

    @routes.get("/{id}", response_model=ServiceItem, responses=responses(404, 406, 422))
    async def one(request: Request, id: str, _: Annotated[reply.Query, Parameters()]) -> Response:  # noqa: A002
        """One service, by its id or a Norwegian name."""
        try:
            found = law.services[resolve(id, law, "service")]
        except InputError as error:
            raise NotFound(error.what, todo=error.todo) from None
        return reply.one(request, _item(law, found, Services()), context=service.context)

    return routes


def _item(law: Law, thing: Thing, query: Services) -> ServiceItem:
    norms = [
        norm
        for norm in (law.in_force(query.date) if query.date else law.norms.values())
        if "individual-cooperation" in norm.types and law.binding(norm, thing.id)
    ]
    return ServiceItem(
        id=thing.id,
        iri=thing.iri,
        label=dict(thing.label),
        aliases=sorted(thing.strings("altLabel")),
        kinds=sorted(law.kinds(thing.id) - {thing.id}),
        level=last(thing.one("level")),
        owner=last(thing.one("owner")),
        bound_by=sorted({norm.address for norm in norms}),
        unbound_reason=dict(thing.texts("unboundReason")),
    )
