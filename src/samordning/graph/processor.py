"""SPARQL for pySHACL with each query parsed once.

pySHACL runs the query of a shape anew for every node, as text, and rdflib parses it every time: 24 ms each, ten times as
long as running it. rdflib lets a program put its own processor in the place of the standard one; this one remembers.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from rdflib import plugin
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.processor import SPARQLProcessor
from rdflib.query import Processor

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rdflib.plugins.sparql.sparql import Query

_STANDARD = ("sparql", Processor, "rdflib.plugins.sparql.processor", "SPARQLProcessor")


@lru_cache(maxsize=64)
def _prepared(text: str, prefixes: tuple[tuple[str, str], ...], base: str | None) -> Query:
    return prepareQuery(text, initNs=dict(prefixes), base=base)


class RememberingProcessor(SPARQLProcessor):
    """rdflib's own processor, handed queries that are parsed already."""

    def query(  # type: ignore[override]  # rdflib's own signature is wider than it documents
        self,
        strOrQuery: str | Query,  # noqa: N803  # rdflib's name
        initBindings: Mapping[str, Any] | None = None,  # noqa: N803  # rdflib's name
        initNs: Mapping[str, Any] | None = None,  # noqa: N803  # rdflib's name
        base: str | None = None,
        DEBUG: bool = False,  # noqa: N803  # rdflib's name
    ) -> Mapping[str, Any]:
        """Run a query, parsed now or earlier."""
        if isinstance(strOrQuery, str):
            prefixes = tuple(sorted((str(prefix), str(iri)) for prefix, iri in (initNs or {}).items()))
            strOrQuery = _prepared(strOrQuery, prefixes, base)  # noqa: N806  # rdflib's name
        return super().query(strOrQuery, dict(initBindings or {}), dict(initNs or {}), base, DEBUG)


@contextmanager
def remembering() -> Iterator[None]:
    """Within this, rdflib parses a query text once."""
    plugin.register("sparql", Processor, __name__, "RememberingProcessor")
    try:
        yield
    finally:
        plugin.register(*_STANDARD)
