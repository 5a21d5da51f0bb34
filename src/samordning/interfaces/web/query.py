"""Questions: those with a name as forms, and SPARQL of the reader's own. All run where strangers' queries run."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi import Query as Parameters
from starlette.requests import Request  # noqa: TC002  # FastAPI reads the annotations at run time
from starlette.responses import Response

from samordning.answer.wording import date_text
from samordning.engine.query import Query, library, named
from samordning.errors import SamordningError
from samordning.interfaces.http import reply
from samordning.interfaces.http.queries import checked, terms
from samordning.interfaces.web import form, result, route
from samordning.interfaces.web.page import page
from samordning.interfaces.web.parameter import Fields
from samordning.interfaces.web.text import catalogue
from samordning.namespaces import PREFIXES
from samordning.worker import guard

if TYPE_CHECKING:
    import datetime as dt

    from samordning.engine.law import Law
    from samordning.interfaces.http.service import Service
    from samordning.interfaces.http.sparql import Sparql

CSV: Final = "text/csv"
#: Files to save: what is asked of the worker, and what the name ends in.
_FILES: Final = {"csv": CSV, "json": result.TABLE, "ttl": result.GRAPH}
_HEADER: Final = re.compile(r"^# \w+(?:@\w+)?: .*\n", re.MULTILINE)
_PLACE: Final = re.compile(r"\bat (\d+):(\d+)\b")
#: Groups of questions in the order they are shown.
GROUPS: Final = ("cooperation", "coordination", "plan", "information", "oversight", "norms", "history", "data")
#: A link longer than this is not taken by every program.
_LONGEST_LINK: Final = 4000


class Shown(reply.Query):
    """A query to show, not to run."""

    query: str = ""


def router(service: Service, sparql: Sparql) -> APIRouter:
    """The routes."""
    routes = route.routes_of(service)
    labels = service.labels
    fields = Fields(service.kg.law, labels)

    @routes.get("/query")
    async def index(lang: str, query: Annotated[Shown, Parameters()]) -> Response:
        """Every question with a name, and a field for SPARQL; a query in the address waits there until it is run."""
        return _free(service, lang, query.query or _start(), 200, shared=bool(query.query))

    @routes.post("/query")
    async def run(request: Request, lang: str) -> Response:
        """The result of the reader's own SPARQL, as a page or a file."""
        sent = await form.fields(request)
        text, kind = form.text(sent, "query"), form.text(sent, "format")
        tables, graphs = ([_FILES[kind]], []) if kind in ("csv", "json") else ([result.TABLE], [result.GRAPH])
        if kind == "ttl":
            tables, graphs = [], [result.GRAPH]
        try:
            guard.query(text, guard.Shape())
            media, found = await sparql.result(request, text, tables=tables, graphs=graphs)
        except SamordningError as error:
            return _free(service, lang, text, error.http_status, error=_explained(error, text, service, lang))
        if kind in _FILES:
            return _file(found, media, "result." + kind)
        return _free(service, lang, text, 200, result=result.read(media, found, labels, lang))

    @routes.get("/query/{name}.csv")
    async def sheet(request: Request, lang: str, name: str) -> Response:
        """The rows of a question with a name as a file for a sheet."""
        chosen = named(name)
        bound = checked(request, chosen, service.kg.law, lang)
        media, found = await sparql.result(request, chosen.text, tables=[CSV], graphs=[], bindings=terms(bound))
        return _file(found, media, f"{name}.csv", public=True)

    @routes.get("/query/{name}")
    async def question(request: Request, lang: str, name: str) -> Response:
        """One question: a form of its parameters and, when all are given, its rows."""
        chosen = named(name)
        given = dict(request.query_params)
        more: dict[str, Any] = {"address": "", "error": None, "result": None}
        status = 200
        if given or not any(one.name not in ("date", "lang") for one in chosen.parameters):
            try:
                bound = checked(request, chosen, service.kg.law, lang)
                _, found = await sparql.result(
                    request, chosen.text, tables=[result.TABLE], graphs=[], bindings=terms(bound)
                )
                asked = {key: str(value) for key, value in bound.items() if key != "lang"}
                more["result"] = result.told(name, found, bound, labels, lang)
                more["address"] = _address(name, given, asked)
                more["api"] = _address(name, given, {key: str(value) for key, value in bound.items()})
            except SamordningError as error:
                status, more["error"] = error.http_status, _explained(error, "", service, lang)
        path = f"query/{name}" + (f"?{urlencode(given)}" if given else "")
        today = reply.today().isoformat()
        return page(
            "question.html", service, lang, path, status=status, question=chosen, text=_HEADER.sub("", chosen.text),
            fields=fields.of(chosen, given, today, lang), covered=_covered(service.kg.law), **more,
        )  # fmt: skip

    return routes


def _free(
    service: Service, lang: str, text: str, status: int, *, shared: bool = False, **more: Any  # noqa: ANN401
) -> Response:  # fmt: skip
    query = "query?" + urlencode({"query": text})
    link = query if len(query) < _LONGEST_LINK else ""
    values: dict[str, Any] = {"result": None, "error": None, **more}
    alone = bool(more) or shared
    return page(
        "query.html", service, lang, link or "query" if alone else "query", status=status, private=alone, text=text,
        groups=[] if alone else _groups(lang), prefixes=PREFIXES, graphs=sorted(service.kg.manifest["graphs"]),
        link=f"/{lang}/{link}" if link else "", limits=service.settings.sparql, shown=result.SHOWN,
        characters=guard.Shape().characters, **values,
    )  # fmt: skip


def _groups(lang: str) -> list[tuple[str, list[Query]]]:
    offered = [one for one in library().values() if not one.internal]
    offered.sort(key=lambda one: (GROUPS.index(one.group), one.titles(lang).casefold()))
    return [(name, list(members)) for name, members in groupby(offered, key=lambda one: one.group)]


def _start() -> str:
    return _HEADER.sub("", library()["start"].text)


def _address(name: str, given: dict[str, str], asked: dict[str, str]) -> str:
    """Name and parameters as they stand in an address: what was given as it was given, then what it was taken to be."""
    pairs = {**asked, **given}
    return name + ("?" + urlencode(pairs) if pairs else "")


def _covered(law: Law) -> dict[str, dt.date]:
    """The first and the last day that the data answers for."""
    days: dict[str, Any] = {"first": law.coverage.one("coversFrom"), "last": law.coverage.one("coversUntil")}
    return days


def _file(data: bytes, media: str, name: str, *, public: bool = False) -> Response:
    charset = "; charset=utf-8" if media.startswith("text/") else ""
    headers = {
        "Content-Type": media + charset,
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": reply.PUBLIC if public else "no-store",
    }
    return Response(data, headers=headers)


def _explained(error: SamordningError, text: str, service: Service, lang: str) -> dict[str, Any]:
    """What is wrong in the reader's language, where it stands in the query, and the exact words of who refused it."""
    if error.http_status >= 500 and error.kind in ("internal", "data"):  # noqa: PLR2004  # ours, and for the log alone
        raise error
    kind = "prefix" if "Prefix not found" in error.why else error.kind
    keys = (f"query.error-{kind}", f"site.error-{kind}", "query.error-input")
    found = _PLACE.search(error.why)
    line = int(found[1]) if found else 0
    lines = text.splitlines()
    return {
        "key": next(key for key in keys if key in catalogue(lang)),
        "line": line,
        "column": int(found[2]) if found else 0,
        "written": lines[line - 1] if 0 < line <= len(lines) else "",
        "exact": str(error),
        **{name: date_text(day, lang) for name, day in _covered(service.kg.law).items()},
    }
