"""``/dataset/NAME``: the files of the dataset, the same bytes that ``samordning export`` writes.

They are made when first asked for (about 0.6 s, in a thread) and kept in memory, 7 MB in each web process.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from samordning.catalogue import dump
from samordning.errors import NotFound
from samordning.graph import dataset
from samordning.interfaces.http import reply

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from samordning.interfaces.http.service import Service


@dataclass(frozen=True)
class Download:
    """One file, with its checksum (SHA-256 in hexadecimal)."""

    name: str
    media: str
    data: bytes
    checksum: str


class Downloads:
    """The files of the dataset in ``folder``, made once."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._made: Mapping[str, Download] | None = None
        self._lock = asyncio.Lock()

    async def files(self) -> Mapping[str, Download]:
        """All of them, by name."""
        async with self._lock:
            if self._made is None:
                self._made = await run_in_threadpool(self._make)
            return self._made

    def _make(self) -> Mapping[str, Download]:
        made = dump.files(dataset.load(self._folder))
        return {name: Download(name, dump.media(name), data, dump.checksum(data)) for name, data in made.items()}


def router(service: Service) -> APIRouter:
    """The routes."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/dataset/{name}")
    async def file(name: str) -> Response:
        """One file, to be saved."""
        found = (await service.downloads.files()).get(name)
        if found is None:
            raise NotFound("The dataset has no file of that name", todo="GET /dataset/SHA256SUMS lists them")
        headers = {
            "Cache-Control": reply.PUBLIC,
            "Content-Disposition": f'attachment; filename="{found.name}"',
            "ETag": f'"{found.checksum[:32]}"',
        }
        return Response(found.data, media_type=found.media, headers=headers)

    return routes
