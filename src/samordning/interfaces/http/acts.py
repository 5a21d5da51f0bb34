"""``/v1/acts``: acts and regulations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter
from fastapi import Query as Parameters
from starlette.requests import Request  # noqa: TC002  # FastAPI reads the annotations at run time
from starlette.responses import Response  # noqa: TC002  # FastAPI reads the annotations at run time

from samordning.catalogue import item, lists
from samordning.errors import NotFound
from samordning.interfaces.http import reply
from samordning.interfaces.http.problem import responses

if TYPE_CHECKING:
    from samordning.interfaces.http.service import Service


class Acts(reply.Paged):
    """Which acts."""

    date: reply.Day | None = None
    kind: Literal["Act", "Regulation"] | None = None


def router(service: Service) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/v1/acts", tags=["law"])

    @routes.get("", response_model=list[item.Act], responses=responses(404, 406, 422))
    async def acts(request: Request, query: Annotated[Acts, Parameters()]) -> Response:
        """Acts and regulations; with a date only those in force on it."""
        return reply.many(request, lists.acts(service.kg.law, date=query.date, kind=query.kind), query, service.context)

    @routes.get("/{id:path}", response_model=item.Act, responses=responses(404, 406, 422))
    async def act(request: Request, id: str, _: Annotated[reply.Query, Parameters()]) -> Response:  # noqa: A002
        """One act or regulation, by an id such as lov/2011-06-24-30."""
        found = next((one for one in lists.acts(service.kg.law) if one.id == id), None)
        if found is None:
            raise NotFound("There is no such act in the data", todo="GET /v1/acts lists them")
        return reply.one(request, found, context=service.context)

    return routes
