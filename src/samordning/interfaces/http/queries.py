"""``/v1/queries``: the questions with a name, each callable. They are ours, and run where strangers' queries run."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter
from fastapi import Query as Parameters
from pydantic import BaseModel
from starlette.requests import Request  # noqa: TC002  # FastAPI reads the annotations at run time
from starlette.responses import Response  # noqa: TC002  # FastAPI reads the annotations at run time

from samordning.answer.case import refuse_outside
from samordning.engine.query import library, named
from samordning.engine.store import Iri
from samordning.errors import InputError, NotAcceptable
from samordning.interfaces.http import negotiate, reply
from samordning.interfaces.http.openapi import MOST, NAME
from samordning.interfaces.http.problem import responses
from samordning.worker.sparql import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from samordning.engine.law import Law
    from samordning.engine.query import Query
    from samordning.engine.store import Value
    from samordning.interfaces.http.service import Service
    from samordning.interfaces.http.sparql import Sparql

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"


class ParameterItem(BaseModel):
    """A parameter of a query."""

    name: str
    type: str
    about: str


class QueryItem(BaseModel):
    """A question with a name."""

    name: str
    title: str
    question: str
    parameters: list[ParameterItem]
    href: str


class Result(BaseModel):
    """The rows of a question: its columns in order, and by column what each row has."""

    query: str
    question: str
    parameters: dict[str, str]
    columns: list[str]
    rows: list[dict[str, str | int | float | bool]]


def router(service: Service, sparql: Sparql) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/v1/queries", tags=["questions"])

    @routes.get("", response_model=list[QueryItem], responses=responses(404, 406, 422))
    async def queries(request: Request, query: Annotated[reply.Paged, Parameters()]) -> Response:
        """The questions that have a name, with their parameters."""
        offered = [_item(one) for one in library().values() if not one.internal]
        return reply.many(request, offered, query, service.context)

    @routes.get("/{name}", response_model=Result, responses=responses(404, 406, 413, 422, 429, 503, 504))
    async def ask(request: Request, name: str) -> Response:
        """The rows of one question, in JSON or in any of SPARQL's result formats. ``date`` is today when left out."""
        chosen = named(name)
        values = checked(request, chosen, service.kg.law, reply.lang_of(request, None))
        wanted = negotiate.media(request.headers.get("accept"), [reply.JSON, *TABLES, reply.JSON_LD])
        if not wanted:
            raise NotAcceptable("None of the kinds of answer you take can be made")
        table = wanted[0] if wanted[0] in TABLES else "application/sparql-results+json"
        bindings = terms(values)
        if table == wanted[0]:
            return await sparql.ask(request, chosen.text, table=table, bindings=bindings)
        _, found = await sparql.result(request, chosen.text, tables=[table], graphs=[], bindings=bindings)
        shown = {key: str(value) for key, value in values.items()}
        result = {"query": name, "question": chosen.question, "parameters": shown, **_rows(found, values)}
        return reply.one(request, result, context=service.context)

    return routes


def checked(request: Request, query: Query, law: Law, lang: str) -> dict[str, Value]:
    """The parameters of a query as the address of the request gives them; ``date`` is today when left out.

    Raises:
        InputError: one is missing, unknown, given twice or of the wrong kind.
        OutsideData: a date is one that the data doesn't answer for; no rows would look like an answer.
    """
    given = _given(request)
    _refuse_names(query, given)
    values = query.bind(given, {"date": reply.today(), "lang": lang})
    for value in values.values():
        if isinstance(value, dt.date):
            refuse_outside(value, law)
    return values


def terms(values: Mapping[str, Value]) -> dict[str, dict[str, str]]:
    """Bound parameters as terms of SPARQL's JSON results, by variable."""
    return {key: _term(value) for key, value in values.items()}


def _given(request: Request) -> dict[str, str]:
    pairs = request.query_params.multi_items()
    if len({name for name, _ in pairs}) != len(pairs):
        raise InputError("A parameter is given twice")
    return dict(pairs)


def _refuse_names(query: Query, given: dict[str, str]) -> None:
    for parameter in query.parameters:
        if parameter.kind == "iri" and not re.match(NAME, given.get(parameter.name, "x")):
            raise InputError(f"Parameter {parameter.name} is no name of anything", todo=f"It is: {parameter.about}")
        if len(given.get(parameter.name, "")) > MOST:
            raise InputError(f"Parameter {parameter.name} is longer than {MOST} characters")


def _item(query: Query) -> QueryItem:
    parameters = [ParameterItem(name=one.name, type=one.kind, about=one.about) for one in query.parameters]
    return QueryItem(
        name=query.name,
        title=query.title,
        question=query.question,
        parameters=parameters,
        href=f"/v1/queries/{query.name}",
    )


def _term(value: Value) -> dict[str, str]:
    if isinstance(value, Iri):
        return {"type": "uri", "value": value}
    if isinstance(value, dt.date):
        return {"type": "literal", "value": value.isoformat(), "datatype": _XSD + "date"}
    if isinstance(value, int):
        return {"type": "literal", "value": str(value), "datatype": _XSD + "integer"}
    return {"type": "literal", "value": str(value)}


def _rows(found: bytes, values: dict[str, Value]) -> dict[str, Any]:
    document = json.loads(found)
    columns = [name for name in document["head"]["vars"] if name not in values]
    rows = [{name: _value(row[name]) for name in columns if name in row} for row in document["results"]["bindings"]]
    return {"columns": columns, "rows": rows}


def _value(term: dict[str, str]) -> str | int | float | bool:
    kind = term.get("datatype", "").removeprefix(_XSD)
    if kind == "integer":
        return int(term["value"])
    if kind in ("decimal", "double"):
        return float(term["value"])
    if kind == "boolean":
        return term["value"] in ("true", "1")
    return term["value"]
