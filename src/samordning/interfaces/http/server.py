"""Serving: one or several web processes, each with its own workers, until told to stop."""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING, Any

import uvicorn

from samordning.errors import SamordningError
from samordning.interfaces import settings as settings_module
from samordning.interfaces.http import telemetry
from samordning.interfaces.http.app import create
from samordning.interfaces.http.protocol import Protocol
from samordning.knowledge import Knowledge
from samordning.worker.cage import Limits
from samordning.worker.process import Template

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from samordning.interfaces.settings import Settings

FACTORY = "samordning.interfaces.http.server:application"


def application() -> ASGIApp:
    """The application by the settings in the environment: what a web process calls, and any other ASGI server may."""
    settings = settings_module.load()
    telemetry.configure()
    limits = settings.limits
    Protocol.target, Protocol.header_bytes = limits.target, limits.header_bytes
    Protocol.header_fields, Protocol.seconds = limits.header_fields, limits.receive_seconds
    Protocol.connections_at_most = limits.connections
    return create(
        Knowledge.open(settings.dataset, endpoint=settings.store.endpoint, seconds=settings.store.seconds), settings
    )


def serve(settings: Settings) -> None:
    """Serve until a signal says stop; requests under way are finished first.

    Raises:
        SamordningError: the dataset or a layer of protection is missing.
    """
    telemetry.configure()
    options: dict[str, Any] = {
        "host": settings.http.host,
        "port": settings.http.port,
        "http": Protocol,
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "date_header": True,
        "lifespan": "on",
        "timeout_keep_alive": 15,
        "timeout_graceful_shutdown": int(settings.http.stop_seconds),
        "proxy_headers": bool(settings.http.proxies),
        "forwarded_allow_ips": list(settings.http.proxies),
        "ws": "none",
    }
    with tempfile.TemporaryDirectory(prefix="samordning-metrics-") as folder:
        if settings.metrics.port:
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
            telemetry.publish(settings)
        if settings.http.processes > 1:
            if settings.workers.enabled:
                _check_start(settings)
            uvicorn.run(FACTORY, factory=True, workers=settings.http.processes, **options)
            return
        _one(options)


def _one(options: dict[str, Any]) -> None:
    config = uvicorn.Config(application(), **options)
    server = uvicorn.Server(config)
    try:
        server.run()
    except KeyboardInterrupt:
        return
    if not server.started:
        raise SamordningError("The service could not start", todo="The reason is in the lines above")


def _check_start(settings: Settings) -> None:
    # With several processes a fault would only show as processes that die and are started again.
    limits = Limits(memory=settings.workers.memory)
    template = Template(settings.dataset, limits=limits, without=settings.workers.without)
    try:
        template.fork().kill()
    finally:
        template.close()
