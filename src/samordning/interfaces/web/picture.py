"""Pictures: of an answer (those round the table), of the matrix of acts and duties, and of acts and levels of government.

Each is a page with the same in a table, or a part of one, and a file to take along: SVG, or PNG at twice the size.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from fastapi import APIRouter, Query
from starlette.requests import Request  # noqa: TC002  # FastAPI reads the annotations at run time
from starlette.responses import Response

from samordning.answer.case import refuse_outside
from samordning.answer.matrix import days as matrix_days
from samordning.catalogue.level import days as level_days
from samordning.errors import InputError, OutsideData
from samordning.interfaces.http import reply
from samordning.interfaces.web import form, route
from samordning.interfaces.web.drawing.gathering import Gathering
from samordning.interfaces.web.drawing.raster import Raster
from samordning.interfaces.web.level import Levels
from samordning.interfaces.web.matrix import Matrix
from samordning.interfaces.web.page import page

if TYPE_CHECKING:
    from collections.abc import Callable

    from samordning.engine.law import Law
    from samordning.interfaces.http.service import Service
    from samordning.interfaces.web.drawing.svg import Sheet

Kind = Literal["svg", "png"]
_MEDIA: Final = {"svg": "image/svg+xml", "png": "image/png"}
#: Pages about the law on a date: what shows it, and the days on which it changes.
_DATED: Final[dict[str, tuple[type[Matrix | Levels], Callable[[Law], tuple[dt.date, ...]]]]] = {
    "matrix": (Matrix, matrix_days),
    "levels": (Levels, level_days),
}


class Asked(reply.Query):
    """The date of a page; what a form leaves empty means today."""

    date: Annotated[str, Query(max_length=32)] = ""


def day(given: str, law: Law) -> dt.date:
    """The day asked for; today where none is.

    Raises:
        InputError: it is no day.
        OutsideData: the data doesn't cover it.
    """
    if not given:
        return reply.today()
    try:
        found = dt.date.fromisoformat(given)
    except ValueError:
        raise InputError("The date is no day of the calendar", todo="Write it as YYYY-MM-DD") from None
    refuse_outside(found, law)
    return found


def router(service: Service) -> APIRouter:
    """The routes."""
    routes = route.routes_of(service)
    raster = Raster()
    kg, law = service.kg, service.kg.law

    @routes.post("/ask/picture.{kind}")
    async def gathering(request: Request, lang: str, kind: Kind) -> Response:
        """Those round the table, of a case in a form; kept by nobody."""
        case = kg.case(form.case_data(await form.fields(request), law))
        answer = await service.away(kg.answer, case, lang)
        sheet = Gathering(answer, law, titled=True).sheet()
        return await _file(raster, sheet, kind, f"samordning-{case.date}", private=True)

    for name in _DATED:
        _dated(routes, service, raster, name)
    return routes


def _dated(routes: APIRouter, service: Service, raster: Raster, name: str) -> None:
    kg, law = service.kg, service.kg.law
    make, changes = _DATED[name]

    @routes.get(f"/{name}")
    async def shown(lang: str, query: Annotated[Asked, Query()]) -> Response:
        """Acts and duties, or acts and levels, on a date; one that can't be used is said on the page itself."""
        values: dict[str, Any] = {
            "given": query.date, "changes": changes(law),
            "first": law.coverage.one("coversFrom"), "last": law.coverage.one("coversUntil"),
        }  # fmt: skip
        try:
            date = day(query.date, law)
        except InputError as error:
            wrong = "outside" if isinstance(error, OutsideData) else "not-a-date"
            # A field for dates holds no other text.
            values["given"] = query.date if wrong == "outside" else ""
            return page(
                f"{name}.html", service, lang, name, status=error.http_status, wrong=wrong, shown=None, **values
            )
        path = f"{name}?date={date}" if query.date else name
        return page(f"{name}.html", service, lang, path, wrong="", shown=make(kg, date, lang), **values)

    @routes.get(f"/{name}.{{kind}}")
    async def file(lang: str, kind: Kind, query: Annotated[Asked, Query()]) -> Response:
        """The same as a picture."""
        date = day(query.date, law)
        return await _file(raster, make(kg, date, lang).grid().sheet(), kind, f"{name}-{date}", private=False)


async def _file(raster: Raster, sheet: Sheet, kind: str, name: str, *, private: bool) -> Response:
    content = await raster.png(sheet) if kind == "png" else sheet.file()
    headers = {
        "Cache-Control": "no-store" if private else reply.PUBLIC,
        "Content-Disposition": f'attachment; filename="{name}.{kind}"',
    }
    return Response(content, media_type=_MEDIA[kind], headers=headers)
