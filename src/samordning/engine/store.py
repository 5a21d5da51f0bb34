"""The one seam to the graph store. Everything above it sees queries, plain values and rows."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Self, TypeAlias

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Value: TypeAlias = "str | int | float | bool | dt.date"


class Iri(str):
    """A value that is an IRI, so that a plain string stays a literal."""

    __slots__ = ()


class Text(str):
    """A literal with a language."""

    __slots__ = ("lang",)

    def __new__(cls, value: str, lang: str) -> Self:
        """Text ``value`` in language ``lang`` (a BCP 47 tag)."""
        self = super().__new__(cls, value)
        self.lang = lang
        return self

    lang: str


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a SELECT query, with the names of its columns in order."""

    columns: tuple[str, ...]
    rows: tuple[dict[str, Value], ...]


class Store(Protocol):
    """What the engine needs of a store. Safe to call from many threads, and hashable by identity."""

    def __hash__(self) -> int: ...

    def select(self, text: str, values: Mapping[str, Value]) -> Table:
        """Run a SELECT with its parameters bound to ``values``."""

    def construct(self, text: str, values: Mapping[str, Value]) -> str:
        """Run a CONSTRUCT or DESCRIBE with its parameters bound; returns Turtle."""


class OxigraphStore:
    """A read-only dataset in memory, on pyoxigraph.

    The default graph holds everything that is law, services, facts and ontology, inferred statements included.
    Each named graph holds its own part, so a query can still tell asserted from inferred and law from proposal.
    """

    def __init__(self, quads: bytes) -> None:
        self._store = ox.Store()
        self._store.bulk_load(quads, format=ox.RdfFormat.N_QUADS)

    def select(self, text: str, values: Mapping[str, Value]) -> Table:
        """Run a SELECT. A parameter must be in the projection of every subquery that uses it, or it is not bound there."""
        found = self._store.query(
            text, substitutions={ox.Variable(name): term(value) for name, value in values.items()}
        )
        if not isinstance(found, ox.QuerySolutions):
            raise TypeError("a SELECT query is needed here")
        return rows_of(found.serialize(format=ox.QueryResultsFormat.JSON) or b"{}", values)

    def construct(self, text: str, values: Mapping[str, Value]) -> str:
        """Run a CONSTRUCT or DESCRIBE and write the triples as Turtle."""
        found = self._store.query(
            text, substitutions={ox.Variable(name): term(value) for name, value in values.items()}
        )
        if not isinstance(found, ox.QueryTriples):
            raise TypeError("a CONSTRUCT or DESCRIBE query is needed here")
        triples: Iterable[ox.Triple] = found
        turtle = ox.serialize(triples, format=ox.RdfFormat.TURTLE)
        return (turtle or b"").decode()


_XSD = "http://www.w3.org/2001/XMLSchema#"
_WHOLE = {_XSD + "integer"}
_FRACTIONS = {_XSD + "decimal", _XSD + "double"}


def rows_of(written: bytes, values: Mapping[str, Value]) -> Table:
    """Rows from the SPARQL 1.1 Query Results JSON Format, without the columns of the parameters."""
    # All at once: while Oxigraph works, other threads may run Python, and it isn't interrupted at every row.
    document = json.loads(written)
    wanted = tuple(name for name in document["head"]["vars"] if name not in values)
    rows = tuple({name: _value(row[name]) for name in wanted if name in row} for row in document["results"]["bindings"])
    return Table(wanted, rows)


def term(value: Value) -> ox.NamedNode | ox.Literal:
    """A plain value as a term of RDF."""
    if isinstance(value, Iri):
        return ox.NamedNode(value)
    if isinstance(value, Text):
        return ox.Literal(value, language=value.lang)
    if isinstance(value, dt.date):
        return ox.Literal(value.isoformat(), datatype=ox.NamedNode(_XSD + "date"))
    return ox.Literal(value)


def _value(node: dict[str, str]) -> Value:  # noqa: PLR0911  # one return per kind of term
    # A term as the SPARQL 1.1 Query Results JSON Format writes it.
    value = node["value"]
    if node["type"] == "uri":
        return Iri(value)
    if "xml:lang" in node:
        return Text(value, node["xml:lang"])
    kind = node.get("datatype", "")
    if kind in _WHOLE:
        return int(value)
    if kind in _FRACTIONS:
        return float(value)
    if kind == _XSD + "boolean":
        return value in ("true", "1")
    if kind == _XSD + "date":
        return dt.date.fromisoformat(value)
    return value
