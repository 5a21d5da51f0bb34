"""The service description of the SPARQL endpoint, by the terms of SPARQL 1.1 Service Description."""

from __future__ import annotations

import pyoxigraph as ox

from samordning.namespaces import GRAPHS
from samordning.worker import sparql

_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_NAMED = ("law", "services", "facts", "ontology", "inferred", "proposals")
_RESULTS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV", "Turtle", "N-Triples", "RDF_XML", "JSON-LD")  # fmt: skip


def description(base: str, media: str) -> bytes:
    """What the endpoint under ``base`` can do, in one of the formats of RDF."""
    service, dataset, default = ox.NamedNode(base + "/sparql"), ox.BlankNode("dataset"), ox.BlankNode("default")
    triples = [
        ox.Triple(service, _node(_RDF, "type"), _node(_SD, "Service")),
        ox.Triple(service, _node(_SD, "endpoint"), service),
        ox.Triple(service, _node(_SD, "supportedLanguage"), _node(_SD, "SPARQL11Query")),
        ox.Triple(service, _node(_SD, "defaultDataset"), dataset),
        ox.Triple(dataset, _node(_RDF, "type"), _node(_SD, "Dataset")),
        ox.Triple(dataset, _node(_SD, "defaultGraph"), default),
        ox.Triple(default, _node(_RDF, "type"), _node(_SD, "Graph")),
    ]
    triples += [ox.Triple(service, _node(_SD, "resultFormat"), _node(_FORMATS, name)) for name in _RESULTS]
    for name in _NAMED:
        graph = ox.BlankNode(name)
        triples += [
            ox.Triple(dataset, _node(_SD, "namedGraph"), graph),
            ox.Triple(graph, _node(_RDF, "type"), _node(_SD, "NamedGraph")),
            ox.Triple(graph, _node(_SD, "name"), ox.NamedNode(GRAPHS + name)),
        ]
    return ox.serialize(triples, format=sparql.GRAPHS[media], prefixes={"sd": _SD, "format": _FORMATS}) or b""


def _node(space: str, name: str) -> ox.NamedNode:
    return ox.NamedNode(space + name)
