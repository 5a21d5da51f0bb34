"""The jobs ``query`` and ``update``: SPARQL over the dataset that the worker was born with."""

from __future__ import annotations

import contextlib
import csv
import io
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from samordning.engine.query import library
from samordning.errors import Malformed, NotAcceptable, TooLarge
from samordning.graph import dataset
from samordning.namespaces import PREFIXES
from samordning.worker.parse import BASE
from samordning.worker.update import updater

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from samordning.worker.template import Run

MOST_ROWS: Final = 10_000
MOST_BYTES: Final = 10 << 20
#: What to do with a result that is too large: nothing is ever cut off.
PAGE: Final = "Ask for less, or page with ORDER BY, LIMIT and OFFSET"
_PART: Final = 256 << 10

#: How rows and truth values are written, by media type.
TABLES: Final = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
#: How triples are written.
GRAPHS: Final = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}


def prepare(folder: Path | None) -> dict[str, Run]:
    """The job over the dataset in ``folder``, verified and loaded, with everything it may need used once."""
    store = ox.Store()
    store.bulk_load(dataset.load(folder).quads, format=ox.RdfFormat.N_QUADS)
    run = Runner(store)
    tables, graphs = [*TABLES], [*GRAPHS]
    for name in ("warm-rows", "warm-truth", "warm-triples"):
        for number in range(len(tables)):
            b"".join(run({"tables": tables[number:], "graphs": graphs[number:]}, library()[name].text.encode()))
    with contextlib.suppress(Malformed):
        b"".join(run({}, b"?"))
    return {"query": run, "update": updater(store)}


class Runner:
    """Runs one query at a time over a store.

    Options: ``tables`` and ``graphs``, the media types the caller takes, best first; ``default`` and ``named``, IRIs of
    the graphs to ask instead of all; ``rows`` and ``bytes``, the most of each; ``base``, what relative IRIs stand under; ``bindings``, terms by variable as in
    SPARQL's JSON results. The first part of the result is the media type, chosen by the kind of query.
    """

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    def __call__(self, options: Mapping[str, Any], payload: bytes) -> Iterator[bytes]:
        """The media type, then the result in parts."""
        try:
            media, result = self._result(options, payload.decode())
        except SyntaxError as error:
            raise Malformed("The query is not valid SPARQL", why=str(error.msg)) from None
        except (ValueError, OSError) as error:
            raise Malformed("The query can't be run", why=str(error)) from None
        yield media.encode() + b"\n"
        for start in range(0, len(result), _PART):
            yield result[start : start + _PART]

    def _result(self, options: Mapping[str, Any], text: str) -> tuple[str, bytes]:
        graphs: dict[str, Any] = {}
        if options.get("default") or options.get("named"):
            # A graph that is not in the dataset is empty; it is never fetched.
            graphs["default_graph"] = [ox.NamedNode(iri) for iri in options.get("default", ())]
            graphs["named_graphs"] = [ox.NamedNode(iri) for iri in options.get("named", ())]
        bound: dict[ox.Variable, Any] = {
            ox.Variable(name): _term(term) for name, term in options.get("bindings", {}).items()
        }
        found = self._store.query(text, base_iri=options.get("base", BASE), substitutions=bound, **graphs)
        rows, size = int(options.get("rows", MOST_ROWS)), int(options.get("bytes", MOST_BYTES))
        if isinstance(found, ox.QueryTriples):
            media = _choose(options["graphs"])
            return media, _triples(found, media, rows, size)
        media = _choose(options["tables"])
        output = _Capped(size)
        found.serialize(output, format=TABLES[media])
        result = output.getvalue()
        if isinstance(found, ox.QuerySolutions) and len(result) > rows:
            _refuse_rows(_count(result, media), rows)
        return media, result


class _Capped(io.BytesIO):
    """A buffer that refuses to grow past a size."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def write(self, data: Any) -> int:  # noqa: ANN401  # whatever may be written to a buffer
        if self.tell() + len(data) > self._most:
            raise TooLarge(f"The result is larger than {self._most:,} bytes", todo=PAGE)
        return super().write(data)


def _choose(acceptable: Sequence[str]) -> str:
    if not acceptable:
        raise NotAcceptable("No kind of result that you take fits this query")
    return acceptable[0]


def _count(result: bytes, media: str) -> int:
    # Read back, since the library counts nothing while it writes. Only results long enough to be in question come here.
    if media == "text/csv":
        return sum(1 for _ in csv.reader(io.StringIO(result.decode(), newline=""))) - 1
    read = ox.parse_query_results(result, format=TABLES[media])
    return sum(1 for _ in read) if isinstance(read, ox.QuerySolutions) else 0


def _refuse_rows(count: int, most: int) -> None:
    if count > most:
        raise TooLarge(f"The result has more than {most:,} rows", todo=PAGE)


def _triples(found: ox.QueryTriples, media: str, rows: int, size: int) -> bytes:
    unique: dict[ox.Triple, None] = {}
    for triple in found:
        unique[triple] = None
        _refuse_rows(len(unique), rows)
    prefixes = PREFIXES if media in ("text/turtle", "application/rdf+xml", "application/ld+json") else None
    output = _Capped(size)
    ox.serialize(unique, output, format=GRAPHS[media], prefixes=prefixes)
    return output.getvalue()


def _term(term: Mapping[str, str]) -> ox.NamedNode | ox.Literal:
    if term["type"] == "uri":
        return ox.NamedNode(term["value"])
    if "xml:lang" in term:
        return ox.Literal(term["value"], language=term["xml:lang"])
    return ox.Literal(term["value"], datatype=ox.NamedNode(term["datatype"]) if "datatype" in term else None)
