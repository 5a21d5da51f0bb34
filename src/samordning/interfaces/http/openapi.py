"""The OpenAPI document, made narrower by what the data knows: days covered, ids that exist, parameters of each query."""

from __future__ import annotations

import copy
import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from fastapi.openapi.utils import get_openapi

from samordning.catalogue.item import last
from samordning.engine.query import library
from samordning.interfaces.http import reply
from samordning.worker.sparql import TABLES

if TYPE_CHECKING:
    from fastapi import FastAPI

    from samordning.engine.law import Law
    from samordning.interfaces.http.service import Service

_QUERY_PATH: Final = "/v1/queries/{name}"
#: What an IRI, an address or an id of ours may be written with.
NAME: Final = r"^[A-Za-z0-9æøåÆØÅ§:/._-]{1,250}(#[A-Za-z0-9_-]{1,50})?$"
MOST: Final = 300


def describe(app: FastAPI, service: Service) -> dict[str, Any]:
    """The whole document."""
    document = get_openapi(
        title=app.title, version=app.version, summary=app.summary, description=app.description, routes=app.routes
    )
    law = service.kg.law
    known = {
        "act": sorted(law.acts),
        "service": [thing.id for thing in law.selectable],
        "type": sorted({name for norm in law.norms.values() for name in norm.types}),
    }
    levels = {
        "/v1/bodies": {last(thing.one("level")) for thing in law.bodies.values()},
        "/v1/services": {last(thing.one("level")) for thing in law.services.values()},
        "/v1/norms": {last(thing.one("level")) for thing in law.services.values()},
    }
    days = covered(law)
    document["paths"] = _queries(document["paths"], days)
    for path, methods in document["paths"].items():
        for route in methods.values():
            if path == "/v1/context.jsonld":
                route["responses"]["200"]["content"] = {reply.JSON_LD: {"schema": {"type": "object"}}}
            for parameter in route.get("parameters", ()):
                _narrow(parameter, path, known, levels, days)
            answers = route["responses"].get("200", {}).get("content", {})
            if reply.JSON in answers and path.startswith("/v1/") and "get" in methods:
                answers[reply.JSON_LD] = {"schema": {}}
    return document


def covered(law: Law) -> str:
    """A pattern of the days that the data answers for, month by month."""
    first, end = law.coverage.one("coversFrom"), law.coverage.one("coversUntil")
    if not (isinstance(first, dt.date) and isinstance(end, dt.date)):
        return r"^\d{4}-\d{2}-\d{2}$"
    months = [f"{number // 12}-{number % 12 + 1:02}" for number in range(_month(first), _month(end) + 1)]
    return rf"^({'|'.join(months)})-(0[1-9]|[12][0-9]|3[01])$"


def _month(day: dt.date) -> int:
    return day.year * 12 + day.month - 1


def _narrow(
    parameter: dict[str, Any], path: str, known: dict[str, list[str]], levels: dict[str, set[str | None]], days: str
) -> None:
    name, schema = parameter["name"], parameter["schema"]
    # A parameter is there or it is not; null can't be written in an address.
    kept = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    if len(kept) == 1:
        schema = {**{key: value for key, value in schema.items() if key not in ("anyOf", "default")}, **kept[0]}
        if "description" in schema:
            parameter.setdefault("description", schema.pop("description"))
    if schema.get("format") == "date" and path != "/v1/acts":
        schema["pattern"] = days
    if parameter["in"] == "query" and not path.startswith("/v1/queries/"):
        choices = known.get(name) or sorted(filter(None, levels.get(path, ()))) if name in (*known, "level") else []
        if choices:
            schema = {"type": "string", "enum": choices}
    schema.pop("title", None)
    parameter["schema"] = schema


def _queries(paths: dict[str, Any], days: str) -> dict[str, Any]:
    """Each question with a name as a path of its own, with the parameters it takes."""
    made: dict[str, Any] = {}
    for path, methods in paths.items():
        if path != _QUERY_PATH:
            made[path] = methods
            continue
        for query in library().values():
            if query.internal:
                continue
            route = copy.deepcopy(methods["get"])
            route["operationId"] = "query_" + query.name.replace("-", "_")
            route["summary"], route["description"] = query.title, query.question
            route["parameters"] = [_parameter(one.name, one.kind, one.about, days) for one in query.parameters]
            route["responses"]["200"]["content"] |= {media: {"schema": {}} for media in TABLES}
            made[path.replace("{name}", query.name)] = {"get": route}
    return made


def _parameter(name: str, kind: str, about: str, days: str) -> dict[str, Any]:
    schemas: dict[str, dict[str, Any]] = {
        "xsd:date": {"type": "string", "format": "date", "pattern": days},
        "xsd:integer": {"type": "integer", "minimum": -1_000_000, "maximum": 1_000_000},
        "iri": {"type": "string", "pattern": NAME},
    }
    return {
        "name": name,
        "in": "query",
        "required": name not in ("date", "lang"),
        "description": about,
        "schema": schemas.get(kind, {"type": "string", "maxLength": MOST}),
    }
