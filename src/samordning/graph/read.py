"""Read the Turtle files into an rdflib dataset, one named graph per folder."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph
from rdflib import RDF, Dataset, Graph, Literal, URIRef

from samordning.errors import DataError
from samordning.files import Source, sources
from samordning.namespaces import PREFIXES, THINGS, term

if TYPE_CHECKING:
    from pathlib import Path

_ADDRESS = re.compile(
    r"(?P<act>(?:lov|forskrift)/\d{4}-\d{2}-\d{2}(?:-\d+)?)"
    r"(?P<paragraph>/§[\dA-Za-z-]+)"
    r"(?P<rest>(?:/(?:ledd|setning|bokstav|nummer)/[\da-zæøå]+)*)"
)
_TESTS = URIRef(term("condition")) / URIRef(term("alternative")) / URIRef(term("test"))
_STEP = re.compile(r"/(?:ledd|setning|bokstav|nummer)/[\da-zæøå]+")


def read(root: Path | None = None) -> Dataset:
    """Every statement of ontology and data, each in its folder's graph.

    Raises:
        DataError: a file is not Turtle; ``where`` is ``file:line``.
    """
    dataset = Dataset()
    for prefix, iri in PREFIXES.items():
        dataset.bind(prefix, iri)
    for source in sources(root):
        _parse(source, dataset.graph(URIRef(source.graph)), root)
    _complete(dataset)
    prepare(dataset)
    return dataset


def _parse(source: Source, graph: Graph, root: Path | None) -> None:
    name = source.path.relative_to(root).as_posix() if root else source.name
    text = source.path.read_bytes()
    refuse_unsound(text, name)
    graph.parse(data=text, format="turtle", publicID=THINGS)


def refuse_unsound(text: bytes, name: str) -> None:
    """Refuse what is not Turtle. Oxigraph tells the line of a fault; rdflib then reads what is known to be sound.

    Raises:
        DataError: ``where`` is ``file:line``.
    """
    try:
        for _ in pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.TURTLE, base_iri=THINGS):
            pass
    except SyntaxError as error:
        raise DataError(
            f"This is not valid Turtle: {_reason(error)}",
            where=f"{name}:{error.lineno or 1}",
            todo="Mend the line; often a full stop, semicolon or closing quote is missing on the line before",
        ) from error


def _reason(error: SyntaxError) -> str:
    return re.sub(r"^.*?at line \d+ .*?: ", "", str(error.msg)).strip()


def _complete(dataset: Dataset) -> None:
    """Add the ledd and sentences that norms point to: they are what their address says, so nobody writes them by hand."""
    law = dataset.graph(URIRef(PREFIXES["graph"] + "law"))
    for graph in list(dataset.graphs()):
        for predicate in ("provision", "alsoBasis"):
            for address in set(graph.objects(None, URIRef(term(predicate)))):
                _add_provision(law, str(address))


def prepare(dataset: Dataset) -> None:
    """Say which tests derivations need, so that those can be looked at before the rest."""
    facts = dataset.graph(URIRef(PREFIXES["graph"] + "facts"))
    whole = Graph()
    for graph in list(dataset.graphs()):
        for name in ("condition", "alternative", "test"):
            for triple in graph.triples((None, URIRef(term(name)), None)):
                whole.add(triple)
        for name in ("Derivation", "Test"):
            for triple in graph.triples((None, RDF.type, URIRef(term(name)))):
                whole.add(triple)
    for test in whole.subjects(RDF.type, URIRef(term("Test"))):
        facts.add((test, URIRef(term("neededFor")), Literal("full")))
    for derivation in whole.subjects(RDF.type, URIRef(term("Derivation"))):
        for test in whole.objects(derivation, _TESTS):
            facts.add((test, URIRef(term("neededFor")), Literal("given")))


def _add_provision(law: Graph, iri: str) -> None:
    found = _ADDRESS.fullmatch(iri.removeprefix(THINGS))
    if not found:
        return  # the shape for provisions reports it, with its line
    whole = found["act"] + found["paragraph"]
    for step in ["", *_STEP.findall(found["rest"])]:
        parent, whole = whole, whole + step
        node = URIRef(THINGS + whole)
        if (node, URIRef(term("address")), None) not in law:
            law.add((node, RDF.type, URIRef(term("Provision"))))
            law.add((node, URIRef(term("address")), Literal(whole)))
            law.add((node, URIRef(term("partOf")), URIRef(THINGS + (parent if step else found["act"]))))
