"""Pages for people. Every value is escaped; nothing is loaded from elsewhere; no script and no style stands in a page."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import Response

from samordning import __version__
from samordning.answer.wording import date_text
from samordning.interfaces.http.negotiate import LANGUAGES
from samordning.interfaces.web import asset, text
from samordning.interfaces.web.drawing.gathering import picture

if TYPE_CHECKING:
    from samordning.interfaces.http.service import Service

TEMPLATES: Final = Path(__file__).parent / "templates"
#: The main menu: a path below the language, and its text is ``site.menu-NAME``.
MENU: Final = ("ask", "law", "matrix", "changes", "check", "query", "developers")


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=StrictUndefined,
    )  # fmt: skip
    made.globals |= {
        "asset": asset.address,
        "written": date_text,
        "version": __version__,
        "menu": MENU,
        "languages": LANGUAGES,
    }
    return made


def render(name: str, service: Service, lang: str, path: str | None = None, **values: Any) -> str:  # noqa: ANN401
    """A page, or a part of one, as text.

    ``path`` is what follows the language in its address, without a slash before it, so that the page can link to itself
    in the other languages; a page whose address names no language, or that was POSTed, has none.
    """
    template = _environment().get_template(name)
    return template.render(
        lang=lang, t=text.sayer(lang), path=path, base=service.settings.base_url,
        picture=partial(picture, law=service.kg.law), **values,
    )  # fmt: skip


def page(
    name: str,
    service: Service,
    lang: str = "en",
    path: str | None = None,
    *,
    status: int = 200,
    private: bool = False,
    **values: Any,  # noqa: ANN401  # whatever a page shows
) -> Response:
    """A page as a response; a ``private`` one holds what someone sent, and is kept by nobody."""
    headers = {"Cache-Control": "no-store" if private or status != 200 else "public, max-age=3600"}  # noqa: PLR2004
    return Response(
        render(name, service, lang, path, **values),
        status,
        media_type="text/html",
        headers={**headers, "Content-Language": lang, "Vary": "Accept, Accept-Language"},
    )
