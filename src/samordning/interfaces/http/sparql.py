"""``/sparql``: the SPARQL 1.1 Protocol, read-only. A result is whole or refused, never cut.

It is an ASGI application of its own, since the way to a worker and back is short enough for a framework to be felt.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from samordning.errors import InputError, Malformed, NotAcceptable, TooLarge, WrongMedia
from samordning.interfaces.http import body, negotiate
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
_BY_GET: Final = 8 << 10


class MethodNotAllowed(InputError):
    """A method that the protocol doesn't have."""

    http_status = 405
    kind = "method-not-allowed"


class Sparql:
    """The endpoint over a service's workers."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._kept: OrderedDict[tuple[object, ...], tuple[str, bytes]] = OrderedDict()
        self._size = 0
        self._base = service.settings.base_url + "/sparql"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request of the protocol, or for the page or description at its address."""
        request = Request(scope, receive)
        response = await self._respond(request)
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        method = request.method
        if method not in ("GET", "HEAD", "POST"):
            raise MethodNotAllowed("SPARQL is asked by GET or POST")
        pairs = _pairs(request.scope["query_string"])
        if method != "POST":
            if not pairs:
                return self._front(request)
            return await self._query(request, pairs, guard.Shape(characters=_BY_GET))
        kind, _, parameters = request.headers.get("content-type", "").partition(";")
        kind = kind.strip().lower()
        if kind not in (QUERY, UPDATE, FORM):
            raise WrongMedia("Send a query as application/sparql-query or as a form")
        if "charset" in parameters.lower() and "utf-8" not in parameters.lower():
            raise WrongMedia("Send the query in UTF-8")
        sent = await body.whole(request, self._service.settings.limits.body, "The request")
        if kind == FORM:
            pairs += _pairs(sent)
        else:
            pairs.append(("query" if kind == QUERY else "update", _text(sent)))
        return await self._query(request, pairs, guard.Shape())

    async def _query(self, request: Request, pairs: list[tuple[str, str]], shape: guard.Shape) -> Response:
        given = [value for name, value in pairs if name == "query"]
        if any(name == "update" for name, _ in pairs):
            if given or request.method != "POST":
                raise Malformed("An update is sent by POST, alone")
            return await self._update(request, pairs)
        if len(given) != 1:
            raise Malformed("Exactly one query is needed", todo="Send it as the parameter query")
        text = given[0]
        guard.query(text, shape)
        accept = _accept(request, pairs)
        return await self.ask(
            request,
            text,
            tables=negotiate.media(accept, [*TABLES, *ALIASES]),
            graphs=negotiate.media(accept, [*GRAPHS, "text/plain"]),
            default=[value for name, value in pairs if name == "default-graph-uri"],
            named=[value for name, value in pairs if name == "named-graph-uri"],
            seconds=_seconds(pairs),
        )

    async def ask(
        self,
        request: Request,
        text: str,
        *,
        tables: list[str],
        graphs: list[str],
        seconds: float | None = None,
        **more: Any,  # noqa: ANN401
    ) -> Response:
        """The result of one query, from what is kept or from a worker."""
        media, result = await self.result(request, text, tables=tables, graphs=graphs, seconds=seconds, **more)
        headers = {"Vary": "Accept", "Cache-Control": "public, max-age=3600" if request.method == "GET" else "no-store"}
        charset = "; charset=utf-8" if media.startswith("text/") else ""
        headers["Content-Type"] = media + charset
        if media in ("text/csv", "text/tab-separated-values"):
            # A table opened by a click may be taken for a sheet with formulas; a file is opened on purpose.
            headers["Content-Disposition"] = f'attachment; filename="result.{"csv" if media == "text/csv" else "tsv"}"'
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
        """Media type and bytes of the result of one query."""
        settings = self._service.settings.sparql
        tables = list(dict.fromkeys(ALIASES.get(kind, kind) for kind in tables))
        graphs = list(dict.fromkeys(ALIASES.get(kind, kind) for kind in graphs))
        if not tables and not graphs:
            raise NotAcceptable(
                "None of the kinds of result you take can be made",
                todo=f"Accept one of: {', '.join([*TABLES, *GRAPHS])}",
            )
        key = (text, *tables, "", *graphs, repr(more))
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
            return found
        keyed = has_key(request.headers.get("authorization", ""), self._service.settings.keys)
        most = settings.seconds_with_key if keyed else settings.seconds
        whole = await self._service.workers.run(
            "query", text.encode(), min(seconds or most, most), settings.bytes + 4096,
            tables=tables, graphs=graphs, rows=settings.rows, bytes=settings.bytes, base=self._base, **more,
        )  # fmt: skip
        media, _, result = whole.partition(b"\n")
        self._keep(key, (media.decode(), result))
        return media.decode(), result

    def _keep(self, key: tuple[object, ...], found: tuple[str, bytes]) -> None:
        settings = self._service.settings.sparql
        size = _weight(key, found)
        if settings.updates or size > settings.cache // 16 or key in self._kept:
            return
        self._kept[key] = found
        self._size += size
        while self._size > settings.cache:
            self._size -= _weight(*self._kept.popitem(last=False))

    async def _update(self, request: Request, pairs: list[tuple[str, str]]) -> Response:
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
        del request
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


def _weight(key: tuple[object, ...], found: tuple[str, bytes]) -> int:
    return len(found[1]) + 2048 + 4 * sum(len(part) for part in key if isinstance(part, str))


def _pairs(raw: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(raw.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=1000)
    except UnicodeDecodeError:
        raise Malformed("The request is not text in UTF-8") from None
    except ValueError:
        raise TooLarge("The request has too many parameters") from None


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
