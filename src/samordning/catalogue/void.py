"""The dataset described: VoID for those who link to it, DCAT for those who list it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from samordning import __version__
from samordning.namespaces import GRAPHS, ROOT, TERMS, THINGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DATASET: Final = ROOT + "dataset"
_VOID: Final = "http://rdfs.org/ns/void#"
_DCT: Final = "http://purl.org/dc/terms/"
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
#: The files that hold the whole dataset; they lie below its address.
DUMPS: Final = ("samordning.nq.gz", "samordning.ttl", "samordning.jsonld")
_VOCABULARIES: Final = (TERMS, "http://www.w3.org/2004/02/skos/core#", "http://data.europa.eu/eli/ontology#", "http://purl.org/vocab/cpsv#", "http://www.w3.org/ns/prov#", _DCT)  # fmt: skip
#: What the dataset is called.
TITLES: Final = {
    "nb": "Samarbeid og samordning i velferdstjenestene",
    "nn": "Samarbeid og samordning i velferdstenestene",
    "en": "Cooperation and coordination in the welfare services",
}
PREFIXES: Final = {"void": _VOID, "dcterms": _DCT, "sd": _SD, "xsd": _XSD}


def void(manifest: Mapping[str, Any], base: str = "") -> list[ox.Triple]:
    """What the dataset holds and where it can be had; ``base`` is the address of a running service, if there is one."""
    return list(_void(manifest, base))


def _void(manifest: Mapping[str, Any], base: str) -> Iterator[ox.Triple]:
    whole = ox.NamedNode(DATASET)
    yield ox.Triple(whole, _node(_RDF, "type"), _node(_VOID, "Dataset"))
    for lang, title in TITLES.items():
        yield ox.Triple(whole, _node(_DCT, "title"), ox.Literal(title, language=lang))
    yield ox.Triple(whole, _node(_DCT, "license"), ox.NamedNode(_LICENCE))
    yield ox.Triple(whole, _node(_DCT, "identifier"), ox.Literal(str(manifest["dataset"])))
    yield ox.Triple(whole, _node(_DCT, "hasVersion"), ox.Literal(__version__))
    yield ox.Triple(whole, _node(_VOID, "triples"), _count(manifest["triples"]))
    yield ox.Triple(whole, _node(_VOID, "uriSpace"), ox.Literal(THINGS))
    for iri in _VOCABULARIES:
        yield ox.Triple(whole, _node(_VOID, "vocabulary"), ox.NamedNode(iri))
    for name in ("service/bup", "body/municipality", "duty-type/coordination"):
        yield ox.Triple(whole, _node(_VOID, "exampleResource"), ox.NamedNode(THINGS + name))
    for name in DUMPS:
        yield ox.Triple(whole, _node(_VOID, "dataDump"), ox.NamedNode(f"{DATASET}/{name}"))
    if base:
        yield ox.Triple(whole, _node(_VOID, "sparqlEndpoint"), ox.NamedNode(base + "/sparql"))
    for name, triples in sorted(manifest["graphs"].items()):
        graph = ox.NamedNode(GRAPHS + name)
        yield ox.Triple(whole, _node(_VOID, "subset"), graph)
        yield ox.Triple(graph, _node(_RDF, "type"), _node(_VOID, "Dataset"))
        yield ox.Triple(graph, _node(_SD, "name"), graph)
        yield ox.Triple(graph, _node(_VOID, "triples"), _count(triples))
    for name, entities in sorted(manifest["counts"].items()):
        part = ox.BlankNode(f"class{name}")
        yield ox.Triple(whole, _node(_VOID, "classPartition"), part)
        yield ox.Triple(part, _node(_VOID, "class"), ox.NamedNode(TERMS + name))
        yield ox.Triple(part, _node(_VOID, "entities"), _count(entities))


def _node(space: str, name: str) -> ox.NamedNode:
    return ox.NamedNode(space + name)


def _count(number: int) -> ox.Literal:
    return ox.Literal(str(number), datatype=ox.NamedNode(_XSD + "integer"))
