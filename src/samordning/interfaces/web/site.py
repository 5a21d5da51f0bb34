"""Every page: the front page, and the routers of the others, one module for each noun."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002  # FastAPI reads the annotations at run time
from starlette.responses import RedirectResponse, Response

from samordning.interfaces.http import negotiate
from samordning.interfaces.web import (
    about,
    ask,
    change,
    check,
    developer,
    law,
    memo,
    norm,
    picture,
    query,
    route,
    search,
    supervision,
    thing,
)
from samordning.interfaces.web.asset import static
from samordning.interfaces.web.page import page

if TYPE_CHECKING:
    from samordning.interfaces.http.service import Service
    from samordning.interfaces.http.sparql import Sparql


def routers(service: Service, sparql: Sparql) -> list[APIRouter]:
    """All routers of pages, the one that answers what is left last."""
    return [
        _files(),
        _front(service),
        ask.router(service),
        memo.router(service),
        picture.router(service),
        check.router(service),
        query.router(service, sparql),
        developer.router(service),
        about.router(service),
        law.router(service),
        norm.router(service),
        thing.router(service),
        supervision.router(service),
        change.router(service),
        search.router(service),
        route.rest(service),
    ]


def _files() -> APIRouter:
    routes = APIRouter(include_in_schema=False)

    @routes.get("/")
    async def languages(request: Request) -> Response:
        """To the front page in the language that the browser asks for."""
        lang = negotiate.language(request.headers.get("accept-language", ""))
        headers = {"Cache-Control": "public, max-age=3600", "Vary": "Accept-Language"}
        return RedirectResponse(f"/{lang}/", 303, headers=headers)

    @routes.get("/static/{name}")
    async def file(request: Request, name: str) -> Response:
        """A file that pages use."""
        return static(name, versioned="v" in request.query_params)

    return routes


def _front(service: Service) -> APIRouter:
    routes = route.routes_of(service)
    held = service.kg.law

    @routes.get("/")
    async def front(lang: str) -> Response:
        """What this is, and where to go."""
        return page("front.html", service, lang, "", norms=len(held.norms), acts=len(held.acts))

    return routes
