"""The application factory. A case is only ever POSTed; it is neither stored nor logged."""

from __future__ import annotations

import gc
import logging
import threading
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from starlette.responses import Response
from starlette.routing import Match

from samordning import __version__
from samordning.errors import SamordningError
from samordning.interfaces.http import (
    acts,
    answers,
    checks,
    documents,
    downloads,
    health,
    lists,
    norms,
    problem,
    provisions,
    queries,
    services,
    things,
)
from samordning.interfaces.http.cache import Cache
from samordning.interfaces.http.gate import Gate
from samordning.interfaces.http.openapi import describe
from samordning.interfaces.http.service import Service
from samordning.interfaces.http.sparql import Sparql
from samordning.interfaces.http.telemetry import Meter
from samordning.interfaces.settings import Settings
from samordning.interfaces.web import site
from samordning.interfaces.web.route import teller
from samordning.worker.cage import Limits
from samordning.worker.process import Template
from samordning.worker.stream import Stream

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fastapi import APIRouter
    from starlette.types import ASGIApp, Receive, Scope, Send

    from samordning.knowledge import Knowledge

log = logging.getLogger("samordning.http")

_SPARQL = ("/sparql", "/sparql/")


def create(kg: Knowledge, settings: Settings | None = None) -> ASGIApp:
    """The application over an opened dataset, with every layer round it."""
    chosen = settings or Settings()
    meter = Meter(enabled=bool(chosen.metrics.port))
    service = Service.make(kg, chosen, meter)
    sparql = Sparql(service)
    app = FastAPI(
        title="samordning",
        version=__version__,
        summary="Who must cooperate, who coordinates, and on what legal basis",
        description="A case is only ever POSTed, never stored and never logged. The answers inform; they decide no case.",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan(service),
    )
    problem.install(app)
    routers = _routers(service, sparql, app)
    for one in routers:
        app.include_router(one)
    app.openapi = lambda: _described(app, service)  # type: ignore[method-assign]  # FastAPI's own way to change it
    front = _Front(Cache(app, str(kg.manifest["dataset"])), sparql, routers)
    return Gate(front, chosen, meter, teller(service))


def _routers(service: Service, sparql: Sparql, app: FastAPI) -> list[APIRouter]:
    # One module for each noun; a new one joins here.
    return [
        answers.router(service),
        checks.router(service),
        acts.router(service),
        provisions.router(service),
        norms.router(service),
        services.router(service),
        lists.router(service),
        queries.router(service, sparql),
        things.router(service),
        documents.router(service, lambda: _described(app, service)),
        downloads.router(service),
        health.router(service),
        *site.routers(service, sparql),
    ]


def _described(app: FastAPI, service: Service) -> dict[str, Any]:
    if app.openapi_schema is None:
        app.openapi_schema = describe(app, service)
    return app.openapi_schema


def _lifespan(service: Service) -> Any:  # noqa: ANN401  # what FastAPI takes
    @asynccontextmanager
    async def span(_: FastAPI) -> AsyncIterator[None]:
        # Made beside the first requests, so that neither a start nor a search waits for it.
        index = threading.Thread(target=lambda: service.index, daemon=True)
        wanted = service.settings.workers
        if not wanted.enabled:
            index.start()
            yield
            return
        limits = Limits(memory=wanted.memory, jobs=wanted.jobs)
        template = Template(service.settings.dataset, limits=limits, without=wanted.without)
        stream = Stream(template, size=wanted.size, queue=wanted.queue)
        try:
            try:
                await stream.start()
            except SamordningError as error:
                # The text is our own and holds nothing that anyone sent.
                log.error(str(error))  # noqa: TRY400  # the trace tells an operator nothing
                raise
            service.stream = stream
            # What was loaded stays; to look through it again for garbage would only hold up a request now and then.
            gc.collect()
            gc.freeze()
            yield
        finally:
            service.stream = None
            await stream.close()

    return span


class _Front:
    """Sends SPARQL past the framework, and answers OPTIONS for every route."""

    def __init__(self, app: ASGIApp, sparql: Sparql, routers: list[APIRouter]) -> None:
        self._app, self._sparql = app, sparql
        self._routes = [route for router in routers for route in router.routes]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            if scope["method"] == "OPTIONS":
                await self._options(scope)(scope, receive, send)
                return
            if scope["path"] in _SPARQL:
                await self._sparql(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _options(self, scope: Scope) -> Response:
        methods = self._methods(scope)
        if not methods:
            return problem.problem(404, "not-found", "Not Found")
        allowed = ", ".join(sorted(methods | {"OPTIONS"}))
        headers = {
            "Allow": allowed,
            "Access-Control-Allow-Methods": allowed,
            "Access-Control-Allow-Headers": "Accept, Accept-Language, Authorization, Content-Type, If-None-Match",
            "Access-Control-Max-Age": "86400",
        }
        return Response(status_code=204, headers=headers)

    def _methods(self, scope: Scope) -> set[str]:
        if scope["path"] in _SPARQL:
            return {"GET", "HEAD", "POST"}
        found: set[str] = set()
        for route in self._routes:
            match, _ = route.matches(scope)
            if match is not Match.NONE:
                found |= getattr(route, "methods", None) or set()
        return found | ({"HEAD"} if "GET" in found else set())
