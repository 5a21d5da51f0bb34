"""Pages for people. Every value is escaped; nothing is loaded from elsewhere; there is no script."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, FileSystemLoader
from starlette.responses import Response

from samordning import __version__
from samordning.errors import NotFound

if TYPE_CHECKING:
    from samordning.interfaces.http.service import Service

PAGES: Final = Path(__file__).parent / "pages"
_STATIC: Final = {"style.css": "text/css; charset=utf-8"}


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(PAGES), autoescape=True, trim_blocks=True, lstrip_blocks=True)


def page(name: str, service: Service, **values: Any) -> Response:  # noqa: ANN401  # whatever a page shows
    """A page as a response."""
    text = _environment().get_template(name).render(version=__version__, base=service.settings.base_url, **values)
    return Response(
        text,
        media_type="text/html",
        headers={"Cache-Control": "public, max-age=3600", "Vary": "Accept, Accept-Language"},
    )


def static(name: str) -> Response:
    """A file that pages use.

    Raises:
        NotFound: there is none of that name.
    """
    if name not in _STATIC:
        raise NotFound("There is no such file")
    return Response(
        (PAGES / name).read_bytes(), media_type=_STATIC[name], headers={"Cache-Control": "public, max-age=86400"}
    )
