"""Linked data: every IRI of ours leads to its document (303), and the document comes as HTML or in any format of RDF."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, unquote

import pyoxigraph as ox
from fastapi import APIRouter
from starlette.requests import Request  # noqa: TC002  # FastAPI reads the annotations at run time
from starlette.responses import RedirectResponse, Response

from samordning.engine.query import library
from samordning.engine.store import Iri
from samordning.errors import NotFound
from samordning.interfaces.http import negotiate, reply
from samordning.interfaces.web.address import href, page_of
from samordning.interfaces.web.label import Shown
from samordning.interfaces.web.page import page
from samordning.namespaces import PREFIXES, ROOT, TERMS
from samordning.worker.sparql import GRAPHS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from samordning.interfaces.http.service import Service

HTML: Final = "text/html"
#: What a document may be, best first for a caller that takes anything.
KINDS: Final = ("text/turtle", "application/ld+json", "application/rdf+xml", "application/n-triples", HTML)
_SUFFIXES: Final = {"ttl": KINDS[0], "jsonld": KINDS[1], "rdf": KINDS[2], "nt": KINDS[3], "html": HTML}
#: As many as describe-back.rq gives.
_MOST_BACK: Final = 500
_SUFFIX: Final = re.compile(rf"\.({'|'.join(_SUFFIXES)})$")
#: Characters of a path that an IRI of ours may hold.
_NAME: Final = re.compile(r"[\w./§#~+:,=@-]{1,300}")


def router(service: Service) -> APIRouter:
    """The routes."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/id/{name:path}")
    async def thing(request: Request, name: str) -> Response:
        """A thing is not a document: off to what is said about it."""
        path = request.url.path
        await service.away(_statements, service, _iri(path))
        del name
        return RedirectResponse(
            service.settings.base_url + "/doc" + quote(unquote(path)),
            303,
            headers={"Cache-Control": reply.PUBLIC, "Vary": "Accept"},
        )

    @routes.get("/doc/{name:path}")
    async def document(request: Request, name: str) -> Response:
        """What is said about a thing. A suffix such as .ttl names the format, else ``Accept`` does."""
        found = _SUFFIX.search(name)
        path = _SUFFIX.sub("", name)
        triples = await service.away(_statements, service, _iri("/" + path))
        media = _SUFFIXES[found[1]] if found else reply.choose(request, KINDS)
        return await service.away(_write, service, _iri("/" + path), triples, media, _lang(request))

    @routes.get("/alignments")
    async def alignments(request: Request) -> Response:
        """The links from our terms to those of others are an ontology of their own: a document already."""
        iri, media = _iri("/alignments"), reply.choose(request, KINDS)
        triples = await service.away(_statements, service, iri)
        return await service.away(_write, service, iri, triples, media, _lang(request))

    @routes.get("/ns")
    @routes.get("/ns/{version}")
    async def ontology(request: Request, version: str | None = None) -> Response:
        """The ontology: its terms, or one dated version of it."""
        media = reply.choose(request, KINDS)
        stated, body = await service.away(made, media, _lang(request) if media == HTML else "")
        if version not in (None, stated):
            raise NotFound("There is no such version here", todo=f"This service holds {stated}")
        kind = media + "; charset=utf-8" if media == HTML else media
        return Response(
            body, headers={"Content-Type": kind, "Cache-Control": reply.PUBLIC, "Vary": "Accept, Accept-Language"}
        )

    @cache
    def made(media: str, lang: str) -> tuple[str, bytes]:
        # Made once in each format and language: it is the longest document there is.
        stated = _version(service)
        if media == HTML:
            return stated, bytes(page("ontology.html", service, lang, terms=_terms(service), number=stated).body)
        return stated, bytes(_rdf(service.kg.store.construct(library()["ontology"].text, {}), media).body)

    return routes


def _iri(path: str) -> str:
    plain = unquote(path)
    if not _NAME.fullmatch(plain.removeprefix("/")):
        raise NotFound("There is nothing of that name")
    return ROOT + plain.removeprefix("/")


def _statements(service: Service, iri: str) -> str:
    found = service.kg.store.construct(library()["describe"].text, {"thing": Iri(iri)})
    if not found.strip():
        # Named by others, such as an amending act, but nothing is said of it.
        found = service.kg.store.construct(library()["mentions"].text, {"thing": Iri(iri)})
    if not found.strip():
        raise NotFound("There is nothing of that name", todo="GET /v1/search?q=... finds what there is")
    return found


def _version(service: Service) -> str:
    rows = service.kg.store.select(library()["ontology-version"].text, {}).rows
    return str(rows[0]["version"]) if rows else ""


def _write(service: Service, iri: str, turtle: str, media: str, lang: str) -> Response:
    if media == HTML:
        rows = service.kg.store.select(library()["describe-rows"].text, {"thing": Iri(iri)}).rows
        back = service.kg.store.select(library()["describe-back"].text, {"thing": Iri(iri)}).rows
        return page(
            "thing.html", service, lang, iri=iri, local=iri.removeprefix(ROOT), label=service.labels.iri(iri, lang),
            rows=[_row(service, row, lang) for row in rows], back=[_row(service, row, lang) for row in back],
            most=_MOST_BACK, see=page_of(iri, service.kg.law, service.provisions.entries),
            suffixes=[name for name in _SUFFIXES if name != "html"],
        )  # fmt: skip
    return _rdf(turtle, media)


def _rdf(turtle: str, media: str) -> Response:
    text = turtle.encode()
    if media != "application/n-triples":
        quads = ox.parse(text, format=ox.RdfFormat.TURTLE)
        text = ox.serialize((quad.triple for quad in quads), format=GRAPHS[media], prefixes=_prefixes()) or b""
    else:
        quads = ox.parse(text, format=ox.RdfFormat.TURTLE)
        text = ox.serialize((quad.triple for quad in quads), format=GRAPHS[media]) or b""
    return Response(text, headers={"Content-Type": media, "Cache-Control": reply.PUBLIC, "Vary": "Accept"})


def _prefixes() -> dict[str, str]:
    # A prefix that ends inside a path would make names that few parsers take; those of vocabularies are enough.
    return {name: iri for name, iri in PREFIXES.items() if not iri.startswith(ROOT) or iri == TERMS}


def _row(service: Service, row: Mapping[str, object], lang: str) -> dict[str, Any]:
    value, link = row.get("value"), str(row.get("link", ""))
    text = str(value).lower() if isinstance(value, bool) else str(value)
    shown = Shown(text, getattr(value, "lang", ""))
    if isinstance(value, Iri):
        label = service.labels.iri(value, lang)
        shown = Shown(label.text, label.lang or (lang if label.name else ""), href(value), label.name)
    return {"property": str(row.get("name", "")), "link": href(link), "shown": shown}


def _lang(request: Request) -> str:
    return negotiate.language(request.headers.get("accept-language", ""))


def _terms(service: Service) -> list[dict[str, str]]:
    rows = service.kg.store.select(library()["ontology-terms"].text, {}).rows
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        iri = str(row["term"])
        term = found.setdefault(iri, {"iri": iri, "name": iri.removeprefix(TERMS), "kind": str(row["kind"])})
        lang = getattr(row["text"], "lang", "")
        term[f"{row['part']}_{lang}"] = str(row["text"])
        for part in ("domain", "range", "above"):
            if part in row:
                term[part] = str(row[part])
    return sorted(found.values(), key=lambda term: (term["kind"], term["name"]))
