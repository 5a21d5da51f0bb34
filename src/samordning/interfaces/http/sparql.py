"""``/sparql``: the SPARQL 1.1 Protocol, read-only. A result is whole or refused, never cut.

It is an ASGI application of its own, since the way to a worker and back is short enough for a framework to be felt.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote_to_bytes

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from samordning.errors import InputError, Malformed, NotAcceptable, TooLarge, WrongMedia
from samordning.interfaces.http import body, negotiate
from samordning.interfaces.http.cache import Answered, Kept, answer, etag
from samordning.interfaces.http.caller import has_key
from samordning.interfaces.http.description import description
from samordning.worker import guard
from samordning.worker.sparql import GRAPHS, TABLES

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from samordning.interfaces.http.service import Service

QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"
FORM: Final = "application/x-www-form-urlencoded"
HTML: Final = "text/html"
#: Names that clients use for the same kinds.
ALIASES: Final = {
    "application/json": "application/sparql-results+json",
    "application/xml": "application/sparql-results+xml",
    "text/xml": "application/sparql-results+xml",
    "text/plain": "application/n-triples",
}
_SHORT: Final = {
    "json": "application/sparql-results+json", "xml": "application/sparql-results+xml", "csv": "text/csv",
    "tsv": "text/tab-separated-values", "turtle": "text/turtle", "ntriples": "application/n-triples",
    "rdfxml": "application/rdf+xml", "jsonld": "application/ld+json",
}  # fmt: skip
_BY_GET: Final = guard.Shape(characters=8 << 10)
_MOST_PAIRS: Final = 1000
_TABLES: Final = (*TABLES, *ALIASES)
_GRAPHS: Final = (*GRAPHS, "text/plain")
#: What makes the same query have another result next time: the clock, chance, fresh nodes.
_CHANGING: Final = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID|BNODE)\s*\(", re.IGNORECASE)


class MethodNotAllowed(InputError):
    """A method that the protocol doesn't have."""

    http_status = 405
    kind = "method-not-allowed"


class Sparql:
    """The endpoint over a service's workers."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._base = service.settings.base_url + "/sparql"
        self._dataset = str(service.kg.manifest["dataset"])
        self._kept = Kept(service.settings.sparql.cache)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request of the protocol, or for the page or description at its address."""
        request = Request(scope, receive)
        method: str = scope["method"]
        if method not in ("GET", "HEAD", "POST"):
            raise MethodNotAllowed("SPARQL is asked by GET or POST")
        # The first of each name, as everywhere else.
        headers = dict(reversed(scope["headers"]))
        raw, kind, sent = scope["query_string"], "", b""
        if method == "POST":
            kind = _kind(headers.get(b"content-type", b"").decode("latin-1"))
            sent = await body.whole(request, self._service.settings.limits.body, "The request")
        key = (raw, kind.encode(), sent, headers.get(b"accept"))
        found = self._kept.get(key)
        if found is None:
            pairs = _pairs(raw) + (_sent(kind, sent) if method == "POST" else [])
            response = await self._other(request, pairs)
            if response is not None:
                await response(scope, receive, send)
                return
            found, lasting = await self._query(request, pairs)
            if lasting and len(found.body) <= self._kept.most // 16:
                self._kept.keep(key, found)
        await answer(found, headers.get(b"if-none-match", b""), send, head=method == "HEAD")

    async def _other(self, request: Request, pairs: list[tuple[str, str]]) -> Response | None:
        # What is asked here besides a query.
        if not pairs and request.method != "POST":
            return self._front(request)
        if any(name == "update" for name, _ in pairs):
            if request.method != "POST" or any(name == "query" for name, _ in pairs):
                raise Malformed("An update is sent by POST, alone")
            return await self._update(pairs)
        return None

    async def _query(self, request: Request, pairs: list[tuple[str, str]]) -> tuple[Answered, bool]:
        # The result, and whether the same request will always have the same.
        given = [value for name, value in pairs if name == "query"]
        if len(given) != 1:
            raise Malformed("Exactly one query is needed", todo="Send it as the parameter query")
        text = given[0]
        posted = request.method == "POST"
        guard.query(text, None if posted else _BY_GET)
        accept = _accept(request, pairs)
        media, result = await self.result(
            request,
            text,
            tables=negotiate.media(accept, _TABLES),
            graphs=negotiate.media(accept, _GRAPHS),
            default=[value for name, value in pairs if name == "default-graph-uri"],
            named=[value for name, value in pairs if name == "named-graph-uri"],
            seconds=_seconds(pairs),
        )
        lasting = not self._service.settings.sparql.updates and not _CHANGING.search(text)
        headers = [*_headers(media, public=lasting and not posted), (b"content-length", b"%d" % len(result))]
        if lasting and not posted:
            headers.append((b"etag", etag(self._dataset, result, media)))
        return Answered(200, headers, result), lasting

    async def ask(self, request: Request, text: str, *, table: str, **more: Any) -> Response:  # noqa: ANN401
        """The result of one of our own queries as a table, which the layers outside may keep."""
        media, result = await self.result(request, text, tables=[table], graphs=[], **more)
        headers = {name.decode(): value.decode() for name, value in _headers(media, public=True)}
        return Response(result, headers=headers)

    async def result(
        self,
        request: Request,
        text: str,
        *,
        tables: list[str],
        graphs: list[str],
        seconds: float | None = None,
        **more: Any,  # noqa: ANN401
    ) -> tuple[str, bytes]:
        """Media type and bytes of the result of one query, from a worker."""
        settings = self._service.settings.sparql
        tables = list(dict.fromkeys(ALIASES.get(kind, kind) for kind in tables))
        graphs = list(dict.fromkeys(ALIASES.get(kind, kind) for kind in graphs))
        if not tables and not graphs:
            raise NotAcceptable(
                "None of the kinds of result you take can be made",
                todo=f"Accept one of: {', '.join([*TABLES, *GRAPHS])}",
            )
        keys = self._service.settings.keys
        keyed = bool(keys) and has_key(request.headers.get("authorization", ""), keys)
        most = settings.seconds_with_key if keyed else settings.seconds
        whole = await self._service.workers.run(
            "query", text.encode(), min(seconds or most, most), settings.bytes + 4096,
            tables=tables, graphs=graphs, rows=settings.rows, bytes=settings.bytes, base=self._base, **more,
        )  # fmt: skip
        media, _, result = whole.partition(b"\n")
        return media.decode(), result

    async def _update(self, pairs: list[tuple[str, str]]) -> Response:
        if not self._service.settings.sparql.updates:
            raise Malformed("This service is read-only")
        texts = [value for name, value in pairs if name == "update"]
        if len(texts) != 1:
            raise Malformed("Exactly one update is needed")
        using = [value for name, value in pairs if name == "using-graph-uri"]
        named = [value for name, value in pairs if name == "using-named-graph-uri"]
        await self._service.workers.run(
            "update",
            texts[0].encode(),
            self._service.settings.sparql.seconds,
            4096,
            base=self._base,
            default=using,
            named=named,
        )
        return Response(status_code=204)

    def _front(self, request: Request) -> Response:
        media = negotiate.media(request.headers.get("accept"), [*GRAPHS, HTML])
        if not media:
            raise NotAcceptable("A description is there as RDF or HTML")
        if media[0] == HTML:
            lang = negotiate.language(request.headers.get("accept-language", ""))
            headers = {"Cache-Control": "public, max-age=3600", "Vary": "Accept, Accept-Language"}
            return RedirectResponse(f"/{lang}/query#sparql", 303, headers=headers)
        return Response(
            description(self._service.settings.base_url, media[0]),
            headers={"Content-Type": media[0], "Vary": "Accept", "Cache-Control": "public, max-age=3600"},
        )


