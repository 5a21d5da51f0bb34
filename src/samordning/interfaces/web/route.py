"""Routes of pages: a language first in the address, and errors as pages in that language."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.convertors import Convertor, register_url_convertor
from starlette.exceptions import HTTPException

from samordning.answer.wording import date_text
from samordning.errors import NotFound, SamordningError, sentence
from samordning.interfaces.http import problem
from samordning.interfaces.http.negotiate import LANGUAGES
from samordning.interfaces.web.page import page
from samordning.interfaces.web.text import catalogue

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from starlette.requests import Request
    from starlette.responses import Response

    from samordning.interfaces.http.service import Service

_FIRST_OF_OURS: Final = 500
#: What the text about a date outside the data names.
_COVERED: Final = {"first": "coversFrom", "last": "coversUntil"}


class Language(Convertor[str]):
    """The first part of a page's address: ``/{lang:language}/ask``."""

    regex = "|".join(LANGUAGES)

    def convert(self, value: str) -> str:
        """As it stands."""
        return value

    def to_string(self, value: str) -> str:
        """As it stands."""
        return value


register_url_convertor("language", Language())


def routes_of(service: Service) -> APIRouter:
    """A router for pages: no part of the API's description, and whose errors are pages."""

    class PageRoute(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handle = super().get_route_handler()

            async def handled(request: Request) -> Response:
                lang = request.path_params.get("lang", "nb")
                try:
                    return await handle(request)
                except SamordningError as error:
                    return failed(service, lang, error.http_status, _said(error), error.kind)
                except RequestValidationError:
                    return failed(service, lang, 422, "A parameter does not exist, or has a value it can't have.")
                except HTTPException as error:
                    return failed(service, lang, error.status_code)

            return handled

    return APIRouter(prefix="/{lang:language}", route_class=PageRoute, include_in_schema=False)


def failed(service: Service, lang: str, status: int, detail: str = "", kind: str = "") -> Response:
    """An error as a page: what is wrong in the reader's language, and our own exact words (English) below it.

    A kind of error that has a text of its own, such as a date outside the data, is said in full in the language.
    """
    key = f"site.error-{kind}"
    if key in catalogue(lang):
        detail = ""
    else:
        key = f"site.error-{status}"
    if key not in catalogue(lang):
        key = "site.error-500" if status >= _FIRST_OF_OURS else "site.error-400"
    covered = {name: service.kg.law.coverage.one(link) for name, link in _COVERED.items()}
    days = {name: date_text(day, lang) for name, day in covered.items() if isinstance(day, dt.date)}
    made = page(
        "error.html", service, lang, status=status, private=True, code=status, key=key, detail=detail, days=days
    )
    if status in problem.RETRY:
        made.headers["Retry-After"] = problem.RETRY[status]
    return made


def teller(service: Service) -> Callable[[str, SamordningError], Response]:
    """What an error met before any route becomes: a page for the path of a page, else a problem document."""

    def tell(path: str, error: SamordningError) -> Response:
        lang = path[1:3]
        if lang in LANGUAGES and path[3:4] == "/":
            return failed(service, lang, error.http_status, _said(error))
        return problem.of(error)

    return tell


def _said(error: SamordningError) -> str:
    if error.http_status >= _FIRST_OF_OURS and error.kind in ("internal", "data"):
        return ""
    return " ".join(sentence(part) for part in (error.what, error.why, error.todo) if part)


def rest(service: Service) -> APIRouter:
    """What no page of ours answers to: the last router to be joined."""
    routes = routes_of(service)

    @routes.get("/{rest:path}")
    async def nothing(rest: str) -> Response:
        """There is no such page."""
        del rest
        raise NotFound("There is no such page")

    return routes
