"""Documents about the service itself: the API, VoID, the JSON-LD context, kinds of problems."""

from __future__ import annotations

import json
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002  # FastAPI reads the annotations at run time
from starlette.responses import RedirectResponse, Response

from samordning import errors
from samordning.catalogue.void import PREFIXES, void
from samordning.errors import NotFound, SamordningError
from samordning.interfaces.http import negotiate, reply
from samordning.interfaces.http.problem import KINDS, responses
from samordning.interfaces.web.page import page
from samordning.worker.sparql import GRAPHS

if TYPE_CHECKING:
    from collections.abc import Callable

    from samordning.interfaces.http.service import Service


class Ld(Response):
    """JSON-LD."""

    media_type = reply.JSON_LD


def router(service: Service, openapi: Callable[[], dict[str, Any]]) -> APIRouter:  # a row of small routes
    """The routes."""
    routes = APIRouter(tags=["documents"])

    @routes.get("/v1/context.jsonld", response_class=Ld, responses=responses(404))
    async def context() -> Response:
        """The JSON-LD context of everything under /v1."""
        return Response(
            json.dumps(reply.CONTEXT, indent=1), media_type=reply.JSON_LD, headers={"Cache-Control": reply.PUBLIC}
        )

    @routes.get("/docs", include_in_schema=False)
    async def docs(request: Request) -> Response:
        """The API for people, made from the OpenAPI document."""
        return made(negotiate.language(request.headers.get("accept-language", "")))

    @cache
    def made(lang: str) -> Response:
        phrases = {str(s.value): s.phrase for s in HTTPStatus}
        return page("docs.html", service, lang, document=openapi(), groups=_by_tag(openapi()), phrases=phrases)

    @routes.get("/.well-known/void", include_in_schema=False)
    async def described(request: Request) -> Response:
        """The dataset described."""
        media = reply.choose(request, list(GRAPHS))
        prefixes = PREFIXES if media != "application/n-triples" else None
        text = ox.serialize(
            void(service.kg.manifest, service.settings.base_url), format=GRAPHS[media], prefixes=prefixes
        )
        headers = {"Content-Type": media, "Cache-Control": reply.PUBLIC, "Vary": "Accept"}
        return Response(text or b"", headers=headers)

    @routes.get("/dataset", include_in_schema=False)
    @routes.get("/graph/{name}", include_in_schema=False)
    async def dataset(name: str | None = None) -> Response:
        """The dataset and its graphs are described in one document."""
        if name is not None and name not in service.kg.manifest["graphs"]:
            raise NotFound("There is no graph of that name")
        return RedirectResponse(
            service.settings.base_url + "/.well-known/void",
            303,
            headers={"Cache-Control": reply.PUBLIC, "Vary": "Accept"},
        )

    @routes.get("/problem/{kind}", include_in_schema=False)
    async def kind(request: Request, kind: str) -> Response:
        """What a kind of problem means."""
        found = _kinds().get(kind)
        if found is None:
            raise NotFound("There is no such kind of problem")
        lang = negotiate.language(request.headers.get("accept-language", ""))
        return page("problem.html", service, lang, kind=kind, code=found[0], about=found[1])

    return routes


def _by_tag(document: dict[str, Any]) -> dict[str, list[tuple[str, str, dict[str, Any]]]]:
    """Method, path and description of every route, under its tag."""
    found: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            found.setdefault(described["tags"][0], []).append((method.upper(), path, described))
    return found


def _kinds() -> dict[str, tuple[int, str]]:
    named = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, SamordningError)]
    every = {*named, *(below for one in named for below in one.__subclasses__())}
    return {
        one.kind: (one.http_status, one.__doc__ or "") for one in sorted(every, key=lambda one: one.__name__)
    } | KINDS
