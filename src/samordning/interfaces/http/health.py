"""``/health``: whether the process answers, and whether it can do all it promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from samordning.interfaces.http.problem import responses

if TYPE_CHECKING:
    from samordning.interfaces.http.service import Service


class Health(BaseModel):
    """Whether the service answers."""

    status: str


class Ready(Health):
    """What it answers from, and which layers of protection hold round strangers' SPARQL and RDF."""

    dataset: str
    store: str
    workers: str
    layers: dict[str, bool]
    missing: list[str]


def router(service: Service) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/health", tags=["health"])

    @routes.get("/live", response_model=Health)
    async def live() -> Response:
        """Whether the process answers."""
        return JSONResponse({"status": "alive"}, headers={"Cache-Control": "no-store"})

    @routes.get("/ready", response_model=Ready, responses=responses(503))
    async def ready() -> Response:
        """Whether the dataset is loaded and verified and the workers are there."""
        wanted = service.settings.workers.enabled
        there = service.stream is not None and service.stream.size > 0
        layers = dict(service.stream.layers) if service.stream is not None else {}
        if wanted and there and service.stream is not None:
            service.meter.workers(service.stream.busy, service.stream.waiting, service.stream.killed)
        state = Ready(
            status="ready" if there or not wanted else "starting",
            dataset=str(service.kg.manifest["dataset"]),
            store=(service.settings.store.endpoint and "remote") or "memory",
            workers="on" if wanted else "off",
            layers=layers,
            missing=[name for name, holds in layers.items() if not holds],
        )
        return JSONResponse(
            state.model_dump(), 200 if state.status == "ready" else 503, headers={"Cache-Control": "no-store"}
        )

    return routes