def _kind(header: str) -> str:
    kind, _, parameters = header.partition(";")
    kind = kind.strip().lower()
    if kind not in (QUERY, UPDATE, FORM):
        raise WrongMedia("Send a query as application/sparql-query or as a form")
    if "charset" in parameters.lower() and "utf-8" not in parameters.lower():
        raise WrongMedia("Send the query in UTF-8")
    return kind


def _sent(kind: str, sent: bytes) -> list[tuple[str, str]]:
    return _pairs(sent) if kind == FORM else [("query" if kind == QUERY else "update", _text(sent))]


@lru_cache(maxsize=32)
def _headers(media: str, *, public: bool) -> tuple[tuple[bytes, bytes], ...]:
    charset = "; charset=utf-8" if media.startswith("text/") else ""
    headers = [
        (b"vary", b"Accept"),
        (b"cache-control", b"public, max-age=3600" if public else b"no-store"),
        (b"content-type", (media + charset).encode()),
    ]
    if media in ("text/csv", "text/tab-separated-values"):
        # A table opened by a click may be taken for a sheet with formulas; a file is opened on purpose.
        name = "result.csv" if media == "text/csv" else "result.tsv"
        headers.append((b"content-disposition", f'attachment; filename="{name}"'.encode()))
    return tuple(headers)


def _pairs(raw: bytes) -> list[tuple[str, str]]:
    if raw.count(b"&") >= _MOST_PAIRS:
        raise TooLarge("The request has too many parameters")
    try:
        return [
            (unquote_to_bytes(name).decode(), unquote_to_bytes(value).decode())
            for name, _, value in (part.partition(b"=") for part in raw.replace(b"+", b" ").split(b"&") if part)
        ]
    except UnicodeDecodeError:
        raise Malformed("The request is not text in UTF-8") from None


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("The query is not text in UTF-8") from None


def _accept(request: Request, pairs: list[tuple[str, str]]) -> str | None:
    wanted = next((value for name, value in pairs if name in ("format", "output", "results")), None)
    # Clients send such a parameter beside the header; what it does not name plainly is left to the header.
    return (
        _SHORT.get(wanted.lower(), wanted if "/" in wanted else request.headers.get("accept"))
        if wanted
        else request.headers.get("accept")
    )


def _seconds(pairs: list[tuple[str, str]]) -> float | None:
    given = next((value for name, value in pairs if name == "timeout"), None)
    if given is None:
        return None
    try:
        seconds = float(given)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 3600:  # noqa: PLR2004  # an hour
        raise Malformed("timeout is a number of seconds above 0")
    return seconds
