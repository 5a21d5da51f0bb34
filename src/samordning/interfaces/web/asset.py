"""Files that pages use: our own, and those that the build step brought in. Each address holds a hash of its content."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from starlette.responses import Response

from samordning.errors import NotFound

#: The build step puts the files of others into ``vendor``; without it pages look plain.
FOLDERS: Final = tuple(Path(__file__).parent / name for name in ("static", "vendor"))
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".txt": "text/plain; charset=utf-8",
}


@cache
def _files() -> dict[str, Path]:
    every = (path for folder in FOLDERS if folder.is_dir() for path in sorted(folder.iterdir()))
    return {path.name: path for path in every if path.suffix in _TYPES}


@cache
def _content(name: str) -> bytes:
    return _files()[name].read_bytes()


@cache
def address(name: str) -> str:
    """Where a file is served, with a hash so that it may be kept for long; empty where there is no such file."""
    if name not in _files():
        return ""
    return f"/static/{name}?v={hashlib.sha256(_content(name)).hexdigest()[:12]}"


def static(name: str, *, versioned: bool) -> Response:
    """A file; one asked for by its hash never changes.

    Raises:
        NotFound: there is none of that name.
    """
    found = _files().get(name)
    if found is None:
        raise NotFound("There is no such file")
    kept = "public, max-age=31536000, immutable" if versioned else "public, max-age=3600"
    return Response(_content(name), media_type=_TYPES[found.suffix], headers={"Cache-Control": kept})
